/**
 * Announces joins and leaves to watchers in a room: by `join` and `leave`, and when a session enters the chat or
 * changes its name. Several sessions with one name count as one, as in `who_online`. Going offline is announced by
 * presence alone.
 */
import { type Account, type Chat, localSession, type Room } from "./chat.ts";
import { roleOf } from "./replies.ts";
import type { RequestContext } from "./effects.ts";
import type { AttendanceChange } from "./roster.ts";
import type { Session } from "./session.ts";

/** One side, as others see it. */
interface Side {
  readonly side: string;
  readonly account: Account | undefined;
}

/** Announces a side that has become visible in rooms. */
export function announceJoin<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  by: S | undefined,
  side: Side,
  rooms: readonly Room[],
): void {
  for (const room of rooms) announceIn(chat, context, by, side, room, "join");
}

/** Announces a side that is still connected, and has left some of these rooms. */
export function announceLeave<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  by: S | undefined,
  side: Side,
  rooms: readonly Room[],
): void {
  if (!chat.isPresent(side.side)) return;
  for (const room of rooms) {
    if (!chat.isSideIn(side.side, room)) announceIn(chat, context, by, side, room, "leave");
  }
}

/** Announces that a guest has entered or left a room, unless another guest of its name is in it. */
export function announceAttendance<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  { member, room, is, isSeen }: AttendanceChange,
): void {
  if (!isSeen) return;
  const announceOne = is ? announceJoin : announceLeave;
  announceOne(chat, context, localSession<S>(member), { side: member.side!, account: undefined }, [room]);
}

function announceIn<S extends Session>(
  chat: Chat<S>,
  { effects, now }: RequestContext<S>,
  by: S | undefined,
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
    effects.announce(by, those, { action, time: now, room: spelling, user, role: roleOf(account) });
  }
}
