// Which connection gives way when all slots are taken.
import assert from "node:assert/strict";
import { Slots } from "../../../server/limits/slots.ts";

/** Takes slots for the given addresses. Returns what gives them back, and the indexes of those that were stopped. */
function take(slots: Slots, ...hosts: string[]) {
  const stopped: number[] = [];
  return { stopped, taken: hosts.map((host, i) => slots.take(host, () => stopped.push(i))) };
}

Deno.test("up to the limit none gives way, and one that is given back is free once", () => {
  const slots = new Slots(2), { taken, stopped } = take(slots, "a", "a", "a");
  assert.deepEqual(taken.map((back) => back !== undefined), [true, true, false]);
  taken[0]!();
  taken[0]!();
  assert.deepEqual(take(slots, "a", "a").taken.map((back) => back !== undefined), [true, false]);
  assert.deepEqual(stopped, []);
});

Deno.test("the oldest of the address that has the most gives way, until all have the same", () => {
  const slots = new Slots(4), { taken, stopped } = take(slots, "a", "a", "a", "a", "b", "c", "b", "d");
  assert.deepEqual(stopped, [0, 1, 2]);
  assert.deepEqual(taken.map((back) => back !== undefined), [true, true, true, true, true, true, false, true]);
});
