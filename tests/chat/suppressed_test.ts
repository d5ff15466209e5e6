// A test that fails, and its disposal too: the report has both errors.

import assert from "node:assert/strict";
import "./within.ts";

Deno.test("a test that fails before its disposal does shows both errors, its own first", async () => {
  const own = new Error("the test"), later = new Error("the disposal");
  const act = async () => {
    await using _ = { [Symbol.asyncDispose]: () => Promise.reject(later) };
    throw own;
  };
  const error = await act().catch((error: unknown) => error);
  assert.ok(error instanceof SuppressedError && error.cause instanceof AggregateError);
  assert.deepEqual(error.cause.errors, [own, later]);
});
