/**
 * Rooms: made by who joins them first, and kept. `#Lesson7` and `#lesson7` are one room; each connection is sent it in the
 * spelling that it used itself.
 */
import { COMMON_ROOM, ok, type RoomRequest, type WhoOnline } from "../../jim/mod.ts";
import type { Chat, Namesakes, Room } from "./chat.ts";
import { entered } from "./entered_room.ts";
import { looksCommon } from "./lookalike.ts";
import { deny, denyFailed, hasMadeTooMany, isMuted, list, noted, roleOf } from "./replies.ts";
import { announceJoin, announceLeave } from "./room_notices.ts";
import { tellTopic, topicIn } from "./topic.ts";
import type { Person, Scene } from "./voice.ts";

export function join<P extends Person>(chat: Chat<P>, scene: Scene<P>, who: P, said: RoomRequest): void {
  const { voice, now } = scene, { room: name, time } = said, { account } = who;
  if (name === COMMON_ROOM) return deny(scene, who, 400, "everybody");
  const room = chat.room(name);
  if (room === undefined && looksCommon(name)) return deny(scene, who, 400, "everybody");
  if (room !== undefined && chat.isMember(who, room)) {
    chat.spell(who, room, name);
    voice.answer(who, ok(now, 200, noted(scene, `you are in ${name} already`, time)));
    return tellTopic(chat, scene, who, room);
  }
  if (chat.membership(who).rooms.size >= chat.rules.rooms) {
    return deny(scene, who, 403, "rooms", { limit: chat.rules.rooms });
  }
  if (room === undefined) return create(chat, scene, who, said);
  if (account === undefined) return enter(chat, scene, who, room, said);
  const member = { kind: "member", account: account.id, room: room.id, is: true, spelling: name } as const;
  voice.propose(who, member, (scene, outcome) => {
    if (outcome === "failed") return denyFailed(scene, who);
    if (outcome === "lost") return join(chat, scene, who, said); // the room is no more
    enter(chat, scene, who, room, said);
  });
}

function create<P extends Person>(chat: Chat<P>, scene: Scene<P>, who: P, said: RoomRequest): void {
  const { voice } = scene, { room: name } = said, by = who.account === undefined ? {} : { by: who.account.id };
  if (isMuted(chat, scene, who, "room") || hasMadeTooMany(scene, who, "room", name)) return;
  voice.made("room", who);
  voice.propose(who, { kind: "room", name, ...by }, (scene, outcome) => {
    if (outcome === "failed") return denyFailed(scene, who);
    if (outcome === "lost" || outcome.kind !== "created") return join(chat, scene, who, said); // another has made it
    enter(chat, scene, who, outcome.room, said, true);
  });
}

/** A connection, or its account, is a member of a room from here on: the state has the account already, a guest it does not keep. */
function enter<P extends Person>(
  chat: Chat<P>,
  scene: Scene<P>,
  who: P,
  room: Room,
  { room: name, time }: RoomRequest,
  isNew = false,
): void {
  const side = { side: who.side!, account: who.account };
  const isFirst = who.account !== undefined || !chat.isIn(side.side, room);
  if (who.account === undefined) chat.admitGuest(who, room, name);
  else chat.joined(room);
  chat.spell(who, room, name);
  const words = isNew ? `created ${name}` : `welcome to ${name}`;
  scene.voice.answer(who, ok(scene.now, isNew ? 201 : 200, noted(scene, words, time)));
  tellTopic(chat, scene, who, room);
  if (isFirst) announceJoin(chat, scene, who, side, [room]);
}

export function leave<P extends Person>(chat: Chat<P>, scene: Scene<P>, who: P, said: RoomRequest): void {
  const { room: name } = said, { account } = who;
  if (name === COMMON_ROOM) return deny(scene, who, 400, "everybody");
  const room = entered(chat, scene, who, name, "room");
  if (room === undefined) return;
  if (account === undefined) {
    chat.dismissGuest(who, room);
    return left(chat, scene, who, room, said);
  }
  scene.voice.propose(who, { kind: "member", account: account.id, room: room.id, is: false }, (scene, outcome) => {
    if (outcome === "failed") return denyFailed(scene, who);
    if (outcome === "lost") return leave(chat, scene, who, said); // on another device
    left(chat, scene, who, room, said);
  });
}

function left<P extends Person>(
  chat: Chat<P>,
  scene: Scene<P>,
  who: P,
  room: Room,
  { room: name, time }: RoomRequest,
): void {
  who.spellings?.delete(room);
  scene.voice.answer(who, ok(scene.now, 200, noted(scene, `you have left ${name}`, time)));
  announceLeave(chat, scene, who, { side: who.side!, account: who.account }, [room]);
}

/** All rooms there are, the common chat among them. */
export function rooms<P extends Person>(chat: Chat<P>, scene: Scene<P>, who: P): void {
  const all = chat.state.rooms();
  list(scene, who, rows(), 1 + all.length);

  function* rows(): Iterable<object> {
    yield { action: "room_list", room: COMMON_ROOM, member: true };
    for (const room of all) {
      const member = chat.isMember(who, room);
      yield { action: "room_list", room: chat.spelling(who, room), member, ...topicIn(chat, who, room) };
    }
  }
}

/** Everybody who is here, or the members of a room who are; guests by one name in one row. */
export function whoOnline<P extends Person>(chat: Chat<P>, scene: Scene<P>, who: P, { room: name }: WhoOnline): void {
  let sides: readonly Namesakes<P>[];
  if (name === undefined || name === COMMON_ROOM) sides = chat.sides();
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
