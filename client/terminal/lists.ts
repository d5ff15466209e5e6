// What a person asks to see: the rooms, the people, the contacts, a page of the past. Each is one request and a few words.

import { COMMON_ROOM, MAX_PAGE } from "../../jim/mod.ts";
import type { Role } from "../../jim/client/event.ts";
import type { ChatState } from "./chat_state.ts";
import { type Command, personOf } from "./command.ts";
import { writeName } from "./names.ts";
import { showPast } from "./past.ts";
import { remember, statusLines } from "./status.ts";
import { conversationFields } from "../../jim/client/objects.ts";

/** In the order in which they are listed. */
const ROLES: readonly Role[] = ["operator", "account", "guest"];

/** Messages of `/history` unless another number is given. */
export const PAGE = 20;

interface History {
  readonly do: "history";
  readonly count: number;
}
/** Without a change: lists them. */
interface Contacts {
  readonly do: "contacts";
  readonly change?: { readonly add: boolean; readonly name: string };
}

export const listCommands = {
  rooms: {
    read: (rest) => rest === "" ? { do: "rooms" } : undefined,
    execute: (chat, _, now) => listRooms(chat, now),
  } satisfies Command<{ readonly do: "rooms" }>,
  who: {
    read: (rest) => rest === "" ? { do: "who" } : undefined,
    execute: (chat, _, now) => listPeople(chat, now),
  } satisfies Command<{ readonly do: "who" }>,
  history: {
    read(rest) {
      const count = rest === "" ? PAGE : Number(rest);
      if (!Number.isInteger(count) || count < 1) return undefined;
      return { do: "history", count: Math.min(count, MAX_PAGE) };
    },
    execute(chat, { count }, now) {
      const { current } = chat.conversations, { texts } = chat;
      const asked = { action: "history", ...conversationFields(current), limit: count };
      showPast(chat, { label: "/history", title: texts.history(current), place: current, asked }, now);
    },
  } satisfies Command<History>,
  contacts: {
    takes: { name: "person", isLast: true, behind: /^(?:add|del)\s+/ },
    read(rest, find) {
      if (rest === "") return { do: "contacts" };
      const [, change, said = ""] = /^(add|del)\s+(.*)$/.exec(rest) ?? [];
      const name = personOf(said, find);
      if (change === undefined || name === undefined) return undefined;
      return { do: "contacts", change: { add: change === "add", name } };
    },
    execute(chat, { change }, now) {
      if (change === undefined) listContacts(chat, now);
      else changeContacts(chat, change.name, change.add, now);
    },
  } satisfies Command<Contacts>,
};

/** All rooms there are. */
function listRooms(chat: ChatState, now: number): void {
  chat.request("/rooms", { object: { action: "rooms", time: chat.time(now) }, rows: "row" }, now, ({ listed }, now) => {
    for (const { name } of listed) chat.rooms.add(name);
    const lines = listed.map(({ name, member }) => member ? chat.texts.isIn(writeName(name)) : writeName(name));
    chat.showNotice([chat.texts.rooms, ...lines], now);
  });
}

/** The rooms there are by now, for the next Tab. Nobody has asked to be told that they cannot be had. */
export function lookForRooms(chat: ChatState, now: number): void {
  if (!chat.speaksJim || chat.state !== "here") return;
  const object = { action: "rooms", time: chat.time(now) };
  chat.request("/rooms", { object, rows: "row", lost: () => {} }, now, ({ listed }) => {
    for (const { name } of listed) chat.rooms.add(name);
  });
}

/** Lists the people in the current conversation. */
function listPeople(chat: ChatState, now: number): void {
  const { conversations: { current }, texts } = chat;
  const room = current.startsWith("#") && current !== COMMON_ROOM ? { room: current } : {};
  const object = { action: "who_online", time: chat.time(now), ...room };
  chat.request("/who", { object, rows: "row" }, now, ({ listed }, now) => {
    for (const { name, role, status } of listed) {
      chat.addPerson(name, role);
      remember(chat, name, status);
    }
    const count = listed.reduce((sum, { guests = 1 }) => sum + guests, 0);
    const groups = [
      ...ROLES.map((role) => ({
        label: texts.groups[role],
        rows: listed.filter((row) => row.role === role && row.isBot !== true),
      })),
      { label: texts.bots, rows: listed.filter((row) => row.isBot === true) },
    ];
    const lines = groups.filter(({ rows }) => rows.length > 0).map(({ label, rows }) => `${label}: ${names(rows)}`);
    const others = listed.filter(({ role }) => role === undefined);
    const here = texts.here(count), said = statusLines(chat, listed.map(({ name }) => name));
    const more = [...others.length > 0 ? [`${texts.others}: ${names(others)}`] : [], ...said];
    if (lines.length === 0) chat.showNotice(`${here}: ${names(others)}`, now);
    else chat.showNotice([here, ...lines, ...more], now);
  });
}

/** A name that needs quotes has them, so that none can pass for two, or for a number of guests. */
function names(rows: readonly { readonly name: string; readonly guests?: number }[]): string {
  return rows.map(({ name, guests }) => guests === undefined ? writeName(name) : `${writeName(name)} ×${guests}`).join(
    ", ",
  );
}

/** Lists the user's contacts. */
function listContacts(chat: ChatState, now: number): void {
  const object = { action: "get_contacts", time: chat.time(now) };
  chat.request("/contacts", { object, rows: "row" }, now, ({ listed }, now) => {
    for (const { name, status } of listed) remember(chat, name, status);
    const names = listed.map(({ name }) => writeName(name)).join(", ");
    const said = statusLines(chat, listed.map(({ name }) => name));
    chat.showNotice(names === "" ? chat.texts.noContacts : [chat.texts.contacts(names), ...said], now);
  });
}

/** Adds a contact, or removes one. */
function changeContacts(chat: ChatState, name: string, add: boolean, now: number): void {
  const object = { action: add ? "add_contact" : "del_contact", time: chat.time(now), user_id: name };
  chat.request(`/contacts ${add ? "add" : "del"} ${writeName(name)}`, { object }, now, (_, now) => {
    chat.showNotice((add ? chat.texts.contactAdded : chat.texts.contactRemoved)(name), now);
  });
}
