/**
 * What a search finds: words. Both stores, the index and the tests have the words of a text from here, so they agree. Case,
 * accents and compatibility forms make no difference; й is a letter of its own. A run of letters and digits is a word; where a
 * script writes no spaces, each sign is one, and so is a pictogram. All else only separates, so a word has no quote and no
 * operator of any query language.
 */

import { nameKey } from "../../jim/mod.ts";

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

/** What a message must have to be found. */
export interface Wanted {
  /** Whole words, folded. */
  readonly words: readonly string[];
  /** Beginnings of words, folded. */
  readonly prefixes: readonly string[];
  /** The key of the sender's name, if it matters. */
  readonly from: string | undefined;
}

/** Letters of a beginning at least: of a shorter one the index would have to look at a large part of itself. */
const SHORTEST = 2;
const TERM = new RegExp(`(${WORD.source})(\\*?)`, "gv");

/**
 * What a message must have to be found; undefined if the search has no words, so that no message is found.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(wantedOf("Home* work"), { words: ["WORK"], prefixes: ["HOME"], from: undefined });
 * assert.equal(wantedOf("?!"), undefined);
 * ```
 */
export function wantedOf(text = "", from?: string): Wanted | undefined {
  const words = new Set<string>(), prefixes = new Set<string>();
  for (const [, word, star] of fold(text).matchAll(TERM)) {
    (star === "*" && word!.length >= SHORTEST ? prefixes : words).add(word!);
  }
  if (words.size + prefixes.size === 0 && (from === undefined || text !== "")) return undefined;
  return { words: [...words], prefixes: [...prefixes], from: from === undefined ? undefined : nameKey(from) };
}

/**
 * Whether a message is wanted.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const message = { message: "Homework: page 7", from: "Ann" };
 * assert.equal(isWanted(message, wantedOf("home* page", "ann")!), true);
 * assert.equal(isWanted(message, wantedOf("home page")!), false);
 * ```
 */
export function isWanted(said: { readonly message: string; readonly from?: unknown }, wanted: Wanted): boolean {
  const { words, prefixes, from } = wanted;
  if (from !== undefined && (typeof said.from !== "string" || nameKey(said.from) !== from)) return false;
  const terms = searchTerms(said.message);
  return words.every((word) => terms.includes(word)) &&
    prefixes.every((prefix) => terms.some((term) => term.startsWith(prefix)));
}
