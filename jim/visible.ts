/**
 * Somebody else's text where people look for what is wrong: in a refusal, in a trace, in a report. No character of it may
 * move a terminal's cursor or turn what follows around, and one that cannot be seen may be the very mistake.
 * @module
 */

/** Control characters, halves of surrogate pairs, what joins or turns letters, what no font has, Unicode's line ends. */
const UNSEEN = /[\p{C}\p{Zl}\p{Zp}]/gu;

/**
 * The text with what cannot be seen as JSON's escapes. JSON keeps its meaning, if it has no white space between values.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(visible("one\ntwo \x1b[31mred"), String.raw`one\u000atwo \u001b[31mred`);
 * assert.equal(visible("a\u200bb"), String.raw`a\u200bb`);
 * ```
 */
export function visible(text: string): string {
  return text.replace(UNSEEN, (unseen) => unseen.replace(/[^]/g, escaped));
}

/** Of a character beyond the first 65,536 each half, as JSON has it. */
function escaped(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
