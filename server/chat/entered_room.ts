/** The room that a request speaks of: its sender has to be in it. */
import { quote } from "../../jim/mod.ts";
import type { Chat, Room } from "./chat.ts";
import { meantPerson } from "./meant.ts";
import { deny } from "./replies.ts";
import type { Person, Scene } from "./voice.ts";

/** The room by a name, if this connection may speak of it; else its sender is told why not. */
export function entered<P extends Person>(
  chat: Chat<P>,
  scene: Scene<P>,
  who: P,
  name: string,
  at: "room" | "to",
  refused: (...refusal: Required<Parameters<typeof deny<P>>>) => void = deny,
): Room | undefined {
  const room = chat.room(name);
  if (room === undefined) refused(scene, who, 404, "noroom", { at, got: quote(name), ...meantPerson(chat, name) });
  else if (!chat.isMember(who, room)) refused(scene, who, 403, "outside", { at, got: quote(name) });
  else {
    if (who.spellings?.has(room) !== true) chat.spell(who, room, name);
    return room;
  }
  return undefined;
}
