// The sentences of the client in a pipe and of all that connects: one catalogue for each language. The
// terminal has catalogues of its own, which a pipe does not load.

import type { Language } from "../jim/mod.ts";
import { english, type Texts } from "./words/english.ts";
import { russian } from "./words/russian.ts";

export type { Texts } from "./words/english.ts";

export const catalogues: Readonly<Record<Language, Texts>> = { en: english, ru: russian };
