/**
 * The database's file: opened by one server alone, readable by nobody else, brought to the shape of today, and
 * told how its bytes get to the disk.
 */
import { DatabaseSync } from "node:sqlite";
import { systemReason } from "../../cli/system.ts";
import { locked } from "../data_folder/lock.ts";
import { inEach } from "../words/mod.ts";
import { Checkpoint } from "./checkpoint.ts";
import { isSystemError, systemErrorText } from "../../log/system_error.ts";
import { isSqlite, JournalRefused } from "./failure.ts";
import { closeToOthers } from "../data_folder/modes.ts";
import { transact } from "./transact.ts";

/** How the file is opened. */
export interface FileOptions {
  /** `DIR/hanita.db`; the folder and the file are made when they are missing, readable by nobody else. */
  readonly path: string;
  /** Nothing is on the disk; the path is a name for messages. */
  readonly inMemory?: boolean;
  /** What a power cut may take: about a second's messages, or nothing. */
  readonly sync?: "normal" | "full";
  /** For the account tool, beside a server that has the database open. Two servers would give out the same ids. */
  readonly beside?: boolean;
  /** Nothing is made: a database that is not there is refused. */
  readonly existing?: boolean;
  /** The most that the file may grow to. */
  readonly maxBytes?: number;
}

/** An open database. */
export interface Database {
  readonly db: DatabaseSync;
  readonly checkpoint: Syncing;
  /** Held as long as it is open; closed after it. Undefined in memory. */
  readonly lock: Deno.FsFile | undefined;
}

/** How its bytes get to the disk. */
export type Syncing = Pick<Checkpoint, "wrote" | "begin" | "truncate" | "takeFailure" | "close">;

const NO_SYNCING: Syncing = {
  wrote: () => {},
  begin: () => {},
  truncate: () => {},
  takeFailure: () => undefined,
  close: (closeDatabase) => closeDatabase(),
};

/**
 * Of a new database; one that is there keeps its own. A message alone rewrites one page, whatever its size, and a turn's row of
 * 35 KB fills five: with pages of 4 KiB it fills nine, which takes 150 µs and not 130, and the first takes as long.
 */
export const PAGE_BYTES = 8192;
/** The system has the file in its own cache. With 2 MiB nothing was faster, and the peak 2 MiB higher. */
const CACHE_KIB = 512;
/** The loop stands still while another program writes; the account tool does for a millisecond. */
const BUSY_MS = 100;

/** A database in memory, which ends with the process. */
export function openInMemory<T>(handOver: (database: Database) => T, bring: (db: DatabaseSync) => void): T {
  const db = new DatabaseSync(":memory:");
  try {
    db.exec(`PRAGMA page_size = ${PAGE_BYTES}`);
    bring(db);
    return handOver({ db, checkpoint: NO_SYNCING, lock: undefined });
  } catch (error) {
    db.close();
    throw error;
  }
}

/**
 * Opens a database, or makes it, and hands it over. Whatever fails, there too, leaves nothing open behind it.
 *
 * @param bring brings it to the shape of today; the lock is a server's, or another one has it (`beside`)
 * @throws {JournalRefused} in one line
 */
export function openDatabase<T>(
  options: FileOptions,
  handOver: (database: Database) => T,
  bring: (db: DatabaseSync, path: string, lock: Deno.FsFile) => void,
): T {
  const { path, sync = "normal" } = options;
  const open: { close(): void }[] = [];
  try {
    if (options.existing) mustExist(path);
    Deno.mkdirSync(path.slice(0, path.lastIndexOf("/")), { recursive: true, mode: 0o700 });
    const lock = Deno.openSync(`${path}-lock`, { create: true, write: true, mode: 0o600 });
    open.push(lock);
    if (!options.beside && !locked(lock)) {
      throw new JournalRefused(inEach(({ databaseInUse }) => databaseInUse(path)));
    }
    if (!options.beside) closeToOthers(path);
    const file = Deno.openSync(path, { create: true, read: true, write: true, mode: 0o600 });
    open.unshift(file);
    const wasKilled = !options.beside && hasLog(path);
    const db = new DatabaseSync(path);
    open.unshift(db);
    db.exec(`PRAGMA busy_timeout = ${BUSY_MS}; PRAGMA page_size = ${PAGE_BYTES}; PRAGMA cache_size = -${CACHE_KIB}`);
    if (file.statSync().size > 0) bring(db, path, lock);
    else transact(db, () => bring(db, path, lock)); // a new one waits for the disk 4 times, and not for each step of its shape
    // Of a row that moves within a page nothing is left behind: its text may be deleted later. It costs no access to the disk.
    db.exec("PRAGMA secure_delete = FAST");
    db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = ${sync}`);
    if (options.maxBytes !== undefined) limitSize(db, options.maxBytes);
    const checkpoint = new Checkpoint(db, path, file, sync);
    if (wasKilled) checkpoint.truncate(); // a text that was erased just before may be in it
    return handOver({ db, checkpoint, lock });
  } catch (error) {
    for (const each of open) each.close();
    if (error instanceof JournalRefused) throw error;
    if (!isSqlite(error) && !isSystemError(error)) throw error;
    const why = systemErrorText(error);
    const texts = inEach(({ cannotOpen }, language) => cannotOpen(path, systemReason(why, language)));
    throw new JournalRefused(texts, { cause: error });
  }
}

function limitSize(db: DatabaseSync, bytes: number): void {
  const { page_size } = db.prepare("PRAGMA page_size").get()!;
  db.exec(`PRAGMA max_page_count = ${Math.ceil(bytes / (page_size as number))}`);
}

/** Whether the server before has left its log: one that stops puts all into the database, and removes it. */
function hasLog(path: string): boolean {
  try {
    return Deno.statSync(`${path}-wal`).size > 0;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

function mustExist(path: string): void {
  try {
    Deno.statSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new JournalRefused(inEach(({ noDatabase }) => noDatabase(path)));
  }
}
