/**
 * The ids of messages and records. All have 16 digits, so where an id stands in a line never depends on it, and a batch that
 * others have preceded is numbered anew in the bytes that it has already.
 */
import type { JournalRecord } from "./records.ts";

/** The least number of 16 digits: microseconds until September 2001. */
export const FIRST_ID = 10 ** 15;
/** No id is larger: above it, one number more would be the same number. */
export const MAX_ID = Number.MAX_SAFE_INTEGER;
/** No clock is believed from here on, the year 2112. */
const LATEST = 2 ** 52;

const DIGITS = 16;
const LF = 10, COMMA = 44, ZERO = 48;
const encoder = new TextEncoder();
const MARK = encoder.encode(',"id":');
/** Behind the id of a line there are at most a few short fields. */
const TAIL = 120;

/**
 * The first id of an opening. It is larger than the clock's microseconds too: messages that are never stored have ids, and
 * only so are these not given again after a restart.
 *
 * @param last the largest id in the log
 * @param now milliseconds since 1970
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(firstId(0, 0), 1_000_000_000_000_000);
 * assert.equal(firstId(0, 1_764_000_000_000), 1_764_000_000_000_001);
 * assert.equal(firstId(1_800_000_000_000_000, 1_764_000_000_000), 1_800_000_000_000_001);
 * ```
 */
export function firstId(last: number, now: number): number {
  const clock = Math.floor(now * 1000);
  return Math.max(last + 1, clock < LATEST ? clock + 1 : 0, FIRST_ID);
}

/**
 * The records of a batch with ids that are larger by `shift`. The lines of messages are changed where they lie.
 *
 * @param shift negative if ids were given out meanwhile that are in no log
 */
export function shifted(records: readonly JournalRecord[], shift: number): readonly JournalRecord[] {
  if (shift === 0) return records;
  return records.map((record) => {
    if (record.kind !== "message") return { ...record, id: record.id + shift };
    renumber(record.lines, shift);
    return { ...record, id: record.id + shift, last: record.last + shift };
  });
}

/**
 * Adds a number to the id of each line, in place; about 0.2 µs a line. In a text each quote has a backslash before it, so what
 * stands before an id is in no text.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const lines = new TextEncoder().encode('{"message":"hi","id":1764000000000000}\n');
 * renumber(lines, 42);
 * assert.equal(JSON.parse(new TextDecoder().decode(lines)).id, 1764000000000042);
 * ```
 *
 * @throws {Error} if a line has no id of 16 digits, which is a bug of its writer
 */
export function renumber(lines: Uint8Array, shift: number): void {
  for (let start = 0; start < lines.length;) {
    const newline = lines.indexOf(LF, start), end = newline < 0 ? lines.length : newline;
    const last = lastDigit(lines, Math.max(start, end - TAIL), end);
    if (last < 0) throw new Error("Cannot number a line anew: it has no id of 16 digits");
    for (let at = last, left = shift; left !== 0; at--) {
      const sum = left + lines[at]! - ZERO;
      left = Math.floor(sum / 10);
      lines[at] = ZERO + sum - 10 * left;
    }
    start = end + 1;
  }
}

/**
 * The position behind the lines with no larger id than that; about 0.1 µs a line.
 *
 * @param from a position where a line begins
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const lines = '{"message":"a","id":1764000000000001}\n{"message":"b","id":1764000000000003}\n';
 * assert.equal(positionAfter(new TextEncoder().encode(lines), 1764000000000002), lines.length / 2);
 * ```
 */
export function positionAfter(lines: Uint8Array, id: number, from = 0): number {
  for (let start = from; start < lines.length;) {
    const newline = lines.indexOf(LF, start), end = newline < 0 ? lines.length : newline;
    const last = lastDigit(lines, Math.max(start, end - TAIL), end);
    if (last < 0 || numberAt(lines, last) > id) return start;
    start = end + 1;
  }
  return lines.length;
}

/** Where the id of a line begins, with its comma, or -1. */
export function idMark(line: Uint8Array): number {
  const last = lastDigit(line, Math.max(0, line.length - TAIL), line.length);
  return last < 0 ? -1 : last - DIGITS + 1 - MARK.length;
}

/** The number of which the last of 16 digits is there. */
function numberAt(lines: Uint8Array, last: number): number {
  let number = 0;
  for (let at = last - DIGITS + 1; at <= last; at++) number = 10 * number + lines[at]! - ZERO;
  return number;
}

/** Where the last of the 16 digits of a line's id is, or -1. */
function lastDigit(lines: Uint8Array, from: number, end: number): number {
  for (let at = end - DIGITS - MARK.length; at >= from; at--) {
    if (lines[at] !== COMMA || !hasMark(lines, at)) continue;
    const first = at + MARK.length, behind = first + DIGITS;
    for (let i = first; i < behind; i++) if (!isDigit(lines[i]!)) return -1;
    return isDigit(lines[behind]!) ? -1 : behind - 1;
  }
  return -1;
}

function hasMark(lines: Uint8Array, at: number): boolean {
  for (let i = 0; i < MARK.length; i++) if (lines[at + i] !== MARK[i]) return false;
  return true;
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte < ZERO + 10;
}
