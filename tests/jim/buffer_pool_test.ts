import assert from "node:assert/strict";
import { acquireBuffer, LARGEST_BUFFER, releaseBuffer } from "../../jim/buffer_pool.ts";

Deno.test("acquireBuffer gives a released buffer of the same size, and never one buffer to two", () => {
  const one = acquireBuffer(LARGEST_BUFFER), other = acquireBuffer(LARGEST_BUFFER);
  assert.notEqual(one, other);
  releaseBuffer(one);
  assert.equal(acquireBuffer(LARGEST_BUFFER), one);
  assert.notEqual(acquireBuffer(LARGEST_BUFFER), one);
});

Deno.test("releaseBuffer drops a buffer of a size that is not pooled", () => {
  const odd = acquireBuffer(1_000);
  releaseBuffer(odd);
  assert.notEqual(acquireBuffer(1_000), odd);
});

Deno.test("releaseBuffer keeps 32 buffers of one size, and drops the rest", () => {
  const released = Array.from({ length: 40 }, () => acquireBuffer(16_384));
  for (const buffer of released) releaseBuffer(buffer);
  const again = Array.from({ length: 40 }, () => acquireBuffer(16_384));
  assert.equal(again.filter((buffer) => released.includes(buffer)).length, 32);
});
