// Which conversation is in front: turning to one, joining a room, leaving one.

import { COMMON_ROOM, isCommonRoom } from "../../jim/mod.ts";
import type { ChatState } from "./chat_state.ts";
import { type Command, type GoTo, personOf, roomOf } from "./command.ts";
import { type KnownNames, readName, writeName } from "./names.ts";
import { readHistory } from "./resync.ts";
import { statusLines } from "./status.ts";

interface Join {
  readonly do: "join";
  readonly room: string;
}
/** The room, or what is in front. */
interface Leave {
  readonly do: "leave";
  readonly room: string | undefined;
}

export const navigationCommands = {
  join: {
    takes: { name: "room", isLast: true },
    read(rest, find) {
      const room = roomOf(rest, find);
      return room === undefined ? undefined : { do: "join", room };
    },
    execute: (chat, { room }, now) => join(chat, room, now),
  } satisfies Command<Join>,
  leave: {
    takes: { name: "room", isLast: true },
    read(rest, find) {
      const room = roomOf(rest, find);
      return rest !== "" && room === undefined ? undefined : { do: "leave", room };
    },
    execute: (chat, { room }, now) => leave(chat, room ?? chat.conversations.current, now),
  } satisfies Command<Leave>,
  room: {
    takes: { name: "either", isLast: true },
    read(rest, find) {
      if (rest === "") return { do: "room", place: undefined };
      const isRoom = /^"?#/.test(rest) || isOnlyRoom(rest, find);
      const place = isCommonRoom(rest) ? COMMON_ROOM : isRoom ? roomOf(rest, find) : personOf(rest, find);
      return place === undefined ? undefined : { do: "room", place };
    },
    execute: (chat, { place }, now) => place === undefined ? listPlaces(chat, now) : go(chat, place, now),
  } satisfies Command<GoTo>,
};

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
 * assert.equal(chat.conversations.current, "bob");
 * go(chat, "#cats", 0);
 * assert.match(chat.window.out, /You are not in #cats: \/join #cats comes in/);
 * ```
 */
export function go(chat: ChatState, name: string, now: number): void {
  const isNew = !chat.conversations.has(name);
  if (isNew && !name.startsWith("#")) {
    turnTo(chat, name, now);
    const isKnown = chat.names.has(name) || chat.isMe(name), room = writeName(`#${name}`);
    if (chat.speaksJim && chat.state === "here" && !isKnown) {
      chat.showNotice(chat.texts.nobodyCalled(writeName(name), room), now);
    }
    return;
  }
  if (!isNew) return turnTo(chat, name, now);
  chat.warn(chat.texts.notInJoin(name, writeName(name)), now);
}

/** Comes into a room, and goes there. */
function join(chat: ChatState, room: string, now: number): void {
  if (chat.conversations.isIn(room)) return go(chat, room, now);
  chat.request(
    `/join ${writeName(room)}`,
    { object: { action: "join", time: chat.time(now), room } },
    now,
    (reply, now) => {
      const present = reply.room ?? room;
      chat.rooms.add(present);
      comeIn(chat, present, now);
    },
  );
}

/** The server has let the user into a room: goes there. Of one that was lost, what was said since is read. */
export function comeIn(chat: ChatState, room: string, now: number): void {
  const { conversations } = chat, wasLost = conversations.has(room) && !conversations.isIn(room);
  conversations.setLost(room, false);
  turnTo(chat, room, now);
  if (wasLost && chat.speaksJim) readHistory(chat, conversations.open(room), now);
}

/** Leaves a room, or forgets a conversation with a person or a room that was lost. */
function leave(chat: ChatState, name: string, now: number): void {
  const { conversations } = chat;
  if (name === COMMON_ROOM) return chat.warn(chat.texts.cannotLeave(name), now);
  if (!conversations.has(name)) return chat.warn(chat.texts.notIn(name), now);
  const forget = (now: number) => {
    const { current } = conversations;
    conversations.close(name);
    if (current === name) go(chat, COMMON_ROOM, now);
    else chat.showNotice(chat.texts.hasLeft(name), now);
  };
  if (!name.startsWith("#") || !conversations.isIn(name)) return forget(now);
  const object = { action: "leave", time: chat.time(now), room: name };
  chat.request(`/leave ${writeName(name)}`, { object }, now, (_, now) => forget(now));
}

/** One's own conversations. */
function listPlaces(chat: ChatState, now: number): void {
  const { conversations, texts } = chat;
  const lines = [...conversations].map(({ name, fresh: count }) => {
    const written = writeName(name);
    return name === conversations.current ? texts.front(written) : count > 0 ? texts.fresh(written, count) : written;
  });
  chat.showNotice([texts.conversations, ...lines], now);
}

/** Makes a conversation the current one, and reads its past if it is new. */
export function turnTo(chat: ChatState, name: string, now: number): void {
  const { conversations, transcript } = chat;
  const isNew = !conversations.has(name);
  transcript.turnTo(name, chat.wall(now));
  for (const line of statusLines(chat, [name])) chat.showNotice(line, now);
  const isIn = chat.state === "here" || chat.state === "resyncing"; // on coming in, the past of all is read
  if (isNew && isIn && chat.speaksJim) readHistory(chat, conversations.open(name), now);
}

/** Whether a name without `#` can be a room's only: one is known by it, and no person is. */
function isOnlyRoom(text: string, find: KnownNames["find"]): boolean {
  const found = readName(text, true);
  return found !== undefined && !found.isQuoted && find(found.name) === undefined &&
    find(`#${found.name}`) !== undefined;
}
