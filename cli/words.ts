/** The sentences of the command line: one catalogue for each language. @module */
import type { Language } from "./language.ts";
import { english, type Texts } from "./words/english.ts";
import { russian } from "./words/russian.ts";

export const catalogues: Readonly<Record<Language, Texts>> = { en: english, ru: russian };
