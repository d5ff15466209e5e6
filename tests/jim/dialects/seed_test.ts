// The original Hanita's homework: known by its words only while it sends bare objects.

import assert from "node:assert/strict";
import { plain } from "../../../jim/dialects/plain.ts";
import { seed } from "../../../jim/dialects/seed.ts";
import { heard, meant, relay } from "./heard.ts";

Deno.test("seed is heard in a bare peer's presence and in its messages to the chat", () => {
  for (
    const json of [
      '{"action": "presence", "time": 1764000000.5, "type": "status", "user": {"account_name": "John Doe", "status": null}}',
      '{"action": "presence", "time": 1764000000.5, "user": {"accaunt_name": "Guest"}}',
      '{"action": "msg", "time": 1764000000.5, "to": "#chat", "from": "John Doe", "encoding": "ascii", "message": "hello"}',
      '{"action": "msg", "time": 1764000000.5, "to": "#ALL", "from": "Guest", "message": "hello"}',
    ]
  ) assert.deepEqual(heard(json), ["seed", undefined], json);
});

Deno.test("seed is not heard in an addressee that is no string", () => {
  for (const to of ['["#all"]', '{"toString":1}', "1", "null"]) {
    assert.deepEqual(heard(`{"action":"msg","time":1,"to":${to},"message":""}`), [undefined, undefined]);
  }
});

Deno.test("seed reads a name that is misspelt, and leaves one that is there", () => {
  const presence = (user: string) => `{"action":"presence","time":1,"user":${user}}`;
  const named = (account_name: string) => ({ action: "presence", time: 1, user: { account_name, status: "" } });
  assert.deepEqual(meant(presence('{"accaunt_name":"Guest"}')), named("Guest"));
  assert.deepEqual(meant(presence('{"accaunt_name":"Guest","account_name":"ann"}')), named("ann"));
  assert.deepEqual(meant(presence('{"account_name":"John Doe","status":null}')), named("John Doe"));
});

Deno.test("seed awaits an answer to each message, and then listens to nothing else", () => {
  assert.deepEqual([seed.awaits, seed.writersListen], [true, false]);
  assert.deepEqual(seed.relay(relay, "bob"), plain.relay(relay, "bob"));
});
