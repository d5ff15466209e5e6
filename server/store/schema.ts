/**
 * The shape of the database, and how an older one comes to it: steps that are only ever added to. The number of steps a
 * database has been through is its version, kept in its own header (`user_version`); each step and its number are one
 * transaction, so a program that dies in the middle finds a whole database of one version or the next.
 */
import type { DatabaseSync } from "node:sqlite";
import { StoreRefused } from "./contract.ts";

/** "Hani", in the header of the file (`application_id`): no other program's database is taken for ours. */
const OURS = 0x48616e69;

const STEPS: readonly string[] = [
  // Messages, and who is who.
  `CREATE TABLE marks (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;

   -- A place has no other; a conversation that nobody may read any more has neither.
   CREATE TABLE conversations (id INTEGER PRIMARY KEY, one TEXT, other TEXT, UNIQUE (one, other)) STRICT;
   CREATE INDEX conversations_of_other ON conversations (other);

   -- What a turn said in one conversation. An id belongs to one message, so the first is as good as a row number,
   -- and rows are appended at the end.
   CREATE TABLE turns (
     first INTEGER PRIMARY KEY, last INTEGER NOT NULL, count INTEGER NOT NULL,
     conversation INTEGER NOT NULL, time INTEGER NOT NULL, -- milliseconds since 1970
     lines BLOB NOT NULL
   ) STRICT;
   CREATE INDEX turns_of_conversation ON turns (conversation, first, count);

   CREATE TABLE accounts (
     name TEXT PRIMARY KEY, password TEXT NOT NULL, operator INTEGER NOT NULL, seen INTEGER NOT NULL
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE rooms (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
   CREATE TABLE members (room TEXT, account TEXT, PRIMARY KEY (room, account)) STRICT, WITHOUT ROWID;
   CREATE TABLE contacts (owner TEXT, name TEXT, PRIMARY KEY (owner, name)) STRICT, WITHOUT ROWID;`,

  // The search index: of each message its id, its words and its conversation as one word more. It keeps no text
  // (content=''), no positions (detail=none). The words come ready, so it has only to part them at spaces ('ascii').
  `CREATE VIRTUAL TABLE search USING fts5 (
     words, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii'
   );
   -- Small pages: its merges, which come with a commit now and then, take smaller steps.
   INSERT INTO search (search, rank) VALUES ('pgsz', 1000);`,

  // What operators have forbidden (no end is for ever), and what they say.
  `CREATE TABLE bans (kind TEXT, who TEXT, until REAL, PRIMARY KEY (kind, who)) STRICT, WITHOUT ROWID;
   CREATE TABLE texts (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;`,
];

/**
 * Brings a database to the newest version.
 *
 * @param steps for a test that needs an old version
 * @throws {StoreRefused} if it is of a newer version, or no database of Hanita
 */
export function migrate(db: DatabaseSync, path: string, steps: number = STEPS.length): void {
  const read = (pragma: string) => Object.values(db.prepare(`PRAGMA ${pragma}`).get()!)[0] as number;
  const version = read("user_version");
  const empty = db.prepare("SELECT count(*) AS n FROM sqlite_schema").get()!.n === 0;
  if (!empty && read("application_id") !== OURS) {
    throw new StoreRefused(`Cannot open "${path}": it is a database of another program`);
  }
  if (version > STEPS.length) {
    const versions = `(schema ${version}, this one knows ${STEPS.length})`;
    throw new StoreRefused(
      `Cannot open "${path}": it was written by a newer Hanita ${versions}; run that one, or use another folder`,
    );
  }
  for (let done = version; done < steps; done++) {
    db.exec(
      `BEGIN IMMEDIATE; ${STEPS[done]}; PRAGMA application_id = ${OURS}; PRAGMA user_version = ${done + 1}; COMMIT`,
    );
  }
}
