// The sentences of the client on a terminal: one catalogue for each language.

import type { Language } from "../../jim/mod.ts";
import { english, type Texts } from "./words/english.ts";
import { russian } from "./words/russian.ts";

export type { Texts } from "./words/english.ts";

export const catalogues: Readonly<Record<Language, Texts>> = { en: english, ru: russian };
