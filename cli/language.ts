/** The language of what a program prints for its user. @module */
import { type Language, languages } from "../jim/mod.ts";

export { type Language, languages } from "../jim/mod.ts";

/** A sentence in each language. */
export type Text = Readonly<Record<Language, string>>;

/**
 * A text that is the same in each language: data, or a sentence of a tool for developers, which is in English only.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(untranslated("Rounds."), { en: "Rounds.", ru: "Rounds." });
 * ```
 */
export function untranslated(text: string): Text {
  return { en: text, ru: text };
}

/** An error with a text for the user in each language. Its `message`, for the log, is the English text. */
export class LocalizedError extends Error {
  override name = "LocalizedError";
  readonly texts: Text;

  constructor(texts: Text, options?: ErrorOptions) {
    super(texts.en, options);
    this.texts = texts;
  }
}

/**
 * The language of the system, or English where that is another one. Deno takes it from `LC_ALL`, `LC_MESSAGES` or `LANG` on Linux, the
 * first that is set, and needs no permission for that; `LC_ALL=C` means English.
 *
 * @param preferred languages, the best first
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(systemLanguage(["ru-RU"]), "ru");
 * assert.equal(systemLanguage(["fr", "en-US-u-va-posix"]), "en");
 * assert.equal(systemLanguage([]), "en");
 * ```
 */
export function systemLanguage(preferred: readonly string[] = navigator.languages): Language {
  for (const each of preferred) {
    const known = languages.find((language) => language === each.split("-")[0]!.toLowerCase());
    if (known !== undefined) return known;
  }
  return "en";
}

/**
 * The language that `--lang` asks for. It is read before the rest of the command line, so that the errors are in it.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(languageIn(["-x", "--lang", "ru"]), "ru");
 * assert.equal(languageIn(["--lang=en"]), "en");
 * assert.equal(languageIn(["--lang", "fr"]), undefined);
 * ```
 */
export function languageIn(args: readonly string[]): Language | undefined {
  const end = args.indexOf("--"), options = end < 0 ? args : args.slice(0, end);
  const at = options.findLastIndex((arg) => /^--lang(=|$)/.test(arg));
  const given = at < 0 ? undefined : options[at]!.slice("--lang=".length) || options[at + 1];
  return languages.find((language) => language === given);
}
