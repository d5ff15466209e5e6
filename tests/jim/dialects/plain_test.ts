// JIM as the handout writes it: nobody is recognised by it, and it changes nothing.

import assert from "node:assert/strict";
import { clientName } from "../../../jim/dialects/client_name.ts";
import { flatName } from "../../../jim/dialects/flat_name.ts";
import { lesson } from "../../../jim/dialects/lesson.ts";
import { readDialect } from "../../../jim/dialects/mod.ts";
import { plain } from "../../../jim/dialects/plain.ts";
import { prefixed } from "../../../jim/dialects/prefixed.ts";
import { seed } from "../../../jim/dialects/seed.ts";
import { recognized, relay } from "./recognized.ts";

Deno.test("plain words a relay in the fields and the order that the short way keeps", () => {
  assert.equal(
    JSON.stringify(plain.formatRelay(relay, "bob")),
    '{"action":"msg","time":1764000000.5,"to":"#all","from":"ann","encoding":"utf-8","message":"Привет","id":7}',
  );
});

Deno.test("plain awaits answers, listens while it writes, and marks nothing", () => {
  assert.deepEqual([plain.awaitsAnswers, plain.writersReadRelays], [true, true]);
  assert.equal(plain.matches({ action: "msg" }, true, plain), false);
  const fields = { action: "msg" };
  assert.equal(plain.normalize(fields), fields);
});

Deno.test("plain is read in msg from a program that was taken to await no answer to a message", () => {
  const said = { action: "msg", to: "bob", message: "hello" };
  for (const before of [lesson, flatName]) assert.equal(readDialect(said, true, before).dialect, plain);
  for (const before of [plain, seed, clientName, prefixed]) {
    assert.equal(readDialect(said, true, before).dialect, undefined);
  }
  assert.equal(readDialect({ ...said, action: "message" }, true, lesson).dialect, undefined);
  assert.equal(readDialect({ ...said, mess_text: "hello" }, true, lesson).dialect, lesson);
});

Deno.test("plain is the dialect of an object that shows no other", () => {
  for (
    const json of [
      '{"action":"presence","time":1,"user":{"account_name":"ann","status":""}}',
      '{"action":"msg","time":1,"message":"hello"}',
      '{"action":"msg","time":1,"to":"bob","message":"hello"}',
      '{"action":"message","time":1,"message":"hello"}',
      '{"action":"quit"}',
      "{}",
    ]
  ) assert.deepEqual(recognized(json), [undefined, undefined], json);
});
