/**
 * The last entries of a shared log as they came, in the view's database: the broker may lose its end, and gets it back from
 * here. The last one says how far the view is, so it is written with the rows that it has made. All parts of an entry that is not
 * complete are among them.
 */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { LogEntry } from "./log.ts";

/** So much is kept, and no more of either. */
export const MAX_ENTRIES = 10_000;
const MAX_BYTES = 64 * 1024 * 1024;
/** So many times more entries are there before some are removed: to remove them one by one costs as much as to add them. */
const SLACK = 1.1;

const TABLE = `CREATE TABLE IF NOT EXISTS entries (
  sequence INTEGER PRIMARY KEY, time INTEGER NOT NULL, writer TEXT NOT NULL, bytes BLOB NOT NULL
) STRICT`;

/** The length is taken within: there SQLite does not read the bytes for it. */
const OLDEST = `SELECT max(sequence) AS last, count(*) AS count, sum(size) AS bytes
  FROM (SELECT sequence, length(bytes) AS size FROM entries WHERE sequence < ? ORDER BY sequence LIMIT ?)`;

export class Ring {
  readonly #db: DatabaseSync;
  readonly #put: StatementSync;
  readonly #behind: StatementSync;
  readonly #oldest: StatementSync;
  readonly #remove: StatementSync;
  readonly #clear: StatementSync;
  readonly #first: StatementSync;
  readonly #last: StatementSync;
  readonly #find: StatementSync;
  readonly #size: StatementSync;
  readonly #maxEntries: number;
  #count = 0;
  #bytes = 0;

  constructor(db: DatabaseSync, maxEntries = MAX_ENTRIES) {
    this.#db = db;
    this.#maxEntries = maxEntries;
    db.exec(TABLE);
    this.#put = db.prepare("INSERT INTO entries VALUES (?, ?, ?, ?)");
    this.#behind = db.prepare("SELECT sequence, time, writer, bytes FROM entries WHERE sequence > ? ORDER BY sequence");
    this.#oldest = db.prepare(OLDEST);
    this.#remove = db.prepare("DELETE FROM entries WHERE sequence <= ?");
    this.#clear = db.prepare("DELETE FROM entries");
    this.#first = db.prepare("SELECT min(sequence) AS first FROM entries");
    this.#last = db.prepare("SELECT sequence, time, writer FROM entries ORDER BY sequence DESC LIMIT 1");
    this.#find = db.prepare("SELECT sequence, time, writer FROM entries WHERE sequence = ?");
    this.#size = db.prepare("SELECT count(*) AS count, coalesce(sum(length(bytes)), 0) AS bytes FROM entries");
    this.measure();
  }

  /** The sequence of the first entry; `Infinity` if there is none. */
  get first(): number {
    return (this.#first.get()!.first ?? Infinity) as number;
  }

  /** The last entry, which the log must have too. */
  get last(): Omit<LogEntry, "bytes"> | undefined {
    return this.#last.get() as Omit<LogEntry, "bytes"> | undefined;
  }

  find(sequence: number): Omit<LogEntry, "bytes"> | undefined {
    return this.#find.get(sequence) as Omit<LogEntry, "bytes"> | undefined;
  }

  /** Looks how large it is, after a transaction that was taken back. */
  measure(): void {
    const { count, bytes } = this.#size.get()!;
    this.#count = count as number;
    this.#bytes = bytes as number;
  }

  /**
   * Within a transaction. The last of them is kept in any case. Of a server that catches up, the others are not, until it comes
   * to the log's last ones: to write all twice takes about as long as all the rest.
   *
   * @param some the next ones
   * @param needed from this sequence on, all are kept whatever room they take
   * @param left how many entries the log has behind them
   */
  add(some: readonly LogEntry[], needed: number, left: number): void {
    if (some.length === 0) return;
    const most = Math.max(1, this.#maxEntries - left);
    const from = Math.min(some.at(-most)?.sequence ?? 0, needed);
    if (from > some[0]!.sequence) { // without a gap
      this.#remove.run(from - 1);
      this.measure();
    }
    for (const { sequence, time, writer, bytes } of some) {
      if (sequence < from) continue;
      this.#put.run(sequence, time, writer, bytes);
      this.#count++;
      this.#bytes += bytes.length;
    }
    if (this.#count > this.#maxEntries * SLACK) this.#trim(this.#count - this.#maxEntries, needed);
    while (this.#bytes > MAX_BYTES && this.#count > 1 && this.#trim(1, needed));
  }

  /** Removes the oldest ones. Returns whether it has removed any. */
  #trim(count: number, needed: number): boolean {
    const { last, count: removed, bytes } = this.#oldest.get(needed, count)!;
    if (last === null) return false;
    this.#remove.run(last!);
    this.#count -= removed as number;
    this.#bytes -= bytes as number;
    return true;
  }

  /** Removes those behind a sequence, within a transaction. */
  removeBehind(sequence: number): void {
    this.#db.prepare("DELETE FROM entries WHERE sequence > ?").run(sequence);
    this.measure();
  }

  /** The bytes of an entry; undefined if it is not here. */
  bytesOf(sequence: number): Uint8Array | undefined {
    return this.#db.prepare("SELECT bytes FROM entries WHERE sequence = ?").get(sequence)?.bytes as
      | Uint8Array
      | undefined;
  }

  /** Puts other bytes in the place of an entry's, of which nothing is left in the file. */
  replace(sequence: number, bytes: Uint8Array): void {
    this.#db.exec("PRAGMA secure_delete = ON");
    this.#db.prepare("UPDATE entries SET bytes = ? WHERE sequence = ?").run(bytes, sequence);
    this.#db.exec("PRAGMA secure_delete = FAST");
    this.measure();
  }

  /** The entries from a sequence on, which is among them; from the first one if it is 0. Undefined if it is not here. */
  from(sequence: number): LogEntry[] | undefined {
    const found = this.all(sequence - 1);
    return found[0]?.sequence === Math.max(sequence, 1) ? found : undefined;
  }

  all(behind = 0): LogEntry[] {
    return this.#behind.all(behind) as unknown as LogEntry[];
  }

  clear(): void {
    this.#clear.run();
    this.#count = this.#bytes = 0;
  }
}
