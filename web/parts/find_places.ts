/** Finds rooms and people by a few letters, for the quick switcher. */
import { COMMON_ROOM, isCommonRoom } from "../../jim/message.ts";
import { nameKey } from "../../jim/name.ts";
import { isRoom } from "../conversation.ts";
import type { State } from "../model/state.ts";
import type { Words } from "../words.ts";
import { titleOf } from "./context.ts";

/** The most options that are shown; typing narrows them down. */
const MOST_OPTIONS = 50;
/** The rank of a name that does not match. */
const NO_MATCH = 9;

/** Known names that match, and names that could be created. */
export function findPlaces(typed: string, state: State, words: Words): [known: string[], others: string[]] {
  const people = new Set([
    ...state.online,
    ...state.contacts,
    ...[...state.conversations.keys()].filter((key) => !isRoom(key)),
  ]);
  people.delete(state.me!.name);
  const rooms = new Set([COMMON_ROOM, ...state.rooms, ...[...state.conversations.keys()].filter(isRoom)]);
  const all = [...rooms, ...[...people].sort()];
  const fitting = all.filter((key) => rank(key, typed, words) < NO_MATCH).sort((one, other) =>
    rank(one, typed, words) - rank(other, typed, words)
  );
  const name = typed.replace(/^#+/, "");
  if (name === "" || isCommonRoom(typed)) return [fitting.slice(0, MOST_OPTIONS), []];
  // A full name may exist and be unknown here: an account that is offline, or a room to create.
  // The room comes first, since people online are in the list already.
  const more = [`#${name}`, ...(typed.startsWith("#") || people.has(name) ? [] : [name])];
  const known = new Set(all.map(nameKey));
  return [fitting.slice(0, MOST_OPTIONS), more.filter((key) => !known.has(nameKey(key)))];
}

/** The rank of a name: equal, then a prefix, then a match inside. */
function rank(key: string, typed: string, words: Words): number {
  const sought = nameKey(typed);
  const at = [key, key.replace(/^#/, ""), titleOf(key, words)].map((name) => {
    const place = nameKey(name).indexOf(sought);
    return place < 0 ? NO_MATCH : place > 0 ? 3 : name.length > typed.length ? 2 : name === key ? 0 : 1;
  });
  return Math.min(...at);
}
