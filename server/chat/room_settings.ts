/**
 * What an owner does with a room: `configure`, `rename`, `clear` and `remove`. The order of the log decides whether the session is
 * still an owner's when the request takes effect.
 */
import { COMMON_ROOM, type Configure, DEFAULT_LIMITS, ok, quote, type Rename, type RoomOrder } from "../../jim/mod.ts";
import type { StateProposal } from "../journal/records.ts";
import type { Chat, Room } from "./chat.ts";
import { deny, denyNotStored, isMuted, withRemarks } from "./answers.ts";
import { looksCommon } from "./lookalike.ts";
import { requireLevel } from "./require_room.ts";
import { OWNER } from "./room_rights.ts";
import type { RequestContext } from "./effects.ts";
import type { Session } from "./session.ts";

/** So many of a room's earlier names still lead to it. */
const MAX_FORMER = 3;

/** The requests that this file handles. */
export type OwnerRequest = Configure | Rename | RoomOrder & { readonly action: "clear" | "remove" };

export function configure<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  request: Configure,
): void {
  const { room: name, private: is, announcements } = request, { name: by } = session;
  const room = requireLevel(chat, context, session, name, OWNER, request.action);
  if (room === undefined) return;
  const settings = { private: is ?? room.isPrivate, announcements: announcements ?? room.isForAnnouncements };
  if (settings.private === room.isPrivate && settings.announcements === room.isForAnnouncements) {
    return context.effects.answer(session, ok(context.now, 200, "ok; it is so already"));
  }
  const open = room.isPrivate && !settings.private ? chat.state.room(room.name) : undefined;
  if (open !== undefined && open !== room) {
    return deny(context, session, 409, "roomtaken", { at: "room", got: quote(name) });
  }
  const record = { kind: "settings", room: room.id, ...settings, by: by!, time: context.now } as const;
  propose(chat, context, session, room, record, request, "ok", configure);
}

export function rename<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  request: Rename,
): void {
  const { room: name, name: next } = request, at = "name", got = quote(next);
  const room = requireLevel(chat, context, session, name, OWNER, request.action);
  if (room === undefined || isMuted(chat, context, session, at)) return;
  if (next === COMMON_ROOM || looksCommon(next)) {
    return deny(context, session, 400, "room", { at, got, limit: DEFAULT_LIMITS.name });
  }
  const taken = chat.findRoom(session, next);
  if (next === room.name || (taken !== undefined && taken !== room)) {
    return deny(context, session, 409, "roomtaken", { at, got });
  }
  const { name: before } = room, former = [before, ...room.former.filter((each) => each !== next && each !== before)];
  const record = {
    kind: "roomname",
    room: room.id,
    name: next,
    before,
    former: former.slice(0, MAX_FORMER),
    by: session.name!,
  } as const;
  propose(chat, context, session, room, record, request, `${before} is ${next} now`, rename);
}

export function clear<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  request: RoomOrder,
): void {
  const room = requireLevel(chat, context, session, request.room, OWNER, request.action);
  if (room === undefined) return;
  const record = { kind: "clearing", room: room.id, by: session.name! } as const;
  propose(chat, context, session, room, record, request, `the messages of ${request.room} are deleted`, clear);
}

export function remove<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  request: RoomOrder,
): void {
  const room = requireLevel(chat, context, session, request.room, OWNER, request.action);
  if (room === undefined) return;
  const names = [room.name, ...room.former], users = [...room.members].map(({ id }) => id);
  const removal = { kind: "removal", of: room.id, by: session.name!, names, time: context.now } as const;
  const record = room.isPrivate ? { ...removal, users } : removal;
  propose(chat, context, session, room, record, request, `${request.room} is removed`, remove);
}

/** Proposes a record. If it loses to an earlier one, the room or its owners have changed meanwhile: the request is handled again. */
function propose<S extends Session, R extends { readonly action: string; readonly time: number | null }>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  { name }: Room,
  record: StateProposal,
  request: R,
  words: string,
  again: (chat: Chat<S>, context: RequestContext<S>, session: S, request: R) => void,
): void {
  context.effects.propose(session, record, (context, outcome) => {
    if (outcome === "failed") return denyNotStored(context, session);
    if (outcome === "lost") return again(chat, context, session, request);
    context.effects.answer(session, ok(context.now, 200, withRemarks(context, words, request.time)));
    context.effects.logOrder(session, `${request.action} ${quote(name)}`);
  });
}
