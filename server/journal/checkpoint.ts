/**
 * Getting the journal's bytes to the disk without making the loop wait for it.
 *
 * SQLite appends each commit to the write-ahead log (WAL) and now and then copies the log into the database: sync the
 * log, copy, sync the database, start the log anew. It would do so in the middle of a commit, and a sync takes 10 to
 * 50 ms: at 40 MB/s half of the loop's time. Here the syncs are the system's business, on another thread (`syncData`), and
 * the loop only copies. What keeps the order that a power cut demands:
 *
 *  1. a reader holds the log at what it is now: only that much will be copied, and the log cannot start anew
 *  2. the log is synced, off the loop
 *  3. that much is copied, with SQLite's own syncs switched off
 *  4. the database is synced, off the loop; then the reader ends its transaction
 *
 * When nothing was said meanwhile, the next commit starts the log anew. Under a load that never pauses the log grows to
 * LOG_BYTES, and then SQLite does the little rest itself, with two short syncs on the loop.
 */
import { DatabaseSync, type StatementSync } from "node:sqlite";

/** As much is copied at once: some milliseconds. */
const STEP_BYTES = 4 * 1024 * 1024;
/** A log that is rewritten in place costs less than one that grows. */
const LOG_BYTES = 32 * 1024 * 1024;

export class Checkpoint {
  readonly #path: string;
  readonly #db: DatabaseSync;
  #cut: StatementSync | undefined;
  readonly #reader: DatabaseSync;
  readonly #hold: StatementSync;
  readonly #copy: StatementSync;
  readonly #syncless: StatementSync;
  readonly #synced: StatementSync;
  readonly #pageSize: number;
  /** Closing any file of a database would drop the locks SQLite has on it: these are closed after it. */
  readonly #file: Deno.FsFile;
  #log: Deno.FsFile | undefined;
  /** Bytes written since the last one began, about. */
  #fresh = 0;
  /** What was erased is still in the log file. */
  #truncates = false;
  #running: Promise<void> | undefined;
  #failure: unknown;

  /** @param file the open database itself; it is closed here */
  constructor(db: DatabaseSync, path: string, file: Deno.FsFile, sync: string) {
    this.#path = path;
    this.#db = db;
    this.#file = file;
    db.exec("PRAGMA wal_autocheckpoint = 0");
    this.#copy = db.prepare("PRAGMA wal_checkpoint(PASSIVE)");
    this.#syncless = db.prepare("PRAGMA synchronous = OFF");
    this.#synced = db.prepare(`PRAGMA synchronous = ${sync}`);
    this.#pageSize = db.prepare("PRAGMA page_size").get()!.page_size as number;
    this.#reader = new DatabaseSync(path);
    this.#reader.exec("PRAGMA cache_size = 4");
    this.#hold = this.#reader.prepare("SELECT count(*) FROM marks");
  }

  /** Takes note of bytes written, and begins when they are enough. */
  wrote(bytes: number): void {
    this.#fresh += bytes;
    if (this.#fresh >= STEP_BYTES) this.begin();
  }

  /** Has the next one leave nothing in the log file, of which an erased text may be a part. */
  truncate(): void {
    this.#truncates = true;
    this.#fresh ||= 1; // so that there is a next one
  }

  /** Begins now if anything was written and none is running. The loop goes on meanwhile. */
  begin(): void {
    if (this.#fresh === 0 || this.#running !== undefined) return;
    this.#fresh = 0;
    this.#running = this.#run()
      .catch((error) => this.#failure = error) // all is still in the log: tried anew after the next step
      .finally(() => this.#running = undefined);
  }

  /** What went wrong since it was last asked. */
  takeFailure(): unknown {
    const failure = this.#failure;
    this.#failure = undefined;
    return failure;
  }

  /** Ends what runs, closes the database by `closeDatabase`, and then its files. A promise only if something runs. */
  close(closeDatabase: () => void): void | Promise<void> {
    const close = () => {
      this.#reader.close();
      this.#file.syncDataSync();
      closeDatabase(); // copies what is left
      this.#log?.close();
      this.#file.close();
    };
    return this.#running === undefined ? close() : this.#running.then(close);
  }

  /**
   * `syncData` syncs and closes a copy of the descriptor, and the system then drops the lock that SQLite has on the
   * database. SQLite from 3.51 on takes no notice; one before, in another program that may write, removes the log when it
   * leaves. What is written from then on is in a file without a name: it is copied into the database when the server
   * stops, and lost when it is killed.
   */
  #mustBeThere(log: Deno.FsFile): void {
    let ino: number | null | undefined;
    try {
      ({ ino } = Deno.statSync(`${this.#path}-wal`));
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
    if (ino === log.statSync().ino) return;
    this.#fresh = 1; // to be told again in a second
    throw new Error(
      `another program has opened ${this.#path} and removed its log: stop the server, which keeps all, and start it again`,
    );
  }

  async #run(): Promise<void> {
    let bytes = 0;
    this.#reader.exec("BEGIN");
    try {
      this.#hold.get();
      this.#log ??= Deno.openSync(`${this.#path}-wal`);
      this.#mustBeThere(this.#log);
      await this.#log.syncData();
      this.#syncless.run();
      try {
        bytes = (this.#copy.get()!.log as number) * this.#pageSize;
      } finally {
        this.#synced.run();
      }
      await this.#file.syncData();
    } finally {
      this.#reader.exec("ROLLBACK");
    }
    if (bytes > LOG_BYTES) this.#copy.get();
    if (this.#truncates) this.#truncate();
  }

  /** Copies the little that was written meanwhile, and empties the file: some milliseconds, after an edit or a deletion only. */
  #truncate(): void {
    this.#cut ??= this.#db.prepare("PRAGMA wal_checkpoint(TRUNCATE)");
    this.#truncates = this.#cut.get()!.busy !== 0; // another process may be reading
    if (this.#truncates) this.#fresh = 1; // tried again in a second
  }
}
