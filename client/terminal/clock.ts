// When something ends, as a clock on the wall shows it. A server writes a moment as JIM does, for any time zone.

import { rewriteTimes } from "../../jim/mod.ts";

/**
 * A moment by the clock of this machine, with its date unless that is today's.
 *
 * @param moment milliseconds since 1970
 * @param now the same
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.match(clockTime(1_764_000_000_000, 1_764_000_000_500), /^\d\d:\d\d:\d\d$/);
 * assert.match(clockTime(1_764_000_000_000, 0), /^2025-11-2\d \d\d:\d\d:\d\d$/);
 * ```
 */
export function clockTime(moment: number, now: number): string {
  const [day, time] = local(moment).split(" ");
  return day === local(now).split(" ")[0] ? time! : `${day} ${time}`;
}

/**
 * What a server says, with each moment in it by the clock of this machine.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const words = byTheClock("You may not write here until 2025-11-24T16:00:00.000Z: spam", 0);
 * assert.match(words, /^You may not write here until 2025-11-2\d \d\d:\d\d:\d\d: spam$/);
 * ```
 */
export function byTheClock(words: string, now: number): string {
  return rewriteTimes(words, (moment) => clockTime(moment, now));
}

/** As a Swede writes it: the date first, in numbers. */
function local(moment: number): string {
  return new Date(moment).toLocaleString("sv-SE");
}
