// Writes all of some bytes: a single write may take a part of them.

/**
 * Writes until nothing is left.
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
export async function writeAll(
  writer: { write(bytes: Uint8Array): Promise<number> },
  bytes: Uint8Array,
): Promise<void> {
  for (let rest = bytes; rest.length > 0;) rest = rest.subarray(await writer.write(rest));
}
