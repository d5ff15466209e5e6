// The two sets of limits: Hanita's own and the handout's.

import assert from "node:assert/strict";
import { DEFAULT_LIMITS, STRICT_LIMITS } from "../../jim/limits.ts";

Deno.test("DEFAULT_LIMITS are what the documentation promises", () => {
  assert.deepEqual(DEFAULT_LIMITS, {
    objectBytes: 65_536,
    object: 65_536,
    depth: 32,
    text: 4_000,
    name: 25,
    action: 25,
  });
});

Deno.test("strict has the handout's figures", () => {
  assert.deepEqual(STRICT_LIMITS, { objectBytes: 2_560, object: 640, depth: 32, text: 500, name: 25, action: 15 });
});
