/**
 * Which Unix seconds are a time: those that a `Date` can hold. Every peer, every store and every clock on a screen is spared
 * the others.
 * @module
 */

/**
 * Unix seconds, fractions welcome, at most {@linkcode MAX_TIME} from 1970; `null` where a peer's own time could not be
 * read or is beyond that, so the reader's clock counts.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const time: Time = null;
 * assert.equal(time ?? 1764000000, 1764000000);
 * ```
 */
export type Time = number | null;

/**
 * The largest Unix seconds that a `Date` holds, in the year 275760; the smallest is as far before 1970 (ECMA-262, 21.4.1.1).
 * A clock in nanoseconds is beyond it.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(new Date(MAX_TIME * 1000).getUTCFullYear(), 275760);
 * ```
 */
export const MAX_TIME = 8.64e12;

/**
 * Whether Unix seconds are a time.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual([1764000000, 1764000000123456789, Infinity, NaN].map(isTime), [true, false, false, false]);
 * ```
 */
export function isTime(seconds: number): boolean {
  return Math.abs(seconds) <= MAX_TIME;
}

/** Beyond the year 5138. A clock in milliseconds has been beyond it since 1973. */
const MILLISECONDS = 1e11;

/**
 * Whether Unix seconds are so many that they seem to be milliseconds.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual([1764000000, 1764000000123].map(looksLikeMilliseconds), [false, true]);
 * ```
 */
export function looksLikeMilliseconds(seconds: number): boolean {
  return seconds >= MILLISECONDS;
}

/**
 * Unix seconds as ISO 8601; `undefined` where a `Date` cannot hold them, as a store of an older version may have them.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(isoTime(1764000000), "2025-11-24T16:00:00.000Z");
 * assert.equal(isoTime(9999999999999), undefined);
 * ```
 */
export function isoTime(seconds: number): string | undefined {
  return isTime(seconds) ? new Date(seconds * 1000).toISOString() : undefined;
}

const ISO_TIME = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g;

/**
 * A sentence of the server with each time in it, which is as {@linkcode isoTime} writes it, written for its reader.
 *
 * @param write gets milliseconds since 1970; what is no time of the calendar stays as it is
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const words = "You may not write here until 2025-11-24T16:00:00.000Z: spam";
 * assert.equal(rewriteTimes(words, (time) => `${time / 1000}`), "You may not write here until 1764000000: spam");
 * ```
 */
export function rewriteTimes(sentence: string, write: (milliseconds: number) => string): string {
  return sentence.replace(ISO_TIME, (text) => {
    const time = Date.parse(text);
    return Number.isNaN(time) ? text : write(time);
  });
}
