// A server in a few lines, for the laws of the page and of the pipe: it keeps what is said, relays it to the one connection
// while there is one, and answers in order. Frames travel only when a test says so, and what is under way can be lost.

import { COMMON_ROOM } from "../../jim/message.ts";
import { ConnectionServer, type FakeConnection, type Said } from "./fake_connection.ts";

/** What the server has kept. */
export interface Row {
  readonly id: number;
  readonly from: string;
  readonly to: string;
  readonly message: string;
  readonly time: number;
}

/** What stands for the account's password. */
const TOKEN = "its token";

/** What is known of a connection. */
interface Known {
  name: string | undefined;
  rooms: Set<string>;
  /** It has asked for the ids of its messages. */
  ids: boolean;
  /** It understands that it is to move. */
  moves: boolean;
}

type Connection = FakeConnection & Known;

export class FakeServer extends ConnectionServer<Known> {
  readonly rows: Row[] = [];
  /** The name of the account; any password proves it. */
  readonly account: string | undefined;
  /** It tells ids; an older one does not. */
  readonly hasIds: boolean;
  /** It keeps what its account has read, and counts the rest; an older one does not. */
  readonly hasMarks: boolean;
  /** Up to where its account has read each conversation. */
  readonly marks = new Map<string, number>();
  #rooms = new Set<string>();
  #seen = 0;
  #id = 1_000;

  constructor(account?: string, hasIds = true, hasMarks = false) {
    super();
    this.account = account;
    this.hasIds = hasIds;
    this.hasMarks = hasMarks;
  }

  /** Somebody else says something. */
  say(from: string, to: string, message: string): void {
    this.#keep({ id: ++this.#id, from, to, message, time: this.#id });
  }

  /** Its account reads a conversation on another device, but for the latest messages. */
  readElsewhere(key: string, left: number): void {
    const id = this.past(key, this.account ?? "").at(-1 - left)?.id;
    if (!this.hasMarks || id === undefined || id <= (this.marks.get(key) ?? 0)) return;
    this.marks.set(key, id);
    if (this.connection?.name !== undefined) {
      this.connection.toPage.push(JSON.stringify({ action: "read", to: key, id }));
    }
  }

  /** It stops, as one of several, and tells a client that understands it. */
  move(): void {
    if (this.connection?.moves) this.connection.toPage.push('{"response":100,"alert":"the others go on","move":true}');
  }

  /** What was said there, as the page should show it. */
  past(key: string, me: string): Row[] {
    return this.rows.filter(({ from, to }) =>
      key.startsWith("#") ? to === key : [from, to].includes(me) && [from, to].includes(key)
    );
  }

  protected begin(): Known {
    return { name: undefined, rooms: new Set([COMMON_ROOM]), ids: false, moves: false };
  }

  protected answer(connection: Connection, said: Said): void {
    const tell = (object: object): void => void connection.toPage.push(JSON.stringify(object));
    const ok = (response = 200) => tell({ response, alert: "ok" });
    const list = (rows: object[]) => [{ response: 202, quantity: rows.length }, ...rows].forEach(tell);
    const rooms = this.account === undefined ? connection.rooms : this.#rooms.add(COMMON_ROOM);
    switch (said.action) {
      case "presence":
        connection.name ??= said.user.account_name;
        connection.ids = this.hasIds && said.features?.includes("id");
        connection.moves = said.features?.includes("move");
        return tell({ response: 200, alert: "ok", jim: 1 });
      case "authenticate": {
        if (typeof said.token === "string" && said.token !== TOKEN) return tell({ response: 401, error: "no token" });
        connection.name = said.user?.account_name ?? this.account;
        if (said.token === true && this.account !== undefined) tell({ response: 200, alert: "ok", token: TOKEN });
        else ok();
        const missed = this.rows.filter((row) => row.id > this.#seen && this.#concerns(row, connection));
        return missed.slice(0, 100).forEach((row) => this.#relay(row));
      }
      case "join":
        rooms.add(said.room);
        return ok();
      case "rooms":
        return list([...rooms].map((room) => ({ action: "room_list", room, member: rooms.has(room) })));
      case "history": {
        if (said.with !== undefined && this.account === undefined) {
          return tell({ response: 401, error: "not for guests" });
        }
        const { before = Infinity, after = -1, limit = 50 } = said;
        const past = this.past(said.room ?? said.with ?? COMMON_ROOM, connection.name!)
          .filter(({ id }) => id < before && id > after);
        const page = (said.after === undefined ? past.slice(-limit) : past.slice(0, limit)).map(relayOf);
        connection.job = () => list(page);
        return;
      }
      case "msg": {
        const { to, message, time } = said, id = ++this.#id;
        tell({ response: 200, alert: "ok", ...(connection.ids ? { id } : {}) });
        this.#keep({ id, from: connection.name!, to, message, time }, true);
        return;
      }
      case "read":
        if (!this.hasMarks) break;
        this.marks.set(said.to, Math.max(said.id, this.marks.get(said.to) ?? 0));
        return ok();
      case "unread":
        if (!this.hasMarks) break;
        return list([...rooms, ...this.#writtenTo()].map((key) => this.#unread(key)));
      case "quit":
        connection.quits = true;
        return ok();
      case "probe":
        return ok();
    }
    list([]);
  }

  /** The other names of the private conversations of the account. */
  #writtenTo(): Set<string> {
    return new Set(
      this.rows.filter(({ to }) => !to.startsWith("#")).map(({ from, to }) => from === this.account ? to : from),
    );
  }

  #unread(key: string): object {
    const read = this.marks.get(key) ?? 0, past = this.past(key, this.account!);
    const unread = past.filter(({ id, from }) => id > read && from !== this.account).length;
    const conversation = key.startsWith("#") ? { room: key } : { user_id: key };
    return { action: "unread_list", ...conversation, read, unread, mentions: 0, last: past.at(-1)?.id ?? 0 };
  }

  #keep(row: Row, own = false): void {
    this.rows.push(row);
    if (!own && this.connection?.name !== undefined && this.#concerns(row, this.connection)) this.#relay(row);
  }

  #relay(row: Row): void {
    this.#seen = row.id;
    this.connection!.toPage.push(JSON.stringify(relayOf(row)));
  }

  #concerns({ from, to }: Row, { name, rooms }: Connection): boolean {
    if (to.startsWith("#")) return to === COMMON_ROOM || (this.account === undefined ? rooms : this.#rooms).has(to);
    return from === name || to === name;
  }
}

function relayOf(row: Row): object {
  return { action: "msg", encoding: "utf-8", ...row };
}
