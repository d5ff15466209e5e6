/**
 * Objects → bytes, each one line. A newline at the end harms nobody, and whoever types into `nc` can read what comes.
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
