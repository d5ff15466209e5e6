/** Who or where was meant by a name that nobody has: people write `all`, `lesson7` for the room, `#Bob` for the person. */
import { COMMON, nameKey, quote } from "../../jim/mod.ts";
import type { Chat } from "./chat.ts";
import type { Person, Scene } from "./voice.ts";

/** What the common chat is called elsewhere, as {@linkcode nameKey} writes it. */
const EVERYBODY: ReadonlySet<string> = new Set(["all", "everybody", "everyone", "chat", "@all", "все", "всем"]);

/** What a refusal asks of a name that nobody here has. */
export function meantByName<P extends Person>(chat: Chat<P>, name: string): { meant?: string } {
  if (EVERYBODY.has(nameKey(name))) return { meant: COMMON };
  const room = chat.room(`#${name}`);
  return room === undefined ? meantPerson(chat, name) : { meant: room.name };
}

/** What a refusal asks of a room that is not there, or of a name with a sign before it. */
export function meantPerson<P extends Person>(chat: Chat<P>, name: string): { meant?: string } {
  if (!/^[#@]./u.test(name)) return {};
  const bare = name.slice(1), [here] = chat.named(bare), known = chat.account(bare)?.name ?? here?.name;
  return known === undefined ? {} : { meant: known };
}

/** What a refusal asks of a request in which a field seems to be misspelt. */
export function meantBySlip<P extends Person>({ slip }: Scene<P>): { meant?: string; instead?: string } {
  return slip === undefined ? {} : { meant: slip.meant, instead: quote(slip.field) };
}
