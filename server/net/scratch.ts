/**
 * Buffers in which several pieces are put together for one write. A fresh one for each would have to be cleared first,
 * and who writes and reads at once needs one every turn: used again they save a fifth of the time with few receivers.
 */

/** So many wait to be used again, mostly of a few KB. */
const KEPT = 32;

const idle: Uint8Array<ArrayBuffer>[] = [];

/**
 * A buffer of `length` bytes or more, with anything in it.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const bytes = borrow(100);
 * assert.ok(bytes.length >= 100);
 * giveBack(bytes);
 * assert.equal(borrow(90), bytes);
 * ```
 */
export function borrow(length: number): Uint8Array<ArrayBuffer> {
  const bytes = idle.pop();
  if (bytes !== undefined && bytes.length >= length) return bytes;
  return new Uint8Array(2 ** Math.ceil(Math.log2(length))); // a smaller one is let go: soon all are large enough
}

/** Gives back what {@linkcode borrow} gave, when nobody reads it any more. */
export function giveBack(bytes: Uint8Array<ArrayBuffer>): void {
  if (idle.length < KEPT) idle.push(bytes);
}
