/**
 * Somebody else's text where people look for what is wrong: in a refusal, in a trace, in a report. No character of it may
 * move a terminal's cursor or turn what follows around, and one that cannot be seen may be the very mistake.
 * @module
 */

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

/** Blank characters, halves of surrogate pairs, what no font has, Unicode's line ends. */
const UNSEEN = new RegExp(String.raw`(?!${EMOJI_STYLE})[\p{C}\p{Zl}\p{Zp}${INVISIBLE}]`, "gu");

/**
 * The text with what cannot be seen as JSON's escapes. JSON keeps its meaning, if it has no white space between values.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(escapeInvisible("one\ntwo \x1b[31mred"), String.raw`one\u000atwo \u001b[31mred`);
 * assert.equal(escapeInvisible("a\u200bb"), String.raw`a\u200bb`);
 * ```
 */
export function escapeInvisible(text: string): string {
  return text.replace(UNSEEN, (unseen) => unseen.replace(/[^]/g, escaped));
}

/** Of a character beyond the first 65,536 each half, as JSON has it. */
function escaped(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
