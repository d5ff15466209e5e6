// What the user asks for about ignored people: to ignore somebody, to take that back, to list them.

import type { ChatState } from "./chat_state.ts";
import { typed } from "./names.ts";

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
