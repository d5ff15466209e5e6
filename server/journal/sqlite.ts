/**
 * The journal on this machine's disk: one SQLite file, `hanita.db`. The log of messages is its own view.
 *
 * A batch that was taken survives a kill of the program. With `sync: "full"` it survives a power cut too, for a sync of the
 * disk a turn; with "normal" a power cut may take about the last second, and never leaves the file torn.
 */
import { logger } from "../../log/mod.ts";
import { type Database, openDatabase } from "./database.ts";
import type { Batch, Committed, Journal, JournalRecord, MessageRun } from "./contract.ts";
import { isRun } from "./encoding.ts";
import { firstId, shifted } from "./ids.ts";
import { inEach } from "../words/mod.ts";
import { JournalRefused } from "./failure.ts";
import { missingEnd } from "./last_id.ts";
import { migrate, migrateBeside } from "./schema.ts";
import { type JournalOptions, View } from "./view.ts";

export type { JournalOptions } from "./view.ts";

const { warning } = logger("server/journal");

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

class SqliteJournal extends View implements Journal {
  readonly isShared = false;
  readonly maxIds = Infinity;
  readonly busy = false;
  #version: unknown;

  constructor(database: Database, options: JournalOptions) {
    super(database, options);
    if (this.mark("chat") !== 0) this.#leaveChat(options.path);
    const { path } = options, last = this.lastId(), missing = missingEnd(path, last, this.noted);
    if (missing !== undefined && !this.beside) warning("openJournal", missing);
    // The account tool gives no ids to messages that are not stored, so it needs none that are ahead of the log.
    this.next = this.beside ? firstId(last, 0) : firstId(Math.max(last, this.noted), this.wall());
    this.#version = this.#dataVersion();
  }

  append(batch: Batch): void {
    this.standing = this.taken;
    this.countFrom(batch.end);
    this.indexRuns();
    try {
      const committed = this.#commit(batch); // what it has read of others comes before
      this.committed.push(committed);
      if (committed.outcome === "kept") this.countFrom(batch.end + committed.shift);
    } catch (error) {
      this.committed.push({ outcome: "failed", own: batch, failure: this.failure("keep messages", error) });
    }
  }

  take(): Committed[] {
    const committed = this.committed;
    this.taken = this.lastRead;
    if (committed.length > 0) this.committed = [];
    return committed;
  }

  poll(): void {
    this.attempt("look for changes", () => {
      const version = this.#dataVersion();
      if (version === this.#version) return;
      this.readTogether(() => this.#readOthers());
      this.#version = version;
    });
  }

  /** The rule is a turn that spoke in one conversation: one statement, which finds out by itself whether it may. */
  #commit(batch: Batch): Committed {
    const { records } = batch, [run] = records, time = this.wall();
    if (records.length === 0) return kept(batch, 0, time, records);
    if (records.length === 1 && isRun(run!) && this.#isSimple(batch, run)) {
      const row = this.rowOf(run, this.numbers.find(run.conversation)!, time);
      if (this.sql.putRunIfCurrent.run(...row, this.lastRecord).changes === 1) {
        this.runIndex.note();
        this.newest = Math.max(this.newest, run.id);
        this.checkpoint.wrote(run.lines.length);
        this.note.noteSome(run.last, time);
        return kept(batch, 0, time, records);
      }
    }
    return this.#commitBehindOthers(batch, time);
  }

  /** Nothing else has to be written with it, and its ids are behind all that has been read. */
  #isSimple({ first, ifCurrent = false }: Batch, { conversation, hasFile }: MessageRun): boolean {
    return hasFile === undefined && this.numbers.holds(conversation) && this.discarded.length === 0 &&
      first > this.lastRead && !ifCurrent;
  }

  /** One transaction: it reads what others have appended, takes ids behind all that is there, and appends. */
  #commitBehindOthers(batch: Batch, time: number): Committed {
    let shift = 0, records: readonly JournalRecord[] | undefined;
    this.transact(() => {
      this.#readOthers();
      if (batch.ifCurrent && this.committed.length > 0) return;
      shift = Math.max(0, this.lastId() + 1 - batch.first);
      records = shifted(batch.records, shift);
      this.deleteDiscarded();
      records = records.filter((record) => this.insert(record, time));
      this.sql.raiseMark.run("last", batch.end - 1 + shift);
      if (!this.beside) this.sql.raiseMark.run("applied", this.standing);
    });
    if (records === undefined) return { outcome: "overtaken", own: batch };
    this.discarded = [];
    for (const record of records) this.noteAppended(record);
    if (!this.beside) this.note.noteSome(batch.end - 1 + shift, time);
    return kept(batch, shift, time, records);
  }

  /** What is in the log behind what was read: it is there, whatever becomes of an own batch. */
  #readOthers(): void {
    const { standing, rest, time } = this.readRecords();
    this.pushOthers(standing, true, time);
    this.pushOthers(rest, false, time);
    this.replacing.push(...standing, ...rest);
  }

  /**
   * The database was the view of a log that several servers share. From now on it is this server's own log, of which the others
   * do not have what is appended; so it is a view no more.
   */
  #leaveChat(path: string): void {
    if (this.beside) throw new JournalRefused(inEach(({ databaseOfChat }) => databaseOfChat(path)));
    const isWhole = this.mark("joining") === 0;
    warning(
      "openJournal",
      `"${path}" has ${
        isWhole ? "all" : "a part"
      } of a chat of several servers; what follows is in this database alone`,
    );
    this.transact(() => {
      for (const name of ["chat", "name", "base", "joining"]) this.sql.removeMark.run(name);
      this.sql.removeAncestors.run();
      this.db.exec("DROP TABLE IF EXISTS entries");
    });
  }

  #dataVersion(): unknown {
    return this.sql.dataVersion.get()!.data_version;
  }
}

function kept(own: Batch, shift: number, time: number, records: readonly JournalRecord[]): Committed {
  return { outcome: "kept", own, stands: false, shift, time, records };
}
