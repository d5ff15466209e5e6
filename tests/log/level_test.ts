import assert from "node:assert/strict";
import { levels, ranks } from "../../log/level.ts";

Deno.test("ranks follow the order of levels", () => {
  assert.deepEqual(levels.map((level) => ranks[level]), [0, 1, 2, 3]);
  assert.deepEqual(Object.keys(ranks), [...levels]);
});
