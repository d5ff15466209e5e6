import assert from "node:assert/strict";
import { Ids } from "../../server/ids.ts";

Deno.test("Ids counts on from the clock, each larger than the last", () => {
  const ids = new Ids(0, 1_764_000_000_000);
  const given = [ids.next(), ids.next(), ids.next()];
  assert.deepEqual(given, [1_764_000_000_000_001, 1_764_000_000_000_002, 1_764_000_000_000_003]);
  assert.ok(given.every(Number.isSafeInteger));
});

Deno.test("Ids of a later start are larger than those of an earlier one", () => {
  const first = new Ids(0, 1_764_000_000_000);
  for (let i = 0; i < 5000; i++) first.next();
  const again = new Ids(0, 1_764_000_000_006); // no restart is as quick as 6 ms
  assert.ok(again.next() > first.next());
});

Deno.test("Ids never goes back to where the journal has been, whatever the clock says", () => {
  const ids = new Ids(1_764_000_000_000_500, 1_600_000_000_000);
  assert.deepEqual([ids.last, ids.next(), ids.last], [
    1_764_000_000_000_500,
    1_764_000_000_000_501,
    1_764_000_000_000_501,
  ]);
});
