/**
 * How long to wait before the next attempt to connect. The pause doubles each time, so that a server that is down is left alone,
 * and is shortened by up to a half at random, so that a class of clients does not come back in the same instant.
 * @module
 */

/** Milliseconds: the first pause and the longest one. */
export interface Pauses {
  readonly first: number;
  readonly longest: number;
}

/**
 * Milliseconds to wait.
 *
 * @param failed attempts that have failed in a row
 * @param random from 0 to less than 1, as `Math.random`
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const pauses = { first: 1_000, longest: 30_000 };
 * assert.deepEqual([0, 1, 2, 9].map((failed) => reconnectDelay(pauses, failed, () => 0.5)), [750, 1500, 3000, 22500]);
 * ```
 */
export function reconnectDelay({ first, longest }: Pauses, failed: number, random: () => number): number {
  return Math.round(Math.min(longest, first * 2 ** failed) * (0.5 + random() / 2));
}
