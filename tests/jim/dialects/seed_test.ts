// The original Hanita's homework: known by its words only while it sends bare objects.

import assert from "node:assert/strict";
import { plain } from "../../../jim/dialects/plain.ts";
import { seed } from "../../../jim/dialects/seed.ts";
import { recognized, relay } from "./recognized.ts";

Deno.test("seed is recognized in a bare peer's presence and in its messages to the chat", () => {
  for (
    const json of [
      '{"action": "presence", "time": 1764000000.5, "type": "status", "user": {"account_name": "John Doe", "status": null}}',
      '{"action": "presence", "time": 1764000000.5, "user": {"accaunt_name": "Guest"}}',
      '{"action": "msg", "time": 1764000000.5, "to": "#chat", "from": "John Doe", "encoding": "ascii", "message": "hello"}',
      '{"action": "msg", "time": 1764000000.5, "to": "#ALL", "from": "Guest", "message": "hello"}',
      '{"action": "authenticate", "time": 1764000000.5, "user": {"account_name": "ann", "password": ""}}',
    ]
  ) assert.deepEqual(recognized(json), ["seed", undefined], json);
});

Deno.test("seed is not recognized in an addressee that is no string", () => {
  for (const to of ['["#all"]', '{"toString":1}', "1", "null"]) {
    assert.deepEqual(recognized(`{"action":"msg","time":1,"to":${to},"message":""}`), [undefined, undefined]);
  }
});

Deno.test("seed is not recognized in a password that is one, or none", () => {
  for (const user of ['{"account_name":"ann","password":"x"}', '{"account_name":"ann"}', "null", '"ann"']) {
    assert.deepEqual(recognized(`{"action":"authenticate","time":1,"user":${user}}`), [undefined, undefined]);
  }
  const registers = '{"action":"register","time":1,"user":{"account_name":"ann","password":""}}';
  assert.deepEqual(recognized(registers), [undefined, undefined]);
});

Deno.test("seed awaits an answer to each message, and then listens to nothing else", () => {
  assert.deepEqual([seed.awaitsAnswers, seed.writersReadRelays], [true, false]);
  assert.deepEqual(seed.formatRelay(relay, "bob"), plain.formatRelay(relay, "bob"));
});
