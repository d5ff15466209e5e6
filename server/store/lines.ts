/**
 * Cutting up what a turn said in one conversation. Stores keep it as they got it, one run of bytes: a page mostly needs
 * whole runs, and only at its edges which line has which id.
 */
import type { Lines, Query } from "./contract.ts";

const LF = 10, ESCAPE = 92;
const decoder = new TextDecoder(), encoder = new TextEncoder();
/** Half a surrogate pair as JSON has it; a whole one needs no escape. Behind another backslash it is text, and stays so. */
const HALF = /\\ud[89a-f]/i;

/** A message as far as a store looks into it. */
export interface Said {
  readonly id: number;
  readonly message: string;
}

/** The lines without their newlines, as views. */
export function cut(bytes: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = [];
  for (let start = 0; start < bytes.length;) {
    const newline = bytes.indexOf(LF, start);
    const end = newline < 0 ? bytes.length : newline;
    lines.push(bytes.subarray(start, end));
    start = end + 1;
  }
  return lines;
}

export function parseLine(line: Uint8Array): Said {
  return JSON.parse(decoder.decode(line));
}

/**
 * A line as every JSON reader takes it. An older version relayed and kept halves of surrogate pairs as they came; such
 * a half becomes U+FFFD. Few lines have a backslash at all, and the others cost one search for it.
 */
export function wellFormed(line: Uint8Array): Uint8Array {
  if (!line.includes(ESCAPE)) return line;
  const text = decoder.decode(line);
  if (!HALF.test(text)) return line;
  const whole = (_: string, value: unknown) => typeof value === "string" ? value.toWellFormed() : value;
  return encoder.encode(JSON.stringify(JSON.parse(text), whole));
}

/** The ids of a turn's lines. They only have to be read where another conversation took some of those between. */
export function idsOf({ first, last, count }: Omit<Lines, "bytes">, lines: readonly Uint8Array[]): number[] {
  const whole = last - first + 1 === count;
  return lines.map((line, index) => whole ? first + index : parseLine(line).id);
}

/**
 * A page out of the turns of its conversation, which come in reading order: from the oldest where `after` is given, else
 * from the newest. It stops asking for turns when the page is full.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const turn = (first: number, text: string) => ({
 *   conversation: "#all", first, last: first + 1, count: 2, bytes: new TextEncoder().encode(text),
 * });
 * const page = pageOf([turn(3, "c\nd\n"), turn(1, "a\nb\n")], { before: 4, limit: 2 });
 * assert.deepEqual(page.map((line) => new TextDecoder().decode(line)), ["b", "c"]);
 * ```
 */
export function pageOf(turns: Iterable<Lines>, query: Pick<Query, "before" | "after" | "limit">): Uint8Array[] {
  const { before = Infinity, after, limit } = query;
  const pieces: Uint8Array[][] = [];
  let left = limit;
  for (const turn of turns) {
    let lines = cut(turn.bytes);
    if (turn.first <= (after ?? -1) || turn.last >= before) {
      const ids = idsOf(turn, lines);
      lines = lines.filter((_, index) => ids[index]! > (after ?? -1) && ids[index]! < before);
    }
    if (lines.length > left) lines = after === undefined ? lines.slice(-left) : lines.slice(0, left);
    pieces.push(lines);
    left -= lines.length;
    if (left === 0) break;
  }
  return (after === undefined ? pieces.reverse() : pieces).flat();
}
