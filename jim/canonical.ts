/**
 * The short way for the message that needs no mending. A program that writes JIM as Hanita itself would, in UTF-8 and in
 * its own name, can be relayed by its own bytes with an `id` put in before the last bracket: nothing is decoded, nothing
 * is built, nothing is encoded again. Whatever is not exactly so takes the long way, through {@linkcode parse}, and comes
 * out the same: the tests hold the two against each other.
 * @module
 */
import type { Limits } from "./limits.ts";

const QUOTE = 34, ESCAPE = 92, DELETE = 127, POINT = 46, ZERO = 48, SEVEN = 55, NINE = 57, CURLED = 125;

const encoder = new TextEncoder();
const utf8 = new TextDecoder("utf-8", { fatal: true });

const BEFORE_TIME = view('{"action":"msg","time":');
const LONGEST_TIME = 17;
/** Digits of {@linkcode MAX_TIME}, which begins with an 8: with fewer, or from a 7 down, a time is not beyond it. */
const FARTHEST_DIGITS = 13;

/** Which bytes of a text end the scan: its closing quote, an escape, a control character, all that is not ASCII. */
const MATTERING = new Uint8Array(256).fill(1, 0, 32).fill(1, DELETE);
MATTERING[QUOTE] = MATTERING[ESCAPE] = 1;
/** The same for four bytes at once. */
const TOPS = 0x80808080, ONES = 0x01010101, SPACES = 0x20202020, QUOTES = 0x22222222, ESCAPES = 0x5c5c5c5c;

/**
 * What stands between the time and the text of a message to all that is already in its relay's form.
 *
 * @param name the sender, as the server knows it
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(
 *   new TextDecoder().decode(canonicalMiddle("ann")),
 *   ',"to":"#all","from":"ann","encoding":"utf-8","message":"',
 * );
 * ```
 */
export function canonicalMiddle(name: string): DataView {
  return view(`,"to":"#all","from":${JSON.stringify(name)},"encoding":"utf-8","message":"`);
}

/**
 * Where a message to all that can be relayed as it stands ends, found without looking for its last bracket first: what
 * {@linkcode Framer.nextKnown} may be given to try.
 *
 * @param bytes may hold other things behind `filled`, which are not looked at
 * @param middle {@linkcode canonicalMiddle} of its sender
 * @param limits what the long way would hold it to
 * @returns one past its last byte; 0 when it is no such message, or not a whole one yet
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { DEFAULT_LIMITS } from "./limits.ts";
 * const said = '{"action":"msg","time":1,"to":"#all","from":"ann","encoding":"utf-8","message":"hi"}';
 * const bytes = new DataView(new TextEncoder().encode(said + "\n{").buffer);
 * assert.equal(canonicalEnd(bytes, 0, bytes.byteLength, canonicalMiddle("ann"), DEFAULT_LIMITS), said.length);
 * ```
 */
export function canonicalEnd(bytes: DataView, start: number, filled: number, middle: DataView, limits: Limits): number {
  if (!follows(bytes, start, filled, BEFORE_TIME)) return 0;
  const time = start + BEFORE_TIME.byteLength;
  let at = digitsFrom(bytes, time, filled);
  if (at === time || at === filled || (bytes.getUint8(time) === ZERO && at > time + 1)) return 0; // JSON has no 007
  if (at - time >= FARTHEST_DIGITS && (at - time > FARTHEST_DIGITS || bytes.getUint8(time) > SEVEN)) return 0;
  if (bytes.getUint8(at) === POINT) {
    const fraction = at + 1;
    at = digitsFrom(bytes, fraction, filled);
    if (at === fraction) return 0;
  }
  if (at - time > LONGEST_TIME || !follows(bytes, at, filled, middle)) return 0;
  // In bytes, so that no character need be counted: a longer text may be all right, but takes the long way.
  const text = at + middle.byteLength, stop = Math.min(filled, text + limits.text + 1);
  at = plainFrom(bytes, text, stop);
  if (at < stop && bytes.getUint8(at) > DELETE) {
    while (at < stop && (bytes.getUint8(at) > DELETE || MATTERING[bytes.getUint8(at)] === 0)) at++;
    if (!isUtf8(new Uint8Array(bytes.buffer, bytes.byteOffset + text, at - text))) return 0;
  }
  if (at >= stop || at + 1 >= filled || bytes.getUint8(at) !== QUOTE || bytes.getUint8(at + 1) !== CURLED) return 0;
  return at + 2 - start > limits.object ? 0 : at + 2;
}

/** Compares four bytes at a time, of eight or more; the last four may overlap those before. */
function follows(bytes: DataView, at: number, filled: number, expected: DataView): boolean {
  const last = expected.byteLength - 4;
  if (filled - at < last + 4) return false;
  for (let i = 0; i < last; i += 4) if (bytes.getInt32(at + i) !== expected.getInt32(i)) return false;
  return bytes.getInt32(at + last) === expected.getInt32(last);
}

function digitsFrom(bytes: DataView, at: number, filled: number): number {
  while (at < filled && isDigit(bytes.getUint8(at))) at++;
  return at;
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= NINE;
}

/** Past the bytes that stand for themselves in a string. */
function plainFrom(bytes: DataView, at: number, stop: number): number {
  while (at + 4 <= stop && arePlain(bytes.getInt32(at))) at += 4;
  while (at < stop && MATTERING[bytes.getUint8(at)] === 0) at++;
  return at;
}

/**
 * Four bytes in half the time of one after the other. A byte that matters sets its top bit in one of the five terms: it is
 * not ASCII; it is DELETE; it is below the space; it is a quote; it is an escape. What it carries can only reach its
 * neighbour above, where one that matters has been found already.
 */
function arePlain(four: number): boolean {
  const found = four | (four + ONES) | (four - SPACES) | ((four ^ QUOTES) - ONES) | ((four ^ ESCAPES) - ONES);
  return (found & TOPS) === 0;
}

/** The engine's own check is faster than any loop here, and right about every corner of UTF-8. */
function isUtf8(bytes: Uint8Array): boolean {
  try {
    utf8.decode(bytes);
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}

function view(text: string): DataView {
  return new DataView(encoder.encode(text).buffer);
}
