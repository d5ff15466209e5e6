// A record as one line of text: `<date-time> <level> <module> <function> <message>`. Whatever was said, a line stays a
// line: a peer that sends a newline cannot forge the line after it, and one that sends terminal escapes cannot paint the
// screen of the operator. The escapes are JSON's, so nothing is lost and nothing is ambiguous.

import { CONTROL, DIRECTION, escapeUnit } from "../jim/characters.ts";
import type { LogLevel } from "./level.ts";
import { mask, shorten } from "./redact.ts";

/** Characters of a message that a line keeps: a chat's longest text fits, an attack on the disk does not. */
const MAX_MESSAGE = 8_000;

/** Control characters, halves of surrogate pairs, Unicode's own line ends, what turns the direction of text, and `\`. */
const UNSAFE = new RegExp(String.raw`[\\\p{Cs}${CONTROL}${DIRECTION}]`, "gu");
const SHORT_ESCAPES: Readonly<Record<string, string>> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/**
 * Makes a text safe for one line, with JSON's escapes.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * assert.equal(escape("one\ntwo \x1b[31mred"), "one\\ntwo \\u001b[31mred");
 * ```
 */
export function escape(text: string): string {
  return text.replace(
    UNSAFE,
    (sign) => SHORT_ESCAPES[sign] ?? escapeUnit(sign),
  );
}

/**
 * The local date-time of a moment, with milliseconds and the offset of the zone: `2026-11-22T23:59:58.123+03:00`.
 *
 * @param time Milliseconds since the epoch.
 */
export function stamp(time: number): string {
  const date = new Date(time), offset = -date.getTimezoneOffset(); // minutes
  const clock = [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => digits(part)).join(":");
  const minutes = Math.abs(offset), zone = `${digits(Math.trunc(minutes / 60))}:${digits(minutes % 60)}`;
  return `${dayOf(date)}T${clock}.${digits(date.getMilliseconds(), 3)}${offset < 0 ? "-" : "+"}${zone}`;
}

/** The local date: `2026-11-22`. By its fields, because `toISOString` takes 1.5 MB of memory the first time. */
export function dayOf(date: Date): string {
  return `${digits(date.getFullYear(), 4)}-${digits(date.getMonth() + 1)}-${digits(date.getDate())}`;
}

/** What a line is made of. */
export interface Entry {
  /** Milliseconds since the epoch. */
  time: number;
  level: LogLevel;
  module: string;
  fn: string;
  message: string;
}

/**
 * One line, without its newline: secrets hidden, what could break the line escaped, a message above 8,000 characters cut.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * const line = format({ time: Date.now(), level: "info", module: "loop", fn: "onJoined", message: "10.0.0.7:50312" });
 * assert.match(line, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d info loop onJoined 10\.0\.0\.7:50312$/);
 * ```
 */
export function format({ time, level, module, fn, message }: Entry): string {
  return `${stamp(time)} ${level} ${word(module)} ${word(fn)} ${escape(mask(shorten(message, MAX_MESSAGE)))}`;
}

/** A name as one word, so that the fields of a line can be counted: a getter's name has a space in it. */
function word(name: string): string {
  return escape(name.replaceAll(/\s+/g, "_")) || "-";
}

function digits(number: number, count = 2): string {
  return String(number).padStart(count, "0");
}
