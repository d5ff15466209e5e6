// How much room a text takes in a terminal, and how it is broken into rows. A person sees letters: `é` may be two code
// points and a family five, and one takes a column, the other two. Terminals do not agree about the rarest emoji; most
// follow what is here, and the next repaint of the line heals the rest.

/** What takes two columns: East Asian letters, and emoji that are drawn as pictures. */
const WIDE =
  /[\p{Emoji_Presentation}\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18aff}\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}]/u;
/** A picture, for it says so: one emoji, however many are joined in it. */
const PICTURE = /[\p{Emoji_Presentation}\ufe0f\u200d]/u;
/** What takes no column of its own: accents, joiners, and the vowels inside of a Korean syllable. */
const NARROW = /[\p{M}\p{Cf}\p{Cc}\u1160-\u11ff]/u;
const PLAIN = /^[ -~]*$/;
/** Colours and the like. */
// deno-lint-ignore no-control-regex
const STYLE = /\x1b\[[\d;]*m/g;
/** A link is never broken: whoever clicks on it should get all of it. */
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
  return PLAIN.test(bare) ? bare.length : letters(bare).reduce((sum, letter) => sum + columnsOfLetter(letter), 0);
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
    // Who writes code begins with spaces; those at a break are not missed.
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

function cut(word: string, room: number): string[] {
  const pieces: string[] = [];
  let piece = "", used = 0;
  for (const letter of letters(word)) {
    const width = columnsOfLetter(letter);
    if (used + width > room) {
      pieces.push(piece);
      piece = "", used = 0;
    }
    piece += letter;
    used += width;
  }
  return [...pieces, piece];
}

function columnsOfLetter(letter: string): number {
  if (PLAIN.test(letter)) return 1;
  if (PICTURE.test(letter) && !/^[\p{M}\p{Cf}]/u.test(letter)) return 2;
  let sum = 0;
  for (const point of letter) sum += NARROW.test(point) ? 0 : WIDE.test(point) ? 2 : 1;
  return sum;
}
