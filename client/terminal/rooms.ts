// What the owners and moderators of a room do with it, and what everybody is told of that: ranks, invitations, groups, settings, its
// name, its end, pins. A command is about the room in front.

import { COMMON_ROOM, RANKS } from "../../jim/mod.ts";
import type { ListRow } from "../../jim/client/event.ts";
import type { RoomEvent } from "../../jim/client/room_event.ts";
import type { ChatState } from "./chat_state.ts";
import { type Command, personOf, roomOf } from "./command.ts";
import { lastOf } from "./message_commands.ts";
import { type KnownNames, personNamed, readName, writeName } from "./names.ts";
import { comeIn, turnTo } from "./navigation.ts";

interface ForPerson<D extends string> {
  readonly do: D;
  readonly name: string;
}
interface ForRoom<D extends string> {
  readonly do: D;
  readonly room: string;
}
interface Plain<D extends string> {
  readonly do: D;
}
interface Rank extends ForPerson<"rank"> {
  readonly rank: string;
}
interface Group {
  readonly do: "group";
  readonly names: readonly string[];
}
interface Set {
  readonly do: "set";
  readonly setting: Setting;
}
/** By its number in the list of the pinned messages. */
interface Unpin {
  readonly do: "unpin";
  readonly number: number;
}

/** What `/set` takes, and what is asked for. */
const SETTINGS = {
  private: { private: true },
  open: { private: false },
  announcements: { announcements: true },
  discussion: { announcements: false },
} as const;
type Setting = keyof typeof SETTINGS;

export const roomCommands = {
  members: plain("members", (chat, now) => listMembers(chat, now)),
  rank: {
    takes: { name: "person" },
    read(rest, find) {
      const found = readName(rest, false), name = found && personNamed(found, find);
      const rank = RANKS.find((each) => each === found?.rest);
      return name === undefined || rank === undefined ? undefined : { do: "rank", name, rank };
    },
    execute: (chat, { name, rank }, now) =>
      order(chat, "rank", { user_id: name, rank }, now, (room) => chat.texts.hasRank(writeName(name), rank, room)),
  } satisfies Command<Rank>,
  create: {
    takes: { name: "room", isLast: true },
    read: (rest, find) => forRoom("create", rest, find),
    execute: (chat, { room }, now) => create(chat, room, now),
  } satisfies Command<ForRoom<"create">>,
  invite: person("invite", (chat, name, room) => chat.texts.isInvited(name, room)),
  uninvite: person("uninvite", (chat, name, room) => chat.texts.isUninvited(name, room)),
  group: {
    takes: { name: "person" },
    read(rest, find) {
      const names: string[] = [];
      for (let found = readName(rest, false); found !== undefined; found = readName(found.rest, false)) {
        const name = personNamed(found, find);
        if (name === undefined) return undefined;
        names.push(name);
      }
      return names.length < 2 ? undefined : { do: "group", names };
    },
    execute: (chat, { names }, now) => group(chat, names, now),
  } satisfies Command<Group>,
  set: {
    read: (rest) => Object.hasOwn(SETTINGS, rest) ? { do: "set", setting: rest as Setting } : undefined,
    execute: (chat, { setting }, now) =>
      order(
        chat,
        "set",
        { action: "configure", ...SETTINGS[setting] },
        now,
        (room) => chat.texts.settings[setting](room),
      ),
  } satisfies Command<Set>,
  rename: {
    read: (rest, find) => forRoom("rename", rest, find),
    execute: (chat, { room: name }, now) => order(chat, "rename", { name }, now),
  } satisfies Command<ForRoom<"rename">>,
  pin: {
    takes: { name: "person", isLast: true },
    read(rest, find) {
      const name = personOf(rest, find);
      return name === undefined ? undefined : { do: "pin", name };
    },
    execute: (chat, { name }, now) => pinLast(chat, name, now),
  } satisfies Command<ForPerson<"pin">>,
  unpin: {
    read: (rest) => /^[1-9]\d*$/.test(rest) ? { do: "unpin", number: Number(rest) } : undefined,
    execute: (chat, { number }, now) => unpin(chat, number, now),
  } satisfies Command<Unpin>,
  pins: plain("pins", (chat, now) => listPins(chat, now)),
  // A command that cannot be taken back names the room.
  clearroom: ending("clearroom", "clear"),
  removeroom: ending("removeroom", "remove"),
};

function plain<D extends "members" | "pins">(name: D, execute: (chat: ChatState, now: number) => void) {
  return {
    read: (rest) => rest === "" ? { do: name } : undefined,
    execute: (chat, _, now) => execute(chat, now),
  } satisfies Command<Plain<D>>;
}

function person<D extends "invite" | "uninvite">(
  action: D,
  done: (chat: ChatState, name: string, room: string) => string,
) {
  return {
    takes: { name: "person", isLast: true },
    read(rest, find) {
      const name = personOf(rest, find);
      return name === undefined ? undefined : { do: action, name };
    },
    execute: (chat, { name }, now) =>
      order(chat, action, { user_id: name }, now, (room) => done(chat, writeName(name), room)),
  } satisfies Command<ForPerson<D>>;
}

function ending<D extends "clearroom" | "removeroom">(name: D, action: "clear" | "remove") {
  return {
    takes: { name: "room", isLast: true },
    read: (rest, find) => forRoom(name, rest, find),
    execute: (chat, { room }, now) => ask(chat, `/${name} ${writeName(room)}`, { action, room }, now),
  } satisfies Command<ForRoom<D>>;
}

function forRoom<D extends string>(name: D, rest: string, find: KnownNames["find"]): ForRoom<D> | undefined {
  const room = rest === "" ? undefined : roomOf(rest, find);
  return room === undefined ? undefined : { do: name, room };
}

/** Asks for something about the room in front. What the server then tells to all is told to us too. */
function order(
  chat: ChatState,
  name: string,
  fields: object,
  now: number,
  done?: (room: string) => string,
): void {
  const room = roomInFront(chat, `/${name}`, now);
  if (room !== undefined) {
    ask(
      chat,
      `/${name}`,
      { action: name, room, ...fields },
      now,
      done && (() => done(writeName(room))),
    );
  }
}

function ask(chat: ChatState, label: string, fields: object, now: number, done?: () => string): void {
  chat.request(label, { object: { ...fields, time: chat.time(now) } }, now, (_, now) => {
    if (done !== undefined) chat.showNotice(done(), now);
  });
}

/** The room in front; what is not one is told to the user. */
function roomInFront(chat: ChatState, label: string, now: number): string | undefined {
  const { current } = chat.conversations;
  if (current.startsWith("#") && current !== COMMON_ROOM) return current;
  chat.warn(chat.texts.onlyInRooms(label, writeName(current)), now);
  return undefined;
}

/** Makes a room that only those see that are invited. */
function create(chat: ChatState, room: string, now: number): void {
  const object = { action: "join", time: chat.time(now), room, private: true };
  chat.request(`/create ${writeName(room)}`, { object }, now, (_, now) => comeIn(chat, room, now));
}

function group(chat: ChatState, names: readonly string[], now: number): void {
  const object = { action: "group", time: chat.time(now), users: names };
  chat.request("/group", { object }, now, ({ room }, now) => {
    if (room !== undefined) comeIn(chat, room, now);
  });
}

function listMembers(chat: ChatState, now: number): void {
  const room = roomInFront(chat, "/members", now);
  if (room === undefined) return;
  const object = { action: "members", time: chat.time(now), room }, { texts } = chat;
  chat.request("/members", { object, rows: "row" }, now, ({ listed }, now) => {
    chat.showNotice([texts.members(writeName(room)), ...listed.map((row) => memberLine(chat, row))], now);
  });
}

function memberLine({ texts }: ChatState, { name, role, room = {} }: ListRow): string {
  const { rank, isInvited, isOnline } = room;
  const parts = [
    ...(rank === undefined ? [] : [texts.ranks(rank)]),
    ...(role === "guest" ? [texts.roles.guest] : []),
    ...(isInvited ? [texts.invited] : []),
    ...(isOnline === false ? [texts.notOnline] : []),
  ];
  return parts.length === 0 ? writeName(name) : `${writeName(name)}: ${parts.join(", ")}`;
}

function pinLast(chat: ChatState, name: string, now: number): void {
  const { current } = chat.conversations, message = lastOf(chat, "/pin", name, now);
  if (message === undefined) return;
  const object = { action: "pin", time: chat.time(now), to: current, id: message.id };
  chat.request("/pin", { object }, now, () => {});
}

/** Lists the pinned messages with their texts, each of which is read from the history. */
function listPins(chat: ChatState, now: number): void {
  const { current: room } = chat.conversations, { texts } = chat;
  withPins(chat, "/pins", now, (ids, now) => {
    if (ids.length === 0) return chat.showNotice(texts.noPins(writeName(room)), now);
    chat.showNotice(texts.pins(writeName(room)), now);
    for (const [at, id] of ids.entries()) {
      const object = { action: "history", time: chat.time(now), room, before: id + 1, limit: 1 };
      chat.request("/pins", { object, rows: "message" }, now, ({ messages: [found] }, now) => {
        const isIt = found !== undefined && found.id === id;
        const words = isIt ? `${writeName(found.from)}: ${found.text.split("\n")[0]}` : texts.earlierMessage;
        chat.showNotice(`${at + 1}. ${words}`, now);
      });
    }
  });
}

function unpin(chat: ChatState, number: number, now: number): void {
  const { current: to } = chat.conversations;
  withPins(chat, "/unpin", now, (ids, now) => {
    const id = ids[number - 1];
    if (id === undefined) return chat.warn(chat.texts.noSuchPin(number), now);
    ask(chat, "/unpin", { action: "pin", to, id, is: false }, now);
  });
}

/** The ids of the pinned messages of the room in front. */
function withPins(chat: ChatState, label: string, now: number, then: (ids: number[], now: number) => void): void {
  const { current: room } = chat.conversations;
  if (!room.startsWith("#")) return chat.warn(chat.texts.onlyInRooms(label, writeName(room)), now);
  chat.request(label, { object: { action: "pins", time: chat.time(now), room }, rows: "row" }, now, (reply, now) => {
    then(reply.listed.flatMap(({ room }) => room?.pinned ?? []), now);
  });
}

/** Tells what has changed in a room, and follows it: to another name, or out of the room. */
export function tellRoom(chat: ChatState, event: RoomEvent, now: number): void {
  const { texts, conversations } = chat, known = chat.spelling(event.room), room = writeName(known);
  const by = writeName(event.by), { action } = event;
  switch (action) {
    case "rank":
      return shown(
        chat.isMe(event.person!)
          ? texts.yourRank(by, event.rank!, room)
          : texts.rankBy(by, writeName(event.person!), event.rank!, room),
      );
    case "kick":
      close();
      return chat.warn(texts.putOut(by, room, event.reason), now);
    case "remove":
      close();
      return chat.warn(texts.removedBy(by, room), now);
    case "configure":
      return shown(texts.configured(by, room, event.isPrivate === true, event.isForAnnouncements === true));
    case "invite":
      chat.rooms.add(event.room);
      return chat.showNotice(texts.invites(by, room), now);
    case "uninvite":
      if (!conversations.has(known)) chat.rooms.delete(event.room);
      return;
    case "group":
      conversations.open(event.room);
      chat.rooms.add(event.room);
      return chat.showNotice(texts.inGroup(by, room, event.users!.map(writeName).join(", ")), now);
    case "rename":
      chat.renameRoom(known, event.name!);
      return chat.showNotice(texts.renamedBy(by, room, writeName(event.name!)), now);
    case "clear":
      return shown(texts.clearedBy(by, room));
    case "pin": {
      const words = chat.recent.words(known, event.of!) ?? texts.earlierMessage;
      return shown((event.is ? texts.pinnedBy : texts.unpinnedBy)(by, words, room));
    }
  }

  /** Only those that look at the room are told. */
  function shown(words: string): void {
    if (known === conversations.current) chat.showNotice(words, now);
  }

  function close(): void {
    const isFront = conversations.current === known;
    conversations.close(known);
    if (isFront) turnTo(chat, COMMON_ROOM, now);
  }
}
