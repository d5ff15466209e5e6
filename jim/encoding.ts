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
export interface MalformedUtf8 {
  /** The first byte of what is malformed, as `0xEF`. */
  readonly byte: string;
  /** Its place, counted from 0. */
  readonly position: number;
  /** What the text looks like, where it does. */
  readonly encoding?: string;
}

/**
 * Finds where bytes stop being UTF-8, in linear time; `undefined` where they do not.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const cp1251 = Uint8Array.of(0x68, 0x69, 0x20, 0xef, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2); // hi привет
 * assert.deepEqual(findMalformedUtf8(cp1251), { byte: "0xEF", position: 3, encoding: "Windows-1251" });
 * assert.equal(findMalformedUtf8(new TextEncoder().encode("hi привет")), undefined);
 * ```
 */
export function findMalformedUtf8(bytes: Uint8Array): MalformedUtf8 | undefined {
  const text = lossy.decode(bytes);
  let position = 0, from = 0;
  for (let found = text.indexOf(REPLACEMENT); found >= 0; found = text.indexOf(REPLACEMENT, from)) {
    position += encoder.encode(text.slice(from, found)).length;
    // A replacement character that was sent is one.
    const said = bytes[position] === 0xef && bytes[position + 1] === 0xbf && bytes[position + 2] === 0xbd;
    if (!said) {
      const next = bytes[position + 1]!;
      const half = bytes[position] === 0xed && next >= 0xa0 && next < 0xc0; // of a surrogate pair, as no encoding has it
      const encoding = half ? undefined : guessEncoding(bytes);
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
 * Whether a text begins as one in UTF-32 does: with a byte order mark, or with three zero bytes beside a letter of ASCII. In
 * little-endian order {@linkcode isUtf16} is true of it, too.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(isUtf32(Uint8Array.of(0x7b, 0, 0, 0)), true);
 * assert.equal(isUtf32(Uint8Array.of(0x7b, 0, 0x22, 0)), false);
 * ```
 */
export function isUtf32(bytes: Uint8Array): boolean {
  if (bytes.length < 4) return false;
  const [first, second, third, fourth] = bytes as unknown as [number, number, number, number];
  if (third === 0 && fourth === 0) return first === 0xff ? second === 0xfe : first !== 0 && second === 0;
  return first === 0 && second === 0 && (third === 0 || (third === 0xfe && fourth === 0xff));
}

/**
 * The text of a file: UTF-8, or UTF-16, which PowerShell writes. A byte order mark is none of it. What is malformed becomes
 * U+FFFD.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(decodeText(Uint8Array.of(0xff, 0xfe, 0x68, 0, 0x69, 0)), "hi");
 * assert.equal(decodeText(Uint8Array.of(0xef, 0xbb, 0xbf, 0x68, 0x69)), "hi");
 * ```
 */
export function decodeText(bytes: Uint8Array): string {
  if (!isUtf16(bytes)) return new TextDecoder().decode(bytes);
  return new TextDecoder(bytes[0] === 0 || bytes[0] === 0xfe ? "utf-16be" : "utf-16le").decode(bytes);
}

/**
 * The name of what begins with a mark of UTF-16 or UTF-32, or with zero bytes beside its letters; `undefined` for other bytes.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(detectWideEncoding(Uint8Array.of(0x7b, 0, 0x22, 0)), "UTF-16");
 * assert.equal(detectWideEncoding(Uint8Array.of(0x7b, 0, 0, 0)), "UTF-32");
 * assert.equal(detectWideEncoding(new TextEncoder().encode("{}")), undefined);
 * ```
 */
export function detectWideEncoding(bytes: Uint8Array): "UTF-16" | "UTF-32" | undefined {
  if (isUtf32(bytes)) return "UTF-32";
  return isUtf16(bytes) ? "UTF-16" : undefined;
}

/** The encodings of Russian that have one byte a letter, by their label, and as people call them. */
const CYRILLIC = [["windows-1251", "Windows-1251"], ["koi8-r", "KOI8-R"], ["ibm866", "CP866"]] as const;
/** If the second score is more than this part of the first, both encodings are named. */
const LIKE = 0.7;
/** Bytes that are looked at. */
const MAX_SAMPLE = 4096;

function guessEncoding(bytes: Uint8Array): string | undefined {
  const wide = detectWideEncoding(bytes);
  if (wide !== undefined) return wide;
  const some = bytes.subarray(0, MAX_SAMPLE);
  const isPaired = some.some((byte, i) => byte >= 0x80 && i > 0 && some[i - 1]! >= 0x80);
  if (!isPaired) return some.every((byte) => byte < 0x80 || byte >= 0xa0) ? "Latin-1" : undefined; // an accent stands alone
  const scores = CYRILLIC.map(([label, name]) => ({ name, score: russianScore(new TextDecoder(label).decode(some)) }));
  const [best, second] = scores.sort((one, other) => other.score - one.score) as [typeof scores[0], typeof scores[0]];
  if (best.score <= 0) return undefined;
  return second.score > LIKE * best.score ? `${best.name} or ${second.name}` : best.name;
}

/**
 * How much a text looks like Russian: by its ten most frequent letters, which make two thirds of it, and by small letters;
 * against it are its five rarest letters, signs that no letters are, and a capital behind a small letter.
 */
function russianScore(text: string): number {
  let score = 0, before = "";
  for (const letter of text) {
    if (letter >= "\x80") {
      if (/[оеаинтсрвл]/i.test(letter)) score += 0.5;
      else if (/[цщфэъ]/i.test(letter)) score -= 0.5;
      if (/[а-яё]/.test(letter)) score += 0.25;
      else if (!/[А-ЯЁ«»–—…№„“”]/.test(letter)) score -= 2;
      else if (/[А-ЯЁ]/.test(letter) && /[а-яё]/.test(before)) score -= 2;
    }
    before = letter;
  }
  return score;
}
