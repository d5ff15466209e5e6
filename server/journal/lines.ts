/**
 * Cutting up what a turn said in one conversation. Stores keep it as they got it, one run of bytes: a page mostly needs
 * whole runs, and only at its edges which line has which id.
 */
import { isTime, type SharedFile } from "../../jim/mod.ts";
import type { Lines } from "./blocks.ts";
import type { PageQuery } from "./contract.ts";
import { idMark } from "./ids.ts";

const LF = 10, BRACKET = 125, ESCAPE = 92, MINUS = 45, POINT = 46, ZERO = 48, NINE = 57, EXPONENT = 101;
/** Where the time of a line begins. */
const TIME = '{"action":"msg","time":'.length;
/** Digits of a time that a `Date` can hold, whatever they are. */
const SOON = 12;
const decoder = new TextDecoder(), strict = new TextDecoder("utf-8", { fatal: true }), encoder = new TextEncoder();
/** Half a surrogate pair as JSON has it; a whole one needs no escape. Behind another backslash it is text, and stays so. */
const HALF = /\\ud[89a-f]/i;

/** A message as far as a store looks into it. */
export interface Said {
  readonly id: number;
  readonly message: string;
  /** Its sender's name. */
  readonly from?: unknown;
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

/**
 * The message of a line; undefined where the disk or another program has damaged it, so that it is no message in JSON and
 * UTF-8 any more: such a line ends neither the server nor a client.
 */
export function parseLine(line: Uint8Array): Said | undefined {
  try {
    const said = JSON.parse(strict.decode(line));
    return typeof said?.id === "number" && typeof said.message === "string" ? said : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined;
    throw error;
  }
}

/**
 * A line as every program takes it. An older version relayed and kept what its senders said wrong: half a surrogate pair
 * becomes U+FFFD; a time that a `Date` cannot hold becomes that of its id, which is in microseconds and not far off. Few
 * lines have a backslash or so long a time, and the others cost a look for both.
 */
export function wellFormed(line: Uint8Array): Uint8Array {
  const far = isFar(line);
  if (!far && !line.includes(ESCAPE)) return line;
  const text = decoder.decode(line);
  if (!far && !HALF.test(text)) return line;
  const said = JSON.parse(text);
  if (far && !isTime(said.time)) said.time = Math.floor(said.id / 1e6);
  const whole = (_: string, value: unknown) => typeof value === "string" ? value.toWellFormed() : value;
  return encoder.encode(JSON.stringify(said, whole));
}

/** Whether the time of a line has so many digits, or an exponent, that it may be no time. */
function isFar(line: Uint8Array): boolean {
  const start = line[TIME] === MINUS ? TIME + 1 : TIME;
  let at = digitsFrom(line, start);
  if (at - start > SOON) return true;
  if (line[at] === POINT) at = digitsFrom(line, at + 1);
  return line[at] === EXPONENT;
}

function digitsFrom(line: Uint8Array, at: number): number {
  while (line[at]! >= ZERO && line[at]! <= NINE) at++;
  return at;
}

/** A turn as far as its ids go. */
export interface Span extends Omit<Lines, "conversation" | "time" | "bytes"> {
  /** Its lines, which only have to be looked at where another conversation took some of the ids between. */
  bytes(): Uint8Array;
}

/** The ids of a turn's lines. */
export function idsOf({ first, last, count, bytes }: Span): number[] {
  const whole = last - first + 1 === count;
  return whole ? Array.from({ length: count }, (_, index) => first + index) : cut(bytes()).map(idOf);
}

/**
 * The id of a line, NaN of a damaged one. It stands near the end, behind the text: to parse a long line for it would cost a
 * hundred times more.
 */
export function idOf(line: Uint8Array): number {
  const [, id] = ID.exec(decoder.decode(line.subarray(-TAIL))) ?? [];
  return id === undefined ? parseLine(line)?.id ?? NaN : Number(id);
}

/** An id, behind which there may be a few short fields. In a text the quotes would have backslashes before them. */
const ID = /,"id":(\d+)(?:,"[a-z_]+":(?:"[a-z]*"|\d+|true))*\}$/;
const TAIL = 100;

/**
 * Whether a line, with or without its newline, has a file: it stands before the id. A text is not looked at, since a bracket at
 * its end has a quote behind it.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const line = (file: string) => new TextEncoder().encode(`{"message":"hi"${file},"id":1764000000000001,"role":"account"}\n`);
 * assert.equal(hasFile(line(',"file":{"name":"cat.png"}')), true);
 * assert.equal(hasFile(line("")), false);
 * ```
 */
export function hasFile(line: Uint8Array): boolean {
  const at = idMark(line);
  return at > 0 && line[at - 1] === BRACKET;
}

/** The file of a message; undefined if it has none, or none that can be read. */
export function fileOf(line: Uint8Array): SharedFile | undefined {
  const file = (parseLine(line) as { readonly file?: SharedFile } | undefined)?.file;
  return typeof file?.key === "string" && /^[0-9a-f]{64}$/.test(file.sha256) ? file : undefined;
}

/**
 * The ids of a page out of the turns of its conversation, which come in reading order: from the oldest where `after` is
 * given, else from the newest. It stops asking for turns when the page is full.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const turn = (first: number) => ({ first, last: first + 1, count: 2, bytes: () => new Uint8Array(0) });
 * assert.deepEqual(pageOf([turn(3), turn(1)], { before: 4, limit: 2 }), [2, 3]);
 * ```
 */
export function pageOf(turns: Iterable<Span>, query: Pick<PageQuery, "before" | "after" | "limit">): number[] {
  const { before = Infinity, after, limit } = query;
  const pieces: number[][] = [];
  let left = limit;
  for (const batch of turns) {
    let ids = idsOf(batch).filter((id) => id > (after ?? -1) && id < before); // NaN is neither
    if (ids.length > left) ids = after === undefined ? ids.slice(-left) : ids.slice(0, left);
    pieces.push(ids);
    left -= ids.length;
    if (left === 0) break;
  }
  return (after === undefined ? pieces.reverse() : pieces).flat();
}

/**
 * The lines with these ids, which ascend; undefined for each that is not there or is damaged. They are copied: views would keep whole
 * turns in memory, or be overwritten.
 *
 * @param holding the turn that an id is in, if there is one
 */
export function linesOf(
  ids: readonly number[],
  holding: (id: number) => Span | undefined,
): (Uint8Array | undefined)[] {
  let batch: Span | undefined, lines: Uint8Array[] = [], at = new Map<number, number>();
  return ids.map((id) => {
    if (batch === undefined || id > batch.last) {
      batch = holding(id);
      if (batch === undefined) return undefined;
      lines = cut(batch.bytes());
      at = new Map(idsOf(batch).map((id, index) => [id, index]));
    }
    const index = at.get(id);
    return index === undefined ? undefined : copyOf(lines[index]!);
  });
}

/** A copy, as every JSON reader takes it. */
function copyOf(line: Uint8Array): Uint8Array | undefined {
  if (parseLine(line) === undefined) return undefined;
  const whole = wellFormed(line);
  return whole === line ? line.slice() : whole;
}

/** The lines of a run with another one in the place of that with an id. */
export function withLine(lines: Uint8Array, id: number, line: Uint8Array): Uint8Array {
  const parts = cut(lines).map((each) => idOf(each) === id ? line : each);
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length + 1, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
    bytes[at++] = LF;
  }
  return bytes;
}
