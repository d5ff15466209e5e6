/** The file of the search index: its tables, what is said to it, how it is opened, and how one that is damaged goes away. */
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { Checkpoint } from "./checkpoint.ts";
import { isSystemError } from "../../log/system_error.ts";
import { PAGE_BYTES } from "./database.ts";
import { isSqlite } from "./failure.ts";
import type { Soon } from "./contract.ts";

/** The version of what follows; an index of another one is made anew. */
const VERSION = 3;
/**
 * A row is a range of runs: its id is the first id of the first one, and `last` that of the last one.
 *
 * It keeps no text (content=''), no positions (detail=none). `ascii` parts words at all that is ASCII and neither letter nor
 * digit, and takes any other sign for a letter. With small pages, a small memory and few merges (8 pieces at once) a commit has
 * to do some milliseconds' work at most. Measured at 160 messages a run: 0.94 µs a message against 1.2 with FTS5's defaults.
 */
const TABLES = [
  `CREATE VIRTUAL TABLE search USING fts5 (
     words, last UNINDEXED, content = '', contentless_delete = 1, contentless_unindexed = 1, detail = none,
     tokenize = 'ascii'
   )`,
  "INSERT INTO search (search, rank) VALUES ('pgsz', 1000), ('hashsize', 262144), ('automerge', 8)",
  "CREATE TABLE marks (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID",
];

// Numbers arrive as REAL, which the index would not take for a bound.
const select = (order: string) => `
  SELECT rowid, last FROM search WHERE search MATCH ? AND rowid BETWEEN CAST(? AS INTEGER) AND CAST(? AS INTEGER)
  ORDER BY rowid ${order} LIMIT ?`;
const STATEMENTS = {
  begin: "BEGIN IMMEDIATE",
  commit: "COMMIT",
  mark: "SELECT value FROM marks WHERE name = ?",
  setMark: "INSERT OR REPLACE INTO marks VALUES (?, ?)",
  put: "INSERT INTO search (rowid, words, last) VALUES (?, ?, CAST(? AS INTEGER))",
  removeOne: "DELETE FROM search WHERE rowid = CAST(? AS INTEGER)",
  remove: "DELETE FROM search WHERE rowid < CAST(?1 AS INTEGER) AND last < ?1",
  holding:
    "SELECT rowid, last FROM search WHERE search MATCH ? AND rowid <= CAST(? AS INTEGER) ORDER BY rowid DESC LIMIT 1",
  backward: select("DESC"),
  forward: select("ASC"),
};

/** Pages as large as the journal's, and a cache of 256 KiB. */
const SETTINGS = [`page_size = ${PAGE_BYTES}`, "cache_size = -256", "journal_mode = WAL", "synchronous = NORMAL"];
const MARK = `PRAGMA user_version = ${VERSION}`;
/** SQLite's numbers for a file that is damaged, is no database, or has not the tables that it should have. */
const DAMAGE = [1, 11, 24, 26];

/** The open file. */
export interface IndexFile {
  readonly db: DatabaseSync;
  readonly checkpoint: Checkpoint;
  readonly sql: { readonly [name in keyof typeof STATEMENTS]: StatementSync };
}

/** Opens a file, or makes it; undefined if it is damaged, or of another version. */
export function openIndexFile(path: string): IndexFile | undefined {
  const disk = Deno.openSync(path, { create: true, read: true, write: true, mode: 0o600 });
  let db: DatabaseSync | undefined;
  try {
    if (Deno.build.os !== "windows") Deno.chmodSync(path, 0o600); // it has the words of private messages
    db = new DatabaseSync(path);
    // One by one: what `exec` throws does not say which of SQLite's errors it is.
    const pragma = (text: string) => db!.prepare(`PRAGMA ${text}`).get();
    for (const text of SETTINGS) pragma(text);
    const version = pragma("user_version")!.user_version;
    if (version === 0) { for (const text of ["BEGIN", ...TABLES, MARK, "COMMIT"]) db.prepare(text).run(); }
    const entries = Object.entries(STATEMENTS).map(([name, sql]) => [name, db!.prepare(sql)]);
    const sql = Object.fromEntries(entries) as IndexFile["sql"], isKnown = version === 0 || version === VERSION;
    if (isKnown) return { db, sql, checkpoint: new Checkpoint(db, path, disk, "normal") };
  } catch (error) {
    if (!isDamage(error)) {
      db?.close();
      disk.close();
      throw error;
    }
  }
  db?.close();
  disk.close();
  return undefined;
}

/** A promise if the disk is still at work. */
export function closeIndexFile({ db, checkpoint }: IndexFile): Soon<void> {
  return checkpoint.close(() => db.close());
}

/** Where the system does not allow it, the next opening finds the same file. */
export function removeIndexFile(path: string): void {
  for (const ending of ["", "-wal", "-shm"]) {
    try {
      Deno.removeSync(`${path}${ending}`);
    } catch (error) {
      if (!isSystemError(error)) throw error;
    }
  }
}

/** Whether the file has to be made anew; all else that goes wrong may be right again later. */
export function isDamage(error: unknown): boolean {
  return isSqlite(error) && DAMAGE.includes((error as Error & { readonly errcode: number }).errcode & 0xff);
}
