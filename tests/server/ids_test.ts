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

Deno.test("Ids can be counted and grow when the clock is centuries ahead, or before 1970", () => {
  for (const year of [1900, 1969, 1970, 2100, 2112, 2255, 2300, 9999, 275760]) {
    const ids = new Ids(1_764_000_000_000_000, Date.UTC(year, 0));
    const given = [ids.next(), ids.next(), ids.next()];
    assert.ok(given.every(Number.isSafeInteger), `${year}: ${given}`);
    assert.deepEqual(given.map((id) => id - given[0]!), [0, 1, 2], `${year}`);
  }
});
