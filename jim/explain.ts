/**
 * The sentences for people: one catalogue for each language, so that a rule is explained in one place. Each says what was
 * wrong, where, and what would be right.
 * @module
 */
import type { FieldTypo } from "./suggest.ts";
import { quote, type Refusal } from "./refusal.ts";
import { english } from "./words/english.ts";
import { russian } from "./words/russian.ts";
import type { Catalogue, Note, RoomNote } from "./words/words.ts";

export { EXAMPLE_PRESENCE } from "./words/words.ts";

/**
 * The languages there are.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const language: Language = "ru";
 * assert.ok(languages.includes(language));
 * ```
 */
export type Language = "en" | "ru";

const catalogues: Readonly<Record<Language, Catalogue>> = { en: english, ru: russian };

/**
 * The languages there are, for an option's choices.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(languages, ["en", "ru"]);
 * ```
 */
export const languages: readonly Language[] = ["en", "ru"];

/**
 * Says a refusal in words.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { refuse } from "./refusal.ts";
 * const refusal = refuse("time", { at: "time", got: '"12:03"' });
 * assert.equal(explain(refusal), 'time: expected Unix seconds as a number, got "12:03"');
 * assert.equal(explain(refusal, "ru"), 'time: нужны секунды Unix числом, а пришло "12:03"');
 * ```
 */
export function explain(refusal: Refusal, language: Language = "en"): string {
  const { refusals, suggestion } = catalogues[language];
  const said = refusals[refusal.reason](refusal);
  // "Nothing came" is no object of a Russian verb.
  const sentence = refusal.got === "nothing" ? said.replace("а пришло nothing", "а поля нет") : said;
  return refusal.suggestion === undefined
    ? sentence
    : `${sentence}; ${suggestion(refusal.suggestion, refusal.misnamed)}`;
}

/**
 * A remark that an answer adds though all went well.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.match(explainNote("time"), /^time: expected Unix seconds/);
 * ```
 */
export function explainNote(note: Note, language: Language = "en"): string {
  return catalogues[language].notes[note];
}

/**
 * The text for a person about a change in a room that concerns this person.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const note = { what: "moderator", room: "#cats", by: "ann" } as const;
 * assert.equal(explainRoomNote(note), "ann has made you a moderator of #cats");
 * ```
 */
export function explainRoomNote(note: RoomNote, language: Language = "en"): string {
  return catalogues[language].roomNotes[note.what](note);
}

/**
 * A remark on a field that seems to be misspelt.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const typo = { action: "msg", field: "too", suggestion: "to" };
 * assert.equal(explainTypo(typo), '"too" is no field of msg and was ignored, did you mean "to"?');
 * ```
 */
export function explainTypo({ field, action, suggestion }: FieldTypo, language: Language = "en"): string {
  return catalogues[language].ignored(quote(field), action, suggestion);
}
