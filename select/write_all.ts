/** A write that is whole: a single one may take a part of its bytes. @module */

/** What bytes are written to: a socket, or standard output. */
export interface Writer {
  /** Returns how many of the bytes it has taken. */
  write(bytes: Uint8Array): Promise<number>;
}

/**
 * Writes all bytes, however few of them a single write takes.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const written: number[] = [];
 * const oneByOne = { write: ([first]: Uint8Array) => Promise.resolve(written.push(first!) && 1) };
 * await writeAll(oneByOne, new Uint8Array([7, 8]));
 * assert.deepEqual(written, [7, 8]);
 * ```
 */
export async function writeAll(writer: Writer, bytes: Uint8Array): Promise<void> {
  for (let rest = bytes; rest.length > 0;) rest = rest.subarray(await writer.write(rest));
}
