// Answers: their fields, in their order, and a fresh object each time.

import assert from "node:assert/strict";
import { ok, refused, STATUS_TEXT } from "../../jim/answer.ts";
import { refuse } from "../../jim/refusal.ts";

Deno.test("ok says what its code means when it has no words of its own", () => {
  assert.equal(JSON.stringify(ok(1.5)), '{"response":200,"time":1.5,"alert":"ok"}');
  assert.deepEqual(ok(1, 202), { response: 202, time: 1, alert: "accepted" });
  assert.deepEqual(ok(1, 101, "closing"), { response: 101, time: 1, alert: "closing" });
  assert.deepEqual(ok(1, 299), { response: 299, time: 1, alert: "ok" });
});

Deno.test("no gives the refusal's code and its sentence as the error", () => {
  const refusal = refuse("nobody", { code: 404, at: "to", got: '"bob"' });
  assert.equal(
    JSON.stringify(refused(refusal, 2)),
    '{"response":404,"time":2,"error":"to: nobody here has the name \\"bob\\""}',
  );
});

Deno.test("ok makes a new answer each time, so that nobody's change reaches another", () => {
  assert.notEqual(ok(1), ok(1));
});

Deno.test("STATUS_TEXT has JIM's codes, each with words", () => {
  const numbers = [100, 101, 200, 201, 202, 400, 401, 402, 403, 404, 409, 410, 500];
  assert.deepEqual(Object.keys(STATUS_TEXT).map(Number), numbers);
  for (const words of Object.values(STATUS_TEXT)) assert.match(words, /^[a-z][a-z ]+$/);
});
