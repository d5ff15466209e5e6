// A home-made program that writes times as dates and reads codes as texts. It leaves when a code is none, and reads one
// answer after each of its messages and nothing else.

import assert from "node:assert/strict";
import { cannot, start } from "./start.ts";

const DATE = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/;
const time = "2026-11-22 23:45:34";

Deno.test("a dated writer is answered in its own words, once to each message, and is sent nothing else", {
  ignore: cannot,
}, async () => {
  await using chat = await start({ bareGap: 0 });
  const reader = await chat.join("reader");
  const writer = await chat.bare();
  await writer.say({ action: "presence", time, type: "status", user: { account_name: "ann", status: "here" } });
  const came = await writer.hear();
  assert.equal(came.response, "200");
  assert.match(came.time, DATE);
  for (let i = 1; i <= 5; i++) {
    await reader.say({ action: "msg", time: 1, to: "#all", message: `from the reader ${i}` });
    await reader.expect({ response: 200 });
    await writer.say({ action: "msg", time, to: null, message: `hello ${i}` });
    const { response, time: answered, alert } = await writer.hear();
    assert.deepEqual([response, typeof alert], ["200", "string"]);
    assert.match(answered, DATE);
    const relay = await reader.expect({ action: "msg", from: "ann", message: `hello ${i}` });
    assert.equal(typeof relay.time, "number");
  }
  await writer.say({ action: "msg", time, to: null, message: 7 });
  const refused = await writer.hear();
  assert.equal(refused.response, "400");
  assert.match(refused.alert, /^message: expected a text/);
  assert.equal(chat.writesTo(writer).length, 7);
});
