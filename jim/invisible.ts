/**
 * Somebody else's text where people look for what is wrong: in a refusal, in a trace, in a report. No character of it may
 * move a terminal's cursor or turn what follows around, and one that cannot be seen may be the very mistake.
 * @module
 */

import { escapeUnit, UNSEEN } from "./characters.ts";

const unseenCharacter = new RegExp(UNSEEN, "gu");

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
  return text.replace(unseenCharacter, (unseen) => unseen.replace(/[^]/g, escapeUnit));
}
