// A text cut to fit. Home-made servers take one `recv(1024)` for one object and write what they relay with `\uXXXX`, so an
// object must fit 1024 bytes in that spelling, in which each Cyrillic letter takes six and an emoji twelve.

import { escapeUnit } from "../characters.ts";

/** The most bytes that one character takes. */
export const CHARACTER = 12;

const NOT_ASCII = /[\x7f-\uffff]/g;

/**
 * JSON in ASCII alone: the same value, and the longest that any program would spell it.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(ascii('"Ж"'), String.raw`"\u0416"`);
 * ```
 */
export function ascii(json: string): string {
  return json.replace(NOT_ASCII, (unit) => escapeUnit(unit));
}

/**
 * Cuts a text into pieces that each take at most `room` bytes inside JSON in {@linkcode ascii}: after a space where there
 * is one in the second half of a piece, else between two characters. Joined, the pieces are the text.
 *
 * @param room {@linkcode CHARACTER} at least
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(pieces("to be or not to be", 10), ["to be or ", "not to be"]);
 * ```
 */
export function pieces(text: string, room: number): string[] {
  const cut: string[] = [];
  let piece = "", size = 0, word = 0; // `word`: where in the piece the last word begins
  for (const character of text) {
    const cost = costOf(character);
    while (size + cost > room) { // twice if what is left of a piece behind its last space is nearly full itself
      const end = word > piece.length / 2 ? word : piece.length;
      cut.push(piece.slice(0, end));
      piece = piece.slice(end);
      size = [...piece].reduce((sum, each) => sum + costOf(each), 0);
      word = 0;
    }
    piece += character;
    size += cost;
    if (character === " ") word = piece.length;
  }
  return [...cut, piece];
}

/** Bytes inside a JSON string, without its quotes, of one character. */
function costOf(character: string): number {
  return character > "~" ? 6 * character.length : JSON.stringify(character).length - 2;
}
