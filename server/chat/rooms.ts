/**
 * Rooms: made by who joins them first, and kept. `#Lesson7` and `#lesson7` are one room; each connection is sent it in the
 * spelling that it used itself.
 */
import { COMMON, type Move, ok, quote, type WhoOnline } from "../../jim/mod.ts";
import type { Chat, Namesakes, Room } from "./chat.ts";
import { looksCommon } from "./lookalike.ts";
import { meantPerson } from "./meant.ts";
import { deny, hasMadeTooMany, isMuted, list, noted, roleOf } from "./replies.ts";
import { announceJoin, announceLeave } from "./room_notices.ts";
import type { Person, Scene } from "./voice.ts";

export function join<P extends Person>(chat: Chat<P>, scene: Scene<P>, who: P, { room: name, time }: Move): void {
  const { voice, now } = scene;
  if (name === COMMON) return deny(scene, who, 400, "everybody");
  const known = chat.room(name);
  if (known === undefined && looksCommon(name)) return deny(scene, who, 400, "everybody");
  if (known !== undefined && chat.isMember(who, known)) {
    chat.spell(who, known, name);
    return voice.answer(who, ok(now, 200, noted(scene, `you are in ${name} already`, time)));
  }
  if (chat.membership(who).rooms.size >= chat.rules.rooms) {
    return deny(scene, who, 403, "rooms", { limit: chat.rules.rooms });
  }
  if (known === undefined && isMuted(chat, scene, who, "room")) return;
  if (known === undefined && hasMadeTooMany(scene, who, "room", name)) return;
  if (known === undefined && !voice.keep({ kind: "room", room: name })) return deny(scene, who, 500, "store");
  if (!keep(scene, who, known?.name ?? name, name, true)) return deny(scene, who, 500, "store");
  if (known === undefined) voice.made("room", who);
  const room = known ?? chat.addRoom(name), side = { side: who.side!, account: who.account };
  const isFirst = !chat.isIn(side.side, room);
  chat.join(who, room, name);
  const words = known === undefined ? `created ${name}` : `welcome to ${name}`;
  voice.answer(who, ok(now, known === undefined ? 201 : 200, noted(scene, words, time)));
  if (isFirst) announceJoin(chat, scene, who, side, [room]);
}

export function leave<P extends Person>(chat: Chat<P>, scene: Scene<P>, who: P, { room: name, time }: Move): void {
  const { voice, now } = scene;
  if (name === COMMON) return deny(scene, who, 400, "everybody");
  const room = entered(chat, scene, who, name, "room");
  if (room === undefined) return;
  if (!keep(scene, who, room.name, name, false)) return deny(scene, who, 500, "store");
  chat.leaveRoom(who, room);
  voice.answer(who, ok(now, 200, noted(scene, `you have left ${name}`, time)));
  announceLeave(chat, scene, who, { side: who.side!, account: who.account }, [room]);
}

/** All rooms there are, the common chat among them. */
export function rooms<P extends Person>(chat: Chat<P>, scene: Scene<P>, who: P): void {
  const all = chat.rooms();
  list(scene, who, rows(), 1 + all.length);

  function* rows(): Iterable<object> {
    yield { action: "room_list", room: COMMON, member: true };
    for (const room of all) {
      yield { action: "room_list", room: chat.spelling(who, room), member: chat.isMember(who, room) };
    }
  }
}

/** Everybody who is here, or the members of a room who are; guests by one name in one row. */
export function whoOnline<P extends Person>(chat: Chat<P>, scene: Scene<P>, who: P, { room: name }: WhoOnline): void {
  let sides: readonly Namesakes<P>[];
  if (name === undefined || name === COMMON) sides = chat.sides();
  else {
    const room = entered(chat, scene, who, name, "room");
    if (room === undefined) return;
    sides = chat.sidesIn(room);
  }
  list(scene, who, sides.values().map(row), sides.length);
}

function row<P>({ name, account, people }: Namesakes<P>): object {
  const guests = account === undefined && people.size > 1 ? { guests: people.size } : {};
  return { action: "online_list", user_id: name, role: roleOf(account), ...guests };
}

/** The room by a name, if this connection may speak of it; else its sender is told why not. */
export function entered<P extends Person>(
  chat: Chat<P>,
  scene: Scene<P>,
  who: P,
  name: string,
  at: "room" | "to",
  refused: (...refusal: Required<Parameters<typeof deny<P>>>) => void = deny,
): Room<P> | undefined {
  const room = chat.room(name);
  if (room === undefined) refused(scene, who, 404, "noroom", { at, got: quote(name), ...meantPerson(chat, name) });
  else if (!chat.isMember(who, room)) refused(scene, who, 403, "outside", { at, got: quote(name) });
  else {
    if (who.spellings?.has(room.name) !== true) chat.spell(who, room, name);
    return room;
  }
  return undefined;
}

function keep<P extends Person>(
  { voice }: Scene<P>,
  { account }: P,
  room: string,
  spelling: string,
  is: boolean,
): boolean {
  return account === undefined || voice.keep({ kind: "member", room, account: account.id, spelling, is });
}
