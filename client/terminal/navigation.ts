// Which conversation is in front: turning to one, joining a room, leaving one.

import { COMMON_ROOM } from "../../jim/mod.ts";
import type { ChatState } from "./chat_state.ts";
import { typed } from "./names.ts";
import { readPast } from "./resync.ts";

/**
 * Goes to a conversation: a room one is in, or a person.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { ChatState } from "./chat_state.ts";
 * import { plain } from "./paint.ts";
 * const chat = new ChatState({ address: "::1", port: 7777, name: "ann" }, plain, Math.random, 0);
 * go(chat, "bob", 0);
 * assert.equal(chat.places.front, "bob");
 * go(chat, "#cats", 0);
 * assert.match(chat.window.out, /You are not in #cats: \/join #cats comes in/);
 * ```
 */
export function go(chat: ChatState, name: string, now: number): void {
  const isNew = !chat.places.has(name);
  if (isNew && !name.startsWith("#")) {
    turnTo(chat, name, now);
    const isKnown = chat.names.has(name) || chat.isMe(name), room = typed(`#${name}`);
    if (chat.jim && chat.state === "here" && !isKnown) chat.note(chat.texts.nobodyCalled(typed(name), room), now);
    return;
  }
  if (!isNew) return turnTo(chat, name, now);
  chat.warn(chat.texts.notInJoin(name, typed(name)), now);
}

/** Comes into a room, and goes there. */
export function join(chat: ChatState, room: string, now: number): void {
  if (chat.places.has(room)) return go(chat, room, now);
  chat.ask(`/join ${typed(room)}`, { object: { action: "join", time: chat.time(now), room } }, now, (_, now) => {
    chat.rooms.add(room);
    turnTo(chat, room, now);
  });
}

/** Leaves a room, or forgets a conversation with a person. */
export function part(chat: ChatState, name: string, now: number): void {
  const { places } = chat;
  if (name === COMMON_ROOM) return chat.warn(chat.texts.cannotLeave(name), now);
  if (!places.has(name)) return chat.warn(chat.texts.notIn(name), now);
  const forget = (now: number) => {
    const { front } = places;
    places.close(name);
    if (front === name) go(chat, COMMON_ROOM, now);
    else chat.note(chat.texts.hasLeft(name), now);
  };
  if (!name.startsWith("#")) return forget(now);
  const object = { action: "leave", time: chat.time(now), room: name };
  chat.ask(`/leave ${typed(name)}`, { object }, now, (_, now) => forget(now));
}

function turnTo(chat: ChatState, name: string, now: number): void {
  const { places, transcript } = chat;
  const isNew = !places.has(name);
  transcript.turnTo(name, chat.wall(now));
  const isIn = chat.state === "here" || chat.state === "resyncing"; // on coming in, the past of all is read
  if (isNew && isIn && chat.jim) readPast(chat, places.open(name), now);
}
