/**
 * Tells watchers that are in a room who enters it and who leaves it: by `join` and `leave`, and when somebody who is in rooms
 * gets a connection or another name. Several connections of one name count as one, as in `who_online`. Who goes offline is
 * told of by its presence alone.
 */
import type { Account, Chat, Room } from "./chat.ts";
import { roleOf } from "./replies.ts";
import type { Person, Scene } from "./voice.ts";

/** Somebody, as others see it. */
interface Side {
  readonly side: string;
  readonly account: Account | undefined;
}

/** The rooms of a connection, or of the account that it is about to enter as, in which its side is not seen yet. */
export function newRooms<P extends Person>(chat: Chat<P>, who: P, { side, account }: Side): Room[] {
  // A guest that becomes another guest keeps its rooms; what it has ends when it becomes an account.
  const rooms = account !== undefined ? account.rooms : who.account === undefined ? who.rooms : undefined;
  return [...rooms?.keys() ?? []].filter((room) => !chat.isIn(side, room));
}

/** The rooms that a connection is in. */
export function roomsOf<P extends Person>(chat: Chat<P>, who: P): Room[] {
  return who.side === undefined ? [] : [...chat.membership(who).rooms.keys()];
}

/** Tells of somebody that has become seen in these rooms. */
export function announceJoin<P extends Person>(
  chat: Chat<P>,
  scene: Scene<P>,
  who: P,
  side: Side,
  rooms: readonly Room[],
): void {
  for (const room of rooms) announceIn(chat, scene, who, side, room, "join");
}

/** Tells of somebody that is here still, and no longer in some of these rooms. */
export function announceLeave<P extends Person>(
  chat: Chat<P>,
  scene: Scene<P>,
  who: P,
  side: Side,
  rooms: readonly Room[],
): void {
  if (chat.at(side.side).size === 0) return;
  for (const room of rooms) {
    if (!chat.isIn(side.side, room)) announceIn(chat, scene, who, side, room, "leave");
  }
}

function announceIn<P extends Person>(
  chat: Chat<P>,
  { voice, now }: Scene<P>,
  who: P,
  { side, account }: Side,
  room: Room,
  action: "join" | "leave",
): void {
  const readers = Map.groupBy(chat.features.among(chat.online(room), "watch"), (reader) => chat.spelling(reader, room));
  const user = { account_name: chat.shownName(side) };
  for (const [spelling, those] of readers) {
    voice.announce(who, those, { action, time: now, room: spelling, user, role: roleOf(account) });
  }
}
