// A server in memory for the laws of the page: it keeps messages with their edits, deletions and reactions, and rooms with their
// names and members, and answers one connection of an account. Frames travel only when a test says so.

import { COMMON_ROOM } from "../../jim/message.ts";
import { ConnectionServer, type FakeConnection, type Said } from "./fake_connection.ts";

/** The account of the page. */
export const ME = "ann";

/** A room. */
export interface Room {
  name: string;
  former: string[];
  readonly members: Set<string>;
  isRemoved: boolean;
  /** The page's account may not come in. */
  isBanned: boolean;
  /** Messages up to this id were deleted. */
  cleared: number;
}

/** The conversation of a message: a room, or the other person. */
export type Place = Room | string;

/** A message, or a change of one. */
export interface Entry {
  readonly id: number;
  readonly action: "msg" | "edit" | "delete" | "reaction";
  readonly place: Place;
  readonly from: string;
  /** Its name in a private conversation. */
  readonly to?: string;
  /** A text, or an emoji. */
  readonly text: string;
  readonly time: number;
  readonly of?: number;
  readonly is?: boolean;
  readonly replyTo?: number | undefined;
  readonly file?: string | undefined;
}

/** A message as it is after all changes. */
export interface Row extends Entry {
  readonly edited?: number;
  readonly isDeleted?: true;
  readonly reactions: ReadonlyMap<string, readonly string[]>;
}

/** What is known of a connection. */
interface Known {
  isLoggedIn: boolean;
}

type Connection = FakeConnection & Known;

export class FakeChat extends ConnectionServer<Known> {
  readonly common: Room = {
    name: COMMON_ROOM,
    former: [],
    members: new Set([ME]),
    isRemoved: false,
    isBanned: false,
    cleared: 0,
  };
  readonly rooms: Room[] = [];
  log: Entry[] = [];
  /** Files that are announced, by the upload: whether all bytes have come. */
  readonly uploads = new Map<string, boolean>();
  #id = 1_000;
  #seen = 0;

  /** The room of a name, as it means one to the page's account: its own are before others, present names before former ones. */
  find(name: string): Room | undefined {
    if (name === COMMON_ROOM) return this.common;
    const fit = (room: Room) => (room.members.has(ME) ? 16 : 0) + (room.name === name ? 4 : 1);
    const known = this.rooms.filter((room) => !room.isRemoved && (room.name === name || room.former.includes(name)));
    return known.sort((one, other) => fit(other) - fit(one))[0];
  }

  /** Somebody says something; on another device, perhaps. */
  say(from: string, place: Place, text: string, replyTo?: number): void {
    const to = typeof place === "string" ? { to: from === ME ? place : ME } : {};
    this.#put({ action: "msg", place, from, ...to, text, replyTo, time: this.#id / 1000 });
  }

  /** Somebody changes a message. Returns its id, unless it changes nothing. */
  change(
    from: string,
    action: Entry["action"],
    of: number,
    text: string,
    is = true,
    own?: Connection,
  ): number | undefined {
    const row = this.row(of);
    if (row === undefined || row.isDeleted) return undefined;
    if (action === "reaction" && (row.reactions.get(text) ?? []).includes(from) === is) return undefined;
    if (action === "edit" && row.text === text) return undefined;
    const { place, to } = row, peer = to === undefined ? {} : { to: from === row.from ? to : row.from };
    // Of a deleted message nothing else is kept.
    if (action === "delete") this.log = this.log.filter((each) => each.of !== of);
    return this.#put({ action, place, from, ...peer, of, text, is, time: Math.floor(this.#id / 1000) }, own);
  }

  rename(room: Room, name: string): void {
    if (this.rooms.some((each) => each.name === name || each.former.includes(name))) return;
    const { name: before } = room;
    room.former = [...room.former.filter((each) => each !== name), before].slice(-3);
    room.name = name;
    if (room.members.has(ME)) this.#tell({ action: "rename", room: before, name, by: "bob" });
  }

  clear(room: Room): void {
    room.cleared = this.#id;
    this.log = this.log.filter(({ place }) => place !== room);
    if (room.members.has(ME)) this.#tell({ action: "clear", room: room.name, by: "bob" });
  }

  remove(room: Room): void {
    room.isRemoved = true;
    if (room.members.delete(ME)) this.#tell({ action: "remove", room: room.name, by: "bob" });
  }

  ban(room: Room): void {
    room.isBanned = true;
    if (room.members.delete(ME)) this.#tell({ action: "kick", room: room.name, by: "bob" });
  }

  /** Makes a room of this name, unless there is one. */
  make(name: string, ...members: string[]): Room {
    const known = this.rooms.find((room) => !room.isRemoved && (room.name === name || room.former.includes(name)));
    if (known !== undefined) return known;
    const room: Room = { name, former: [], members: new Set(members), isRemoved: false, isBanned: false, cleared: 0 };
    this.rooms.push(room);
    return room;
  }

  /** The messages of a conversation as they are now. */
  past(place: Place): Row[] {
    const rows = new Map<number, Row>();
    for (const entry of this.log) {
      if (entry.place !== place) continue;
      if (entry.action === "msg") rows.set(entry.id, { ...entry, reactions: new Map() });
      else rows.set(entry.of!, changed(rows.get(entry.of!)!, entry));
    }
    return [...rows.values()];
  }

  row(id: number): Row | undefined {
    const entry = this.log.find((each) => each.id === id && each.action === "msg");
    return entry && this.past(entry.place).find((each) => each.id === id);
  }

  #put(said: Omit<Entry, "id">, own?: Connection): number {
    const entry = { ...said, id: ++this.#id }, { place } = entry;
    this.log.push(entry);
    if (
      this.connection?.isLoggedIn && own !== this.connection && (typeof place === "string" || place.members.has(ME))
    ) {
      this.#relay(entry);
    }
    return entry.id;
  }

  #relay(entry: Entry): void {
    this.#seen = Math.max(this.#seen, entry.id);
    this.#tell(objectOf(entry));
  }

  #tell(object: object): void {
    if (this.connection?.isLoggedIn) this.connection.toPage.push(JSON.stringify(object));
  }

  protected begin(): Known {
    return { isLoggedIn: false };
  }

  protected answer(connection: Connection, said: Said): void {
    const tell = (object: object): void => void connection.toPage.push(JSON.stringify(object));
    const ok = (more = {}) => tell({ response: 200, alert: "ok", ...more });
    const no = (response: number, error: string) => tell({ response, error });
    const list = (rows: object[]) => [{ response: 202, quantity: rows.length }, ...rows].forEach(tell);
    const room = typeof said.room === "string" ? this.find(said.room) : undefined;
    switch (said.action) {
      case "authenticate": {
        connection.isLoggedIn = true;
        ok(said.token === true ? { token: "its token" } : {});
        return this.log.filter((each) => each.action === "msg" && each.id > this.#seen && this.#isMine(each))
          .slice(0, 50).forEach((each) => this.#relay(each));
      }
      case "join": {
        if (room?.isBanned) return no(403, "banned");
        const present = room === undefined || room.name === said.room ? {} : { room: room.name };
        if (room?.members.has(ME)) ok(present);
        else if (room === undefined && said.create === false) return no(404, "no room");
        else {
          this.make(room?.name ?? said.room).members.add(ME);
          tell({ response: room === undefined ? 201 : 200, alert: "welcome", ...present });
        }
        return;
      }
      case "leave":
        if (room === undefined || !room.members.delete(ME)) return no(404, "not in it");
        return ok();
      case "rooms": {
        const all = [this.common, ...this.rooms.filter(({ isRemoved }) => !isRemoved)];
        return list(all.map(({ name, members, cleared }) => ({
          action: "room_list",
          room: name,
          member: members.has(ME),
          ...(cleared === 0 ? {} : { cleared }),
        })));
      }
      case "history":
      case "search": {
        const place = said.with ?? (said.room === undefined ? this.common : room);
        if (said.everywhere !== true && place === undefined) return no(404, "no room");
        if (typeof place === "object" && !place.members.has(ME)) return no(403, "not in it");
        return this.#read(connection, said, said.everywhere === true ? undefined : place, list);
      }
      case "msg":
        return this.#message(connection, said, ok, no);
      case "edit":
      case "delete":
      case "react": {
        const row = this.row(said.id), text = said.message ?? said.emoji ?? "";
        if (row === undefined || !this.#isMine(row)) return no(404, "no message");
        if (row.isDeleted) return no(410, "deleted");
        if (said.action === "edit" && row.from !== ME) return no(403, "not yours");
        const action = said.action === "react" ? "reaction" : said.action;
        const id = this.change(ME, action, said.id, text, said.is ?? true, connection);
        return ok(id === undefined ? {} : { id });
      }
      case "upload": {
        const upload = `u${++this.#id}`;
        this.uploads.set(upload, false);
        return tell({ response: 201, alert: "created", upload });
      }
      case "unread":
        return no(400, "unknown");
      case "who_online":
      case "get_contacts":
      case "members":
      case "pins":
        return list([]);
      case "quit":
      case "logout":
        connection.quits = true;
        return ok();
      default:
        return ok({ jim: 1 });
    }
  }

  #message(
    connection: Connection,
    said: Said,
    ok: (more: object) => void,
    no: (code: number, why: string) => void,
  ): void {
    const { to, message: text, time, reply_to: replyTo, file } = said;
    const place = to.startsWith("#") ? this.find(to) : to;
    if (place === undefined) return no(404, "no room");
    if (typeof place === "object" && !place.members.has(ME)) return no(403, "not in it");
    if (replyTo !== undefined && this.row(replyTo)?.place !== place) return no(404, "no such message");
    if (file !== undefined && this.uploads.get(file) !== true) return no(409, "not whole");
    const peer = typeof place === "string" ? { to } : {};
    const id = this.#put({ action: "msg", place, from: ME, ...peer, text, time, replyTo, file }, connection);
    ok({ id, ...(file === undefined ? {} : { file: fileOf(file) }) });
  }

  #read(connection: Connection, said: Said, place: Place | undefined, list: (rows: object[]) => void): void {
    const { before = Infinity, after, limit = 50, events, text } = said;
    const places = place !== undefined
      ? [place]
      : [...new Set(this.log.filter((each) => this.#isMine(each)).map((each) => each.place))];
    const deleted = new Set(this.log.flatMap((each) => each.action === "delete" ? each.of! : []));
    const all = events === true
      ? this.log.filter((each) => each.place === place).map((each) =>
        deleted.has(each.id) ? rowOf(this.row(each.id)!) : objectOf(each)
      )
      : places.flatMap((each) => this.past(each)).sort((one, other) => one.id - other.id)
        .filter((row) => text === undefined || (!row.isDeleted && row.text.includes(text))).map(rowOf);
    const found = all.filter(({ id }) => id < before && id > (after ?? -1));
    const page = after === undefined ? found.slice(-limit) : found.slice(0, limit);
    connection.job = () => list(page);
  }

  #isMine({ place }: Entry): boolean {
    return typeof place === "string" || place.members.has(ME);
  }
}

/** A message after a change. */
function changed(row: Row, { action, from, text, is, time }: Entry): Row {
  if (action === "edit") return { ...row, text, edited: time };
  if (action === "delete") {
    const { edited: _, ...rest } = row;
    return { ...rest, text: "", isDeleted: true, reactions: new Map(), replyTo: undefined, file: undefined };
  }
  const others = (row.reactions.get(text) ?? []).filter((each) => each !== from), reactions = new Map(row.reactions);
  if (is) reactions.set(text, [...others, from]);
  else if (others.length === 0) reactions.delete(text);
  else reactions.set(text, others);
  return { ...row, reactions };
}

/** An entry as it is relayed. */
function objectOf({ id, action, place, from, to, text, time, of, is, replyTo, file }: Entry) {
  const where = { id, from, to: typeof place === "string" ? to : place.name, time };
  switch (action) {
    case "msg":
      return {
        action,
        ...where,
        encoding: "utf-8",
        message: text,
        ...(replyTo === undefined ? {} : { reply_to: replyTo }),
        ...(file === undefined ? {} : { file: fileOf(file) }),
      };
    case "reaction":
      return { action, ...where, of, emoji: text, is };
    default:
      return { action, ...where, of, message: text };
  }
}

function fileOf(key: string) {
  return { name: "a", size: 1, type: "text/plain", sha256: "1", key };
}

/** A message as the history has it. */
function rowOf(row: Row) {
  const reactions = [...row.reactions].map(([emoji, names]) => ({ emoji, count: names.length, names }));
  return {
    ...objectOf(row),
    ...(row.edited === undefined ? {} : { edited: row.edited }),
    ...(row.isDeleted ? { deleted: true } : {}),
    ...(reactions.length === 0 ? {} : { reactions }),
  };
}
