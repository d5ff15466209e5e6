/**
 * The short way for the message that needs no mending. A program that writes JIM as Hanita itself would, in UTF-8 and in
 * its own name, can be relayed by its own bytes with an `id` put in before the last bracket: nothing is decoded, nothing
 * is built, nothing is encoded again. Whatever is not exactly so takes the long way, through {@linkcode parse}, and comes
 * out the same: the tests hold the two against each other.
 * @module
 */
import type { Limits } from "./limits.ts";

const QUOTE = 34, ESCAPE = 92, DELETE = 127, POINT = 46, ZERO = 48, NINE = 57, CURLED = 125;

const encoder = new TextEncoder();
const utf8 = new TextDecoder("utf-8", { fatal: true });

const BEFORE_TIME = encoder.encode('{"action":"msg","time":');
const LONGEST_TIME = 17;

/** Which bytes of a text end the scan: its closing quote, an escape, a control character, all that is not ASCII. */
const MATTERING = new Uint8Array(256).fill(1, 0, 32).fill(1, DELETE);
MATTERING[QUOTE] = MATTERING[ESCAPE] = 1;

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
export function canonicalMiddle(name: string): Uint8Array {
  return encoder.encode(`,"to":"#all","from":${JSON.stringify(name)},"encoding":"utf-8","message":"`);
}

/**
 * Where a message to all that can be relayed as it stands ends, found without looking for its last bracket first: what
 * {@linkcode Framer.next} may be given to try.
 *
 * @param bytes may hold other things behind `filled`, which are not looked at
 * @param middle {@linkcode canonicalMiddle} of its sender
 * @param limits what the long way would hold it to
 * @returns one past its last byte; 0 when it is no such message, or not a whole one yet
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { roomy } from "./limits.ts";
 * const said = '{"action":"msg","time":1,"to":"#all","from":"ann","encoding":"utf-8","message":"hi"}';
 * const bytes = new TextEncoder().encode(said + "\n{");
 * assert.equal(canonicalEnd(bytes, 0, bytes.length, canonicalMiddle("ann"), roomy), said.length);
 * ```
 */
export function canonicalEnd(
  bytes: Uint8Array,
  start: number,
  filled: number,
  middle: Uint8Array,
  limits: Limits,
): number {
  let at = start + BEFORE_TIME.length;
  if (filled - at < middle.length || !follows(bytes, start, BEFORE_TIME)) return 0;
  const digits = at;
  while (isDigit(bytes[at]!)) at++;
  if (at === digits || (bytes[digits] === ZERO && at > digits + 1)) return 0; // JSON has no 007
  if (bytes[at] === POINT) {
    const fraction = ++at;
    while (isDigit(bytes[at]!)) at++;
    if (at === fraction) return 0;
  }
  if (at - digits > LONGEST_TIME || !follows(bytes, at, middle)) return 0;
  at += middle.length;
  // In bytes, so that no character need be counted: a longer text may be all right, but takes the long way.
  const text = at, stop = Math.min(filled, text + limits.text + 1);
  while (at < stop && MATTERING[bytes[at]!] === 0) at++;
  if (bytes[at]! > DELETE) {
    while (at < stop && (MATTERING[bytes[at]!] === 0 || bytes[at]! > DELETE)) at++;
    if (at >= stop || !isUtf8(bytes.subarray(text, at))) return 0;
  }
  if (at + 1 >= filled || bytes[at] !== QUOTE || bytes[at + 1] !== CURLED) return 0;
  return at + 2 - start > limits.object || at >= stop ? 0 : at + 2;
}

function follows(bytes: Uint8Array, at: number, expected: Uint8Array): boolean {
  for (let i = 0; i < expected.length; i++) if (bytes[at + i] !== expected[i]) return false;
  return true;
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= NINE;
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
