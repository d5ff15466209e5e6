/**
 * What a search finds: words. Both stores and every test ask here what the words of a text are, so the index never has
 * an opinion of its own. Case, accents and compatibility forms make no difference; й is a letter of its own. A run of letters and digits is a
 * word; where a script writes no spaces, each sign is one, and so is a pictogram. All else only separates, so what
 * comes out holds no quote and no operator of any query language.
 */

/** Accents. The breve of Й is none: it is a letter of its own, while Ё is often written as Е. */
const ACCENTS = /[\u0300-\u0305\u0307-\u036f]|(?<![Ии])\u0306/g;

/**
 * A text in which case, accents and compatibility forms make no difference: upper case folds more than lower case does, ß is
 * SS, and every sigma the same. Lines that are folded together are folded as each of them alone.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(fold("Ёжик, straße"), "ЕЖИК, STRASSE");
 * assert.notEqual(fold("мой"), fold("мои"));
 * ```
 */
export function fold(text: string): string {
  return text.normalize("NFKD").replace(ACCENTS, "").toUpperCase().replaceAll("И\u0306", "Й");
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
