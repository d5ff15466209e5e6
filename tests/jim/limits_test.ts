// The two sets of limits: Hanita's own and the handout's.

import assert from "node:assert/strict";
import { roomy, strict } from "../../jim/limits.ts";

Deno.test("roomy is what the documentation promises", () => {
  assert.deepEqual(roomy, { objectBytes: 65_536, object: 65_536, depth: 32, text: 4_000, name: 25, action: 25 });
});

Deno.test("strict has the handout's figures", () => {
  assert.deepEqual(strict, { objectBytes: 2_560, object: 640, depth: 32, text: 500, name: 25, action: 15 });
});
