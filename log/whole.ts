// Writing all of it: `writeSync` may take a part only (a signal, a disk that is nearly full, a pipe).

/** What whole lines can be written to: an open file, standard error. */
export interface Writer {
  writeSync(bytes: Uint8Array): number;
}

/**
 * Writes all the bytes, in one call where the system lets it be one.
 *
 * @throws What the writer throws; and an `Error` when it takes nothing, which would go on for ever.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * let text = "";
 * const grudging = { writeSync: (bytes: Uint8Array) => (text += String.fromCharCode(bytes[0]!), 1) };
 * writeWhole(grudging, new TextEncoder().encode("hello"));
 * assert.equal(text, "hello");
 * ```
 */
export function writeWhole(writer: Writer, bytes: Uint8Array): void {
  for (let rest = bytes; rest.length > 0;) {
    const written = writer.writeSync(rest);
    if (written === 0) throw new Error("Cannot write: nothing was taken");
    rest = rest.subarray(written);
  }
}
