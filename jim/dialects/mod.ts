/**
 * The dialects that Hanita knows. They are tried in this order; the first that matches an object reads it. Mistakes that
 * programs of all dialects make are corrected for all.
 * @module
 */
import { clientName } from "./client_name.ts";
import { dated } from "./dated.ts";
import type { Dialect, Fields } from "./dialect.ts";
import { flatName } from "./flat_name.ts";
import { lesson } from "./lesson.ts";
import { plain } from "./plain.ts";
import { seed } from "./seed.ts";
import { renameFields, renameUserField } from "./rename.ts";

export type { AnswerFields, Dialect, Fields, Relay, Role, SharedFile } from "./dialect.ts";
export { plain } from "./plain.ts";
export { prefixed } from "./prefixed.ts";

const dialects: readonly Dialect[] = [flatName, clientName, lesson, dated, seed, plain];

/** Anybody may say these. The handout's own list spells `prоbe` with a Cyrillic о, and programs copied it. */
const MISTAKES = { exit: "quit", "pr\u043ebe": "probe", message: "msg" };

/**
 * An object in JIM's own words, and the dialect it was said in, where it shows one. `before` is what its sender was held
 * to speak so far.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const { fields, dialect } = readDialect({ action: "message", mess_text: "hello" }, true);
 * assert.deepEqual([fields.action, fields.message, dialect?.name], ["msg", "hello", "lesson"]);
 * ```
 */
export function readDialect(
  said: Fields,
  bare: boolean,
  before: Dialect = plain,
): { fields: Fields; dialect?: Dialect } {
  const dialect = dialects.find((each) => each.matches(said, bare, before));
  return dialect === undefined
    ? { fields: correctMistakes(said) }
    : { fields: correctMistakes(dialect.normalize(said)), dialect };
}

/** Most say nothing wrong: what they said is not copied then. */
function correctMistakes(said: Fields): Fields {
  const fields = renameUserField(said, "accaunt_name"), { action } = fields;
  return typeof action === "string" && Object.hasOwn(MISTAKES, action) ? renameFields(fields, MISTAKES, {}) : fields;
}
