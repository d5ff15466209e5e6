/**
 * The shape of a journal's database, and how a database of the store becomes one. Versions of the store are below 100; each
 * step and its number are one transaction, so a program that dies in the middle finds a whole database of one version.
 */
import type { DatabaseSync } from "node:sqlite";
import { isSqlite } from "./failure.ts";
import { migrate as migrateStore, OURS } from "./store_schema.ts";
import { inEach } from "../words/mod.ts";
import { JournalRefused } from "./contract.ts";
import { encode } from "./encoding.ts";
import { keyOf } from "./record_kinds.ts";
import type { GuestPeriod, StateProposal } from "./records.ts";

/** The version after the first step. */
const FIRST = 100;

const STEPS: readonly ((db: DatabaseSync) => void)[] = [toRecords, (db) => db.exec(EVENTS), (db) => db.exec(FILES)];
const NEWEST = FIRST - 1 + STEPS.length;

/**
 * Brings a database to the newest version, for a process that may work beside a server: not under the feet of an older
 * server, which would find its tables gone.
 *
 * @param lock of the database: a server has it as long as it runs
 * @throws {JournalRefused} as {@linkcode migrate} does, and if an older server is using it
 */
export function migrateBeside(db: DatabaseSync, path: string, lock: Deno.FsFile): void {
  const { user_version: version } = db.prepare("PRAGMA user_version").get()!;
  if (version as number >= NEWEST) return migrate(db, path);
  if (!lock.tryLockSync(true)) {
    throw new JournalRefused(inEach(({ databaseOfOlder }) => databaseOfOlder(path)));
  }
  migrate(db, path);
  lock.unlockSync();
}

/**
 * Brings a database to the newest version.
 *
 * @throws {JournalRefused} if it is of a newer version, or no database of Hanita
 */
export function migrate(db: DatabaseSync, path: string): void {
  const read = (pragma: string) => Object.values(db.prepare(`PRAGMA ${pragma}`).get()!)[0] as number;
  if (read("user_version") < FIRST || read("application_id") !== OURS) migrateStore(db, path);
  const version = Math.max(read("user_version"), FIRST - 1);
  if (version > NEWEST) {
    throw new JournalRefused(inEach(({ newerDatabase }) => newerDatabase(path, version, NEWEST)));
  }
  for (let done = version; done < NEWEST; done++) {
    db.exec("BEGIN IMMEDIATE");
    try {
      STEPS[done - FIRST + 1]!(db);
      db.exec(`PRAGMA user_version = ${done + 1}; COMMIT`);
    } catch (error) {
      if (db.isTransaction) db.exec("ROLLBACK");
      throw error;
    }
  }
}

/**
 * Refuses a database that is no journal of the newest version, and leaves it as it is.
 *
 * @throws {JournalRefused} if it is of an older or a newer version, or no database of Hanita
 */
export function mustBeJournal(db: DatabaseSync, path: string): void {
  const read = (pragma: string) => Object.values(db.prepare(`PRAGMA ${pragma}`).get()!)[0] as number;
  if (read("application_id") !== OURS) throw new JournalRefused(inEach(({ otherDatabase }) => otherDatabase(path)));
  const version = read("user_version");
  if (version < NEWEST) throw new JournalRefused(inEach(({ olderDatabase }) => olderDatabase(path, version, NEWEST)));
  if (version > NEWEST) throw new JournalRefused(inEach(({ newerDatabase }) => newerDatabase(path, version, NEWEST)));
}

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

/** What was said about messages: of each event the conversation, the message by its id, and the rest as of a record. */
const EVENTS = `
  CREATE TABLE events (
    id INTEGER PRIMARY KEY, conversation INTEGER NOT NULL, message INTEGER NOT NULL,
    time INTEGER NOT NULL, -- milliseconds since 1970
    kind TEXT NOT NULL, version INTEGER NOT NULL, sum INTEGER NOT NULL, body BLOB NOT NULL
  ) STRICT;
  CREATE INDEX events_about ON events (message, id);
  CREATE INDEX events_of_conversation ON events (conversation, id)`;

/** The files of messages: what opens each, and its SHA-256. */
const FILES = `
  CREATE TABLE files (
    message INTEGER PRIMARY KEY, conversation INTEGER NOT NULL, key TEXT NOT NULL, hash TEXT NOT NULL
  ) STRICT;
  CREATE INDEX files_by_key ON files (key);
  CREATE INDEX files_by_hash ON files (hash)`;

const OLD = ["accounts", "guest_periods", "rooms", "members", "contacts", "bans", "texts", "session_tokens"];

type Row = Record<string, unknown>;

/**
 * The tables of accounts, rooms and the rest become records. An account keeps its id, which is in the names of conversations;
 * rooms get the next ones, and all else follows. Every id is smaller than that of any message.
 */
function toRecords(db: DatabaseSync): void {
  db.exec(TABLES);
  const all = (sql: string) => db.prepare(sql).all() as Row[];
  const put = db.prepare("INSERT INTO records (id, key, time, kind, version, sum, body) VALUES (?, ?, 0, ?, ?, ?, ?)");
  // The largest id that an account has, or had.
  let last = Math.max(
    ...all("SELECT value FROM marks WHERE name = 'account'").map(({ value }) => value as number),
    ...all("SELECT id FROM accounts").map(({ id }) => id as number),
    0,
  );
  const append = (proposal: StateProposal, id = ++last) => {
    const record = { ...proposal, id }, { kind, version, sum, body } = encode(record, 0);
    put.run(id, keyOf(record), kind, version, sum, body);
    return id;
  };

  const contacts = Map.groupBy(all("SELECT owner, name FROM contacts ORDER BY owner, name"), ({ owner }) => owner);
  const periods = Map.groupBy(all("SELECT * FROM guest_periods ORDER BY after"), ({ account }) => account);
  for (const { id, name, password, operator, seen, since } of all("SELECT * FROM accounts ORDER BY id")) {
    append({
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
  const rooms = new Map<string, number>();
  for (const { name } of all("SELECT name FROM rooms ORDER BY name")) {
    rooms.set(name as string, append({ kind: "room", name: name as string }));
  }
  for (const { room, account, spelling } of all("SELECT * FROM members ORDER BY room, account")) {
    const id = rooms.get(room as string);
    if (id === undefined) continue;
    const spelt = spelling === null ? {} : { spelling: spelling as string };
    append({ kind: "member", account: account as number, room: id, is: true, ...spelt });
  }
  for (const ban of all("SELECT * FROM bans ORDER BY kind, who")) append(toBan(ban));
  for (const { value } of all("SELECT value FROM texts WHERE name = 'motd'")) {
    append({ kind: "motd", text: value as string });
  }
  if (all("SELECT 1 FROM sqlite_schema WHERE name = 'session_tokens'").length > 0) {
    for (const { hash, account, since, used } of all("SELECT * FROM session_tokens ORDER BY used, hash")) {
      append({
        kind: "session",
        account: account as number,
        hash: hash as string,
        is: true,
        since: since as number,
        used: used as number,
      });
    }
  }
  callRooms(db, rooms);
  db.prepare("INSERT OR REPLACE INTO marks VALUES ('applied', ?)").run(last);
  for (const table of OLD) db.exec(`DROP TABLE IF EXISTS ${table}`);
  dropSearch(db);
  db.exec("DELETE FROM marks WHERE name IN ('account', 'indexed')");
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
