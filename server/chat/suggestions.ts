/**
 * Suggests a person or room for a name that does not exist: `#all` for `all`, a room for `lesson7`, a person for
 * `#Bob`.
 */
import { COMMON_ROOM, nameKey, quote } from "../../jim/mod.ts";
import type { Chat } from "./chat.ts";
import type { RequestContext } from "./effects.ts";
import type { Session } from "./session.ts";

/** Names of the common chat elsewhere, as {@linkcode nameKey} writes them. */
const EVERYBODY: ReadonlySet<string> = new Set(["all", "everybody", "everyone", "chat", "@all", "все", "всем"]);

/** The suggestion in a refusal of an addressee's name that does not exist. */
export function suggestName<S extends Session>(chat: Chat<S>, session: S, name: string): { suggestion?: string } {
  if (EVERYBODY.has(nameKey(name))) return { suggestion: COMMON_ROOM };
  const room = chat.findRoom(session, `#${name}`);
  return room === undefined ? suggestPerson(chat, name) : { suggestion: room.name };
}

/** The suggestion in a refusal of a room that does not exist, or of a name with `#` or `@` before it. */
export function suggestPerson<S extends Session>(chat: Chat<S>, name: string): { suggestion?: string } {
  if (!/^[#@]./u.test(name)) return {};
  const known = chat.knownName(name.slice(1));
  return known === undefined ? {} : { suggestion: known };
}

/** The suggestion in a refusal of a request with a field that seems to be misspelt. */
export function suggestField<S extends Session>(
  { typo }: RequestContext<S>,
): { suggestion?: string; misnamed?: string } {
  return typo === undefined ? {} : { suggestion: typo.suggestion, misnamed: quote(typo.field) };
}
