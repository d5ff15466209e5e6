// Latencies, counted and not kept: a run makes tens of millions of them. The buckets grow with the value, 32 to each
// doubling, so that a percentile is right to 3 %; adding one costs a few instructions and no memory.

/** Buckets of each doubling, and the exact ones at the start. */
const STEPS = 32;
const STEP_BITS = 5;
const BUCKETS = STEPS * (32 - STEP_BITS);

export class Histogram {
  readonly #counts = new Uint32Array(BUCKETS);
  #total = 0;

  /** Counts one value, a whole number from 0 to 2^31 - 1. */
  add(value: number): void {
    this.#counts[bucket(value)]!++;
    this.#total++;
  }

  /**
   * The value that this share of all is not above.
   *
   * @param share from 0 to 1: 0.99 for p99
   * @returns the least value of its bucket; NaN when nothing was counted
   *
   * @example
   * ```ts
   * import assert from "node:assert/strict";
   * const histogram = new Histogram();
   * for (let value = 1; value <= 100; value++) histogram.add(value);
   * assert.deepEqual([histogram.percentile(0.3), histogram.percentile(0.99)], [30, 98]);
   * ```
   */
  percentile(share: number): number {
    if (this.#total === 0) return NaN;
    let left = Math.max(1, Math.ceil(this.#total * share));
    let at = 0;
    while ((left -= this.#counts[at]!) > 0) at++;
    return least(at);
  }
}

function bucket(value: number): number {
  if (value < STEPS) return value;
  const shift = 31 - Math.clz32(value) - STEP_BITS;
  return (shift << STEP_BITS) + (value >> shift);
}

function least(bucket: number): number {
  if (bucket < 2 * STEPS) return bucket;
  const shift = (bucket >> STEP_BITS) - 1;
  return (bucket - (shift << STEP_BITS)) * 2 ** shift;
}
