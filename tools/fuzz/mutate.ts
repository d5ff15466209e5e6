/**
 * Inputs of which nobody knows what they have become: valid requests with bytes turned, lost, doubled or thrown in. Some
 * leave an object open that swallows the next, a few are valid still; {@linkcode RESYNC} ends any such mess.
 */
import { concat, requests, serialize } from "./malformed_input.ts";
import type { Random } from "./random.ts";

const encoder = new TextEncoder();
/** No logins: one that is still valid costs a server 40 ms of hashing, as it should, and says nothing of this. */
const { authenticate: _login, register: _account, ...quick } = requests;
const templates = Object.values(quick).map((request) => encoder.encode(serialize(request)));

/** At most this many mutated inputs may go before {@linkcode RESYNC}: it closes no more brackets than it has. */
export const MAX_MUTATED = 16;

/**
 * What brings every line-ended stream back in step, by the rules of jim/README.md. In or out of a string, the first
 * three line ends break off any open object. One that is passed over for its size or depth heeds no newline: the closing
 * brackets end it, once from outside of a string and once, after another quote, from inside.
 */
export const RESYNC = encoder.encode(`\n"\n"\n${"}".repeat(80)}\n"${"}".repeat(80)}\n`);

const operations: readonly ((bytes: Uint8Array, random: Random) => Uint8Array)[] = [
  function flip(bytes, random) {
    const copy = bytes.slice();
    copy[random.below(copy.length)]! ^= 1 << random.below(8);
    return copy;
  },
  function overwrite(bytes, random) {
    const copy = bytes.slice();
    copy[random.below(copy.length)] = random.pick([0, 9, 10, 13, 32, 34, 44, 58, 91, 92, 93, 123, 125, 127, 192, 255]);
    return copy;
  },
  function truncate(bytes, random) {
    return bytes.subarray(0, random.below(bytes.length));
  },
  function behead(bytes, random) {
    return bytes.subarray(random.below(bytes.length));
  },
  function lose(bytes, random) {
    const [from, to] = span(bytes, random);
    return concat(bytes.subarray(0, from), bytes.subarray(to));
  },
  function double(bytes, random) {
    const [from, to] = span(bytes, random);
    return concat(bytes.subarray(0, to), bytes.subarray(from));
  },
  function throwIn(bytes, random) {
    const at = random.below(bytes.length), noise = new Uint8Array(1 + random.below(8));
    for (let i = 0; i < noise.length; i++) noise[i] = random.below(256);
    return concat(bytes.subarray(0, at), noise, bytes.subarray(at));
  },
  function splice(bytes, random) {
    const other = random.pick(templates);
    return concat(bytes.subarray(0, random.below(bytes.length)), other.subarray(random.below(other.length)));
  },
];

/** A valid request, mutated one to three times. */
export function mutated(random: Random): Uint8Array {
  let bytes: Uint8Array = random.pick(templates);
  for (let times = 1 + random.below(3); times > 0 && bytes.length > 0; times--) {
    bytes = random.pick(operations)(bytes, random);
  }
  return bytes;
}

function span(bytes: Uint8Array, random: Random): [from: number, to: number] {
  const from = random.below(bytes.length);
  return [from, from + 1 + random.below(Math.min(30, bytes.length - from))];
}
