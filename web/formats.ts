/** Dates, times and sizes in the user's language. @module */
import type { Language } from "../jim/explain.ts";
import { rewriteTimes } from "../jim/time.ts";
import type { Refusal } from "../client/protocol/refusal.ts";
import { catalogues } from "./words.ts";

/**
 * Unix seconds as a date; `undefined` if no `Date` can hold them, for example if a client sends nanoseconds. Every time
 * that is shown goes through here, because formatting an invalid date throws.
 */
export function dateOf(time: number): Date | undefined {
  const date = new Date(time * 1000);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/** The time of day of Unix seconds, in the language's short form; empty for an invalid time. */
export function clockOf(time: number, language: Language): string {
  const date = dateOf(time);
  return date === undefined ? "" : format(language, { hour: "2-digit", minute: "2-digit" }).format(date);
}

/** The day of Unix seconds, in words; `now` is in seconds too. */
export function dayOf(time: number, now: number, language: Language): string {
  const { today, yesterday, someday } = catalogues[language];
  const date = dateOf(time), day = dateOf(now);
  if (date === undefined || day === undefined) return someday;
  if (isSame(date, day)) return today;
  // Not 24 hours ago: a day on which the clocks change has 23 of them, or 25.
  if (isSame(date, new Date(day.getFullYear(), day.getMonth(), day.getDate() - 1))) return yesterday;
  const year = date.getFullYear() === day.getFullYear() ? undefined : "numeric";
  return format(language, { weekday: "long", day: "numeric", month: "long", year }).format(date);
}

/** Whether two times are on the same day in the user's time zone; invalid times are on a day of their own. */
export function sameDay(one: number, other: number): boolean {
  return isSame(dateOf(one), dateOf(other));
}

/**
 * Milliseconds until another day begins in the user's time zone: what was said today is of yesterday then.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(untilTomorrow(new Date(2026, 10, 30, 23, 59, 58)), 2_000);
 * ```
 */
export function untilTomorrow(now: Date): number {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1).getTime() - now.getTime();
}

function isSame(one: Date | undefined, other: Date | undefined): boolean {
  return one?.toDateString() === other?.toDateString();
}

/** A date in words: for today only the time. `now` is in Unix seconds. */
export function momentOf(date: Date, language: Language, now: number): string {
  const isToday = isSame(date, dateOf(now));
  return format(language, isToday ? { timeStyle: "short" } : { dateStyle: "medium", timeStyle: "short" }).format(date);
}

/**
 * Shows the UTC times in a text of the server by the user's clock, such as the end of a ban.
 *
 * @param now Unix seconds
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const said = withClock("You may not write here until 2026-11-29T01:10:34.000Z: no spam", "en", 0);
 * assert.match(said, /^You may not write here until (28|29|30) Nov 2026, \d\d:\d\d: no spam$/);
 * assert.equal(withClock("until 2026-99-99T01:10:34.000Z", "en", 0), "until 2026-99-99T01:10:34.000Z");
 * ```
 */
export function withClock(text: string, language: Language, now = Date.now() / 1000): string {
  return rewriteTimes(text, (time) => momentOf(new Date(time), language, now));
}

/** Why something was not done, for the user; `offline` is said if there was no connection. */
export function refusalText(why: Refusal, offline: string, language: Language): string {
  return why === "offline" ? offline : withClock(why.words, language);
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Making a format takes a hundred times as long as using it, so formats are kept. */
function format(language: Language, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = language + JSON.stringify(options);
  const known = formats.get(key) ?? new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, options);
  formats.set(key, known);
  return known;
}

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte"];

/**
 * A number of bytes for people.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(formatBytes(71_680, "en"), "70 kB");
 * ```
 */
export function formatBytes(bytes: number, language: Language): string {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log(Math.max(1, bytes)) / Math.log(1024)));
  const number = bytes / 1024 ** power, maximumFractionDigits = number < 10 && power > 0 ? 1 : 0;
  return number.toLocaleString(language, {
    style: "unit",
    unit: UNITS[power],
    unitDisplay: power === 0 ? "long" : "short", // the short form of one byte is that of many
    maximumFractionDigits,
  });
}
