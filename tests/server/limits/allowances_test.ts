import assert from "node:assert/strict";
import fc from "fast-check";
import { Allowances } from "../../../server/limits/allowances.ts";

Deno.test("Allowances let through a burst, and then the rate, for each key alone", () => {
  fc.assert(fc.property(
    fc.integer({ min: 1, max: 20 }),
    fc.double({ min: 0.001, max: 50, noNaN: true }),
    fc.array(fc.nat(5000), { maxLength: 50 }),
    (burst, perSecond, waits) => {
      let now = 0, through = 0;
      const allowances = new Allowances({ burst, perSecond }, () => now);
      for (const wait of waits) {
        now += wait;
        const most = burst + now / 1000 * perSecond + 1e-6;
        while (allowances.wait("a") === 0 && through <= most) {
          allowances.take("a");
          through++;
        }
        assert.ok(through <= most);
        assert.ok(through >= burst, "all of the burst, whatever has been waited");
        assert.equal(allowances.wait("b"), 0);
      }
      if (allowances.wait("a") === 0) return;
      now += allowances.wait("a");
      assert.equal(allowances.wait("a"), 0, "after the wait that it says there is a token");
    },
  ));
});

Deno.test("Allowances take back what was not needed, and remember so many keys only", () => {
  const allowances = new Allowances({ burst: 1, perSecond: 1 }, () => 0, 3);
  allowances.take("a");
  assert.equal(allowances.wait("a"), 1000);
  allowances.refund("a");
  assert.deepEqual([allowances.wait("a"), allowances.size], [0, 0]);
  for (const key of ["a", "b", "c", "a", "d"]) allowances.take(key);
  assert.equal(allowances.size, 3);
  assert.deepEqual([allowances.wait("a"), allowances.wait("b"), allowances.wait("d")], [2000, 0, 1000]);
});
