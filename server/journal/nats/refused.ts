/** What is wrong with a broker or its stream, in one line in each language. */
import { inEach, type Texts } from "../../words/mod.ts";
import { JournalRefused } from "../failure.ts";
import type { Language } from "../../../jim/mod.ts";

/** An error with a sentence of the catalogues. */
export function refused(say: (texts: Texts["broker"], language: Language) => string, cause?: unknown): JournalRefused {
  return new JournalRefused(inEach(({ broker }, language) => say(broker, language)), { cause });
}
