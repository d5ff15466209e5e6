/**
 * What has come from a peer and is not handed out yet: one buffer that starts small, grows on need, and is read into in place.
 * @module
 */
import { acquireBuffer, LARGEST_BUFFER, releaseBuffer } from "./buffer_pool.ts";

/** Bytes of the buffer of a silent connection: most presences fit, and ten thousand of them cost 3 MB. */
const SMALL = 256;
/** Of a busy one: past this, a larger read saves no more system calls. */
const LARGE = LARGEST_BUFFER;
/** Of a busy one where memory is short. */
const MODEST = 4_096;
/** Small reads in a row before a large buffer is given up: a peer that sends in bursts would grow it again each time. */
const PATIENCE = 16;

/** A buffer, and how far it is read. Offsets are in bytes. */
export class ReceiveBuffer {
  bytes = new Uint8Array(SMALL);
  /** There are bytes up to here. */
  filled = 0;
  /** What is before has been handed out. */
  start = 0;
  /** The scan goes on here. */
  at = 0;
  /** Made when it is asked for: most connections send nothing after their login. */
  #view: DataView | undefined;
  /** Reads in a row that brought little beside what the buffer holds. */
  #littles = 0;

  /**
   * The free part to read into, never empty. It invalidates all views of the buffer.
   *
   * @param grows false where memory is short: then there is only as much room as an object needs that has begun, or a little
   */
  reserve(grows: boolean): Uint8Array {
    const { length } = this.bytes;
    const busy = this.filled === length && length < (grows ? LARGE : MODEST); // the last read could have been larger
    this.#compact();
    if (!grows && this.filled === 0 && this.bytes.length > MODEST) this.#use(new Uint8Array(SMALL));
    if (busy || this.filled === this.bytes.length) {
      this.#resize(Math.max(Math.min(LARGE, 4 * length), this.filled + SMALL));
    }
    return this.filled === 0 ? this.bytes : this.bytes.subarray(this.filled);
  }

  /** Copies bytes behind those that are there. */
  push(chunk: Uint8Array): void {
    this.#compact();
    const need = this.filled + chunk.length;
    if (need > this.bytes.length) this.#resize(Math.max(need, this.bytes.length * 2));
    this.bytes.set(chunk, this.filled);
    this.filled = need;
  }

  /** What is before a place is handed out, and the scan goes on there. */
  skipTo(at: number): void {
    this.at = this.start = at;
  }

  /** The bytes from a place on: a view, valid until {@linkcode reserve} or {@linkcode push}. */
  rest(from: number): Uint8Array {
    return this.bytes.subarray(from, this.filled);
  }

  /** Drops all bytes. */
  clear(): void {
    this.at = this.start = this.filled = 0;
  }

  /** Drops all bytes, and returns a large buffer to the pool. */
  recycle(): void {
    this.clear();
    this.#use(new Uint8Array(SMALL));
  }

  /** A view of {@linkcode bytes}: valid until {@linkcode reserve} or {@linkcode push}. */
  get view(): DataView {
    return this.#view ??= new DataView(this.bytes.buffer);
  }

  /** Bytes by which the buffer has grown beyond that of a silent connection. */
  get grownBytes(): number {
    return this.bytes.length - SMALL;
  }

  /** Moves what is not handed out yet to the front; a buffer that grew for one burst goes back to small in the end. */
  #compact(): void {
    const kept = this.filled - this.start;
    const little = kept === 0 && this.bytes.length > SMALL && this.filled < this.bytes.length / 16;
    this.#littles = little ? this.#littles + 1 : 0;
    if (this.#littles > PATIENCE) {
      this.#use(new Uint8Array(SMALL));
    } else if (kept > 0 && this.start > 0) {
      this.bytes.copyWithin(0, this.start, this.filled);
    }
    this.at -= this.start;
    this.filled = kept;
    this.start = 0;
  }

  #resize(length: number): void {
    const larger = acquireBuffer(length);
    larger.set(this.bytes.subarray(0, this.filled));
    this.#use(larger);
  }

  #use(buffer: Uint8Array<ArrayBuffer>): void {
    releaseBuffer(this.bytes);
    this.bytes = buffer;
    this.#view = undefined;
  }
}
