// What a person asks to see: the rooms, the people, the contacts, a page of the past. Each is one request and a few words.

import { COMMON } from "../../jim/mod.ts";
import { type Places, saidIn } from "./places.ts";
import { type Reply, type Request, whose } from "./requests.ts";
import type { Transcript } from "./transcript.ts";

/** What the lists need of the talk. */
export interface Desk {
  readonly transcript: Transcript;
  readonly places: Places;
  /** Names that were heard of. */
  readonly names: Set<string>;
  /** Rooms that were heard of. */
  readonly rooms: Set<string>;
  /** Asks for what the user wants, and says so when it cannot be had. */
  ask(label: string, request: Request, now: number, then: (reply: Reply, now: number) => void): void;
}

/** All rooms there are. */
export function listRooms({ transcript, rooms, ask }: Desk, now: number): void {
  ask("/rooms", { object: { action: "rooms", time: now / 1000 }, rows: "listed" }, now, ({ listed }, now) => {
    for (const { name } of listed) rooms.add(name);
    const lines = listed.map(({ name, member }) => member ? `${name}, you are in` : name);
    transcript.note(["The rooms", ...lines], now);
  });
}

/** The rooms there are by now, for the next Tab. */
export function lookForRooms({ rooms, ask }: Desk, now: number): void {
  ask("/rooms", { object: { action: "rooms", time: now / 1000 }, rows: "listed" }, now, ({ listed }) => {
    for (const { name } of listed) rooms.add(name);
  });
}

/** Who is where one is. */
export function listPeople({ transcript, places: { front }, names, ask }: Desk, now: number): void {
  const room = front.startsWith("#") && front !== COMMON ? { room: front } : {};
  const object = { action: "who_online", time: now / 1000, ...room };
  ask("/who", { object, rows: "listed" }, now, ({ listed }, now) => {
    for (const { name } of listed) names.add(name);
    transcript.note(`${listed.length} here: ${listed.map(({ name }) => name).join(", ")}`, now);
  });
}

/** One's own conversations. */
export function listPlaces({ transcript, places }: Desk, now: number): void {
  const lines = [...places].map(({ name, unread, dropped }) => {
    const count = unread.length + dropped;
    return name === places.front ? `${name}, and write there` : count > 0 ? `${name}, ${count} new` : name;
  });
  transcript.note(["Your conversations", ...lines], now);
}

/** Whom one knows. */
export function listContacts({ transcript, ask }: Desk, now: number): void {
  const object = { action: "get_contacts", time: now / 1000 };
  ask("/contacts", { object, rows: "listed" }, now, ({ listed }, now) => {
    const names = listed.map(({ name }) => name).join(", ");
    transcript.note(names === "" ? "You have no contacts" : `Your contacts: ${names}`, now);
  });
}

/** Changes whom one knows. */
export function changeContacts({ transcript, ask }: Desk, name: string, add: boolean, now: number): void {
  const object = { action: add ? "add_contact" : "del_contact", time: now / 1000, user_id: name };
  ask(`/contacts ${add ? "add" : "del"} ${name}`, { object }, now, (_, now) => {
    transcript.note(`${name} is ${add ? "among your contacts" : "no contact of yours any more"}`, now);
  });
}

/**
 * A page of the past of where one is, shown once more.
 *
 * @param asked the action and what belongs to it
 */
export function showPast(
  { transcript, places: { front }, ask }: Desk,
  label: string,
  asked: object,
  now: number,
): void {
  const object = { ...asked, time: now / 1000, ...whose(front) };
  ask(label, { object, rows: "message" }, now, ({ messages }, now) => {
    const title = `${label.slice(1)} of ${front}`;
    if (messages.length === 0) return transcript.note(`Nothing in the ${title}`, now);
    transcript.page(title, front, messages.map((row) => saidIn(row, now)), now);
  });
}
