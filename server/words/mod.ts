/**
 * The sentences of the server beside JIM's refusals: one catalogue for each language. What it logs is English, and so is what
 * it prints on standard output, where programs read it.
 * @module
 */
import type { Text } from "../../cli/language.ts";
import type { Language } from "../../jim/mod.ts";
import { english, type Texts } from "./english.ts";
import { russian } from "./russian.ts";

export type { Texts } from "./english.ts";

export const catalogues: Readonly<Record<Language, Texts>> = { en: english, ru: russian };

/** A sentence of theirs in each language. */
export function inEach(say: (texts: Texts, language: Language) => string): Text {
  return { en: say(english, "en"), ru: say(russian, "ru") };
}
