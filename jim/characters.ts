/**
 * The characters that another person's text must not bring to a terminal, a log or a name. Each is a piece of a regular
 * expression's class with the flag `u`. The rules differ by their place, and these are what they are made of.
 * @module
 */

/** What moves a cursor or ends a line: control characters, and Unicode's own ends of a line and of a paragraph. */
export const CONTROL = String.raw`\p{Cc}\p{Zl}\p{Zp}`;

/** What turns around the text behind it, as in Hebrew: overrides, embeddings, isolates, and marks of a direction. */
export const DIRECTION = String.raw`\p{Bidi_Control}`;

/** Of these all but the marks, which an honest Hebrew or Arabic text has and which turn nothing but themselves. */
export const TURNING = String.raw`\u202a-\u202e\u2066-\u2069`;

/**
 * Characters that draw nothing, for a class of a regular expression. Unicode's property Default_Ignorable_Code_Point names
 * most of them: joiners, variation selectors, tags, marks of direction, Hangul fillers (U+115F, U+1160, U+3164, U+FFA0).
 * Control and format characters are the rest of those that have a property. These have none, and are blank by their
 * definition in the code charts: U+2800 Braille pattern blank, U+FFFC object replacement, U+13441 and U+13442 hieroglyph
 * blanks, U+16FE4 Khitan filler, U+1D159 musical null notehead.
 */
export const INVISIBLE = String
  .raw`\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cf}\u2800\ufffc\u{13441}\u{13442}\u{16fe4}\u{1d159}`;

/** U+FE0F in the two places where phones put it: behind an emoji, and in a keycap. It changes a colour and hides nothing. */
export const EMOJI_STYLE = String.raw`(?<=\p{Extended_Pictographic})\ufe0f|(?<=[0-9*#])\ufe0f(?=\u20e3)`;

/** All that cannot be seen: blank characters, halves of surrogate pairs, what no font has, ends of lines. A whole expression. */
export const UNSEEN = String.raw`(?!${EMOJI_STYLE})[\p{C}${CONTROL}${INVISIBLE}]`;

/**
 * A unit of UTF-16 as JSON's escape.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(escapeUnit("\u202e"), String.raw`\u202e`);
 * ```
 */
export function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
