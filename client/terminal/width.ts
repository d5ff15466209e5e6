// How many columns a text takes in a terminal, and how it is broken into rows. A letter may be several code points: `é` two,
// a family five. Terminals do not agree about the rarest emoji: a line with one is right again when it is painted next.

import stringWidth from "string-width";

/**
 * Texts of which each code point is a letter and takes one column: English, and Russian, which the library measures at 1 µs
 * a letter and with 35 ms before the first one.
 */
const PLAIN = /^[ -~¡-¬®-\u02ffЀ-\u0482\u048a-\u052f‐-―‘-„…‹›№←-↓─-╿]*$/;
/** Columns of a letter at most, however many vowels and accents it has: so that each letter fits into a row. */
const WIDEST = 2;
/** Colours and the like. */
// deno-lint-ignore no-control-regex
export const STYLE = /\x1b\[[\d;]*m/g;
/** A link is never broken, so that a click opens all of it. */
const LINK = /[a-z]:\/\/[!-~\p{L}\p{N}]+$/iu;

const segmenter = new Intl.Segmenter();

/**
 * The letters of a text, as a person counts them.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(letters("e\u0301👩‍👧!"), ["e\u0301", "👩‍👧", "!"]);
 * ```
 */
export function letters(text: string): string[] {
  return PLAIN.test(text) ? [...text] : Array.from(segmenter.segment(text), ({ segment }) => segment);
}

/**
 * Columns that a text takes. Colours take none.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(["ann", "漢字", "e\u0301", "👩‍👧", "\x1b[1mb\x1b[m"].map(columnsOf), [3, 4, 1, 2, 1]);
 * ```
 */
export function columnsOf(text: string): number {
  if (PLAIN.test(text)) return text.length;
  const bare = text.replace(STYLE, "");
  if (PLAIN.test(bare)) return bare.length;
  return letters(bare).reduce((sum, letter) => sum + Math.min(WIDEST, stringWidth(letter)), 0);
}

/**
 * Breaks a text into rows between its words; a word that is longer than a row is cut, unless it is a link, which gets a
 * row of its own.
 *
 * @param room columns of a row, 2 at least
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(wrap("to be or not to be", 8), ["to be or", "not to", "be"]);
 * assert.deepEqual(wrap("see https://example.com/", 8), ["see", "https://example.com/"]);
 * ```
 */
export function wrap(text: string, room: number): string[] {
  const rows: string[] = [];
  let row = "", used = 0;
  for (const [token = "", spaces = "", word = ""] of text.matchAll(/(\s*)(\S+)/gu)) {
    const width = columnsOf(token);
    if (used + width <= room) {
      row += token;
      used += width;
      continue;
    }
    if (row !== "") rows.push(row);
    // Code begins with spaces; those at a break are not missed.
    const indented = row === "" && rows.length === 0 && columnsOf(spaces) < room / 2 ? spaces : "";
    row = "", used = 0;
    for (const piece of LINK.test(word) ? [word] : cut(indented + word, room)) {
      if (row !== "") rows.push(row);
      row = piece, used = columnsOf(piece);
    }
  }
  return [...rows, row];
}

/**
 * A text in no more than so many columns; of a longer one the end is replaced by `…`.
 *
 * @param room columns, 1 at least
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(["boris", "Alexander", "漢字漢字"].map((name) => fitted(name, 6)), ["boris", "Alexa…", "漢字…"]);
 * ```
 */
export function fitted(text: string, room: number): string {
  return columnsOf(text) <= room ? text : `${cut(text, Math.max(1, room - 1))[0]}…`;
}

/** Breaks a text into rows wherever they are full. */
export function cut(word: string, room: number): string[] {
  const pieces: string[] = [];
  let piece = "", used = 0;
  for (const letter of letters(word)) {
    const width = columnsOf(letter);
    if (used + width > room) {
      pieces.push(piece);
      piece = "", used = 0;
    }
    piece += letter;
    used += width;
  }
  return [...pieces, piece];
}
