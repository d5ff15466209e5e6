/**
 * How the tables of the store, which had the chat before the journal, become records. An account keeps its id, which is in the
 * names of conversations; rooms get the next ones, and all else follows. Every id is smaller than that of any message.
 */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { encode } from "./encoding.ts";
import { isSqlite } from "./failure.ts";
import { keyOf } from "./record_kinds.ts";
import type { GuestPeriod, StateProposal } from "./records.ts";

const TABLES = `
  -- All records but messages, as they were appended. One that another has replaced goes a little later.
  CREATE TABLE records (
    id INTEGER PRIMARY KEY, key TEXT NOT NULL, time INTEGER NOT NULL, -- milliseconds since 1970
    kind TEXT NOT NULL, version INTEGER NOT NULL, sum INTEGER NOT NULL, body BLOB NOT NULL
  ) STRICT;
  CREATE INDEX records_by_key ON records (key, id);

  -- Runs of messages. Those of version 0 are from before there were checksums.
  ALTER TABLE turns RENAME TO runs;
  ALTER TABLE runs ADD COLUMN version INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE runs ADD COLUMN sum INTEGER NOT NULL DEFAULT 0;`;

const OLD = ["accounts", "guest_periods", "rooms", "members", "contacts", "bans", "texts", "session_tokens"];

type Row = Record<string, unknown>;

/** Reads rows, and appends records. */
class Conversion {
  readonly #db: DatabaseSync;
  readonly #put: StatementSync;
  /** The last id that is taken. */
  last: number;

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#put = db.prepare(
      "INSERT INTO records (id, key, time, kind, version, sum, body) VALUES (?, ?, 0, ?, ?, ?, ?)",
    );
    // The largest id that an account has, or had.
    this.last = Math.max(
      ...this.rows("SELECT value FROM marks WHERE name = 'account'").map(({ value }) => value as number),
      ...this.rows("SELECT id FROM accounts").map(({ id }) => id as number),
      0,
    );
  }

  rows(sql: string): Row[] {
    return this.#db.prepare(sql).all() as Row[];
  }

  /** Appends a record, and returns its id. */
  append(proposal: StateProposal, id = ++this.last): number {
    const record = { ...proposal, id }, { kind, version, sum, body } = encode(record, 0);
    this.#put.run(id, keyOf(record), kind, version, sum, body);
    return id;
  }
}

/** Turns the tables into records, within a transaction of the caller. */
export function toRecords(db: DatabaseSync): void {
  db.exec(TABLES);
  const conversion = new Conversion(db);
  addAccounts(conversion);
  const rooms = addRooms(conversion);
  addMembers(conversion, rooms);
  for (const ban of conversion.rows("SELECT * FROM bans ORDER BY kind, who")) conversion.append(toBan(ban));
  for (const { value } of conversion.rows("SELECT value FROM texts WHERE name = 'motd'")) {
    conversion.append({ kind: "motd", text: value as string });
  }
  addSessions(conversion);
  callRooms(db, rooms);
  db.prepare("INSERT OR REPLACE INTO marks VALUES ('applied', ?)").run(conversion.last);
  for (const table of OLD) db.exec(`DROP TABLE IF EXISTS ${table}`);
  dropSearch(db);
  db.exec("DELETE FROM marks WHERE name IN ('account', 'indexed')");
}

function addAccounts(conversion: Conversion): void {
  const contactRows = conversion.rows("SELECT owner, name FROM contacts ORDER BY owner, name");
  const contacts = Map.groupBy(contactRows, ({ owner }) => owner);
  const periods = Map.groupBy(conversion.rows("SELECT * FROM guest_periods ORDER BY after"), ({ account }) => account);
  const accounts = conversion.rows("SELECT * FROM accounts ORDER BY id");
  for (const { id, name, password, operator, seen, since } of accounts) {
    conversion.append({
      kind: "account",
      name: name as string,
      password: password as string,
      operator: operator === 1,
      seen: seen as number,
      since: since as number,
      guestPeriods: (periods.get(id) ?? []).map(toPeriod),
      contacts: (contacts.get(id) ?? []).map(({ name }) => name as string),
    }, id as number);
  }
}

/** Returns the ids of the rooms, by their names. */
function addRooms(conversion: Conversion): ReadonlyMap<string, number> {
  const names = conversion.rows("SELECT name FROM rooms ORDER BY name").map(({ name }) => name as string);
  return new Map(names.map((name) => [name, conversion.append({ kind: "room", name })]));
}

function addMembers(conversion: Conversion, rooms: ReadonlyMap<string, number>): void {
  for (const { room, account, spelling } of conversion.rows("SELECT * FROM members ORDER BY room, account")) {
    const id = rooms.get(room as string);
    if (id === undefined) continue;
    const spelt = spelling === null ? {} : { spelling: spelling as string };
    conversion.append({ kind: "member", account: account as number, room: id, is: true, ...spelt });
  }
}

/** Session tokens, which the first versions of the store did not have. */
function addSessions(conversion: Conversion): void {
  if (conversion.rows("SELECT 1 FROM sqlite_schema WHERE name = 'session_tokens'").length === 0) return;
  for (const { hash, account, since, used } of conversion.rows("SELECT * FROM session_tokens ORDER BY used, hash")) {
    conversion.append({
      kind: "session",
      account: account as number,
      hash: hash as string,
      is: true,
      since: since as number,
      used: used as number,
    });
  }
}

/** The search index is a file of its own. An old one that is damaged, so that SQLite does not drop it, stays and does no harm. */
function dropSearch(db: DatabaseSync): void {
  try {
    db.exec("DROP TABLE IF EXISTS search");
  } catch (error) {
    if (!isSqlite(error) || !db.isTransaction) throw error;
  }
}

/**
 * The conversation of a room is called by the room's id. First by a name that no room has: a room may be called `#7` already.
 */
function callRooms(db: DatabaseSync, rooms: ReadonlyMap<string, number>): void {
  const call = db.prepare("UPDATE conversations SET one = char(1) || ? WHERE one = ? AND other = ''");
  for (const [name, id] of rooms) call.run(`${id}`, name);
  db.exec(`
    UPDATE conversations SET one = NULL, other = NULL WHERE other = '' AND one != '#all' AND one NOT LIKE char(1) || '%';
    UPDATE conversations SET one = '#' || substr(one, 2) WHERE other = '' AND one LIKE char(1) || '%';`);
}

function toPeriod({ name, after, last }: Row): GuestPeriod {
  return { name: name as string, after: after as number, last: last as number };
}

function toBan({ kind, who, until, ordered_by, reason, since }: Row): StateProposal {
  return {
    kind: "ban",
    what: kind as "name",
    who: who as string,
    is: true,
    ...(until === null ? {} : { until: until as number }),
    ...(ordered_by === null ? {} : { by: ordered_by as string }),
    ...(reason === null ? {} : { reason: reason as string }),
    ...(since === null ? {} : { since: since as number }),
  };
}
