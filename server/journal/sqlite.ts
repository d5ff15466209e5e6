/**
 * The journal on this machine's disk: one SQLite file, `hanita.db`. All that a turn says in one conversation is one row, its
 * bytes as they go over the wire: 160 messages cost one insertion of 35 KB, about 0.1 ms. The log of messages is its own view;
 * only the search index, a file of its own (`hanita-search.db`), follows behind, in time that {@linkcode Journal.maintain} is
 * given.
 *
 * A batch that was taken survives a kill of the program. With `sync: "full"` it survives a power cut too, for a sync of the
 * disk a turn; with "normal" a power cut may take about the last second, and never leaves the file torn.
 */
import type { DatabaseSync } from "node:sqlite";
import { type Clocks, logger } from "../../log/mod.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { type Database, type FileOptions, openDatabase, PAGE_BYTES } from "./database.ts";
import { systemErrorText } from "../../log/system_error.ts";
import { isSqlite } from "./failure.ts";
import { linesOf, pageOf } from "./lines.ts";
import { Numbers } from "./numbers.ts";
import { chain, chainAll } from "./maybe_promise.ts";
import {
  type Batch,
  type Committed,
  type Conversation,
  type Journal,
  JournalFailure,
  type JournalRecord,
  type MessageRun,
  type PageQuery,
  type SearchQuery,
  type Skipped,
  type Soon,
  type StateRecord,
} from "./contract.ts";
import { decode, encode, isRun, sumOfRun } from "./encoding.ts";
import { firstId, MAX_ID, shifted } from "./ids.ts";
import { LastIdNote, lastNoted, missingEnd } from "./last_id.ts";
import { clearedBy, keyOf, MESSAGE_VERSION } from "./records.ts";
import { Retention } from "./retention.ts";
import { Runs } from "./runs.ts";
import { migrate, migrateBeside } from "./schema.ts";
import { Search } from "./search.ts";
import { SearchIndex } from "./search_index.ts";
import { Skips } from "./skips.ts";
import { prepare, type Statements } from "./statements.ts";

const { warning } = logger("server/journal");

/** How a journal is opened. */
export interface JournalOptions extends FileOptions, Partial<Clocks> {
  /** Days on the calendar that messages are kept. 0: for ever. */
  readonly keepDays?: number;
}

/** What is written reaches the disk, with `sync: "normal"`, about as soon. */
const SYNC_EVERY = 1000;

/**
 * Opens the journal of a data folder, or makes it. A database of the store before it becomes one.
 *
 * @throws {JournalRefused} in one line, if it is in use by another server, was written by a newer Hanita, is none of
 * Hanita's, is damaged, or the system does not allow it
 */
export function openJournal(options: JournalOptions): Journal {
  const bring = options.beside ? migrateBeside : migrate;
  return openDatabase(options, (database) => new SqliteJournal(database, options), bring);
}

class SqliteJournal implements Journal {
  readonly isShared = false;
  readonly maxIds = Infinity;
  next: number;
  readonly busy = false;
  readonly #db: DatabaseSync;
  readonly #checkpoint: Checkpoint;
  readonly #lock: Deno.FsFile;
  readonly #note: LastIdNote;
  /** A server may have it open: this process says of no record that it stands, and compacts nothing. */
  readonly #beside: boolean;
  readonly #wall: () => number;
  readonly #now: () => number;
  readonly #sql: Statements;
  readonly #skips = new Skips();
  readonly #runs: Runs;
  readonly #numbers: Numbers;
  /** Undefined beside a server, which holds the lock. */
  readonly #index: SearchIndex | undefined;
  readonly #search: Search;
  readonly #retention: Retention;
  /** The newest run there is, by its first id. */
  #newest: number;
  #committed: Committed[] = [];
  /** The last record, of this process or another, that has been read. */
  #read = 0;
  /** The last record in the table when it was last read: not the same where records have been discarded. */
  #lastRecord = 0;
  /** The last record that {@linkcode take} has given. It stands as soon as the journal is called again. */
  #taken = 0;
  /** The last record that stands. */
  #standing = 0;
  /** Records to be deleted, for which the disk had no place. */
  #discarded: number[] = [];
  /** Records that may have replaced others. */
  #replacing: StateRecord[] = [];
  #version: unknown;
  #syncAt = -Infinity;

  constructor({ db, checkpoint, lock }: Database, options: JournalOptions) {
    const { wall = Date.now, now = () => performance.now(), keepDays = 0, path, beside = false } = options;
    this.#db = db;
    this.#checkpoint = checkpoint;
    this.#lock = lock;
    this.#beside = beside;
    this.#wall = wall;
    this.#now = now;
    this.#sql = prepare(db);
    this.#runs = new Runs(this.#sql, this.#skips);
    this.#numbers = new Numbers(this.#sql);
    this.#newest = (this.#sql.newest.get()?.first ?? 0) as number;
    this.#retention = new Retention(this.#sql, { wall, now }, keepDays, this.#newest);
    const deps = {
      runs: this.#runs,
      skips: this.#skips,
      attempt: <T>(what: string, act: () => T) => this.#attempt(what, act),
      now,
    };
    this.#index = beside ? undefined : new SearchIndex(path.replace(/(\.db)?$/, "-search.db"), deps);
    this.#search = new Search({ ...deps, index: this.#index });
    const last = this.#lastId();
    const noted = lastNoted(path), missing = missingEnd(path, last, noted);
    if (missing !== undefined && !beside) warning("openJournal", missing);
    this.#note = new LastIdNote(lock, noted);
    // The account tool gives no ids to messages that are not stored, so it needs none that are ahead of the log.
    this.next = beside ? firstId(last, 0) : firstId(Math.max(last, noted), wall());
    this.#version = this.#dataVersion();
  }

  get skipped(): Skipped {
    return this.#skips;
  }

  snapshot(): StateRecord[] {
    return this.#attempt("read the records", () =>
      this.#readTogether(() => {
        const { standing, rest, time } = this.#readRecords();
        this.#taken = this.#standing = this.#mark("applied");
        this.#pushOthers(rest, false, time);
        // A process that was killed may have left what they replace.
        this.#replacing.push(...replacingIn([...standing, ...rest]));
        return standing;
      }));
  }

  append(batch: Batch): void {
    this.#standing = this.#taken;
    this.#countFrom(batch.end);
    try {
      const committed = this.#commit(batch); // what it has read of others comes before
      this.#committed.push(committed);
      if (committed.outcome === "kept") this.#countFrom(batch.end + committed.shift);
    } catch (error) {
      this.#committed.push({ outcome: "failed", own: batch, failure: this.#failure("keep messages", error) });
    }
  }

  take(): Committed[] {
    const committed = this.#committed;
    this.#taken = this.#read;
    if (committed.length > 0) this.#committed = [];
    return committed;
  }

  poll(): void {
    this.#attempt("look for changes", () => {
      const version = this.#dataVersion();
      if (version === this.#version) return;
      this.#readTogether(() => this.#readOthers());
      this.#version = version;
    });
  }

  discard(ids: readonly number[]): void {
    if (ids.length === 0) return;
    const lost = new Set(ids);
    this.#replacing = this.#replacing.filter(({ id }) => !lost.has(id));
    this.#discarded.push(...ids);
    try {
      this.#transact(() => {
        this.#sql.raiseMark.run("last", this.#lastId()); // the ids of what is deleted are not given again
        this.#deleteDiscarded();
      });
      this.#discarded = [];
    } catch (error) { // it is tried again before anything else is written
      this.#failure("discard records", error);
    }
  }

  page(query: PageQuery): number[] {
    return this.#attempt("find messages", () => {
      const number = this.#numbers.find(query.conversation);
      return number === undefined ? [] : pageOf(this.#runs.of(number, query), query);
    });
  }

  search(query: SearchQuery): Soon<readonly number[]> {
    const number = this.#attempt("find messages", () => this.#numbers.find(query.conversation));
    return number === undefined ? [] : this.#search.find(number, query);
  }

  read(conversation: Conversation, ids: readonly number[]): (Uint8Array | undefined)[] {
    return this.#attempt("read messages", () => {
      const number = this.#numbers.find(conversation);
      return linesOf(ids, (id) => number === undefined ? undefined : this.#runs.holding(number, id));
    });
  }

  conversations(side: string, after: number): Conversation[] {
    return this.#attempt("read conversations", () => {
      const rows = this.#sql.conversationsOf.all(side, side, after);
      return rows.map(({ one, other }) => `${one}\u0000${other}`);
    });
  }

  forget(conversations: readonly Conversation[]): void {
    this.#attempt("forget conversations", () =>
      this.#transact(() => {
        for (const each of conversations) {
          const [one = "", other = ""] = each.split("\u0000");
          this.#sql.forget.run(one, other);
        }
      }));
    this.#numbers.forget();
    this.#checkpoint.wrote(conversations.length * PAGE_BYTES);
  }

  maintain(milliseconds: number): boolean {
    const start = this.#now();
    this.#standing = this.#taken;
    const failure = this.#checkpoint.takeFailure();
    if (failure !== undefined) {
      throw new JournalFailure(`Cannot sync the database: ${systemErrorText(failure)}`, { cause: failure });
    }
    if (start >= this.#syncAt) {
      this.#syncAt = start + SYNC_EVERY;
      this.#note.note(this.#attempt("find the last id", () => this.#lastId()));
      this.#checkpoint.begin();
    }
    if (!this.#beside) this.#attempt("remove replaced records", () => this.#compact());
    this.#index?.follow(this.#newest, start + milliseconds);
    let oldest = 0;
    const pruned = this.#attempt(
      "remove old messages",
      () => this.#retention.prune(start + milliseconds, () => oldest = this.#removeOldest()),
    );
    if (oldest > 0) this.#index?.removeBefore(oldest);
    return this.#index?.isBehind(this.#newest) || !pruned;
  }

  close(): Soon<void> {
    this.#search.close();
    const closed = this.#checkpoint.close(() => {
      this.#db.close();
      this.#lock.close();
    });
    return chain(chainAll([this.#index?.close(), closed]), () => {});
  }

  /** The rule is a turn that spoke in one conversation: one statement, which finds out by itself whether it may. */
  #commit(batch: Batch): Committed {
    const { records } = batch, [run] = records, time = this.#wall();
    if (records.length === 0) return kept(batch, 0, time, records);
    if (records.length === 1 && isRun(run!) && this.#isSimple(batch, run)) {
      const row = this.#rowOf(run, this.#numbers.find(run.conversation)!, time);
      if (this.#sql.putRunIfCurrent.run(...row, this.#lastRecord).changes === 1) {
        this.#newest = Math.max(this.#newest, run.id);
        this.#checkpoint.wrote(run.lines.length);
        this.#note.noteSome(run.last, time);
        return kept(batch, 0, time, records);
      }
    }
    return this.#commitBehindOthers(batch, time);
  }

  /** Nothing else has to be written with it, and its ids are behind all that has been read. */
  #isSimple({ first, ifCurrent = false }: Batch, { conversation }: MessageRun): boolean {
    return this.#numbers.holds(conversation) && this.#discarded.length === 0 && first > this.#read && !ifCurrent;
  }

  #countFrom(id: number): void {
    this.next = Math.max(this.next, id);
  }

  /** One transaction: it reads what others have appended, takes ids behind all that is there, and appends. */
  #commitBehindOthers(batch: Batch, time: number): Committed {
    let shift = 0, records: readonly JournalRecord[] | undefined;
    this.#transact(() => {
      this.#readOthers();
      if (batch.ifCurrent && this.#committed.length > 0) return;
      shift = Math.max(0, this.#lastId() + 1 - batch.first);
      records = shifted(batch.records, shift);
      this.#deleteDiscarded();
      for (const record of records) this.#insert(record, time);
      this.#sql.raiseMark.run("last", batch.end - 1 + shift);
      if (!this.#beside) this.#sql.raiseMark.run("applied", this.#standing);
    });
    if (records === undefined) return { outcome: "overtaken", own: batch };
    this.#discarded = [];
    for (const record of records) this.#noteAppended(record);
    if (!this.#beside) this.#note.noteSome(batch.end - 1 + shift, time);
    return kept(batch, shift, time, records);
  }

  #insert(record: JournalRecord, time: number): void {
    if (isRun(record)) {
      const { conversation } = record;
      const number = this.#numbers.find(conversation) ?? this.#numbers.create(conversation);
      this.#sql.putRun.run(...this.#rowOf(record, number, time));
    } else {
      const { kind, version, sum, body } = encode(record, time);
      this.#sql.putRecord.run(record.id, keyOf(record), time, kind, version, sum, body);
    }
  }

  #noteAppended(record: JournalRecord): void {
    this.#checkpoint.wrote(isRun(record) ? record.lines.length : PAGE_BYTES);
    if (isRun(record)) this.#newest = Math.max(this.#newest, record.id);
    else {
      this.#read = this.#lastRecord = record.id;
      this.#replacing.push(record);
    }
  }

  #rowOf({ id, last, count, lines }: MessageRun, conversation: number, time: number): RunRow {
    const sum = sumOfRun({ version: MESSAGE_VERSION, id, last, count, conversation, time }, lines);
    return [id, last, count, conversation, time, MESSAGE_VERSION, sum, lines];
  }

  /** What is in the log behind what was read: it is there, whatever becomes of an own batch. */
  #readOthers(): void {
    const { standing, rest, time } = this.#readRecords();
    this.#pushOthers(standing, true, time);
    this.#pushOthers(rest, false, time);
    this.#replacing.push(...standing, ...rest);
  }

  #pushOthers(records: readonly StateRecord[], stands: boolean, time: number): void {
    if (records.length > 0) this.#committed.push({ outcome: "kept", own: undefined, stands, shift: 0, time, records });
  }

  /**
   * The records behind those that were read, in a transaction: those that stand, and the rest. `time` is the last one's.
   */
  #readRecords(): { readonly standing: StateRecord[]; readonly rest: StateRecord[]; readonly time: number } {
    const applied = this.#mark("applied"), standing: StateRecord[] = [], rest: StateRecord[] = [];
    let lastTime = 0;
    for (const row of this.#sql.records.all(this.#read)) {
      const { id, time, kind, version, sum, body } = row as unknown as RecordRow;
      const record = decode(id, time, { kind, version, sum, body });
      if (typeof record === "string") this.#skips.note(id, record, `${JSON.stringify(kind)} ${version}`);
      else (id <= applied ? standing : rest).push(record);
      this.#read = id;
      lastTime = time;
    }
    this.#lastRecord = this.#sql.lastRecord.get()!.id as number;
    this.#countFrom(this.#read + 1);
    return { standing, rest, time: lastTime };
  }

  #deleteDiscarded(): void {
    for (const id of this.#discarded) this.#sql.discard.run(id);
  }

  /** Deletes what standing records have replaced. */
  #compact(): void {
    const standing = this.#replacing.filter(({ id }) => id <= this.#standing);
    if (standing.length === 0) return;
    this.#transact(() => {
      this.#deleteDiscarded();
      for (const record of standing) {
        this.#sql.removeReplaced.run(keyOf(record), record.id);
        const path = clearedBy(record);
        if (path !== undefined) this.#sql.removeBelow.run(path, below(path), record.id);
      }
      this.#sql.raiseMark.run("last", this.#lastId());
      this.#sql.raiseMark.run("applied", this.#standing);
    });
    this.#discarded = [];
    this.#replacing = this.#replacing.filter(({ id }) => id > this.#standing);
    this.#checkpoint.wrote(standing.length * PAGE_BYTES);
  }

  /** Removes the oldest run; returns the id of the next one. */
  #removeOldest(): number {
    let oldest = 0;
    this.#transact(() => {
      this.#sql.raiseMark.run("last", this.#lastId());
      this.#sql.removeOldest.run();
      oldest = (this.#sql.oldest.get()?.first ?? MAX_ID) as number;
    });
    this.#checkpoint.wrote(PAGE_BYTES);
    return oldest;
  }

  /** The largest id in the log, or that was there: the last run holds the largest of messages, or a mark does. */
  #lastId(): number {
    const run = (this.#sql.newest.get()?.last ?? 0) as number, record = this.#sql.lastRecord.get()!.id as number;
    return Math.max(this.#mark("last"), run, record);
  }

  #mark(name: string): number {
    return (this.#sql.mark.get(name)?.value ?? 0) as number;
  }

  #dataVersion(): unknown {
    return this.#sql.dataVersion.get()!.data_version;
  }

  #transact(act: () => void): void {
    this.#sql.begin.run();
    act();
    this.#sql.commit.run();
  }

  /** Another process changes nothing between the things that are read. */
  #readTogether<T>(act: () => T): T {
    this.#sql.beginReading.run();
    const result = act();
    this.#sql.commit.run();
    return result;
  }

  /** Does it wholly or not at all. */
  #attempt<T>(what: string, act: () => T): T {
    try {
      return act();
    } catch (error) {
      throw this.#failure(what, error);
    }
  }

  /** What SQLite refuses becomes a failure, and leaves nothing open; another error is a bug. */
  #failure(what: string, error: unknown): JournalFailure {
    this.#recover();
    if (!isSqlite(error)) throw error;
    return new JournalFailure(`Cannot ${what}: ${systemErrorText(error)}`, { cause: error });
  }

  /** After a failure nothing is left open, and nothing in memory that was taken back. */
  #recover(): void {
    this.#numbers.forget();
    if (!this.#db.isTransaction) return;
    try {
      this.#db.exec("ROLLBACK");
    } catch (error) { // SQLite itself may have done so
      if (!isSqlite(error)) throw error;
    }
  }
}

type RunRow = [
  first: number,
  last: number,
  count: number,
  conversation: number,
  time: number,
  version: number,
  sum: number,
  lines: Uint8Array,
];

interface RecordRow {
  readonly id: number;
  readonly time: number;
  readonly kind: string;
  readonly version: number;
  readonly sum: number;
  readonly body: Uint8Array;
}

function kept(own: Batch, shift: number, time: number, records: readonly JournalRecord[]): Committed {
  return { outcome: "kept", own, stands: false, shift, time, records };
}

/** The records that replace others among them, or undo some. */
function replacingIn(records: readonly StateRecord[]): StateRecord[] {
  const keys = new Set<string>();
  return records.filter((record) => {
    const key = keyOf(record), isLater = keys.has(key);
    keys.add(key);
    return isLater || clearedBy(record) !== undefined;
  });
}

/** The first text behind all that begin with a path: the path ends with a slash, and behind the slash comes a zero. */
function below(path: string): string {
  return `${path.slice(0, -1)}0`;
}
