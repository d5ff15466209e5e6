/**
 * A pool of receive buffers. Without it 500 peers that each send 64 KB leave 20 MB to the garbage collector, which runs late.
 * @module
 */

/** The largest buffer that is pooled, in bytes. */
export const LARGEST_BUFFER = 65_536;

/** Free buffers by their size. */
const free = new Map<number, Uint8Array<ArrayBuffer>[]>([[1_024, []], [4_096, []], [16_384, []], [LARGEST_BUFFER, []]]);
/** Buffers that are kept of each size: 2 MB of the largest. */
const MAX_FREE = 32;

/**
 * A buffer of so many bytes, new or released before. It may hold the bytes of its last use.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const buffer = acquireBuffer(1024);
 * releaseBuffer(buffer);
 * assert.equal(acquireBuffer(1024), buffer);
 * assert.equal(acquireBuffer(1000).length, 1000); // a size that is not pooled
 * ```
 */
export function acquireBuffer(length: number): Uint8Array<ArrayBuffer> {
  return free.get(length)?.pop() ?? new Uint8Array(length);
}

/** Returns a buffer to the pool. It must not be used any more. A buffer of a size that is not pooled is dropped. */
export function releaseBuffer(buffer: Uint8Array<ArrayBuffer>): void {
  const same = free.get(buffer.length);
  if (same !== undefined && same.length < MAX_FREE) same.push(buffer);
}
