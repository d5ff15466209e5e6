// How long to wait before the next attempt to connect: longer each time, so that a server that is down is left alone, and
// by chance a little more or less, so that thirty clients do not come back in the same instant.

/** Milliseconds of the first pause, and of the longest. */
const FIRST = 1_000, LONGEST = 30_000;

/**
 * Milliseconds to wait.
 *
 * @param failed attempts that have failed in a row
 * @param random from 0 to less than 1, as `Math.random`
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual([0, 1, 2, 9].map((failed) => pause(failed, () => 0.5)), [750, 1500, 3000, 22500]);
 * ```
 */
export function pause(failed: number, random: () => number): number {
  return Math.round(Math.min(LONGEST, FIRST * 2 ** failed) * (0.5 + random() / 2));
}
