/**
 * Announces joins and leaves to watchers in a room: by `join` and `leave`, and when a session enters the chat or
 * changes its name. Several sessions with one name count as one, as in `who_online`. Going offline is announced by
 * presence alone.
 */
import type { Account, Chat, Room } from "./chat.ts";
import { roleOf } from "./replies.ts";
import type { RequestContext } from "./effects.ts";
import type { Session } from "./session.ts";

/** One side, as others see it. */
interface Side {
  readonly side: string;
  readonly account: Account | undefined;
}

/** The rooms of a session, or of its account to be, in which its side is not seen yet. */
export function newRooms<S extends Session>(chat: Chat<S>, session: S, { side, account }: Side): Room[] {
  // A guest with a new name keeps its rooms. It loses them when it logs in.
  const rooms = account !== undefined ? account.rooms : session.account === undefined ? session.rooms : undefined;
  return [...rooms?.keys() ?? []].filter((room) => !chat.isSideIn(side, room));
}

/** The rooms of a session. */
export function roomsOf<S extends Session>(chat: Chat<S>, session: S): Room[] {
  return session.side === undefined ? [] : [...chat.membership(session).rooms.keys()];
}

/** Announces a side that has become visible in rooms. */
export function announceJoin<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  side: Side,
  rooms: readonly Room[],
): void {
  for (const room of rooms) announceIn(chat, context, session, side, room, "join");
}

/** Announces a side that is still connected, and has left some of these rooms. */
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
