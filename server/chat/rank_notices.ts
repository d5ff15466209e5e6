/**
 * Tells of ranks in a room, and of who was put out or silenced there. Sessions with the feature `rooms` get objects, the sender's
 * own too; of the others those that it concerns get a text.
 */
import { escapeInvisible, explain, ok, refuse, untilField } from "../../jim/mod.ts";
import { type Chat, localSession, type Room } from "./chat.ts";
import { announceAttendance } from "./presence_notices.ts";
import { endAndReason } from "./require_room.ts";
import { announceTo, notifyOthers } from "./room_events.ts";
import type { AttendanceChange } from "./presence_changes.ts";
import type { RoomChange } from "./room_changes.ts";
import type { RequestContext } from "./effects.ts";
import type { Session } from "./session.ts";

type RankChange = Extract<RoomChange, { kind: "rank" }>;
type RestraintChange = Extract<RoomChange, { kind: "restraint" }>;

export function announceRank<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  { room, account: { name, side }, rank, by }: RankChange,
): void {
  const { now: time } = context;
  announceTo(chat, context, room, chat.sessionsIn(room), (spelling) => {
    return { action: "rank", time, room: spelling, user_id: name, rank, by };
  });
  notifyOthers(chat, context, room, chat.sessionsOf(side), { what: rank, by });
}

/** Tells a side that it was put out of a room. */
export function tellPutOut<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  room: Room,
  side: string | readonly S[],
  { by, reason }: { readonly by: string | undefined; readonly reason: string | undefined },
): void {
  const sessions = typeof side === "string" ? [...chat.sessionsOf(side)] : side, { now: time } = context;
  announceTo(chat, context, room, sessions, (spelling) => {
    return { action: "kick", time, room: spelling, by, ...reason === undefined ? {} : { reason } };
  });
  const why = reason === undefined ? {} : { why: escapeInvisible(reason) };
  notifyOthers(chat, context, room, sessions, { what: "putout", by: by!, ...why });
  for (const each of sessions) chat.loseRoom(each, room);
}

/** A guest has entered a room on another server, or was put out. */
export function handleAttendance<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  change: AttendanceChange,
): void {
  const guest = localSession<S>(change.member);
  if (change.by !== undefined && guest !== undefined) tellPutOut(chat, context, change.room, [guest], change);
  announceAttendance(chat, context, change);
}

/** Puts guests that a ban concerns out of its room, those of which the log knows nothing for the moment; or {@linkcode tellMuted}. */
export function handleRestraint<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  change: RestraintChange,
): void {
  const { room, restraint: { what, who, is, by, reason } } = change;
  if (what === "mute") return tellMuted(chat, context, change);
  const guests = is ? chat.roster.dropUnlisted(room, who) as S[] : [];
  if (guests.length > 0) tellPutOut(chat, context, room, guests, { by, reason });
}

/** Tells a side that it may not write in a room, if there is a reason to show; else it is told when it writes. */
function tellMuted<S extends Session>(
  chat: Chat<S>,
  { effects, now, language }: RequestContext<S>,
  { room, restraint }: RestraintChange,
): void {
  if (!restraint.is || restraint.reason === undefined) return;
  for (const each of chat.sessionsAlike(restraint.who)) {
    if (!chat.isMember(each, room)) continue;
    const refusal = refuse("roommuted", { code: 403, got: chat.spelling(each, room), ...endAndReason(restraint) });
    effects.notify(each, { ...ok(now, 100, explain(refusal, language)), ...untilField(restraint.until ?? Infinity) });
  }
}
