import assert from "node:assert/strict";
import { coreDistance } from "../../bench/cores.ts";

Deno.test("a number passes between two cores and back in more than no time", async () => {
  const distance = await coreDistance();
  assert.ok(distance > 0 && Number.isFinite(distance), `${distance} ns`);
});
