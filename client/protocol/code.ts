/** Code in a text: recognizes what is pasted, writes it as a block, and finds the lines of blocks. */

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
 * Writes code as a block. The fence is longer than any in the code.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const fence = "`".repeat(3);
 * assert.equal(blockOf("a = 1\n"), `${fence}\na = 1\n${fence}`);
 * ```
 */
export function blockOf(code: string): string {
  const ticks = Array.from(code.matchAll(/^\s*(`{3,})/gm), ([, run]) => run!.length);
  const fence = "`".repeat(Math.max(3, ...ticks.map((length) => length + 1)));
  return `${fence}\n${code.replace(/^(?:[^\S\n]*\n)+/, "").trimEnd()}\n${fence}`;
}

/**
 * Writes a part of a text as a block of code, on lines of its own.
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
  return [before, blockOf(code), behind].filter((each) => each !== "").join("\n");
}

/** A line of a text: of plain text, of code, or a fence around code. */
export interface TextLine {
  readonly text: string;
  readonly kind: "text" | "code" | "fence";
}

/**
 * Finds the lines of a text. A block without an end goes on to the end of the text, as on the page.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const fence = "`".repeat(3), kinds = linesOf(`see\n${fence}js\na;\n${fence}\nb`).map(({ kind }) => kind);
 * assert.deepEqual(kinds, ["text", "fence", "code", "fence", "text"]);
 * ```
 */
export function linesOf(text: string): TextLine[] {
  let open: string | undefined;
  return text.split(/\r\n|[\n\r\u2028\u2029]/).map((line): TextLine => {
    const [, sign, info = ""] = /^ {0,3}(`{3,}|~{3,})(.*)$/.exec(line) ?? [];
    const begins = open === undefined && sign !== undefined && !(sign[0] === "`" && info.includes("`"));
    const ends = open !== undefined && sign !== undefined && sign.startsWith(open) && info.trim() === "";
    if (begins || ends) {
      open = begins ? sign : undefined;
      return { text: line, kind: "fence" };
    }
    return { text: line, kind: open === undefined ? "text" : "code" };
  });
}
