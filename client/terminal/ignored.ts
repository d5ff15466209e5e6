// The people whose messages and notices are not shown. Only this program knows them: nothing is sent to the server, and the
// list ends with the program.

import { nameKey } from "../../jim/mod.ts";
import type { ChatState } from "./chat_state.ts";
import { typed } from "./names.ts";

/**
 * Names that are ignored, in whatever spelling.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const ignored = new Ignored();
 * ignored.add("Eve");
 * assert.deepEqual([ignored.has("EVE"), ignored.has("ann"), ignored.names], [true, false, ["Eve"]]);
 * assert.equal(ignored.remove("eve"), true);
 * assert.deepEqual(ignored.names, []);
 * ```
 */
export class Ignored {
  /** By their keys, in the spelling that they were given in. */
  readonly #names = new Map<string, string>();

  get names(): string[] {
    return [...this.#names.values()];
  }

  has(name: string): boolean {
    return this.#names.size > 0 && this.#names.has(nameKey(name));
  }

  add(name: string): void {
    this.#names.set(nameKey(name), name);
  }

  /** Returns false if the name was not ignored. */
  remove(name: string): boolean {
    return this.#names.delete(nameKey(name));
  }
}

/** Ignores a person. */
export function ignore(chat: ChatState, name: string, now: number): void {
  if (chat.isMe(name)) return chat.warn(chat.texts.notYourself, now);
  chat.ignored.add(name);
  chat.places.drop((from) => chat.ignored.has(from));
  chat.note(chat.texts.ignored(typed(name)), now);
}

/** Shows again what a person says. */
export function unignore(chat: ChatState, name: string, now: number): void {
  if (chat.ignored.remove(name)) chat.note(chat.texts.unignored(typed(name)), now);
  else chat.warn(chat.texts.notIgnored(typed(name)), now);
}

/** Says which people are ignored. */
export function listIgnored(chat: ChatState, now: number): void {
  const names = chat.ignored.names.map(typed).join(", ");
  chat.note(names === "" ? chat.texts.ignoresNobody : chat.texts.ignores(names), now);
}
