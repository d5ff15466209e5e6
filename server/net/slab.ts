/**
 * Encoded output in large buffers, which many outboxes point into. A broadcast is written here once for all readers.
 * Later output follows it directly, so a reader that is three turns late has one long range and not three.
 */
import { type Range } from "./outbox.ts";

/** Bytes of a buffer: it lasts many turns, and one slow reader does not keep much alive. */
const SIZE = 128 * 1024;

const NINE = 57, ZERO = 48, COLON = 58;
/** Bytes after the digits of an id: the last bracket and the newline. */
const BEHIND = 2;

const encoder = new TextEncoder();

/** An append-only buffer, replaced when it is full. The old one lives as long as an outbox points into it. */
export class Slab {
  #bytes = new Uint8Array(SIZE);
  #view = new DataView(this.#bytes.buffer);
  /** The end of the last relay, with its id. */
  #ending = endingOf(0);
  #id = 0;
  /** Bytes before this are in use and never change again. */
  #start = 0;
  #end = 0;

  /** Bytes written since the last {@linkcode cut}. */
  get length(): number {
    return this.#end - this.#start;
  }

  /** Appends encoded bytes. */
  write(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#end);
    this.#end += bytes.length;
  }

  /**
   * Appends a copy of one whole object of five bytes or more, with its id before the last bracket, and a newline.
   *
   * @param tail what stands behind the id instead of the bracket and the newline, which it must end with: four bytes or more
   */
  writeWithId(bytes: DataView, from: number, to: number, id: number, tail?: DataView): void {
    const ending = this.#endingWith(id), length = to - from - 1;
    this.#reserve(length + ending.byteLength + (tail === undefined ? 0 : tail.byteLength));
    copy(bytes, from, to - 1, this.#view, this.#end);
    copy(ending, 0, ending.byteLength, this.#view, this.#end + length);
    this.#end += length + ending.byteLength;
    if (tail !== undefined) this.#replaceEnd(tail);
  }

  /** The bytes since the last cut. More may be appended, and the buffer may move: the range keeps its bytes. */
  get uncut(): Range {
    return { bytes: this.#bytes, start: this.#start, end: this.#end };
  }

  /** Ends the range since the last cut, which the caller may keep. */
  cut(): Range {
    const range = { bytes: this.#bytes, start: this.#start, end: this.#end };
    this.#start = this.#end;
    return range;
  }

  /** Writes a tail over the bracket and the newline that {@linkcode writeWithId} has reserved. */
  #replaceEnd(tail: DataView): void {
    const at = this.#end - BEHIND;
    copy(tail, 0, tail.byteLength, this.#view, at);
    this.#end = at + tail.byteLength;
  }

  /** Bytes that are not cut yet move into the new buffer, so that they stay in one piece. */
  #reserve(length: number): void {
    if (this.#end + length <= this.#bytes.length) return;
    const kept = this.length;
    const larger = new Uint8Array(Math.max(SIZE, 2 * (kept + length)));
    larger.set(this.#bytes.subarray(this.#start, this.#end));
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
    this.#start = 0;
    this.#end = kept;
  }

  /** An id is nearly always the last one plus one: then its digits are incremented in place. */
  #endingWith(id: number): DataView {
    if (id !== this.#id + 1 || !countUp(this.#ending)) this.#ending = endingOf(id);
    this.#id = id;
    return this.#ending;
  }
}

function endingOf(id: number): DataView {
  return new DataView(encoder.encode(`,"id":${id}}\n`).buffer);
}

/** Increments digits in place. False if one more digit is needed. */
function countUp(ending: DataView): boolean {
  let at = ending.byteLength - BEHIND - 1;
  while (ending.getUint8(at) === NINE) ending.setUint8(at--, ZERO);
  const digit = ending.getUint8(at);
  if (digit === COLON) return false;
  ending.setUint8(at, digit + 1);
  return true;
}

/** Copies four bytes at a time, at least four; the last four may overlap those before. No view is made, as `set` asks for. */
function copy(from: DataView, start: number, end: number, to: DataView, at: number): void {
  const last = end - 4, shift = at - start;
  for (let i = start; i < last; i += 4) to.setInt32(i + shift, from.getInt32(i, true), true);
  to.setInt32(last + shift, from.getInt32(last, true), true);
}
