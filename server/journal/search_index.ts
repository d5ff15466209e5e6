/**
 * The search index: a database of its own beside the journal's. A row has the words of some successive runs of one
 * conversation, and the conversation as one word more: a row for 160 messages costs a tenth of a row for each. It follows
 * behind the log, in the time that maintenance has, at about 1 µs a message; a mark says how far it has come.
 *
 * It has nothing that the journal has not, for long: where a text is edited or deleted, the file is made anew, since FTS5 keeps
 * words that are in no row any more. So it can be deleted at any time; where it is damaged, or belongs to another
 * journal, it is made anew; and a failure of it is no failure of the journal: a search reads the log itself instead.
 */
import { logger } from "../../log/mod.ts";
import { isSystemError, systemErrorText } from "../../log/system_error.ts";
import { isSqlite } from "./failure.ts";
import { chain } from "./maybe_promise.ts";
import type { Soon } from "./contract.ts";
import { MAX_ID } from "./ids.ts";
import { closeIndexFile, type IndexFile, isDamage, openIndexFile, removeIndexFile } from "./index_file.ts";
import { textForIndex, toIndexed } from "./run_words.ts";
import type { Run, Runs } from "./runs.ts";
import type { Wanted } from "./search_terms.ts";
import type { Skips } from "./skips.ts";
import type { StoredEvents } from "./stored_events.ts";

const { info, warning } = logger("server/journal");

/** What the index needs of the journal. */
export interface IndexDeps {
  readonly runs: Runs;
  readonly skips: Skips;
  readonly events: Pick<StoredEvents, "newest" | "after">;
  /** Reads from the journal: what it refuses is a failure of the journal and not of the index. */
  attempt<T>(what: string, act: () => T): T;
  /** Milliseconds that never go back. */
  now(): number;
  /** Milliseconds since 1970. */
  wall(): number;
}

/** A range of runs of one conversation, by their first ids. Both bounds are within. */
export interface RunRange {
  readonly from: number;
  readonly to: number;
}

/** Where to look for words. */
export interface IndexQuery extends RunRange {
  readonly conversation: number;
  /** So many ranges at most. */
  readonly limit: number;
  readonly isBackward: boolean;
}

/** Bytes that a byte of text costs, with the merges: so many have to get to the disk. */
const WRITES = 3;
/**
 * Runs that are read at once, and make one row for each conversation: so many at most, and about so many bytes. A search looks
 * at all of a row, and more would gain little.
 */
const LOT = 32;
const LOT_BYTES = 64 * 1024;
/**
 * The index is late when the next run was said so many milliseconds ago. Until then it takes in a little each second, so that
 * a burst of messages has the loop: to index at once what is said costs a tenth of it, at one message a turn.
 */
const LATE = 5_000;
/** What fails is tried again so many milliseconds later. */
const RETRY = 10_000;
/**
 * A deleted word stays in the file until FTS5 has merged the piece that it is in, and longer in a page that is free. So the
 * file is made anew after an edit or a deletion, and the next time after so many times as long as that has taken.
 */
const PATIENCE = 1_000;

/** The mark of a file that may have words of a text that is gone. */
const ERASED = "erased";

export class SearchIndex {
  readonly #path: string;
  readonly #deps: IndexDeps;
  #file: IndexFile | undefined;
  /** A damaged file is being closed. */
  #closing: Promise<void> | undefined;
  #mark = 0;
  /** How many runs to read next. */
  #limit = 1;
  /** When the last run in it was said, in milliseconds since 1970. */
  #saidAt = 0;
  /** The last event of which the run's words are in the index. */
  #events = 0;
  #retryAt = -Infinity;
  #isFailing = false;
  /** It is being made anew, and has not come to the end of the log yet. */
  #isNew = false;
  /** The file may have words of a text that is gone. The file says so too: a killed server has to know. */
  #hasErased = false;
  /** It is made anew for want of such words, which nobody needs to be told. */
  #isErasing = false;
  /** Milliseconds that it took to be made anew, and when that was done. */
  #buildTime = 0;
  #builtAt = 0;

  /** @param path of the index's own file */
  constructor(path: string, deps: IndexDeps) {
    this.#path = path;
    this.#deps = deps;
  }

  /** Up to this run, by its first id, the index is as the log is; 0 if there is no index. */
  get mark(): number {
    if (this.#file === undefined && this.#deps.now() >= this.#retryAt) this.#attempt(() => {});
    return Math.min(this.#mark, this.#firstChanged() - 1);
  }

  /** Whether there is a run that it could take in now. @param newest the newest run in the log */
  isBehind(newest: number): boolean {
    const isBehind = this.#mark < newest || this.#events < this.#deps.events.newest;
    return isBehind && this.#deps.now() >= this.#retryAt && this.#closing === undefined;
  }

  /** Whether it should take in more before the next second. */
  isLate(newest: number): boolean {
    return this.isBehind(newest) && Math.abs(this.#deps.wall() - this.#saidAt) >= LATE; // the clock may have been set
  }

  /** Takes in what is new, in one transaction. @param until when to leave the rest, by `now` */
  follow(newest: number, until: number): void {
    if (this.#isToErase()) {
      this.#isErasing = true;
      this.#discard(this.#file!);
    }
    if (!this.isBehind(newest)) return;
    const start = this.#deps.now();
    this.#attempt((file) => {
      const failure = file.checkpoint.takeFailure();
      if (failure !== undefined) throw failure;
      if (this.#events < this.#deps.events.newest) this.#takeChanges(file, until);
      if (this.#mark < newest) this.#takeIn(file, newest, until);
      this.#isFailing = false;
      if (!this.#isNew) return;
      const end = this.#deps.now();
      this.#buildTime += end - start;
      if (this.#mark < newest) return;
      this.#isNew = false;
      this.#builtAt = end;
      if (!this.#isErasing) info("follow", "The search index is complete");
      this.#isErasing = false;
    });
  }

  #isToErase(): boolean {
    const isDue = this.#hasErased && this.#deps.now() >= this.#builtAt + PATIENCE * this.#buildTime;
    return isDue && !this.#isNew && this.#file !== undefined;
  }

  /**
   * The ranges that may have messages with all the words, in the order of the query; the first and the last one may reach
   * beyond its bounds. Undefined if the index cannot tell.
   */
  find({ words, prefixes }: Wanted, query: IndexQuery): RunRange[] | undefined {
    const { conversation, from, to, limit, isBackward } = query, place = `"${placeWord(conversation)}"`;
    const match = [
      place,
      ...words.map((word) => `"${toIndexed(word)}"`),
      ...prefixes.map((prefix) => `"${toIndexed(prefix)}" *`),
    ].join(" ");
    return this.#attempt(({ sql }) => {
      const least = sql.holding.get(place, from)?.rowid ?? from;
      const rows = (isBackward ? sql.backward : sql.forward).all(match, least, Math.min(to, MAX_ID), limit);
      return rows.map(({ rowid, last }) => ({ from: rowid as number, to: last as number }));
    });
  }

  /** Forgets the runs before an id. Where that fails they are found, and are not in the log: no harm but a look. */
  removeBefore(id: number): void {
    this.#attempt(({ sql }) => sql.remove.run(id));
  }

  /** Messages that it may have words of are erased from the journal: the file is to be made anew. */
  noteErased(): void {
    this.#attempt(({ sql }) => sql.setMark.run(ERASED, 1));
    this.#hasErased = true;
  }

  /** The last call. A promise if the disk is still at work. */
  close(): Soon<void> {
    return this.#file === undefined ? this.#closing : closeIndexFile(this.#file);
  }

  #takeIn({ sql, checkpoint }: IndexFile, newest: number, until: number): void {
    const { now } = this.#deps;
    let last: Run | undefined, bytes = 0;
    sql.begin.run();
    do {
      const lot = this.#lotAfter(last?.id ?? this.#mark, this.#limit);
      if (lot.length === 0) break;
      for (const [conversation, some] of Map.groupBy(lot, ({ conversation }) => conversation)) {
        const words = [placeWord(conversation), ...some.map((run) => this.#textOf(run))].join(" ");
        sql.put.run(some[0]!.id, words, some.at(-1)!.id);
        bytes += words.length;
      }
      last = lot.at(-1)!;
      this.#limit = nextLimit(lot);
    } while (last.id < newest && now() < until);
    if (last !== undefined) {
      this.#saidAt = last.time;
      sql.setMark.run("run", last.id);
      sql.setMark.run("sum", last.sum);
      if (this.#events > 0) sql.setMark.run("event", this.#events);
    }
    sql.commit.run();
    this.#mark = last?.id ?? newest; // another program may have removed the newest one
    checkpoint.wrote(bytes * WRITES);
  }

  /** The first run with words that are not in the index, since a message of it was edited or deleted just now. */
  #firstChanged(): number {
    const { events, runs } = this.#deps;
    let first = Infinity;
    if (this.#events >= events.newest) return first;
    for (const { kind, conversation, message } of events.after(this.#events)) {
      if (kind === "reaction") continue; // it changes no text
      first = Math.min(first, runs.runHolding(conversation, message)?.id ?? Infinity);
    }
    return first;
  }

  /** Puts the words of rows anew with runs of which messages were edited or deleted. */
  #takeChanges({ sql, checkpoint }: IndexFile, until: number): void {
    const { runs, events, now } = this.#deps;
    const read = <T>(act: () => T) => this.#deps.attempt("index messages", act);
    let last = this.#events, bytes = 0, hasErased = false;
    sql.begin.run();
    for (const { id, kind, conversation, message } of read(() => [...Iterator.from(events.after(last)).take(LOT)])) {
      last = id;
      if (kind === "reaction") continue; // it changes no text
      const run = read(() => runs.runHolding(conversation, message)), place = placeWord(conversation);
      const row = run === undefined ? undefined : sql.holding.get(`"${place}"`, run.id);
      if (run === undefined || row === undefined || run.id > (row.last as number)) continue; // removed, or not taken in yet
      const some = read(() => runs.within(conversation, row.rowid as number, row.last as number));
      const words = [place, ...some.map((run) => this.#textOf(run))].join(" ");
      sql.removeOne.run(row.rowid!);
      sql.put.run(row.rowid!, words, row.last!);
      if (run.id === this.#mark) sql.setMark.run("sum", run.sum);
      bytes += words.length;
      hasErased = true;
      if (now() >= until) break;
    }
    sql.setMark.run("event", last);
    if (hasErased) sql.setMark.run(ERASED, 1);
    sql.commit.run();
    this.#events = last;
    this.#hasErased ||= hasErased;
    checkpoint.wrote(bytes * WRITES);
  }

  #textOf(run: Run): string {
    const { runs, skips } = this.#deps;
    const damaged = () => skips.note(run.id, "damaged", "message without a checksum");
    return textForIndex(runs.linesOf(run), run.version > 0, damaged);
  }

  /** Does it with the file, which is opened for it. Undefined where that fails. */
  #attempt<T>(act: (file: IndexFile) => T): T | undefined {
    if (this.#closing !== undefined) return undefined;
    try {
      this.#file ??= this.#open();
      return act(this.#file);
    } catch (error) {
      if (isSqlite(error) || isSystemError(error)) this.#fail(error as Error);
      else {
        this.#rollBack();
        throw error;
      }
      return undefined;
    }
  }

  /** Opens the file, or makes it, also in the place of one that is damaged or is another journal's. */
  #open(): IndexFile {
    const hasRuns = this.#runAfter(0) !== undefined;
    let file = openIndexFile(this.#path);
    if (file !== undefined && !this.#isOfJournal(file)) {
      void closeIndexFile(file); // nothing was written, so the disk is not at work
      file = undefined;
    }
    if (file === undefined) {
      removeIndexFile(this.#path);
      file = openIndexFile(this.#path);
    }
    if (file === undefined) throw new Deno.errors.InvalidData(`"${this.#path}" is damaged, and cannot be removed`);
    this.#mark = markOf(file);
    this.#events = this.#mark === 0 ? this.#deps.events.newest : (file.sql.mark.get("event")?.value ?? 0) as number;
    this.#hasErased = file.sql.mark.get(ERASED) !== undefined;
    this.#isNew = this.#mark === 0 && hasRuns;
    if (this.#isNew) this.#buildTime = 0;
    if (this.#isNew && !this.#isErasing) {
      info("open", "The search index is made anew; until it is complete, searches take longer");
    }
    return file;
  }

  /** Whether the last run in it is in this journal too, or was. */
  #isOfJournal(file: IndexFile): boolean {
    const mark = markOf(file);
    if (mark === 0) return true;
    const oldest = this.#runAfter(0), last = this.#runAfter(mark - 1);
    if (oldest !== undefined && oldest.id > mark) return true; // the journal has removed it since
    return last?.id === mark && last.sum === file.sql.mark.get("sum")?.value;
  }

  #runAfter(id: number): Run | undefined {
    return this.#lotAfter(id, 1)[0];
  }

  #lotAfter(id: number, limit: number): Run[] {
    return this.#deps.attempt("index messages", () => this.#deps.runs.lotAfter(id, limit));
  }

  #fail(error: Error): void {
    this.#retryAt = this.#deps.now() + RETRY;
    if (this.#file !== undefined && isDamage(error)) {
      warning("fail", `The search index is damaged, and is made anew: ${systemErrorText(error)}`);
      return this.#discard(this.#file);
    }
    this.#rollBack();
    if (!this.#isFailing) {
      warning("fail", `The search index does not follow, so searches take longer: ${systemErrorText(error)}`);
    }
    this.#isFailing = true;
  }

  #discard(file: IndexFile): void {
    this.#file = undefined;
    this.#mark = 0;
    this.#hasErased = false;
    this.#retryAt = -Infinity;
    const closed = chain(closeIndexFile(file), () => {
      this.#closing = undefined;
      removeIndexFile(this.#path);
    });
    if (closed instanceof Promise) this.#closing = closed;
  }

  #rollBack(): void {
    if (this.#file?.db.isTransaction) this.#file.db.exec("ROLLBACK");
  }
}

/** How many runs to read next, if they are as long as these. */
function nextLimit(lot: readonly Run[]): number {
  const bytes = lot.reduce((sum, { lines }) => sum + lines.length, 1);
  return Math.max(1, Math.min(LOT, Math.floor(LOT_BYTES * lot.length / bytes)));
}

/** A conversation as a word of the index: § is in no word of a text. */
function placeWord(conversation: number): string {
  return `§${conversation}`;
}

function markOf({ sql }: IndexFile): number {
  return (sql.mark.get("run")?.value ?? 0) as number;
}
