/** The sentences of the command line: one catalogue for each language. @module */
import { type Language, languages, type Text } from "./language.ts";
import { english, type Texts } from "./words/english.ts";
import { russian } from "./words/russian.ts";

export const catalogues: Readonly<Record<Language, Texts>> = { en: english, ru: russian };

/** A group of options in the help. */
export type Topic = keyof Texts["topics"];

/**
 * One text of the catalogues, in each language.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(inEach((texts) => texts.usage), { en: "Usage", ru: "Запуск" });
 * ```
 */
export function inEach(text: (texts: Texts) => string): Text {
  return Object.fromEntries(languages.map((language) => [language, text(catalogues[language])])) as Text;
}

/**
 * An error message, followed by a question about the word that is probably meant, if there is one.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(didYouMean("expected low or high", "high", "en"), "expected low or high; did you mean high?");
 * assert.equal(didYouMean("expected low or high", undefined, "en"), "expected low or high");
 * ```
 */
export function didYouMean(message: string, word: string | undefined, language: Language): string {
  return word === undefined ? message : `${message}; ${catalogues[language].didYouMean(word)}`;
}
