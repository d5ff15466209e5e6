// Tab: the word before the cursor, made whole. A command where the line begins with `/`, a room behind `#`, else a name;
// a name that begins a line gets a colon, as one speaks to somebody.

import { forms, typed } from "./commands.ts";

/** What there is to choose from. */
export interface Words {
  readonly names: Iterable<string>;
  readonly rooms: Iterable<string>;
}

/** What Tab comes to: the line as it is then, and what it could be when that is not decided yet. */
export interface Completed {
  readonly text: string;
  readonly at: number;
  readonly choices: readonly string[];
}

/** Commands that a room goes behind, and those that a name does. */
const ROOMED = /^\/(join|leave|room)\s+$/, NAMED = /^\/(msg|room|login|contacts\s+(add|del))\s+$/;

/**
 * Completes the word before the cursor.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const words = { names: ["ann", "anton", "Bo Li"], rooms: ["#cats"] };
 * assert.deepEqual(complete("/jo", 3, words), { text: "/join ", at: 6, choices: [] });
 * assert.deepEqual(complete("an", 2, words), { text: "an", at: 2, choices: ["ann", "anton"] });
 * assert.deepEqual(complete("ant hi", 3, words), { text: "anton: hi", at: 6, choices: [] });
 * assert.deepEqual(complete("/msg b", 6, words), { text: '/msg "Bo Li" ', at: 13, choices: [] });
 * ```
 */
export function complete(text: string, at: number, words: Words): Completed {
  const before = text.slice(0, at), after = text.slice(at);
  const [word] = /\S*$/.exec(before)!;
  const head = before.slice(0, before.length - word.length);
  const found = candidates(head, word, words);
  if (found.length === 0) return { text, at, choices: [] };
  const common = found.reduce(shared);
  // A choice that differs from what was typed in capitals only is not decided by them.
  const start = found.length === 1 || common.length > word.length ? common : word;
  const colon = head === "" && !/^[/#@]/.test(word) ? ":" : "";
  const end = found.length > 1 ? "" : after.startsWith(" ") ? colon : `${colon} `;
  return {
    text: head + start + end + after,
    at: head.length + start.length + end.length,
    choices: found.length > 1 && start === word ? found : [],
  };
}

function candidates(head: string, word: string, { names, rooms }: Words): string[] {
  if (head === "" && word.startsWith("/")) return matching(Object.keys(forms).map((name) => `/${name}`), word);
  if (word.startsWith("#")) return matching(rooms, word);
  const people = word.startsWith("@") ? matching(Array.from(names, (name) => `@${name}`), word) : matching(names, word);
  if (word.startsWith("@")) return people;
  if (NAMED.test(head)) return [...people.map(typed), ...ROOMED.test(head) && word === "" ? matching(rooms, word) : []];
  if (ROOMED.test(head)) return matching(rooms, `#${word}`);
  if (word === "" || head.startsWith("/")) return [];
  return people;
}

function matching(all: Iterable<string>, start: string): string[] {
  return [...all].filter((each) => folded(each).startsWith(folded(start))).sort();
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
