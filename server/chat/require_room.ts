/** Finds the room of a request, and refuses the request if the session is not in it, or may not do there what it asks for. */
import { COMMON_ROOM, DEFAULT_LIMITS, escapeInvisible, quote } from "../../jim/mod.ts";
import type { Chat, Room } from "./chat.ts";
import { suggestPerson } from "./suggestions.ts";
import { deny } from "./answers.ts";
import { levelIn, mayAnnounce, MEMBER, MODERATOR, OPERATOR, restraintOf } from "./room_rights.ts";
import type { RequestContext } from "./effects.ts";
import type { Session } from "./session.ts";

type Deny<S extends Session> = (...refusal: Required<Parameters<typeof deny<S>>>) => void;

/** The room with a name if the session is in it; else the request is refused. */
export function requireRoom<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  name: string,
  at: "room" | "to",
  refused: Deny<S> = deny,
): Room | undefined {
  const room = chat.findRoom(session, name);
  if (room === undefined) denyNoRoom(chat, context, session, name, at, refused);
  else if (!chat.isMember(session, room)) refused(context, session, 403, "outside", { at, got: quote(name) });
  else {
    if (session.spellings?.has(room) !== true) chat.spell(session, room, name);
    return room;
  }
  return undefined;
}

/** The same, for what others would read: the session is not muted there. */
export function requireUnmutedRoom<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  name: string,
  at: "room" | "to",
  refused: Deny<S> = deny,
): Room | undefined {
  const room = requireRoom(chat, context, session, name, at, refused);
  const mute = room && restraintOf(room, "mute", session.name!, context.now);
  if (mute === undefined) return room;
  refused(context, session, 403, "roommuted", { at, got: name, ...endAndReason(mute) });
  return undefined;
}

/** The same, for texts: in a room with announcements only owners write. */
export function requireWritableRoom<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  name: string,
  at: "room" | "to",
  refused: Deny<S> = deny,
): Room | undefined {
  const room = requireUnmutedRoom(chat, context, session, name, at, refused);
  if (room === undefined || mayAnnounce(room, session.account)) return room;
  refused(context, session, 403, "announcements", { at, got: name });
  return undefined;
}

/**
 * The room of a request that needs a level of rights; else the request is refused. Operators need not be in the room.
 *
 * @param action as the refusal calls it
 */
export function requireLevel<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  name: string,
  needed: number,
  action: string,
): Room | undefined {
  if (name === COMMON_ROOM) {
    deny(context, session, 400, "room", { at: "room", got: quote(name), limit: DEFAULT_LIMITS.name });
    return undefined;
  }
  const room = chat.findRoom(session, name), level = room && levelIn(room, session.account);
  if (room === undefined || level === undefined) denyNoRoom(chat, context, session, name, "room");
  else if (level < OPERATOR && !chat.isMember(session, room)) {
    deny(context, session, 403, "outside", { at: "room", got: quote(name) });
  } else if (room.isGroup && needed > MEMBER) {
    deny(context, session, 403, "ungrouped", { got: quote(action), like: name });
  } else if (level < needed) {
    const reason = needed === MODERATOR ? "moderators" : "owners";
    deny(context, session, 403, reason, { got: quote(action), like: name });
  } else return room;
  return undefined;
}

/** Refuses a request about a room that does not exist, or that its sender does not see: both look the same. */
export function denyNoRoom<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  name: string,
  at: "room" | "to",
  refused: Deny<S> = deny,
): void {
  refused(context, session, 404, "noroom", { at, got: quote(name), ...suggestPerson(chat, name) });
}

/** The end and the reason of a restraint, as fields of a refusal. */
export function endAndReason({ until, reason }: { until?: number; reason?: string }): { until?: number; why?: string } {
  return {
    ...(until === undefined ? {} : { until }),
    ...(reason === undefined ? {} : { why: escapeInvisible(reason) }),
  };
}
