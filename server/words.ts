/**
 * The sentences of the server beside JIM's refusals: one catalogue for each language. What it logs is English, and so is what
 * it prints on standard output, where programs read it.
 * @module
 */
import type { Language } from "../jim/mod.ts";
import { english, type Texts } from "./words/english.ts";
import { russian } from "./words/russian.ts";

export type { Texts } from "./words/english.ts";

export const catalogues: Readonly<Record<Language, Texts>> = { en: english, ru: russian };
