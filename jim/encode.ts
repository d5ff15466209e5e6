/**
 * Objects -> bytes, each one line. The newline harms no program, and makes the output of `nc` readable.
 * @module
 */
const encoder = new TextEncoder();

/**
 * One object and the newline behind it.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(encode({ action: "quit" }), new TextEncoder().encode('{"action":"quit"}\n'));
 * ```
 */
export function encode(object: object): Uint8Array {
  return encoder.encode(JSON.stringify(object) + "\n");
}

/**
 * Bytes with their length in four bytes before them, the largest first, for programs that frame so.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(prefixLength(new Uint8Array([123, 125])), new Uint8Array([0, 0, 0, 2, 123, 125]));
 * ```
 */
export function prefixLength(object: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(4 + object.length);
  new DataView(bytes.buffer).setUint32(0, object.length);
  bytes.set(object, 4);
  return bytes;
}
