/** The languages of the page, and the names that it suggests. Texts of the server are in the server's language. @module */
import type { Language } from "../jim/explain.ts";
import { english, type Words } from "./words/english.ts";
import { russian } from "./words/russian.ts";

export type { Words } from "./words/english.ts";

/** All catalogues. */
export const catalogues: Readonly<Record<Language, Words>> = { en: english, ru: russian };

/** Each language by its own name. */
export const languages: Readonly<Record<Language, string>> = { en: "English", ru: "Русский" };

/**
 * The default language: the first preferred language that the page has.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(languageOf(["fr", "ru-RU", "en"]), "ru");
 * assert.equal(languageOf([]), "en");
 * ```
 */
export function languageOf(preferred: readonly string[]): Language {
  for (const each of preferred) {
    const code = each.slice(0, 2).toLowerCase();
    if (code === "ru" || code === "en") return code;
  }
  return "en";
}

const guests: Readonly<Record<Language, readonly [readonly string[], readonly string[]]>> = {
  en: [
    ["brave", "bright", "calm", "gentle", "kind", "lucky", "merry", "quick", "quiet", "sunny", "warm", "wise"],
    ["badger", "finch", "fox", "hare", "heron", "lynx", "otter", "owl", "robin", "seal", "swan", "wren"],
  ],
  ru: [
    ["быстрый", "весёлый", "добрый", "мудрый", "мягкий", "светлый", "смелый", "солнечный", "спокойный", "тихий"],
    ["барсук", "бобр", "дрозд", "ёж", "журавль", "заяц", "зимородок", "лис", "лось", "снегирь", "стриж", "чиж"],
  ],
};

/**
 * Suggests a friendly name for a guest, with a number so that two guests rarely get the same.
 *
 * @param random from 0 up to 1
 */
export function suggestName(language: Language, random: () => number): string {
  const [manners, animals] = guests[language];
  const pick = (words: readonly string[]) => words[Math.floor(random() * words.length)]!;
  return `${pick(manners)}-${pick(animals)}-${10 + Math.floor(random() * 90)}`;
}
