/**
 * The unsent output of one connection, in order: ranges of shared buffers. Consecutive ranges become one, so a slow
 * reader costs two numbers and no copy.
 */
import { borrow, giveBack } from "./scratch.ts";

/** A range of a buffer. Its bytes never change again. */
export interface Range {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/** A range in the queue, and the one behind it. */
interface Piece {
  readonly bytes: Uint8Array;
  readonly start: number;
  end: number;
  readonly relay: boolean;
  next: Piece | undefined;
}

/** One write carries at most this much: enough to fill any socket's buffer, and a copy of it is cheap. */
const WRITE = 64 * 1024;

export class Outbox {
  /** Unsent bytes. */
  bytes = 0;
  // The first range is kept in fields: nearly always it is the only one, and then nothing is allocated for it.
  #first: Uint8Array | undefined;
  #start = 0;
  #end = 0;
  #relay = false;
  // The others are a linked list: taking the first one of a long array off moves all others.
  #second: Piece | undefined;
  #last: Piece | undefined;
  /** The buffer of the write in flight, if several ranges were joined. */
  #joined: Uint8Array<ArrayBuffer> | undefined;

  /** Adds a range; it may be merged with the last one. For peers that take many objects per write. */
  add(bytes: Uint8Array, start: number, end: number): void {
    if (start === end) return;
    this.bytes += end - start;
    const last = this.#last;
    if (last === undefined) {
      if (this.#first === bytes && this.#end === start) this.#end = end;
      else this.#put(bytes, start, end);
    } else if (last.bytes === bytes && last.end === start) last.end = end;
    else this.#put(bytes, start, end);
  }

  /** Adds one object, never merged. For peers that take one object per write. */
  addWhole(object: Uint8Array, relay = false): void {
    this.bytes += object.length;
    this.#put(object, 0, object.length, relay);
  }

  /** Removes everything that was added as a relay. */
  dropRelays(): void {
    if (this.#first === undefined) return;
    const first = this.#first, isRelay = this.#relay, second = this.#second;
    this.clear();
    if (!isRelay) this.addWhole(first);
    for (let piece = second; piece !== undefined; piece = piece.next) if (!piece.relay) this.addWhole(piece.bytes);
  }

  /** Takes the first range; undefined when there is none. */
  takeWhole(): Uint8Array | undefined {
    const bytes = this.#first;
    if (bytes === undefined) return undefined;
    const piece = view(bytes, this.#start, this.#end);
    this.bytes -= piece.length;
    this.#advance();
    return piece;
  }

  /** Takes the bytes of one write: the first range, or several joined. */
  take(): Uint8Array | undefined {
    if (this.#second === undefined || this.#end - this.#start >= WRITE) return this.takeWhole();
    const joined = this.#joined = borrow(Math.min(WRITE, this.bytes));
    let at = 0;
    while (this.#first !== undefined && at + this.#end - this.#start <= joined.length) {
      joined.set(this.#first.subarray(this.#start, this.#end), at);
      at += this.#end - this.#start;
      this.#advance();
    }
    this.bytes -= at;
    return joined.subarray(0, at);
  }

  /** The bytes that were taken have been written. */
  written(): void {
    if (this.#joined === undefined) return;
    giveBack(this.#joined);
    this.#joined = undefined;
  }

  clear(): void {
    this.bytes = 0;
    this.#first = this.#second = this.#last = undefined;
    this.#joined = undefined; // the write in flight may still use it
  }

  #put(bytes: Uint8Array, start: number, end: number, relay = false): void {
    if (this.#first === undefined) {
      this.#first = bytes;
      this.#start = start;
      this.#end = end;
      this.#relay = relay;
      return;
    }
    const piece = { bytes, start, end, relay, next: undefined };
    if (this.#last === undefined) this.#second = piece;
    else this.#last.next = piece;
    this.#last = piece;
  }

  #advance(): void {
    const next = this.#second;
    this.#first = next?.bytes;
    if (next === undefined) return;
    this.#start = next.start;
    this.#end = next.end;
    this.#relay = next.relay;
    this.#second = next.next;
    if (this.#second === undefined) this.#last = undefined;
  }
}

/** The last view made: in one turn most readers get the same range, so one view serves them all. */
let last = new Uint8Array(0);

function view(bytes: Uint8Array, start: number, end: number): Uint8Array {
  if (last.buffer !== bytes.buffer || last.byteOffset !== bytes.byteOffset + start || last.length !== end - start) {
    last = bytes.subarray(start, end) as Uint8Array<ArrayBuffer>;
  }
  return last;
}
