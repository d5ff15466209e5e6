/** A day, or a moment, as a person writes it. */

const DAY = /^\d{4}-\d{2}-\d{2}$/,
  MOMENT = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})?$/;

/**
 * Milliseconds since 1970, by the clock of this machine unless the text has a time zone; undefined for what is no date.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(parseDate("1970-01-02T00:00Z"), 86_400_000);
 * assert.equal(parseDate("2026-11-29"), new Date(2026, 10, 29).getTime());
 * assert.deepEqual(["yesterday", "2026-13-01", "2026-02-30", "29.11.2026"].map(parseDate), Array(4).fill(undefined));
 * ```
 */
export function parseDate(text: string): number | undefined {
  if (!DAY.test(text) && !MOMENT.test(text)) return undefined;
  const day = text.slice(0, 10), isDay = new Date(`${day}T00:00Z`);
  if (Number.isNaN(isDay.getTime()) || isDay.toISOString().slice(0, 10) !== day) return undefined; // February has no 30th
  const time = new Date(DAY.test(text) ? `${text}T00:00` : text.replace(" ", "T")).getTime();
  return Number.isNaN(time) ? undefined : time;
}
