// What a person asks to see: the rooms, the people, the contacts, a page of the past. Each is one request and a few words.

import { COMMON } from "../../jim/mod.ts";
import type { Role } from "../protocol/event.ts";
import type { Desk } from "./desk.ts";
import { typed } from "./names.ts";
import { saidIn } from "./places.ts";
import { conversation } from "../protocol/objects.ts";

/** In the order in which they are listed. */
const ROLES: readonly Role[] = ["operator", "account", "guest"];

/** All rooms there are. */
export function listRooms(desk: Desk, now: number): void {
  desk.ask("/rooms", { object: { action: "rooms", time: desk.time(now) }, rows: "row" }, now, ({ listed }, now) => {
    for (const { name } of listed) desk.rooms.add(name);
    const lines = listed.map(({ name, member }) => member ? desk.texts.isIn(typed(name)) : typed(name));
    desk.note([desk.texts.rooms, ...lines], now);
  });
}

/** The rooms there are by now, for the next Tab. Nobody has asked to be told that they cannot be had. */
export function lookForRooms(desk: Desk, now: number): void {
  if (!desk.jim || desk.state !== "here") return;
  const object = { action: "rooms", time: desk.time(now) };
  desk.ask("/rooms", { object, rows: "row", lost: () => {} }, now, ({ listed }) => {
    for (const { name } of listed) desk.rooms.add(name);
  });
}

/** Who is where one is. */
export function listPeople(desk: Desk, now: number): void {
  const { places: { front }, texts } = desk;
  const room = front.startsWith("#") && front !== COMMON ? { room: front } : {};
  const object = { action: "who_online", time: desk.time(now), ...room };
  desk.ask("/who", { object, rows: "row" }, now, ({ listed }, now) => {
    for (const { name, role } of listed) desk.meet(name, role);
    const count = listed.reduce((sum, { guests = 1 }) => sum + guests, 0);
    const groups = ROLES.map((role) => ({ role, rows: listed.filter((row) => row.role === role) }));
    const lines = groups.filter(({ rows }) => rows.length > 0).map(({ role, rows }) =>
      `${texts.groups[role]}: ${names(rows)}`
    );
    const others = listed.filter(({ role }) => role === undefined);
    const here = texts.here(count), more = others.length > 0 ? [`${texts.others}: ${names(others)}`] : [];
    if (lines.length === 0) desk.note(`${here}: ${names(others)}`, now);
    else desk.note([here, ...lines, ...more], now);
  });
}

/** A name that needs quotes has them, so that none can pass for two, or for a number of guests. */
function names(rows: readonly { readonly name: string; readonly guests?: number }[]): string {
  return rows.map(({ name, guests }) => guests === undefined ? typed(name) : `${typed(name)} ×${guests}`).join(", ");
}

/** One's own conversations. */
export function listPlaces(desk: Desk, now: number): void {
  const { places, texts } = desk;
  const lines = [...places].map(({ name, unread, dropped }) => {
    const count = unread.length + dropped;
    const written = typed(name);
    return name === places.front ? texts.front(written) : count > 0 ? texts.fresh(written, count) : written;
  });
  desk.note([texts.conversations, ...lines], now);
}

/** Whom one knows. */
export function listContacts(desk: Desk, now: number): void {
  const object = { action: "get_contacts", time: desk.time(now) };
  desk.ask("/contacts", { object, rows: "row" }, now, ({ listed }, now) => {
    const names = listed.map(({ name }) => typed(name)).join(", ");
    desk.note(names === "" ? desk.texts.noContacts : desk.texts.contacts(names), now);
  });
}

/** Changes whom one knows. */
export function changeContacts(desk: Desk, name: string, add: boolean, now: number): void {
  const object = { action: add ? "add_contact" : "del_contact", time: desk.time(now), user_id: name };
  desk.ask(`/contacts ${add ? "add" : "del"} ${typed(name)}`, { object }, now, (_, now) => {
    desk.note((add ? desk.texts.contactAdded : desk.texts.contactRemoved)(name), now);
  });
}

/**
 * A page of the past of where one is, shown once more.
 *
 * @param asked the action and what belongs to it
 */
export function showPast(desk: Desk, label: "/history" | "/search", asked: object, now: number): void {
  const { places: { front }, texts } = desk;
  const object = { ...asked, time: desk.time(now), ...conversation(front) };
  desk.ask(label, { object, rows: "message" }, now, ({ messages }, now) => {
    const title = (label === "/search" ? texts.search : texts.history)(front);
    const shown = messages.filter(({ from }) => !desk.ignored.has(from)), hidden = messages.length - shown.length;
    const wall = desk.wall(now);
    if (shown.length > 0) desk.transcript.page(title, front, shown.map((row) => saidIn(row, wall)), wall);
    else if (hidden === 0) desk.note(texts.nothingIn(title), now);
    if (hidden > 0) desk.note(texts.leftOut(hidden, title), now);
  });
}
