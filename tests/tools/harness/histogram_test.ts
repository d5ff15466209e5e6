import assert from "node:assert/strict";
import fc from "fast-check";
import { Histogram } from "../../../tools/harness/histogram.ts";

const SHARES = [0, 0.01, 0.5, 0.99, 0.999, 1];

Deno.test("Histogram is right to 3 % about any percentile", () => {
  const values = fc.array(fc.integer({ min: 0, max: 2 ** 31 - 1 }), { minLength: 1, maxLength: 200 });
  fc.assert(fc.property(values, fc.constantFrom(...SHARES), (values, share) => {
    const histogram = new Histogram();
    for (const value of values) histogram.add(value);
    const right = values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(values.length * share) - 1)]!;
    const found = histogram.percentile(share);
    assert.ok(found <= right && found >= right - right / 32, `${found} for ${right}`);
  }));
});

Deno.test("Histogram knows no percentile of nothing", () => {
  assert.ok(Number.isNaN(new Histogram().percentile(0.5)));
});
