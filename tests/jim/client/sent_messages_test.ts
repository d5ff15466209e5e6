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

Deno.test("SentMessages knows a message with half a surrogate pair, which comes back as U+FFFD", () => {
  const sent = new SentMessages(), mine = sent.add("ann", "#all", "cut \ud83d", 5);
  sent.connectionLost([mine], []);
  assert.equal(sent.knows({ id: 7, from: "ann", text: "cut \ufffd", time: 5 }), true);
});

Deno.test("SentMessages knows the last messages that were answered without an id, and forgets the others", () => {
  const sent = new SentMessages(), texts = Array.from({ length: 101 }, (_, at) => `text ${at}`);
  for (const mine of texts.map((text) => sent.add("ann", "#all", text, 5))) sent.answered(mine, undefined);
  const known = texts.filter((text, at) => sent.knows({ from: "ann", text, time: 5 + at }));
  assert.deepEqual(known, texts.slice(1));
});
