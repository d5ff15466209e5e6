import assert from "node:assert/strict";
import fc from "fast-check";
import { Durations, Meter } from "../../../server/net/meter.ts";

Deno.test("Durations counts what is at a bound as not above it", () => {
  const durations = new Durations();
  for (const [bound] of durations.atMost()) durations.add(bound);
  assert.deepEqual([...durations.atMost()].map(([, count]) => count), [...durations.atMost()].map((_, at) => at + 1));
});

Deno.test("Durations tells for each bound how many were not above it, whatever they are", () => {
  fc.assert(fc.property(fc.array(fc.double({ min: 0, max: 10, noNaN: true })), (all) => {
    const durations = new Durations();
    for (const seconds of all) durations.add(seconds);
    for (const [bound, count] of durations.atMost()) {
      assert.equal(count, all.filter((seconds) => seconds <= bound).length);
    }
    assert.equal(durations.count, all.length);
    assert.equal(durations.sum, all.reduce((sum, seconds) => sum + seconds, 0));
  }));
});

Deno.test("Meter counts refusals by their code", () => {
  const meter = new Meter();
  for (const code of [400, 404, 400, 418]) meter.refused(code);
  assert.deepEqual([...meter.refusals].filter(([, count]) => count > 0), [[400, 2], [404, 1], [418, 1]]);
});
