// Programs that write times as dates and codes as texts: known by both words of their presence, and only while bare.

import assert from "node:assert/strict";
import { dated } from "../../../jim/dialects/dated.ts";
import { plain, readDialect } from "../../../jim/dialects/mod.ts";
import { meant, recognized, relay } from "./recognized.ts";

const PRESENCE =
  '{"action": "presence", "time": "2026-11-22 23:45:34", "type": "status", "user": {"account_name": "ann", "status": "…"}}';
const MSG = '{"action": "msg", "time": "2026-11-22 23:45:34", "to": null, "message": "hello"}';

Deno.test("dated is recognized in a bare peer's presence, before seed, and then in each dated object", () => {
  assert.deepEqual(recognized(PRESENCE), ["dated", undefined]);
  assert.deepEqual(recognized(MSG), [undefined, undefined]);
  assert.equal(readDialect(JSON.parse(MSG), true, dated).dialect, dated);
  assert.equal(readDialect(JSON.parse(MSG.replace("null", '"#all"')), true, dated).dialect, dated);
});

Deno.test("dated is not recognized in another time, or in another family's words", () => {
  for (const time of ["1764000000.5", '"1764000000"', '"2026-11-22T23:45:34"', '"2026-11-22 23:45:34.123456"', "[]"]) {
    assert.deepEqual(recognized(PRESENCE.replace('"2026-11-22 23:45:34"', time)), ["seed", undefined], time);
  }
  assert.deepEqual(recognized(PRESENCE.replace("account_name", "client_name")), ["client-name", "client-name"]);
});

Deno.test("dated means what it says; its time is the server's", () => {
  assert.deepEqual(meant(MSG), { action: "msg", time: null, to: "#all", message: "hello" });
  const user = { account_name: "ann", status: "…" };
  assert.deepEqual(meant(PRESENCE), { action: "presence", time: null, user });
});

Deno.test("dated says codes as texts and times as dates of this machine", () => {
  const time = new Date(2026, 10, 22, 23, 45, 4).getTime() / 1000;
  assert.deepEqual(dated.formatAnswer({ response: 200, time, alert: "ok" }), {
    response: "200",
    time: "2026-11-22 23:45:04",
    alert: "ok",
  });
  assert.deepEqual(dated.formatRelay({ ...relay, time }, "bob"), {
    ...plain.formatRelay(relay, "bob"),
    time: "2026-11-22 23:45:04",
  });
  assert.deepEqual([dated.awaitsAnswers, dated.writersReadRelays], [true, false]);
});
