/**
 * Tells of what has changed in a room. Sessions with the feature `rooms` get objects, the sender's own too; of the others those that
 * it concerns get a text.
 */
import { COMMON_ROOM, explainRoomNote, ok, type RoomNote } from "../../jim/mod.ts";
import type { Account, Chat, Room } from "./chat.ts";
import { leadsTo } from "./room_names.ts";
import type { RoomChange } from "./room_changes.ts";
import type { RequestContext } from "./effects.ts";
import type { Session } from "./session.ts";

type Change<K extends RoomChange["kind"]> = Extract<RoomChange, { kind: K }>;

/** Sends an object about a room to those of some sessions that know the feature `rooms`, each with its own spelling. */
export function announceTo<S extends Session>(
  chat: Chat<S>,
  { effects }: RequestContext<S>,
  room: Room,
  sessions: Iterable<S>,
  object: (spelling: string) => object,
): void {
  const readers = Map.groupBy(chat.features.among(sessions, "rooms"), (reader) => chat.spelling(reader, room));
  for (const [spelling, those] of readers) effects.announce(undefined, those, object(spelling));
}

/** Tells those of some sessions that do not know the feature `rooms` in words. */
export function notifyOthers<S extends Session>(
  chat: Chat<S>,
  { effects, now, language }: RequestContext<S>,
  room: Room,
  sessions: Iterable<S>,
  note: Omit<RoomNote, "room">,
): void {
  for (const each of sessions) {
    if (chat.features.has(each, "rooms")) continue;
    effects.notify(each, ok(now, 100, explainRoomNote({ ...note, room: chat.spelling(each, room) }, language)));
  }
}

/** How a room is used, as rows and notices show it: what is not said is not so. */
export function settingsOf({ isPrivate, isForAnnouncements, isGroup }: Room): object {
  return {
    ...(isPrivate ? { private: true } : {}),
    ...(isForAnnouncements ? { announcements: true } : {}),
    ...(isGroup ? { group: true } : {}),
  };
}

export function announceSettings<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  { room, by }: Change<"settings">,
): void {
  const { now: time } = context, { isPrivate, isForAnnouncements: announcements } = room;
  announceTo(chat, context, room, chat.sessionsIn(room), (spelling) => {
    return { action: "configure", time, room: spelling, private: isPrivate, announcements, by };
  });
}

/** Tells an account that it is invited; and, where the invitation may be on a screen, that somebody has taken it back. */
export function announceInvitation<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  { room, account, is, by }: Change<"invitation">,
): void {
  if (!is && by === account.name) return; // it has declined
  const sessions = [...chat.sessionsOf(account.side)], { now: time } = context, action = is ? "invite" : "uninvite";
  announceTo(chat, context, room, sessions, (spelling) => ({ action, time, room: spelling, by }));
  if (is) notifyOthers(chat, context, room, sessions, { what: "invited", by });
}

/** Tells accounts that they are in a group. */
export function announceGroup<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  room: Room,
  accounts: readonly Account[],
  by: string,
): void {
  const sessions = accounts.flatMap(({ side }) => [...chat.sessionsOf(side)]), { now: time } = context;
  const users = [...room.members].map(({ name }) => name).sort();
  announceTo(chat, context, room, sessions, (spelling) => ({ action: "group", time, room: spelling, users, by }));
  notifyOthers(chat, context, room, sessions, { what: "added", by, why: users.join(", ") });
}

/**
 * A room has another name. Programs with the feature `rooms` use it from now on. Others would not know the room any more: they go on
 * with the name that they have used, as long as it leads to the room.
 */
export function announceName<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  { room, before, by }: Change<"roomname">,
): void {
  const { now: time, effects } = context, known = [...chat.features.among(chat.sessionsIn(room), "rooms")];
  const isKnown = new Set(known), spelling = (reader: S) => reader.spellings?.get(room) ?? before;
  for (const [old, those] of Map.groupBy(known, spelling)) {
    effects.announce(undefined, those, { action: "rename", time, room: old, name: room.name, by });
  }
  for (const each of chat.sessionsIn(room)) {
    const used = each.spellings?.get(room);
    if (isKnown.has(each) || (used !== undefined && !leadsTo(room, used))) each.spellings?.delete(room);
  }
}

export function announceClearing<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  { room, by }: Change<"clearing">,
): void {
  const { now: time } = context;
  announceTo(chat, context, room, chat.sessionsIn(room), (spelling) => ({ action: "clear", time, room: spelling, by }));
  notifyOthers(chat, context, room, chat.sessionsIn(room), { what: "cleared", by });
}

/** An owner has removed a room. */
export function announceRemoval<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  room: Room,
  by: string,
): void {
  const { now: time } = context, sessions = [...chat.sessionsIn(room)];
  announceTo(chat, context, room, sessions, (spelling) => ({ action: "remove", time, room: spelling, by }));
  notifyOthers(chat, context, room, sessions, { what: "removed", by });
  for (const each of sessions) chat.loseRoom(each, room);
}

export function announcePin<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  { room, pin: { of, is, by } }: Change<"pin">,
): void {
  const { now: time, effects } = context;
  if (room === undefined) {
    return effects.announce(undefined, chat.features.all("rooms"), {
      action: "pin",
      time,
      to: COMMON_ROOM,
      of,
      is,
      by,
    });
  }
  announceTo(chat, context, room, chat.sessionsIn(room), (spelling) => {
    return { action: "pin", time, to: spelling, of, is, by };
  });
}
