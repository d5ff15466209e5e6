// Tab: the name or the word before the cursor, made whole. A command where the line begins with `/`, behind it the names that
// it takes, as it reads them; in a text a room behind `#`, else a name; a name that begins a line gets a colon, as one speaks
// to somebody. A shortcode such as `:tada:` becomes its emoji.

import { isCommonRoom } from "../../jim/mod.ts";
import { commandNames, isCommand } from "../command_words.ts";
import { emojiByCode } from "../emoji/table.ts";
import { emojiTable } from "../emoji/program_table.ts";
import { safe } from "../safe.ts";
import type { Command, Takes } from "./command.ts";
import { commands } from "./features.ts";
import { type KnownNames, readName, readPartialName, writeName, writeNameStart } from "./names.ts";
import type { Asked, Completed } from "./typing.ts";

/** The beginning of a shortcode such as `:tada:`, of two characters or more, since `:D` is a smiley. */
const SHORTCODE = /^:[a-z0-9_+-]{2,}:?$/i;
/** The most shortcodes that are offered. */
const MOST_SHORTCODES = 40;

/**
 * Completes what is before the cursor.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const words = { names: ["ann", "anton", "Bo Li"], rooms: ["#cats"], find: () => undefined };
 * assert.deepEqual(complete("/jo", 3, words), { text: "/join ", at: 6, choices: [] });
 * assert.deepEqual(complete("an", 2, words), { text: "an", at: 2, choices: ["ann", "anton"] });
 * assert.deepEqual(complete("ant hi", 3, words), { text: "anton: hi", at: 6, choices: [] });
 * assert.deepEqual(complete("/msg b", 6, words), { text: '/msg "Bo Li" ', at: 13, choices: [] });
 * assert.deepEqual(complete("done :tad", 9, words), { text: "done 🎉 ", at: 8, choices: [] });
 * ```
 */
export function complete(text: string, at: number, words: KnownNames): Completed {
  const before = text.slice(0, at), after = text.slice(at);
  const expected = expectedIn(before);
  if (expected === undefined) return completeWord(before, after, words);
  const { head, takes } = expected, argument = before.slice(head.length), isAll = takes.isLast === true;
  const start = readPartialName(argument, isAll);
  if (start !== undefined) return completeName(expected, start, before, after, words);
  // Behind a name there may be a text, if a space is between them.
  const isText = !isAll && (readName(argument, isAll)?.rest ?? "") !== "";
  return isText ? completeWord(before, after, words) : { text, at, choices: [] };
}

/** What stands before a name, and which names may stand there. */
interface Expected {
  readonly head: string;
  readonly takes: Takes;
}

/** The name that a line expects at its end, if it begins with a command that takes one. */
function expectedIn(line: string): Expected | undefined {
  const [start = "", name = ""] = /^\/(\S+)\s+/.exec(line) ?? [];
  const { takes }: Partial<Command<Asked>> = isCommand(name) ? commands[name] : {};
  if (takes === undefined) return undefined;
  const { behind = /^/ } = takes, found = behind.exec(line.slice(start.length));
  return found === null ? undefined : { head: start + found[0], takes };
}

/** Behind a command that takes a name. */
function completeName(
  { head, takes }: Expected,
  { start, isOpen }: { readonly start: string; readonly isOpen: boolean },
  before: string,
  after: string,
  words: KnownNames,
): Completed {
  const found = named(takes, start, isOpen, words);
  const none = { text: before + after, at: before.length, choices: [] };
  if (found.length === 0) return none;
  const common = found.reduce(shared);
  if (found.length === 1) return joined(head + writeName(common), after.startsWith(" ") ? "" : " ", after);
  if (common.length > start.length) return joined(head + writeNameStart(common, isOpen), "", after);
  return { ...none, choices: found.map(writeName) };
}

/** The names that a command may take, by their beginning. An `@` may stand before a person's, or be a part of it. */
function named({ name }: Takes, start: string, isOpen: boolean, { names, rooms }: KnownNames): string[] {
  const isSigil = !isOpen && start.startsWith("@");
  const isOnlyRooms = name === "room";
  const starts = isOnlyRooms ? [] : isSigil ? [start, start.slice(1)] : [start];
  const people = [...new Set(starts.flatMap((each) => matching(names, each)))];
  const isRoom = name !== "person" && (isOnlyRooms || start === "" || start.startsWith("#"));
  if (!isRoom) return people;
  const found = matching(rooms, start.startsWith("#") ? start : `#${start}`);
  return [...people, ...isOnlyRooms ? found.filter((room) => !isCommonRoom(room)) : found];
}

/** In a text, or a command itself. */
function completeWord(before: string, after: string, words: KnownNames): Completed {
  const [word] = /\S*$/.exec(before)!;
  const head = before.slice(0, before.length - word.length);
  if (SHORTCODE.test(word)) return completeShortcode(head, word, after);
  const found = candidates(head, word, words);
  const none = { text: before + after, at: before.length, choices: [] };
  if (found.length === 0) return none;
  const common = found.reduce(shared);
  // A choice that differs from what was typed in capitals only is not decided by them.
  const start = found.length === 1 || common.length > word.length ? common : word;
  const colon = head === "" && !/^[/#@]/.test(word) ? ":" : "";
  const end = found.length > 1 ? "" : after.startsWith(" ") ? colon : `${colon} `;
  return { ...joined(head + start, end, after), choices: found.length > 1 && start === word ? found : [] };
}

/** A shortcode becomes its emoji as soon as it can be no other one. */
function completeShortcode(head: string, word: string, after: string): Completed {
  const code = word.slice(1).replace(/:$/, "").toLowerCase(), isWhole = word.endsWith(":");
  const found = emojiByCode(emojiTable(), code).filter((each) => !isWhole || each.code === code);
  const none = { text: head + word + after, at: head.length + word.length, choices: [] };
  if (found.length === 0) return none;
  if (found.length === 1) return joined(head + found[0]!.emoji, after.startsWith(" ") ? "" : " ", after);
  const common = `:${found.map((each) => each.code).reduce(shared)}`;
  if (common.length > word.length) return joined(head + common, "", after);
  return { ...none, choices: found.slice(0, MOST_SHORTCODES).map((each) => `:${each.code}: ${each.emoji}`) };
}

function candidates(head: string, word: string, { names, rooms, withheld }: KnownNames): string[] {
  if (head === "" && word.startsWith("/")) {
    return matching(commandNames.filter((name) => !withheld?.has(name)).map((name) => `/${name}`), word);
  }
  if (word.startsWith("#")) return matching(rooms, word);
  if (!word.startsWith("@")) return word === "" || head.startsWith("/") ? [] : matching(names, word);
  return [...new Set([...matching(names, word), ...matching(Array.from(names, (name) => `@${name}`), word)])];
}

function joined(start: string, end: string, after: string): Completed {
  return { text: start + end + after, at: start.length + end.length, choices: [] };
}

/** What begins so, in order. A name that cannot be shown as it is cannot be typed either. */
function matching(all: Iterable<string>, start: string): string[] {
  return [...all].filter((each) => folded(each).startsWith(folded(start)) && safe(each) === each).sort();
}

/** What two begin with, whatever their case. */
function shared(one: string, other: string): string {
  let end = 0;
  while (end < one.length && end < other.length && folded(one[end]!) === folded(other[end]!)) end++;
  return one.slice(0, end);
}

function folded(text: string): string {
  return text.toLowerCase();
}
