/** Finds the room of a request, and refuses the request if the session is not in it. */
import { quote } from "../../jim/mod.ts";
import type { Chat, Room } from "./chat.ts";
import { suggestPerson } from "./suggestions.ts";
import { deny } from "./answers.ts";
import type { RequestContext } from "./effects.ts";
import type { Session } from "./session.ts";

/** The room with a name if the session is in it; else the request is refused. */
export function requireRoom<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  name: string,
  at: "room" | "to",
  refused: (...refusal: Required<Parameters<typeof deny<S>>>) => void = deny,
): Room | undefined {
  const room = chat.room(name);
  if (room === undefined) {
    refused(context, session, 404, "noroom", { at, got: quote(name), ...suggestPerson(chat, name) });
  } else if (!chat.isMember(session, room)) refused(context, session, 403, "outside", { at, got: quote(name) });
  else {
    if (session.spellings?.has(room) !== true) chat.spell(session, room, name);
    return room;
  }
  return undefined;
}
