// Everything on one level: the name beside the action, the text in message_text.

import assert from "node:assert/strict";
import { flatName } from "../../../jim/dialects/flat_name.ts";
import { meant, recognized, relay } from "./recognized.ts";

Deno.test("flatName is recognized in a flat name and in message_text", () => {
  const presence = '{"action": "presence", "time": 1764000000.5, "account_name": "Guest"}';
  assert.deepEqual(recognized(presence), ["flat-name", "flat-name"]);
  const said = '{"action": "message", "time": 1764000000.5, "account_name": "Guest", "message_text": "hello"}';
  assert.deepEqual(recognized(said), ["flat-name", "flat-name"]);
});

Deno.test("flatName is not recognized in a presence that has a user too, or in a flat name elsewhere", () => {
  const superset = '{"action":"presence","time":1,"account_name":"ann","user":{"account_name":"ann","status":""}}';
  assert.deepEqual(recognized(superset), [undefined, undefined]);
  assert.deepEqual(recognized('{"action": "exit", "time": 1764000000.5, "account_name": "bob"}'), [
    undefined,
    undefined,
  ]);
  assert.deepEqual(recognized('{"action":"presence","time":1,"account_name":7}'), [undefined, undefined]);
});

Deno.test("flatName reads its presence and its message", () => {
  const presence = { action: "presence", time: 1, user: { account_name: "Guest", status: "" } };
  assert.deepEqual(meant('{"action":"presence","time":1,"account_name":"Guest"}'), presence);
  assert.deepEqual(meant('{"action":"presence","time":1,"account_name":"Guest","user":null}'), presence);
  const said = '{"action":"message","time":1,"account_name":"Guest","message_text":"hello"}';
  assert.deepEqual(meant(said), { action: "msg", time: 1, to: "#all", message: "hello" });
});

Deno.test("flatName words a relay on one level", () => {
  assert.deepEqual(flatName.formatRelay(relay, "bob"), {
    action: "message",
    time: 1764000000.5,
    to: "#all",
    from: "ann",
    sender: "ann",
    message_text: "Привет",
    id: 7,
  });
  assert.deepEqual([flatName.awaitsAnswers, flatName.writersReadRelays], [false, true]);
});
