/**
 * The list of a class: a name a line, or a name and a group. What is wrong with a line is a sentence with its number, so that
 * a whole list can be mended at once.
 */
import { Lines } from "../../client/pipe/lines.ts";
import { DEFAULT_LIMITS, explain, type Language, nameKey, refuse } from "../../jim/mod.ts";
import { COMMON_ROOM } from "../../jim/message.ts";
import { name as readName, ParseError, room as readRoom } from "../../jim/values.ts";
import { isReserved } from "../../server/chat/admission.ts";
import { skeletons } from "../../server/chat/lookalike.ts";
import type { Texts } from "../words/english.ts";

/** A line of the list. */
export interface Pupil {
  /** The number of the line, from 1 on. */
  readonly line: number;
  readonly name: string;
  /** The room of the group, `#7b`. */
  readonly room: string | undefined;
}

/** A line that makes no account. */
export interface Flaw {
  readonly line: number;
  readonly text: string;
}

/** A list as far as it was read. */
export interface ReadList {
  readonly pupils: readonly Pupil[];
  readonly flaws: readonly Flaw[];
}

/** UTF-16 units of a line: a longer one is no name and no group. */
const LONGEST = 1_000;
/** The first line may say what the columns are. */
const HEADER =
  /^(?:names?|pupils?|students?|имя|имена|фамилия|ученик|ученики)(?:[,;\t]\s*(?:groups?|class|группа|класс))?$/i;

/**
 * Reads a list in UTF-8 or UTF-16. Fields are separated by a comma, a semicolon or a tab, and may be in quotes.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { english } from "../words/english.ts";
 * const bytes = new TextEncoder().encode("name,group\r\nAnn,7b\r\n\r\nann,7b\r\n");
 * assert.deepEqual(readList(bytes, "en", english), {
 *   pupils: [{ line: 2, name: "Ann", room: "#7b" }],
 *   flaws: [{ line: 4, text: 'line 4: "ann" is the same name as "Ann" in line 2' }],
 * });
 * ```
 */
export function readList(bytes: Uint8Array, language: Language, texts: Texts): ReadList {
  const lines = new Lines(LONGEST), pupils: Pupil[] = [], flaws: Flaw[] = [];
  const known = new Known(texts);
  [...lines.push(bytes), ...lines.end()].forEach((text, i) => {
    const line = i + 1;
    try {
      if (typeof text !== "string") throw texts.lists.notUtf8(text.encoding);
      const trimmed = text.trim();
      if (trimmed === "" || (pupils.length + flaws.length === 0 && HEADER.test(trimmed))) return;
      const pupil = pupilOf(trimmed, line, language, texts);
      known.add(pupil);
      pupils.push(pupil);
    } catch (error) {
      if (typeof error === "string") flaws.push({ line, text: `${texts.lists.line(line)}: ${error}` });
      else if (error instanceof ParseError) flaws.push({ line, text: explain(error.refusal, language) });
      else throw error;
    }
  });
  return { pupils, flaws };
}

/** @throws {string} what is wrong with the line @throws {ParseError} what is wrong with a field */
function pupilOf(text: string, line: number, language: Language, texts: Texts): Pupil {
  const at = texts.lists.line(line), fields = fieldsOf(text);
  if (fields === undefined) throw texts.lists.openQuote;
  if (fields.length > 2) throw texts.lists.tooManyFields(fields.length);
  const [first = "", group = ""] = fields, name = readName(first, at, DEFAULT_LIMITS);
  if (isReserved(name)) {
    throw explain(refuse("name", { at, got: JSON.stringify(name), limit: DEFAULT_LIMITS.name }), language).slice(
      at.length + 2,
    );
  }
  if (group === "") return { line, name, room: undefined };
  const room = readRoom(group.startsWith("#") ? group : `#${group}`, DEFAULT_LIMITS, at);
  if (room === COMMON_ROOM) throw texts.lists.commonRoom(JSON.stringify(group));
  return { line, name, room };
}

/** The fields of a line, as spreadsheets write them; undefined if a quote has no end. */
function fieldsOf(text: string): string[] | undefined {
  const fields: string[] = [];
  const field = /\s*(?:"((?:[^"]|"")*)"\s*|([^",;\t][^,;\t]*|))(?:[,;\t]|$)/gy;
  while (field.lastIndex < text.length || fields.length === 0) {
    const match = field.exec(text);
    if (match === null) return undefined;
    fields.push((match[1]?.replaceAll('""', '"') ?? match[2] ?? "").trim());
  }
  return fields;
}

/** The names of a list: none is twice, and none looks like another. */
class Known {
  readonly #texts: Texts;
  readonly #byKey = new Map<string, Pupil>();
  readonly #bySkeleton = new Map<string, Pupil>();

  constructor(texts: Texts) {
    this.#texts = texts;
  }

  /** @throws {string} */
  add(pupil: Pupil): void {
    const { name } = pupil, key = nameKey(name), same = this.#byKey.get(key), { lists } = this.#texts;
    if (same !== undefined) throw lists.sameName(JSON.stringify(name), JSON.stringify(same.name), same.line);
    const all = skeletons(name),
      like = all.map((each) => this.#bySkeleton.get(each)).find((each) => each !== undefined);
    if (like !== undefined) throw lists.looksLike(JSON.stringify(name), JSON.stringify(like.name), like.line);
    this.#byKey.set(key, pupil);
    for (const each of all) this.#bySkeleton.set(each, pupil);
  }
}
