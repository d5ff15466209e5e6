/**
 * What bytes are that are no UTF-8: where it shows, and which encoding of the programs at hand it looks like. For a
 * sentence to a person: nothing is decoded by such a guess.
 * @module
 */

/** A replacement character stands for each malformed sequence, and nothing is left out before it. */
const lossy = new TextDecoder("utf-8", { ignoreBOM: true });
const encoder = new TextEncoder();
const REPLACEMENT = "\ufffd", REPLACEMENT_BYTES = 3;

/** Where bytes stop being UTF-8. */
export interface Malformed {
  /** The first byte of what is malformed, as `0xEF`. */
  readonly byte: string;
  /** Its place, counted from 0. */
  readonly position: number;
  /** What the text looks like, where it does. */
  readonly encoding?: "UTF-16" | "Windows-1251" | "CP866" | "Latin-1";
}

/**
 * Finds where bytes stop being UTF-8, in linear time; `undefined` where they do not.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const cp1251 = Uint8Array.of(0x68, 0x69, 0x20, 0xef, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2); // hi привет
 * assert.deepEqual(malformed(cp1251), { byte: "0xEF", position: 3, encoding: "Windows-1251" });
 * assert.equal(malformed(new TextEncoder().encode("hi привет")), undefined);
 * ```
 */
export function malformed(bytes: Uint8Array): Malformed | undefined {
  const text = lossy.decode(bytes);
  let position = 0, from = 0;
  for (let found = text.indexOf(REPLACEMENT); found >= 0; found = text.indexOf(REPLACEMENT, from)) {
    position += encoder.encode(text.slice(from, found)).length;
    // A replacement character that was sent is one.
    const said = bytes[position] === 0xef && bytes[position + 1] === 0xbf && bytes[position + 2] === 0xbd;
    if (!said) {
      const half = bytes[position] === 0xed && bytes[position + 1]! >= 0xa0; // of a surrogate pair, as no encoding has it
      const encoding = half ? undefined : encodingOf(bytes);
      const byte = `0x${bytes[position]!.toString(16).toUpperCase()}`;
      return { byte, position, ...(encoding === undefined ? {} : { encoding }) };
    }
    position += REPLACEMENT_BYTES;
    from = found + 1;
  }
  return undefined;
}

/**
 * Whether a text begins as one in UTF-16 does: with a mark, or with a zero byte beside a letter of ASCII.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(isUtf16(Uint8Array.of(0x7b, 0, 0x22, 0)), true);
 * assert.equal(isUtf16(new TextEncoder().encode("{}")), false);
 * ```
 */
export function isUtf16([first, second]: Uint8Array): boolean {
  if (first === 0xff || first === 0xfe) return first + second! === 0x1fd;
  return first !== undefined && second !== undefined && (first === 0) !== (second === 0);
}

/**
 * The text of a file: UTF-8, or UTF-16, which PowerShell writes. A byte order mark is none of it. What is malformed becomes
 * U+FFFD.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(textOf(Uint8Array.of(0xff, 0xfe, 0x68, 0, 0x69, 0)), "hi");
 * assert.equal(textOf(Uint8Array.of(0xef, 0xbb, 0xbf, 0x68, 0x69)), "hi");
 * ```
 */
export function textOf(bytes: Uint8Array): string {
  if (!isUtf16(bytes)) return new TextDecoder().decode(bytes);
  return new TextDecoder(bytes[0] === 0 || bytes[0] === 0xfe ? "utf-16be" : "utf-16le").decode(bytes);
}

/** By the letters that each puts where: Russian is small letters mostly, and an accent of Latin-1 stands alone. */
function encodingOf(bytes: Uint8Array): Malformed["encoding"] {
  if (isUtf16(bytes)) return "UTF-16";
  let dos = true, windows = true, low = false, pairs = 0, before = 0;
  for (const byte of bytes) {
    if (byte >= 0x80) {
      if (byte < 0xb0) low = true;
      dos &&= byte < 0xb0 || (byte >= 0xe0 && byte < 0xf2); // А-п, р-ё
      windows &&= byte >= 0xc0 || byte === 0xa8 || byte === 0xb8; // А-я, Ё, ё
      if (before >= 0x80) pairs++;
    }
    before = byte;
  }
  if (pairs === 0) return bytes.every((byte) => byte < 0x80 || byte >= 0xa0) ? "Latin-1" : undefined;
  if (windows) return "Windows-1251";
  return dos && low ? "CP866" : undefined;
}
