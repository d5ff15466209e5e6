/** Finds the conversation of a request about a message, and refuses the request if the session has no part in it. */
import { COMMON_ROOM } from "../../jim/mod.ts";
import { between } from "../journal/conversation.ts";
import type { Chat, Room } from "./chat.ts";
import { deny } from "./answers.ts";
import { requireRoom } from "./require_room.ts";
import type { RequestContext } from "./effects.ts";
import type { Session } from "./session.ts";

/** A conversation, and its addressee as it is relayed. */
export interface Place {
  readonly conversation: string;
  readonly to: string;
  /** Undefined for everybody's room and for a person. */
  readonly room?: Room;
}

/** @param findRoom refuses more rooms if the request says something there */
export function placeOf<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  to: string,
  findRoom: typeof requireRoom = requireRoom,
): Place | undefined {
  if (to === COMMON_ROOM) return { conversation: COMMON_ROOM, to };
  if (to.startsWith("#")) {
    const room = findRoom(chat, context, session, to, "to");
    return room && { conversation: room.conversation, to: room.name, room };
  }
  const account = chat.account(to);
  if (account === undefined && !session.isLoggedIn) {
    deny(context, session, 404, "unkept", { at: "to" });
    return undefined;
  }
  return { conversation: between(session.side!, chat.sideOf(to)), to: account?.name ?? to };
}
