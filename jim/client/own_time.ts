/**
 * The times of one's own messages. No two are the same, so a message is known by its time where a server tells no id.
 * @module
 */

/**
 * Milliseconds by which a clock that is behind the latest message has been set back: then its time counts. What is said in one
 * millisecond is a little ahead of the clock, and far less than this.
 */
const LEAP = 60_000;

/**
 * The time of the next message, in whole milliseconds.
 *
 * @param last the time of the one before it
 * @param now the clock on the wall
 * @param step what is added to it within one millisecond: 1, or 0.001 for a program that says a thousand messages in one
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual([nextTime(0, 5.7), nextTime(5, 5.7), nextTime(9, 5), nextTime(100_000, 5)], [5, 6, 10, 5]);
 * assert.equal(nextTime(5, 5.7, 0.001), 5.001);
 * ```
 */
export function nextTime(last: number, now: number, step: 1 | 0.001 = 1): number {
  const time = Math.floor(now);
  return time > last || last - time > LEAP ? time : Math.round((last + step) * 1000) / 1000;
}
