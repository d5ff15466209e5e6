import assert from "node:assert/strict";
import { SentMessages } from "../../../jim/client/sent_messages.ts";

Deno.test("SentMessages sends first what was sent before, then what was on its way out, then what waits", () => {
  const sent = new SentMessages(),
    [one, two, three] = ["one", "two", "three"].map((text) => sent.add("ann", "#all", text, 5));
  sent.wait(three!);
  sent.connectionLost([one!], [two!]);
  assert.deepEqual([sent.waiting, sent.doubted], [3, 1]);
  assert.deepEqual(sent.release(new Set(["#all"])).send.map(({ text }) => text), ["one", "two", "three"]);
});

Deno.test("SentMessages does not know what becomes of a message where the past cannot be read", () => {
  const sent = new SentMessages(), mine = sent.add("ann", "bob", "hi", 5);
  sent.connectionLost([mine], []);
  assert.deepEqual(sent.release(new Set(["#all"])), { kept: [], send: [], unknown: [mine] });
});
