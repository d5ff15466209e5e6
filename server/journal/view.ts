/**
 * The view of a log in a SQLite database: its records, and its messages that can be read by the page. All that a turn says in
 * one conversation is one row, its bytes as they go over the wire: 160 messages cost one insertion of 35 KB, about 0.1 ms. The
 * search index, a file of its own (`hanita-search.db`), follows behind, in time that {@linkcode View.maintain} is given.
 *
 * How records come into it is the business of the journals that are made of it: that of one server alone, which owns the log, and
 * that of several servers, which have their log elsewhere.
 */
import type { DatabaseSync } from "node:sqlite";
import { type Clocks, logger } from "../../log/mod.ts";
import { type Database, type FileOptions, PAGE_BYTES, type Syncing } from "./database.ts";
import { systemErrorText } from "../../log/system_error.ts";
import { isSqlite } from "./failure.ts";
import { linesOf, pageOf } from "./lines.ts";
import { Numbers } from "./numbers.ts";
import { chain, chainAll } from "./maybe_promise.ts";
import {
  type Committed,
  type Conversation,
  type EventQuery,
  type EventRecord,
  type EventsAbout,
  JournalFailure,
  type JournalRecord,
  type MessageRun,
  type PageQuery,
  type Reacting,
  type Reactions,
  type SearchQuery,
  type Skipped,
  type Soon,
  type StateRecord,
  type StoredMessage,
} from "./contract.ts";
import { decode, encode, isRun, type RecordRow, sumOfRun } from "./encoding.ts";
import { MAX_ID } from "./ids.ts";
import { LastIdNote, lastNoted } from "./last_id.ts";
import { type Erased, Forgotten } from "./forgotten.ts";
import { clearedBy, isEnd, isEvent, keyOf, MESSAGE_VERSION } from "./record_kinds.ts";
import { Retention } from "./retention.ts";
import { RunIndex } from "./run_index.ts";
import { Runs } from "./runs.ts";
import { Search } from "./search.ts";
import { SearchIndex } from "./search_index.ts";
import { Skips } from "./skips.ts";
import { StoredEvents } from "./stored_events.ts";
import { StoredFiles } from "./stored_files.ts";
import { prepare, type Statements } from "./statements.ts";

/** How a journal is opened. */
export interface JournalOptions extends FileOptions, Partial<Clocks> {
  /** Days on the calendar that messages are kept. 0: for ever. */
  readonly keepDays?: number;
}

const { warning } = logger("server/journal");
/** What is written reaches the disk, with `sync: "normal"`, about as soon. */
const SYNC_EVERY = 1000;

/** What is the same in every journal with a database; each method is as the contract says. */
export abstract class View {
  /** As the contract says. */
  next = 0;
  protected readonly db: DatabaseSync;
  protected readonly checkpoint: Syncing;
  protected readonly note: LastIdNote;
  /** The id that was noted before this opening. */
  protected readonly noted: number;
  /** A server may have it open: this process says of no record that it stands, and compacts nothing. */
  protected readonly beside: boolean;
  protected readonly wall: () => number;
  protected readonly now: () => number;
  protected readonly sql: Statements;
  protected readonly numbers: Numbers;
  /** The newest run there is, by its first id. */
  protected newest: number;
  /** What {@linkcode Journal.take} gives next. */
  protected committed: Committed[] = [];
  /** The last record, of this process or another, that has been read. */
  protected lastRead = 0;
  /** The last record in the table when it was last read: not the same where records have been discarded. */
  protected lastRecord = 0;
  /** The last record that `take` has given. It stands as soon as the journal is called again. */
  protected taken = 0;
  /** The last record that stands. */
  protected standing = 0;
  /** Records to be deleted, for which the disk had no place. */
  protected discarded: number[] = [];
  /** Records that may have replaced others. */
  protected replacing: StateRecord[] = [];
  /** Undefined in memory. */
  readonly #lock: Deno.FsFile | undefined;
  protected readonly skips = new Skips();
  protected readonly runs: Runs;
  protected readonly runIndex: RunIndex;
  protected readonly stored: StoredEvents;
  protected readonly files: StoredFiles;
  /** Undefined beside a server, which holds the lock, and in memory: a search reads all messages of a conversation. */
  readonly #index: SearchIndex | undefined;
  readonly #search: Search;
  readonly #retention: Retention;
  readonly #forgotten: Forgotten;
  #syncAt = -Infinity;
  /** The index of runs could not follow the last time. */
  #isIndexFailing = false;

  constructor({ db, checkpoint, lock }: Database, options: JournalOptions) {
    const { wall = Date.now, now = () => performance.now(), keepDays = 0, path, beside = false } = options;
    this.db = db;
    this.checkpoint = checkpoint;
    this.#lock = lock;
    this.beside = beside;
    this.wall = wall;
    this.now = now;
    this.sql = prepare(db);
    this.runs = new Runs(this.sql, this.skips);
    this.runIndex = new RunIndex(db);
    this.numbers = new Numbers(this.sql);
    this.files = new StoredFiles(db, this.runs);
    this.stored = new StoredEvents(db, this.runs, this.numbers, this.skips, this.files);
    this.newest = (this.sql.newest.get()?.first ?? 0) as number;
    this.#retention = new Retention(this.sql, { wall, now }, keepDays, this.newest);
    const deps = {
      runs: this.runs,
      skips: this.skips,
      events: this.stored,
      attempt: <T>(what: string, act: () => T) => this.attempt(what, act),
      now,
      wall,
    };
    this.#index = beside || lock === undefined
      ? undefined
      : new SearchIndex(path.replace(/(\.db)?$/, "-search.db"), deps);
    this.#search = new Search({ ...deps, index: this.#index });
    this.#forgotten = new Forgotten(db, {
      transact: (act) => this.transact(act),
      onErase: (erased) => this.onErase(erased),
      onErased: () => this.#index?.noteErased(),
    });
    this.noted = lock === undefined ? 0 : lastNoted(path);
    this.note = new LastIdNote(lock, this.noted);
  }

  get skipped(): Skipped {
    return this.skips;
  }

  snapshot(): StateRecord[] {
    return this.attempt("read the records", () =>
      this.readTogether(() => {
        const { standing, rest, time } = this.readRecords();
        this.taken = this.standing = this.mark("applied");
        this.pushOthers(rest, false, time);
        // A process that was killed may have left what they replace.
        this.replacing.push(...replacingIn([...standing, ...rest]));
        return standing;
      }));
  }

  discard(ids: readonly number[]): void {
    if (ids.length === 0) return;
    const lost = new Set(ids);
    this.replacing = this.replacing.filter(({ id }) => !lost.has(id));
    this.discarded.push(...ids);
    try {
      this.transact(() => {
        this.sql.raiseMark.run("last", this.lastId()); // the ids of what is deleted are not given again
        this.deleteDiscarded();
      });
      this.discarded = [];
    } catch (error) { // it is tried again before anything else is written
      this.failure("discard records", error);
    }
  }

  page(query: PageQuery): number[] {
    return this.attempt("find messages", () => {
      const number = this.numbers.find(query.conversation);
      return number === undefined ? [] : pageOf(this.runs.of(number, query), query);
    });
  }

  find(conversation: Conversation, id: number): StoredMessage | undefined {
    return this.attempt("read messages", () => {
      const number = this.numbers.find(conversation);
      const run = number === undefined ? undefined : this.runs.runHolding(number, id);
      if (run === undefined) return undefined;
      const [line] = linesOf([id], () => this.runs.holding(number!, id));
      return line === undefined ? undefined : { line, time: run.time };
    });
  }

  events(conversation: Conversation, query: EventQuery): EventRecord[] {
    return this.attempt("read events", () => this.stored.find(conversation, query));
  }

  eventsAbout(_: Conversation, id: number, asked?: Reacting): EventsAbout {
    return this.attempt("read events", () => this.stored.about(id, asked));
  }

  reactionsTo(_: Conversation, ids: readonly number[]): ReadonlyMap<number, Reactions> {
    return this.attempt("read events", () => this.stored.reactionsTo(ids));
  }

  search(query: SearchQuery): Soon<readonly number[]> {
    const number = this.attempt("find messages", () => this.numbers.find(query.conversation));
    return number === undefined ? [] : this.#search.find(number, query);
  }

  read(conversation: Conversation, ids: readonly number[]): (Uint8Array | undefined)[] {
    return this.attempt("read messages", () => {
      const number = this.numbers.find(conversation);
      return linesOf(ids, (id) => number === undefined ? undefined : this.runs.holding(number, id));
    });
  }

  fileLine(key: string): Uint8Array | undefined {
    return this.attempt("read messages", () => this.files.find(key));
  }

  filesAmong(hashes: readonly string[]): string[] {
    return this.attempt("find files", () => this.files.among(hashes));
  }

  conversations(side: string, after: number): Conversation[] {
    return this.attempt("read conversations", () => {
      const rows = this.sql.conversationsOf.all(side, side, after);
      return rows.map(({ one, other }) => `${one}\u0000${other}`);
    });
  }

  allConversations(): Conversation[] {
    return this.attempt("read conversations", () => {
      const rows = this.sql.allConversations.all();
      return rows.map(({ one, other }) => other === "" ? `${one}` : `${one}\u0000${other}`);
    });
  }

  forget(conversations: readonly Conversation[]): void {
    this.attempt("forget conversations", () =>
      this.transact(() => {
        for (const each of conversations) {
          const [one = "", other = ""] = each.split("\u0000");
          this.sql.forget.run(one, other);
        }
      }));
    this.numbers.forget();
    this.checkpoint.wrote(conversations.length * PAGE_BYTES);
  }

  maintain(milliseconds: number): boolean {
    const start = this.now();
    this.standing = this.taken;
    const failure = this.checkpoint.takeFailure();
    if (failure !== undefined) {
      throw new JournalFailure(`Cannot sync the database: ${systemErrorText(failure)}`, { cause: failure });
    }
    if (start >= this.#syncAt) {
      this.#syncAt = start + SYNC_EVERY;
      this.note.note(this.attempt("find the last id", () => this.lastId()));
      this.checkpoint.begin();
    }
    if (!this.beside) this.attempt("remove replaced records", () => this.#compact());
    this.#index?.follow(this.newest, start + milliseconds);
    const erased = this.beside || this.attempt(
      "erase messages",
      () => this.#forgotten.erase(() => this.now() >= start + milliseconds),
    );
    let oldest = 0;
    const pruned = this.attempt(
      "remove old messages",
      () => this.#retention.prune(start + milliseconds, () => oldest = this.#removeOldest()),
    );
    if (oldest > 0) this.#index?.removeBefore(oldest);
    return this.#index?.isLate(this.newest) || !pruned || !erased;
  }

  close(): Soon<void> {
    this.#search.close();
    const closed = this.checkpoint.close(() => {
      this.db.close();
      this.#lock?.close();
    });
    return chain(chainAll([this.#index?.close(), closed]), () => {});
  }

  protected countFrom(id: number): void {
    this.next = Math.max(this.next, id);
  }

  /**
   * Called before messages are appended. If it fails, which is told once, they are appended all the same, and found without it:
   * it is tried again some messages later.
   */
  protected indexRuns(): void {
    if (!this.runIndex.isDue) return;
    try {
      this.transact(() => this.runIndex.follow());
      this.#isIndexFailing = false;
    } catch (error) {
      const { message } = this.failure("index messages", error);
      if (!this.#isIndexFailing) warning("indexRuns", `${message}; until that succeeds, the history takes longer`);
      this.#isIndexFailing = true;
    }
  }

  /** Returns false, and keeps nothing, if the record is an event without an effect. */
  protected insert(record: JournalRecord, time: number): boolean {
    if (isRun(record)) {
      const { conversation } = record;
      const number = this.numbers.find(conversation) ?? this.numbers.create(conversation);
      this.sql.putRun.run(...this.rowOf(record, number, time));
      this.runIndex.note();
      this.files.add(record.id, record.count, number, record.lines);
    } else if (isEvent(record)) return this.stored.add(record, time);
    else {
      const { kind, version, sum, body } = encode(record, time);
      this.sql.putRecord.run(record.id, keyOf(record), time, kind, version, sum, body);
    }
    return true;
  }

  protected noteAppended(record: JournalRecord): void {
    this.checkpoint.wrote(isRun(record) ? record.lines.length : PAGE_BYTES);
    if (isRun(record)) this.newest = Math.max(this.newest, record.id);
    else if (isEvent(record)) {
      if (record.kind === "deletion") this.checkpoint.truncate();
    } else {
      this.lastRead = this.lastRecord = record.id;
      this.replacing.push(record);
    }
  }

  protected rowOf({ id, last, count, lines }: MessageRun, conversation: number, time: number): RunRow {
    const sum = sumOfRun({ version: MESSAGE_VERSION, id, last, count, conversation, time }, lines);
    return [id, last, count, conversation, time, MESSAGE_VERSION, sum, lines];
  }

  protected pushOthers(records: readonly StateRecord[], stands: boolean, time: number): void {
    if (records.length > 0) this.committed.push({ outcome: "kept", own: undefined, stands, shift: 0, time, records });
  }

  /**
   * The records behind those that were read, in a transaction: those that stand, and the rest. `time` is the last one's.
   */
  protected readRecords(): { readonly standing: StateRecord[]; readonly rest: StateRecord[]; readonly time: number } {
    const applied = this.mark("applied"), standing: StateRecord[] = [], rest: StateRecord[] = [];
    let lastTime = 0;
    for (const row of this.sql.records.all(this.lastRead)) {
      const { id, time, kind, version, sum, body } = row as unknown as RecordRow;
      const record = decode(id, time, { kind, version, sum, body });
      if (typeof record === "string") this.skips.note(id, record, `${JSON.stringify(kind)} ${version}`);
      else (id <= applied ? standing : rest).push(record);
      this.lastRead = id;
      lastTime = time;
    }
    this.lastRecord = this.sql.lastRecord.get()!.id as number;
    this.countFrom(this.lastRead + 1);
    return { standing, rest, time: lastTime };
  }

  protected deleteDiscarded(): void {
    for (const id of this.discarded) this.sql.discard.run(id);
  }

  /** Deletes what standing records have replaced. */
  #compact(): void {
    const standing = this.replacing.filter(({ id }) => id <= this.standing);
    if (standing.length === 0) return;
    this.transact(() => {
      this.deleteDiscarded();
      for (const record of standing) {
        this.sql.removeReplaced.run(keyOf(record), record.id);
        const path = clearedBy(record);
        if (path !== undefined) this.sql.removeBelow.run(path, below(path), record.id);
        if (isEnd(record)) this.sql.discard.run(record.id);
      }
      this.sql.raiseMark.run("last", this.lastId());
      this.sql.raiseMark.run("applied", this.standing);
    });
    this.discarded = [];
    this.replacing = this.replacing.filter(({ id }) => id > this.standing);
    this.checkpoint.wrote(standing.length * PAGE_BYTES);
  }

  /** Removes the oldest run; returns the id of the next one. */
  #removeOldest(): number {
    let oldest = 0;
    this.transact(() => {
      this.sql.raiseMark.run("last", this.lastId());
      this.sql.removeOldest.run();
      oldest = (this.sql.oldest.get()?.first ?? MAX_ID) as number;
      this.stored.removeBefore(oldest);
      this.files.removeBefore(oldest);
    });
    this.checkpoint.wrote(PAGE_BYTES);
    return oldest;
  }

  /** Some messages or events of forgotten conversations are erased, within the transaction that does it. */
  protected onErase(erased: readonly Erased[]): void {
    this.sql.raiseMark.run("last", Math.max(this.lastId(), erased.at(-1)!.last)); // no id is given again
    this.checkpoint.wrote(erased.length * PAGE_BYTES);
    this.checkpoint.truncate();
  }

  /** The largest id in the log, or that was there: the last run holds the largest of messages, or a mark does. */
  protected lastId(): number {
    const run = (this.sql.newest.get()?.last ?? 0) as number, record = this.sql.lastRecord.get()!.id as number;
    return Math.max(this.mark("last"), run, record);
  }

  protected mark(name: string): number {
    return (this.sql.mark.get(name)?.value ?? 0) as number;
  }

  protected transact(act: () => void): void {
    this.sql.begin.run();
    act();
    this.sql.commit.run();
  }

  /** Another process changes nothing between the things that are read. */
  protected readTogether<T>(act: () => T): T {
    this.sql.beginReading.run();
    const result = act();
    this.sql.commit.run();
    return result;
  }

  /** Does it wholly or not at all. */
  protected attempt<T>(what: string, act: () => T): T {
    try {
      return act();
    } catch (error) {
      throw this.failure(what, error);
    }
  }

  /** What SQLite refuses becomes a failure, and leaves nothing open; another error is a bug. */
  protected failure(what: string, error: unknown): JournalFailure {
    this.recover();
    if (!isSqlite(error)) throw error;
    return new JournalFailure(`Cannot ${what}: ${systemErrorText(error)}`, { cause: error });
  }

  /** After a failure nothing is left open, and nothing in memory that was taken back. */
  protected recover(): void {
    this.numbers.forget();
    this.stored.forgetCounts();
    if (!this.db.isTransaction) return;
    try {
      this.db.exec("ROLLBACK");
    } catch (error) { // SQLite itself may have done so
      if (!isSqlite(error)) throw error;
    }
    this.stored.measure();
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

/** The records that replace others among them, or undo some. */
function replacingIn(records: readonly StateRecord[]): StateRecord[] {
  const keys = new Set<string>();
  return records.filter((record) => {
    const key = keyOf(record), isLater = keys.has(key);
    keys.add(key);
    return isLater || clearedBy(record) !== undefined || isEnd(record);
  });
}

/** The first text behind all that begin with a path: the path ends with a slash, and behind the slash comes a zero. */
function below(path: string): string {
  return `${path.slice(0, -1)}0`;
}
