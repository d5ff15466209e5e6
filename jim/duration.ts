/** How long a ban holds, as a person writes it: a number and a unit. @module */

/** Seconds of the units in which a duration is written. */
const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 };

/** Seconds of the longest duration: 520 weeks, ten years. */
const LONGEST = 520 * 604_800;

/**
 * The seconds of a duration; `undefined` of one that is none, or that is shorter than a second or longer than 520 weeks.
 *
 * @param duration a whole number of seconds, minutes, hours, days or weeks; a space may stand before the unit
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(["90s", "10m", "2 h", "10", "0s", "9999w"].map(parseDuration), [90, 600, 7200, ...Array(3)]);
 * ```
 */
export function parseDuration(duration: string): number | undefined {
  const [, count, unit = ""] = /^(\d{1,9}) ?([smhdw])$/.exec(duration) ?? [];
  const seconds = Number(count) * (UNITS[unit] ?? NaN);
  return seconds >= 1 && seconds <= LONGEST ? seconds : undefined;
}
