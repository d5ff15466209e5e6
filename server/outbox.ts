/**
 * What one connection is still owed, in order: ranges of bytes that it shares with every other outbox. Adding what lies
 * right behind the last range makes that one longer, so that falling behind costs two numbers and no copy.
 */

/** A stretch of a buffer that never changes again. */
export interface Range {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/** One write carries at most this much: enough to fill any socket's buffer, and a copy of it is cheap. */
const WRITE = 64 * 1024;

export class Outbox {
  /** Bytes owed, not those being written just now. */
  bytes = 0;
  #buffers: Uint8Array[] = [];
  #starts: number[] = [];
  #ends: number[] = [];

  /** Adds a range; it may grow together with the last one. For peers that take many objects to a write. */
  add(bytes: Uint8Array, start: number, end: number): void {
    if (start === end) return;
    this.bytes += end - start;
    const last = this.#ends.length - 1;
    if (last >= 0 && this.#buffers[last] === bytes && this.#ends[last] === start) this.#ends[last] = end;
    else this.#put(bytes, start, end);
  }

  /** Adds one object that stays by itself. For peers that take one object to a write. */
  addWhole(object: Uint8Array): void {
    this.bytes += object.length;
    this.#put(object, 0, object.length);
  }

  /** Takes the first piece out. Undefined when nothing is owed. */
  takeWhole(): Uint8Array | undefined {
    const bytes = this.#buffers.shift();
    if (bytes === undefined) return undefined;
    const start = this.#starts.shift()!, end = this.#ends.shift()!;
    this.bytes -= end - start;
    return view(bytes, start, end);
  }

  /** Takes as much as one write should carry: the first range as it is, or several joined. */
  take(): Uint8Array | undefined {
    const pieces = this.#ends.length;
    if (pieces === 0) return undefined;
    if (pieces === 1 || this.#ends[0]! - this.#starts[0]! >= WRITE) return this.takeWhole();
    let size = 0, count = 0;
    while (count < pieces && size + this.#ends[count]! - this.#starts[count]! <= WRITE) {
      size += this.#ends[count]! - this.#starts[count]!;
      count++;
    }
    const joined = new Uint8Array(size);
    let at = 0;
    for (let i = 0; i < count; i++) {
      const start = this.#starts[i]!, end = this.#ends[i]!;
      joined.set(this.#buffers[i]!.subarray(start, end), at);
      at += end - start;
    }
    this.#buffers.splice(0, count);
    this.#starts.splice(0, count);
    this.#ends.splice(0, count);
    this.bytes -= size;
    return joined;
  }

  clear(): void {
    this.bytes = 0;
    this.#buffers.length = this.#starts.length = this.#ends.length = 0;
  }

  #put(bytes: Uint8Array, start: number, end: number): void {
    this.#buffers.push(bytes);
    this.#starts.push(start);
    this.#ends.push(end);
  }
}

/** The last view made: in one turn most readers are owed the very same range, and one view serves them all. */
let last = new Uint8Array(0);

function view(bytes: Uint8Array, start: number, end: number): Uint8Array {
  if (last.buffer !== bytes.buffer || last.byteOffset !== bytes.byteOffset + start || last.length !== end - start) {
    last = bytes.subarray(start, end) as Uint8Array<ArrayBuffer>;
  }
  return last;
}
