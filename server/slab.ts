/**
 * Bytes on their way out, written one behind the other into large buffers that many outboxes point into. A broadcast is
 * written once here, however many hear it; and because what is said next lies right behind, a reader that is late by
 * three turns owes one long range and not three pieces.
 */
import { type Range } from "./outbox.ts";

/** Large enough that a buffer lasts many turns, small enough that one stalled reader does not keep much alive. */
const SIZE = 128 * 1024;

const CURLED = 125, LF = 10, ZERO = 48;
const ID = new TextEncoder().encode(',"id":');
/** Digits of the largest safe integer. */
const DIGITS = 16;

/** An append-only buffer, replaced by a new one when it is full; the old one lives as long as somebody points into it. */
export class Slab {
  #bytes = new Uint8Array(SIZE);
  /** What is before this is already given away and never changes again. */
  #start = 0;
  #end = 0;

  /** Bytes written since the last {@linkcode cut}. */
  get length(): number {
    return this.#end - this.#start;
  }

  /** Appends what is encoded already. */
  write(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#end);
    this.#end += bytes.length;
  }

  /** Appends a copy of one whole object with its id put in before the last bracket, and a newline. */
  writeWithId(object: Uint8Array, id: number): void {
    const length = object.length;
    this.#reserve(length + ID.length + DIGITS + 2);
    const bytes = this.#bytes;
    bytes.set(object, this.#end);
    let at = this.#end + length - 1; // over the bracket
    for (let i = 0; i < ID.length; i++) bytes[at++] = ID[i]!;
    at = writeDigits(bytes, at, id);
    bytes[at++] = CURLED;
    bytes[at++] = LF;
    this.#end = at;
  }

  /** What was written since the last cut: the caller may point into it for good, and what comes next lies behind it. */
  cut(): Range {
    const range = { bytes: this.#bytes, start: this.#start, end: this.#end };
    this.#start = this.#end;
    return range;
  }

  /** What is not cut yet stays in one piece: it moves along into the new buffer. */
  #reserve(length: number): void {
    if (this.#end + length <= this.#bytes.length) return;
    const kept = this.length;
    const larger = new Uint8Array(Math.max(SIZE, 2 * (kept + length)));
    larger.set(this.#bytes.subarray(this.#start, this.#end));
    this.#bytes = larger;
    this.#start = 0;
    this.#end = kept;
  }
}

/** A safe integer in decimal, in two halves that fit the engine's small integers. Returns where it ends. */
function writeDigits(bytes: Uint8Array, at: number, id: number): number {
  const high = Math.floor(id / 1e8), low = id - high * 1e8;
  let digits = 1;
  for (let power = 10; power <= id; power *= 10) digits++;
  const end = at + digits;
  let rest = low, place = end;
  for (let i = 0; i < 8 && place > at; i++, rest = (rest / 10) | 0) bytes[--place] = ZERO + rest % 10;
  for (rest = high; place > at; rest = (rest / 10) | 0) bytes[--place] = ZERO + rest % 10;
  return end;
}
