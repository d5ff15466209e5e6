/** Recognizes code that is pasted, and writes it as a block. */

/** A line of code: indented, ended by a bracket or a semicolon, or with what sentences do not have. */
const CODE_LINE =
  /^(?:\t| {2,})\S|[;{}[(\\]\s*$|[\])]:?\s*$|^\s*(?:@\w|#include|#!|<\/?\w)|[=!]==?|=>|->|\w\(|::|&&|\|\||<\//;
/** A text has a fence already. */
const FENCE = /^\s*(?:```|~~~)/m;

/**
 * Whether a text is code, to all appearance: it has several lines, and at least half of them look so.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(looksLikeCode("if x:\n    return 1"), true);
 * assert.equal(looksLikeCode("Dear Ann,\nsee you tomorrow."), false);
 * ```
 */
export function looksLikeCode(text: string): boolean {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  if (lines.length < 2 || FENCE.test(text)) return false;
  return 2 * lines.filter((line) => CODE_LINE.test(line)).length >= lines.length;
}

/**
 * Writes a part of a text as a block of code, on lines of its own. The fence is longer than any in the code.
 *
 * @returns the whole text; the same one, if the part is not in it
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const fence = "`".repeat(3);
 * assert.equal(withBlock("see a = 1 there", "a = 1"), `see\n${fence}\na = 1\n${fence}\nthere`);
 * ```
 */
export function withBlock(text: string, code: string): string {
  const at = text.lastIndexOf(code);
  if (at < 0) return text;
  const before = text.slice(0, at).trimEnd(), behind = text.slice(at + code.length).trimStart();
  const ticks = Array.from(code.matchAll(/^\s*(`{3,})/gm), ([, run]) => run!.length);
  const fence = "`".repeat(Math.max(3, ...ticks.map((length) => length + 1)));
  const block = `${fence}\n${code.replace(/^(?:[^\S\n]*\n)+/, "").trimEnd()}\n${fence}`;
  return [before, block, behind].filter((each) => each !== "").join("\n");
}
