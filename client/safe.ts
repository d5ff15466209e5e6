// Other people's text on its way to a terminal. An escape sequence in it could paint the screen, set the window's title or
// make the terminal answer as if the user had typed; marks that change the direction of text could make one name look
// like another. So none of them gets through, and a visible character takes the place of each.

import { CONTROL, DIRECTION } from "../jim/characters.ts";
import { escapeInvisible } from "../jim/mod.ts";

/** Control characters, Unicode's line separators, and marks that change the direction of text. */
const UNSAFE = new RegExp(`[${CONTROL}${DIRECTION}]`, "gu");

/** Where Unicode has pictures of the first 32 control characters: `␛`, `␊`. */
const PICTURES = 0x2400;
const PICTURE_OF_DELETE = "\u2421";

/**
 * Makes text safe to print on one line of any terminal: a tab becomes a space, another control character becomes its picture, and
 * what has no picture becomes `�`.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(safe("one\ntwo\t\x1b[31mred"), "one␊two ␛[31mred");
 * ```
 */
export function safe(text: string): string {
  return text.toWellFormed().replace(UNSAFE, (character) => {
    const code = character.charCodeAt(0);
    if (character === "\t") return " ";
    return code < 32 ? String.fromCharCode(PICTURES + code) : code === 127 ? PICTURE_OF_DELETE : "\ufffd";
  });
}

/**
 * JSON on one line that any terminal shows as it is, and that means exactly the same: white space around its values
 * becomes spaces, and what cannot be seen in its strings is escaped.
 *
 * @param json one valid JSON value
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(safeJson('{"name":\n"\u202eeve"}'), String.raw`{"name": "\u202eeve"}`);
 * ```
 */
export function safeJson(json: string): string {
  return escapeInvisible(json.replace(/[\t\r\n]/g, " ")); // valid JSON has those between its values only
}
