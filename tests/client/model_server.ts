// A server of JIM in memory with one client, for the laws of the library and of the terminal: rooms, histories, private messages,
// edits, marks. Objects travel only when a test says so, and what is on its way can be lost.

import { COMMON_ROOM } from "../../jim/message.ts";

export const ME = "ann", OTHER = "bob";

/** What the server has kept. */
export interface Row {
  readonly id: number;
  readonly from: string;
  /** The room; undefined if it is private, between the user and the other person. */
  readonly room: Room | undefined;
  text: string;
  readonly time: number;
  edited: boolean;
  deleted: boolean;
}

export interface Room {
  name: string;
  readonly former: string[];
  /** The account is in it. */
  isMember: boolean;
  isRemoved: boolean;
  /** The greatest id when the user has last come into it. */
  since: number;
  /** How often the user has come into it or has left it. */
  changes: number;
}

/** What a model server is. */
export interface Kind {
  /** Whether the user has an account. */
  readonly isAccount: boolean;
  /** It tells ids; an older one does not. */
  readonly hasIds: boolean;
  /** It keeps marks of what is read; an older one does not. */
  readonly hasMarks: boolean;
}

// deno-lint-ignore no-explicit-any -- whatever the client says
type Said = any;

/** A connection of the client. */
export interface Wire {
  readonly toServer: string[];
  readonly toClient: string[];
  /** It has broken, or the server has ended it. */
  isCut: boolean;
}

interface Connection extends Wire {
  name: string | undefined;
  readonly features: Set<string>;
  /** The rooms of a guest. */
  readonly rooms: Set<Room>;
  readonly spellings: Map<Room, string>;
  /** A page of the past that was found and not told yet: meanwhile others go on talking. */
  errand: (() => void) | undefined;
  /** Names of removed rooms that it was told of. */
  readonly refused: Set<string>;
}

/** What happens to a server as a whole. */
export type ServerHappening = "down" | "back" | "trouble" | "well" | "refuse" | "move" | "probe";

export class ModelServer {
  readonly kind: Kind;
  readonly rows: Row[] = [];
  readonly all: Room = room(COMMON_ROOM);
  readonly rooms: Room[] = [this.all];
  /** The account has read so far, by the conversation. */
  readonly marks = new Map<Room | undefined, number>();
  /** Nobody gets through. */
  isDown = false;
  /** The next logins are refused with this code. */
  loginRefusals: number[] = [];
  /** It answers requests about the past and rooms with 503. */
  isInTrouble = false;
  /** What was in rooms that are removed. */
  readonly erased: Row[] = [];
  /** Names of rooms that were removed. */
  readonly #removed = new Set<string>();
  /** How the account spells a room, on all of its connections. */
  readonly #spellings = new Map<Room, string>();
  #connection: Connection | undefined;
  #seen = 0;
  #id = 1_000_000_000_000_000;

  constructor(kind: Kind) {
    this.kind = kind;
  }

  connect(): Wire | undefined {
    if (this.isDown) return undefined;
    this.cut(0);
    this.#connection = {
      toServer: [],
      toClient: [],
      isCut: false,
      name: undefined,
      features: new Set(),
      rooms: new Set(),
      spellings: new Map(),
      errand: undefined,
      refused: new Set(),
    };
    return this.#connection;
  }

  get latest(): number {
    return this.#id;
  }

  room(name: string): Room | undefined {
    return this.rooms.find((each) => each.name === name) ?? this.rooms.find(({ former }) => former.includes(name));
  }

  /** Somebody says something in a room, or to the user; or the account on another device. */
  say(from: string, where: Room | undefined, text: string): Row {
    return this.#keep(from, where, text, this.#id + 1);
  }

  edit(row: Row, text: string): void {
    if (row.deleted) return;
    Object.assign(row, { text, edited: true });
    this.#tellAbout(row, { action: "edit", message: text });
  }

  delete(row: Row): void {
    if (row.deleted) return;
    Object.assign(row, { text: "", deleted: true });
    this.#tellAbout(row, { action: "delete" });
  }

  react(row: Row): void {
    if (!row.deleted) this.#tellAbout(row, { action: "reaction", emoji: "👍", is: true });
  }

  rename(known: Room, name: string): void {
    if (this.room(name) !== undefined) return;
    const former = known.name;
    known.former.push(former);
    known.name = name;
    const connection = this.#connection;
    if (connection === undefined || !this.#isIn(connection, known)) return;
    if (connection.features.has("rooms")) this.#tell({ action: "rename", room: former, name, by: OTHER });
  }

  /** The room is removed, with its messages. */
  remove(known: Room): void {
    this.#putOut(known, "remove");
    known.isRemoved = true;
    this.rooms.splice(this.rooms.indexOf(known), 1);
    for (const name of [known.name, ...known.former]) this.#removed.add(name);
    for (const row of this.past(known)) this.erased.push(...this.rows.splice(this.rows.indexOf(row), 1));
  }

  kick(known: Room): void {
    this.#putOut(known, "kick");
  }

  /** Out of reach and back, in trouble and well again, two logins refused, a notice to move, a probe. */
  happen(what: ServerHappening): void {
    if (what === "down" || what === "back") this.isDown = what === "down";
    else if (what === "trouble" || what === "well") this.isInTrouble = what === "trouble";
    else if (what === "refuse") this.loginRefusals = [409, 503];
    else this[what]();
  }

  /** It stops, as one of several, and tells a client that understands it. */
  move(): void {
    if (this.#connection?.features.has("move")) this.#tell({ response: 100, alert: "the others go on", move: true });
  }

  /** Another device of the account has read a conversation. */
  readElsewhere(where: Room | undefined): void {
    if (!this.kind.isAccount || !this.kind.hasMarks) return;
    const id = this.past(where).at(-1)?.id ?? 0;
    if (id <= (this.marks.get(where) ?? 0)) return;
    this.marks.set(where, id);
    if (this.#connection?.features.has("read")) {
      this.#tell({ action: "read", to: where === undefined ? OTHER : this.#spelling(where), id });
    }
  }

  probe(): void {
    this.#tell({ action: "probe", time: 0 });
  }

  /** So many objects of the client arrive. */
  take(count: number): void {
    const connection = this.#connection;
    for (; count > 0 && connection !== undefined && connection === this.#connection; count--) {
      connection.errand?.();
      connection.errand = undefined;
      const json = connection.toServer.shift();
      if (json === undefined) return;
      this.#answer(connection, JSON.parse(json));
    }
  }

  /** The connection breaks: of what was on its way to the server so many objects arrive. */
  cut(arrived: number): void {
    this.take(arrived);
    if (this.#connection !== undefined) this.#connection.isCut = true;
    this.#connection = undefined;
  }

  /** What was said there. */
  past(where: Room | undefined): Row[] {
    return this.rows.filter((row) => row.room === where);
  }

  /** Others' messages behind the mark. */
  unread(where: Room | undefined): number {
    const mark = this.marks.get(where) ?? 0;
    return this.past(where).filter(({ id, from, deleted }) => id > mark && from !== ME && !deleted).length;
  }

  isMember(known: Room): boolean {
    if (known === this.all) return true;
    return this.kind.isAccount ? known.isMember : this.#connection?.rooms.has(known) ?? false;
  }

  isIn(name: string): boolean {
    const known = this.room(name);
    return known !== undefined && known.name === name && this.isMember(known);
  }

  #isIn(connection: Connection, known: Room): boolean {
    return known === this.all || (this.kind.isAccount ? known.isMember : connection.rooms.has(known));
  }

  #putOut(known: Room, action: string): void {
    const connection = this.#connection;
    if (connection !== undefined && this.#isIn(connection, known)) {
      if (connection.features.has("rooms")) this.#tell({ action, room: this.#spelling(known), by: OTHER });
      else this.#tell({ response: 100, alert: `${action} ${this.#spelling(known)}` });
    }
    known.isMember = false;
    known.changes++;
    connection?.rooms.delete(known);
    connection?.spellings.delete(known);
  }

  #spelling(known: Room): string {
    const spelling = this.#connection?.spellings.get(known) ?? this.#spellings.get(known) ?? known.name;
    const isTold = this.#connection?.features.has("rooms") && known.former.includes(spelling);
    return isTold ? known.name : spelling;
  }

  #tell(object: object): void {
    this.#connection?.toClient.push(JSON.stringify({ time: 0, ...object }));
  }

  #keep(from: string, where: Room | undefined, text: string, id: number, time = id / 1e6, isOwn = false): Row {
    this.#id = Math.max(this.#id, id);
    const row: Row = { id, from, room: where, text, time, edited: false, deleted: false };
    this.rows.push(row);
    const connection = this.#connection;
    if (!isOwn && connection?.name !== undefined && this.#concerns(connection, row)) this.#relay(row);
    return row;
  }

  #concerns(connection: Connection, { room }: Row): boolean {
    return room === undefined || this.#isIn(connection, room);
  }

  #relay(row: Row): void {
    this.#seen = row.id;
    this.#tell(this.#relayOf(row));
  }

  #relayOf({ id, from, room, text, time, edited, deleted }: Row): object {
    const to = room === undefined ? from === ME ? OTHER : ME : this.#spelling(room);
    const role = from === ME && !this.kind.isAccount ? {} : { role: "account" };
    const knowsEdits = this.#connection?.features.has("edits");
    const marks = knowsEdits ? { ...edited ? { edited: 1 } : {}, ...deleted ? { deleted: true } : {} } : {};
    return { action: "msg", time, to, from, encoding: "utf-8", message: text, id, ...role, ...marks };
  }

  #tellAbout(row: Row, fields: object): void {
    const id = ++this.#id, connection = this.#connection;
    if (connection?.name === undefined || !this.#concerns(connection, row)) return;
    const feature = "emoji" in fields ? "reactions" : "edits";
    if (!connection.features.has(feature)) return;
    const to = row.room === undefined ? row.from === ME ? OTHER : ME : this.#spelling(row.room);
    this.#tell({ ...fields, to, from: row.from, role: "account", of: row.id, id });
  }

  #answer(connection: Connection, said: Said): void {
    const ok = (more: object = {}) => this.#tell({ response: 200, alert: "ok", ...more });
    const refuse = (response: number, error: string) => this.#tell({ response, error });
    const list = (rows: object[]) =>
      [{ response: 202, quantity: rows.length }, ...rows].forEach((each) => this.#tell(each));
    const { isAccount } = this.kind;
    const known = typeof said.room === "string" ? this.room(said.room) : undefined;
    const isPast = ["history", "join", "unread"].includes(said.action);
    if (this.isInTrouble && isPast) return refuse(503, "the disk is away");
    if (connection.name === undefined && !["presence", "authenticate"].includes(said.action)) {
      return refuse(401, "who?");
    }
    switch (said.action) {
      case "presence":
      case "authenticate": {
        for (const each of said.features ?? []) if (each !== "id" || this.kind.hasIds) connection.features.add(each);
        const me = { jim: 1, role: isAccount ? "account" : "guest" };
        if (connection.name !== undefined) return ok(me);
        if (isAccount && said.action === "presence") return refuse(401, "an account's name");
        const code = this.loginRefusals.shift();
        if (code !== undefined) return refuse(code, `refused with ${code}`);
        connection.name = ME;
        ok(me);
        if (!isAccount) return;
        const missed = this.rows.filter((row) => row.id > this.#seen && this.#concerns(connection, row));
        return missed.filter(({ deleted }) => !deleted).slice(0, 100).forEach((row) => this.#relay(row));
      }
      case "join": {
        if (known === undefined && said.create === false) return refuse(404, "no such room");
        const isNews = known === undefined && this.#removed.has(said.room) && !connection.refused.has(said.room);
        if (isNews && !connection.features.has("rooms")) {
          connection.refused.add(said.room);
          return refuse(404, "it was removed");
        }
        const joined = known ?? this.#create(said.room);
        if (!this.#isIn(connection, joined)) {
          joined.changes++;
          joined.since = this.#id;
          if (isAccount) this.marks.set(joined, this.#id);
        }
        joined.isMember = true;
        connection.rooms.add(joined);
        connection.spellings.set(joined, said.room);
        if (isAccount) this.#spellings.set(joined, said.room);
        return ok(this.#spelling(joined) === said.room ? {} : { room: this.#spelling(joined) });
      }
      case "leave":
        if (known === undefined || !this.#isIn(connection, known)) return refuse(403, "not in it");
        known.isMember = false;
        known.changes++;
        connection.rooms.delete(known);
        connection.spellings.delete(known);
        return ok();
      case "rooms":
        return list(this.rooms.map((each) => ({
          action: "room_list",
          room: this.#spelling(each),
          member: this.#isIn(connection, each),
        })));
      case "who_online":
        return list([ME, OTHER].map((user_id) => ({ action: "online_list", user_id, role: "account" })));
      case "history": {
        if (said.with !== undefined && !isAccount) return refuse(401, "not for guests");
        if (said.with === undefined && known === undefined) return refuse(404, "no such room");
        if (known !== undefined && !this.#isIn(connection, known)) return refuse(403, "not in it");
        if (said.with !== undefined && said.with !== OTHER) return list([]);
        const { before = Infinity, after = -1, limit = 50 } = said;
        const past = this.past(said.with === undefined ? known : undefined)
          .filter(({ id }) => id < before && id > after);
        const rows = said.after === undefined ? past.slice(-limit) : past.slice(0, limit);
        const page = rows.map((row) => this.#relayOf(row));
        connection.errand = () => list(page);
        return;
      }
      case "unread": {
        if (!isAccount || !this.kind.hasMarks) return refuse(400, "unknown action");
        const places = [...this.rooms.filter((each) => this.#isIn(connection, each)), undefined];
        return list(places.map((where) => ({
          action: "unread_list",
          ...where === undefined ? { user_id: OTHER } : { room: this.#spelling(where) },
          read: this.marks.get(where) ?? 0,
          unread: Math.min(100, this.unread(where)),
          mentions: 0,
          last: this.past(where).at(-1)?.id ?? 0,
        })));
      }
      case "read": {
        if (!isAccount || !this.kind.hasMarks) return refuse(400, "unknown action");
        const where = said.to === OTHER ? undefined : this.room(said.to);
        if (said.to !== OTHER && where === undefined) return refuse(404, "no such room");
        const id = Math.min(said.id, this.past(where).at(-1)?.id ?? 0);
        this.marks.set(where, Math.max(id, this.marks.get(where) ?? 0));
        return ok();
      }
      case "msg": {
        const { to, message, time } = said, where = to === OTHER ? undefined : this.room(to);
        if (to !== OTHER && where === undefined) return refuse(404, "no such room");
        if (where !== undefined && !this.#isIn(connection, where)) return refuse(403, "not in it");
        if (/^no /.test(message)) return refuse(400, "not this");
        const id = this.#seen = ++this.#id;
        ok(connection.features.has("id") ? { id } : {});
        this.#keep(ME, where, message, id, time, true);
        return;
      }
      case "quit":
        ok();
        return this.cut(0);
      default:
        return ok();
    }
  }

  #create(name: string): Room {
    const made = room(name);
    this.rooms.push(made);
    return made;
  }
}

function room(name: string): Room {
  return { name, former: [], isMember: name === COMMON_ROOM, isRemoved: false, since: 0, changes: 0 };
}
