/**
 * Why a text is no JSON, for a sentence to its author: `JSON.parse` says it in the engine's words, which change, in English
 * only, and quotes what may be a password. Used only after `JSON.parse` has failed.
 * @module
 */
import { type JsonErrorKind, scanForError } from "./json_scanner.ts";
import { countCodePoints } from "./length.ts";
import { hideLogin } from "./secret.ts";
import { escapeInvisible } from "./invisible.ts";

/**
 * The first place where a text stops being JSON.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const jsonError: JsonError = findJsonError('{"action":"quit",}')!;
 * assert.deepEqual([jsonError.kind, jsonError.position], ["trailing", 16]);
 * ```
 */
export interface JsonError {
  readonly kind: JsonErrorKind;
  /** Characters before the place. */
  readonly position: number;
  /** Its line and its column, counted from 1; only behind the first line. */
  readonly line?: number;
  readonly column?: number;
  /** What stands there, if it is a word that is known. */
  readonly word?: string;
  /** What has to stand there. */
  readonly expected?: string;
  /** The text before the place and from it on: a few characters, without secrets. Both are empty in a large text. */
  readonly before: string;
  readonly after: string;
}

/** Characters that are shown on each side; and of a longer text none, since all of it is looked through for secrets. */
const SHOWN = 24, LONGEST_SHOWN = 8_192;

/**
 * Finds the first place where a text stops being JSON, in linear time; `undefined` for a text that is JSON. Nothing throws.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(findJsonError('{"watch":True}'), {
 *   kind: "foreign",
 *   position: 9,
 *   word: "True",
 *   expected: "true",
 *   before: '{"watch":',
 *   after: "True}",
 * });
 * assert.equal(findJsonError('{"watch":true}'), undefined);
 * ```
 */
export function findJsonError(text: string): JsonError | undefined {
  const found = scanForError(text);
  if (found === undefined) return undefined;
  const { kind, at, word, expected } = found, head = text.slice(0, at);
  const lines = /[\r\n]/.test(head) ? head.split(/\r\n|[\r\n]/) : undefined;
  return {
    kind,
    position: countCodePoints(head),
    ...(lines === undefined ? {} : { line: lines.length, column: countCodePoints(lines.at(-1)!) + 1 }),
    ...(word === undefined ? {} : { word }),
    ...(expected === undefined ? {} : { expected }),
    ...around(text, at),
  };
}

/** The secrets of the whole text are hidden before a part of it is taken: their names may stand outside of that part. */
function around(text: string, at: number): { before: string; after: string } {
  if (text.length > LONGEST_SHOWN) return { before: "", after: "" };
  const hidden = hideLogin(text);
  const place = placeIn(hidden, text, at);
  const before = hidden.slice(Math.max(0, place - SHOWN), place).toWellFormed();
  const after = hidden.slice(place, place + SHOWN).toWellFormed();
  return {
    before: `${place > SHOWN ? "…" : ""}${shown(before)}`,
    after: `${shown(after)}${place + SHOWN < hidden.length ? "…" : ""}`,
  };
}

/** Where a place of a text is in the same text without its secrets; of one in a secret, where that was. */
function placeIn(hidden: string, text: string, at: number): number {
  if (hidden === text) return at;
  let same = 0, end = 0;
  while (same < at && hidden[same] === text[same]) same++;
  if (same === at) return at;
  const most = Math.min(text.length - at, hidden.length - same);
  while (end < most && hidden[hidden.length - 1 - end] === text[text.length - 1 - end]) end++;
  return end === text.length - at ? hidden.length - end : same;
}

function shown(text: string): string {
  return escapeInvisible(text.replaceAll("\r", "\\r").replaceAll("\n", "\\n").replaceAll("\t", "\\t"));
}
