// A length before each object: known by that alone, worded as plain JIM but for its answers.

import assert from "node:assert/strict";
import { ok, refused } from "../../../jim/answer.ts";
import { plain } from "../../../jim/dialects/plain.ts";
import { prefixed } from "../../../jim/dialects/prefixed.ts";
import { parse } from "../../../jim/parse.ts";
import { refuse } from "../../../jim/refusal.ts";
import { relay } from "./recognized.ts";

Deno.test("prefixed says in message too what an answer says in alert or in error", () => {
  assert.deepEqual(prefixed.formatAnswer(ok(1)), { response: 200, time: 1, alert: "ok", message: "ok" });
  const refusal = refused(refuse("gone", { code: 410, got: '"bob"' }), 1);
  assert.deepEqual(prefixed.formatAnswer(refusal), { ...refusal, message: refusal.error });
});

Deno.test("prefixed calls every success 200 but the head of a list, and no refusal", () => {
  for (const code of [200, 201, 202]) {
    assert.deepEqual(prefixed.formatAnswer(ok(1, code)), { ...prefixed.formatAnswer(ok(1, code)), response: 200 });
  }
  const list = { ...ok(1, 202), quantity: 0 };
  assert.deepEqual(prefixed.formatAnswer(list), { ...list, message: list.alert });
  for (const code of [100, 400, 402, 409, 500]) {
    assert.equal((prefixed.formatAnswer({ response: code, time: 1 }) as { response: number }).response, code);
  }
});

Deno.test("prefixed is plain JIM otherwise, with any time", () => {
  assert.deepEqual(prefixed.formatRelay(relay, "bob"), plain.formatRelay(relay, "bob"));
  assert.deepEqual([prefixed.awaitsAnswers, prefixed.writersReadRelays], [true, true]);
  const probe = new TextEncoder().encode('{"action":"probe","time":" 11:47PM"}');
  assert.deepEqual(parse(probe, { dialect: prefixed }), { message: { action: "probe", time: null } });
  assert.ok("refusal" in parse(probe));
});
