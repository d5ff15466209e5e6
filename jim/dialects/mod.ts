/**
 * The dialects Hanita knows. An object is held against them in this order, and the first whose own words it uses reads
 * it. Slips that every family makes are mended for all.
 * @module
 */
import { clientName } from "./client_name.ts";
import type { Dialect, Fields } from "./dialect.ts";
import { flatName } from "./flat_name.ts";
import { lesson } from "./lesson.ts";
import { seed } from "./seed.ts";
import { renamed } from "./words.ts";

export type { Dialect, Fields, Relay } from "./dialect.ts";
export { plain } from "./plain.ts";

const dialects: readonly Dialect[] = [flatName, clientName, lesson, seed];

/** Anybody may say these. The handout's own list spells `prоbe` with a Cyrillic о, and programs copied it. */
const slips = { exit: "quit", "pr\u043ebe": "probe", message: "msg" };

/**
 * An object in JIM's own words, and the dialect it was said in, where it shows one.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const { fields, dialect } = reading({ action: "message", mess_text: "hello" }, true);
 * assert.deepEqual([fields.action, fields.message, dialect?.name], ["msg", "hello", "lesson"]);
 * ```
 */
export function reading(said: Fields, bare: boolean): { fields: Fields; dialect?: Dialect } {
  const dialect = dialects.find((each) => each.marks(said, bare));
  if (dialect !== undefined) return { fields: renamed(dialect.reads(said), slips, {}), dialect };
  const slipped = typeof said.action === "string" && Object.hasOwn(slips, said.action);
  return { fields: slipped ? renamed(said, slips, {}) : said };
}
