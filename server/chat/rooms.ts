/** Rooms: made by who joins them first, and kept. */
import { COMMON, type Move, ok, quote, type WhoOnline } from "../../jim/mod.ts";
import type { Chat } from "./chat.ts";
import { deny, list, noted } from "./replies.ts";
import type { Person, Scene } from "./voice.ts";

export function join<P extends Person>(chat: Chat<P>, scene: Scene<P>, who: P, { room, time }: Move): void {
  const { voice, now } = scene;
  if (room === COMMON) return deny(scene, who, 400, "everybody");
  const mine = chat.membership(who).rooms;
  if (mine.has(room)) return voice.answer(who, ok(now, 200, noted(scene, `you are in ${room} already`, time)));
  if (mine.size >= chat.rules.rooms) return deny(scene, who, 403, "rooms", { limit: chat.rules.rooms });
  const isNew = !chat.rooms.has(room);
  if (isNew && !voice.keep({ kind: "room", room })) return deny(scene, who, 500, "store");
  if (who.proved && !voice.keep({ kind: "member", room, name: who.name!, is: true })) {
    return deny(scene, who, 500, "store");
  }
  if (isNew) chat.rooms.set(room, { accounts: new Set(), guests: new Set() });
  const { accounts, guests } = chat.rooms.get(room)!;
  if (who.proved) accounts.add(who.name!);
  else guests.add(who);
  mine.add(room);
  voice.answer(who, ok(now, isNew ? 201 : 200, noted(scene, isNew ? `created ${room}` : `welcome to ${room}`, time)));
}

export function leave<P extends Person>(chat: Chat<P>, scene: Scene<P>, who: P, { room, time }: Move): void {
  const { voice, now } = scene;
  if (room === COMMON) return deny(scene, who, 400, "everybody");
  if (!chat.rooms.has(room)) return deny(scene, who, 404, "noroom", { at: "room", got: quote(room) });
  const mine = chat.membership(who).rooms;
  if (!mine.has(room)) return deny(scene, who, 403, "outside", { at: "room", got: quote(room) });
  if (who.proved && !voice.keep({ kind: "member", room, name: who.name!, is: false })) {
    return deny(scene, who, 500, "store");
  }
  const { accounts, guests } = chat.rooms.get(room)!;
  if (who.proved) accounts.delete(who.name!);
  else guests.delete(who);
  mine.delete(room);
  voice.answer(who, ok(now, 200, noted(scene, `you have left ${room}`, time)));
}

/** All rooms there are, the common chat among them. */
export function rooms<P extends Person>(chat: Chat<P>, scene: Scene<P>, who: P): void {
  const mine = chat.membership(who).rooms;
  const rows = [...chat.rooms.keys()].sort().map((room) => ({ action: "room_list", room, member: mine.has(room) }));
  list(scene, who, [{ action: "room_list", room: COMMON, member: true }, ...rows]);
}

/** Everybody who is here, or the members of a room who are. */
export function whoOnline<P extends Person>(chat: Chat<P>, scene: Scene<P>, who: P, { room }: WhoOnline): void {
  if (room !== undefined && room !== COMMON) {
    if (!chat.rooms.has(room)) return deny(scene, who, 404, "noroom", { at: "room", got: quote(room) });
    if (!chat.membership(who).rooms.has(room)) {
      return deny(scene, who, 403, "outside", { at: "room", got: quote(room) });
    }
  }
  const names = room === undefined || room === COMMON
    ? chat.names()
    : [...new Set([...chat.online(room)].map(({ name }) => name!))].sort();
  list(scene, who, names.map((user_id) => ({ action: "online_list", user_id })));
}
