/**
 * The words of a run of messages: for the search index, which has a row a run and not a row a message, and for finding the
 * lines of a run that have all the words of a search. The index only narrows a search down to runs that may have a match;
 * what has one is decided here, by {@linkcode searchTerms}.
 *
 * A message costs about 0.5 µs in ASCII and 3 µs in Cyrillic, at 10 words. To parse it and to fold it alone costs ten times
 * as much in ASCII, so that is done only where a line has an escape, or no checksum.
 */
import { cut, parseLine } from "./lines.ts";
import { fold, isWanted, searchTerms, type Wanted } from "./search_terms.ts";

const decoder = new TextDecoder();
const ESCAPE = "\\", MESSAGE = '"message":"';

/**
 * A word is in the index with so many UTF-16 units. Long ones, of which few are said twice, cost it most: 33 µs each at 100
 * letters, and 1 µs when they are cut off.
 */
const INDEXED_LENGTH = 16;

/** A word as the index has it. */
export function toIndexed(word: string): string {
  return word.length > INDEXED_LENGTH ? word.slice(0, INDEXED_LENGTH).toWellFormed() : word;
}

/**
 * A text for the index that has, cut off, each word of each message of a run, and perhaps others.
 *
 * @param isWhole its checksum is right: then its lines are as they were written
 * @param damaged is called if one of its lines is no message
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const line = (message: string) => `{"action":"msg","message":${JSON.stringify(message)},"id":1}\n`;
 * const lines = new TextEncoder().encode(line("one, two") + line("three"));
 * assert.equal(textForIndex(lines, true, () => {}), "one, two\nthree\n");
 * ```
 */
export function textForIndex(lines: Uint8Array, isWhole: boolean, damaged: () => void): string {
  const text = decoder.decode(lines);
  const messages = (isWhole && !text.includes(ESCAPE) ? messagesIn(text) : undefined) ?? parsedMessages(lines, damaged);
  // The index parts ASCII into words as `words` does, and folds its case. A message with escapes may be longer than its line.
  if (text.length === lines.length && !text.includes(ESCAPE)) return cutWords(messages);
  return searchTerms(messages).map(toIndexed).join(" ");
}

/**
 * The messages of lines without an escape, so that no text has a quote; undefined if one is not found at once. Lines of one
 * sender, or of names as long, have theirs in the same place: to look there first takes a fifth of the time.
 */
function messagesIn(text: string): string | undefined {
  let messages = "", place = 0;
  for (let start = 0; start < text.length;) {
    const end = text.indexOf("\n", start);
    let key = start + place;
    if (key >= end || !text.startsWith(MESSAGE, key)) {
      key = text.indexOf(MESSAGE, start);
      if (key < 0 || key > end) return undefined;
      place = key - start;
    }
    const from = key + MESSAGE.length;
    messages += `${text.slice(from, text.indexOf('"', from))}\n`;
    start = end + 1;
  }
  return messages;
}

/**
 * An ASCII text with long words cut off, as the index has them. About 40 µs for 160 messages; a regular expression takes three
 * to ten times as long.
 */
function cutWords(text: string): string {
  let cut = "", from = 0, length = 0;
  for (let i = 0; i < text.length; i++) {
    if (!isLetterOrDigit(text.charCodeAt(i))) {
      if (length > INDEXED_LENGTH) from = i;
      length = 0;
    } else if (++length === INDEXED_LENGTH + 1) cut += text.slice(from, i);
  }
  return length > INDEXED_LENGTH ? cut : cut + text.slice(from);
}

function isLetterOrDigit(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57);
}

function parsedMessages(lines: Uint8Array, damaged: () => void): string {
  let messages = "";
  for (const line of cut(lines)) {
    const said = parseLine(line);
    if (said === undefined) damaged();
    else messages += `${said.message}\n`;
  }
  return messages;
}

/** Which lines of a run, and in which order. Ids are exclusive bounds. */
export interface LineQuery {
  readonly before: number;
  readonly after: number;
  /** So many at most: the last ones if it goes backward, else the first ones. */
  readonly limit: number;
  readonly isBackward: boolean;
}

/**
 * The ids of those lines of a run that are wanted, ascending. A run that has not all the words costs 20 µs for 160 lines.
 *
 * @param damaged is called if a line that may have them is no message
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { wantedOf } from "./search_terms.ts";
 * const line = (message: string, id: number) => `${JSON.stringify({ action: "msg", message, id })}\n`;
 * const lines = new TextEncoder().encode(line("Tea, please", 1) + line("a teapot", 2) + line("TEA!", 3));
 * const all = { before: Infinity, after: 0, limit: 10, isBackward: false };
 * assert.deepEqual(matchesIn(lines, wantedOf("tea")!, all, () => {}), [1, 3]);
 * assert.deepEqual(matchesIn(lines, wantedOf("tea")!, { ...all, limit: 1, isBackward: true }, () => {}), [3]);
 * ```
 */
export function matchesIn(
  lines: Uint8Array,
  wanted: Wanted,
  { before, after, limit, isBackward }: LineQuery,
  damaged: () => void,
): number[] {
  const text = decoder.decode(lines), folded = text.length === lines.length ? text.toUpperCase() : fold(text);
  const hasEscapes = text.includes(ESCAPE), parts = [...wanted.words, ...wanted.prefixes];
  const hasAll = (some: string) => parts.every((part) => some.includes(part));
  if (!hasEscapes && !hasAll(folded)) return [];
  const each = cut(lines), foldedLines = folded.split("\n"), ids: number[] = [];
  for (let i = 0; i < each.length && ids.length < limit; i++) {
    const at = isBackward ? each.length - 1 - i : i;
    const mayHaveAll = hasAll(foldedLines[at]!) || (hasEscapes && each[at]!.includes(ESCAPE.charCodeAt(0)));
    if (!mayHaveAll) continue;
    const said = parseLine(each[at]!);
    if (said === undefined) {
      damaged();
      continue;
    }
    if (said.id <= after || said.id >= before) continue;
    if (isWanted(said, wanted)) ids.push(said.id);
  }
  return isBackward ? ids.reverse() : ids;
}
