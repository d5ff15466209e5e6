// The name in client_name, the common chat "#": to it only while the peer sends bare objects.

import assert from "node:assert/strict";
import { clientName } from "../../../jim/dialects/client_name.ts";
import { plain } from "../../../jim/dialects/plain.ts";
import { meant, recognized, relay } from "./recognized.ts";

const presence = '{"action":"presence","time":1,"type":"status","user":{"client_name":"ann","status":"I am here!"}}';

Deno.test("clientName is recognized in client_name, and in a bare message to #", () => {
  assert.deepEqual(recognized(presence), ["client-name", "client-name"]);
  const said = '{"action":"msg","time":1764000000.5,"to":"#","from":"ann","encoding":"utf-8","message":"hello"}';
  assert.deepEqual(recognized(said), ["client-name", undefined]);
});

Deno.test("clientName reads its presence and its message", () => {
  const user = { account_name: "ann", status: "I am here!" };
  assert.deepEqual(meant(presence), { action: "presence", time: 1, user });
  assert.deepEqual(meant('{"action":"msg","time":1,"to":"#","message":"a"}'), {
    action: "msg",
    time: 1,
    to: "#all",
    message: "a",
  });
});

Deno.test("clientName words a relay to all as one to #, and any other as it is", () => {
  assert.deepEqual(clientName.formatRelay(relay, "bob"), { ...plain.formatRelay(relay, "bob"), to: "#" });
  const whisper = { ...relay, to: "bob" };
  assert.deepEqual(clientName.formatRelay(whisper, "bob"), plain.formatRelay(whisper, "bob"));
  assert.deepEqual([clientName.awaitsAnswers, clientName.writersReadRelays], [true, true]);
});
