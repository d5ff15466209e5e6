/**
 * The shape of a journal's database, and how a database of the store becomes one. Versions of the store are below 100; each
 * step and its number are one transaction, so a program that dies in the middle finds a whole database of one version.
 */
import type { DatabaseSync } from "node:sqlite";
import { migrate as migrateStore, OURS } from "./store_schema.ts";
import { inEach } from "../words/mod.ts";
import { transact } from "./transact.ts";
import { JournalRefused } from "./contract.ts";
import { parseEvent, type RecordRow } from "./encoding.ts";
import { columnsOf } from "./events.ts";
import { RUN_INDEX } from "./run_index.ts";
import { toRecords } from "./store_records.ts";

/** The version after the first step. */
const FIRST = 100;

const STEPS: readonly ((db: DatabaseSync) => void)[] = [
  toRecords,
  (db) => db.exec(EVENTS),
  (db) => db.exec(FILES),
  toReactions,
  (db) => db.exec(RUN_INDEX),
];
const NEWEST = FIRST - 1 + STEPS.length;

/**
 * Brings a database to the newest version, for a process that may work beside a server. If an older server is using the
 * database, it stays as it is: that server would not find its tables any more.
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
    transact(db, () => {
      STEPS[done - FIRST + 1]!(db);
      db.exec(`PRAGMA user_version = ${done + 1}`);
    });
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

/** Reactions by what they are looked for by; of other events these are NULL. A message may have thousands of reactions. */
const REACTIONS = `
  ALTER TABLE events ADD COLUMN emoji TEXT;
  ALTER TABLE events ADD COLUMN is_there INTEGER;
  ALTER TABLE events ADD COLUMN person TEXT;
  CREATE INDEX events_reactions ON events (message, emoji, is_there, id, person)`;
/** Reactions that are read at once. */
const LOT = 1000;

/** Reactions from before they had columns get theirs. */
function toReactions(db: DatabaseSync): void {
  db.exec(REACTIONS);
  const next = db.prepare(
    "SELECT id, kind, version, body FROM events WHERE id > ? AND kind = 'reaction' ORDER BY id LIMIT ?",
  );
  const put = db.prepare("UPDATE events SET emoji = ?, is_there = ?, person = ? WHERE id = ?");
  for (let last = 0;;) {
    const lot = next.all(last, LOT) as unknown as RecordRow[];
    for (const { id, ...encoded } of lot) put.run(...columnsOf(parseEvent(id, encoded)), id);
    if (lot.length < LOT) return;
    last = lot.at(-1)!.id;
  }
}
