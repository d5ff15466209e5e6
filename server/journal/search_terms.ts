/**
 * What a search finds: words. Both stores and every test ask here what the words of a text are, so the index never has
 * an opinion of its own. Case, accents and compatibility forms make no difference. A run of letters and digits is a
 * word; where a script writes no spaces, each sign is one, and so is a pictogram. All else only separates, so what
 * comes out holds no quote and no operator of any query language.
 */

/**
 * A text in which case, accents and compatibility forms make no difference: upper case folds more than lower case does, ß is
 * SS, and every sigma the same. Lines that are folded together are folded as each of them alone.
 */
export function fold(text: string): string {
  return text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toUpperCase();
}

const WORD =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{Extended_Pictographic}]|[[\p{L}\p{M}\p{N}]--[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}]]+/gv;

/**
 * The words of a text, folded, each once.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(searchTerms("Ёлка, café: ÉLKA-елка 你好"), ["ЕЛКА", "CAFE", "ELKA", "你", "好"]);
 * assert.deepEqual(searchTerms("'; -- \" *"), []);
 * ```
 */
export function searchTerms(text: string): string[] {
  return [...new Set(fold(text).match(WORD))];
}
