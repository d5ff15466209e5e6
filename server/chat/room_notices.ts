/**
 * Tells watchers that are in a room who enters it and who leaves it: by `join` and `leave`, and when somebody who is in rooms
 * gets a connection or another name. Several connections of one name count as one, as in `who_online`. Who goes offline is
 * told of by its presence alone.
 */
import type { Account, Chat, Room } from "./chat.ts";
import { roleOf } from "./replies.ts";
import type { RequestContext } from "./effects.ts";
import type { Session } from "./session.ts";

/** Somebody, as others see it. */
interface Side {
  readonly side: string;
  readonly account: Account | undefined;
}

/** The rooms of a connection, or of the account that it is about to enter as, in which its side is not seen yet. */
export function newRooms<S extends Session>(chat: Chat<S>, session: S, { side, account }: Side): Room[] {
  // A guest that becomes another guest keeps its rooms; what it has ends when it becomes an account.
  const rooms = account !== undefined ? account.rooms : session.account === undefined ? session.rooms : undefined;
  return [...rooms?.keys() ?? []].filter((room) => !chat.isSideIn(side, room));
}

/** The rooms that a connection is in. */
export function roomsOf<S extends Session>(chat: Chat<S>, session: S): Room[] {
  return session.side === undefined ? [] : [...chat.membership(session).rooms.keys()];
}

/** Tells of somebody that has become seen in these rooms. */
export function announceJoin<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  side: Side,
  rooms: readonly Room[],
): void {
  for (const room of rooms) announceIn(chat, context, session, side, room, "join");
}

/** Tells of somebody that is here still, and no longer in some of these rooms. */
export function announceLeave<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  side: Side,
  rooms: readonly Room[],
): void {
  if (chat.sessionsOf(side.side).size === 0) return;
  for (const room of rooms) {
    if (!chat.isSideIn(side.side, room)) announceIn(chat, context, session, side, room, "leave");
  }
}

function announceIn<S extends Session>(
  chat: Chat<S>,
  { effects, now }: RequestContext<S>,
  session: S,
  { side, account }: Side,
  room: Room,
  action: "join" | "leave",
): void {
  const readers = Map.groupBy(
    chat.features.among(chat.sessionsIn(room), "watch"),
    (reader) => chat.spelling(reader, room),
  );
  const user = { account_name: chat.shownName(side) };
  for (const [spelling, those] of readers) {
    effects.announce(session, those, { action, time: now, room: spelling, user, role: roleOf(account) });
  }
}
