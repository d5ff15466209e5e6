/** The sentences of the tools for an operator and a teacher: one catalogue for each language. @module */
import type { Language } from "../cli/mod.ts";
import { english, type Texts } from "./words/english.ts";
import { russian } from "./words/russian.ts";

export type { Texts } from "./words/english.ts";

export const catalogues: Readonly<Record<Language, Texts>> = { en: english, ru: russian };
