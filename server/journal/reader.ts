/**
 * Reads a journal's database, changing nothing: the rooms, and the messages of a conversation as they are now. A server may have
 * it open.
 */
import { DatabaseSync } from "node:sqlite";
import { isSystemError, systemErrorText } from "../../log/system_error.ts";
import { State } from "../chat/state.ts";
import { inEach } from "../words/mod.ts";
import { type Conversation, type EventRecord, JournalRefused, type Skipped } from "./contract.ts";
import { decode, type RecordRow } from "./encoding.ts";
import { isSqlite } from "./failure.ts";
import { cut, linesOf, parseLine, wellFormed } from "./lines.ts";
import { Numbers } from "./numbers.ts";
import { READS_RUNS, type Run, Runs } from "./runs.ts";
import { mustBeJournal } from "./schema.ts";
import { Skips } from "./skips.ts";
import { StoredFiles } from "./stored_files.ts";
import { StoredEvents } from "./stored_events.ts";
import { prepare, type Statements } from "./statements.ts";

const READS = ["records", "mark", "conversation", "putConversation"] as const;
/** The runs of a conversation that were stored at some time or later, from an id on. */
const RUNS = `SELECT first AS id, last, count, conversation, time, version, sum, lines
  FROM (SELECT conversation, first FROM runs_of WHERE conversation = ? AND first > ?)
  JOIN runs USING (conversation, first) WHERE time >= ? ORDER BY first LIMIT 32`;

/** Messages that were stored together. */
export interface Lot {
  /** Each without its newline. */
  readonly lines: readonly Uint8Array[];
  /** When they were stored, in milliseconds since 1970. */
  readonly time: number;
  /** What was said about them. */
  readonly events: readonly EventRecord[];
}

export class JournalReader {
  /** The rooms and accounts that there are. */
  readonly state = new State();
  readonly #db: DatabaseSync;
  readonly #skips = new Skips();
  readonly #sql: Statements<typeof READS[number] | typeof READS_RUNS[number]>;
  readonly #runs: Runs;
  readonly #numbers: Numbers;
  readonly #events: StoredEvents;

  /**
   * @param path `DIR/hanita.db`
   * @throws {JournalRefused} in one line, if there is none, it may not be read, or is no journal of this version
   */
  constructor(path: string) {
    this.#db = opened(path);
    this.#sql = prepare(this.#db, [...READS, ...READS_RUNS]);
    this.#runs = new Runs(this.#sql, this.#skips);
    this.#numbers = new Numbers(this.#sql);
    this.#events = new StoredEvents(
      this.#db,
      this.#runs,
      this.#numbers,
      this.#skips,
      new StoredFiles(this.#db, this.#runs),
    );
    for (const row of this.#sql.records.all(0)) {
      const { id, time, kind, version, sum, body } = row as unknown as RecordRow;
      const record = decode(id, time, { kind, version, sum, body });
      if (typeof record === "object") this.state.apply(record, true);
      else this.#skips.note(id, record, `${JSON.stringify(kind)} ${version}`);
    }
  }

  /** What cannot be read. */
  get skipped(): Skipped {
    return this.#skips;
  }

  /** All that was stored in a conversation at some time or later, oldest first. @param since milliseconds since 1970 */
  *lots(conversation: Conversation, since: number): Generator<Lot> {
    const number = this.#numbers.find(conversation);
    if (number === undefined) return;
    const next = this.#db.prepare(RUNS);
    for (let last = -1;;) {
      const runs = next.all(number, last, since) as unknown as Run[];
      for (const run of runs) {
        last = run.id;
        const lines = cut(this.#runs.linesOf(run)).filter((line) => parseLine(line) !== undefined).map(wellFormed);
        const events = this.#events.find(conversation, { about: { first: run.id, last: run.last } });
        if (lines.length > 0) yield { lines, time: run.time, events };
      }
      if (runs.length === 0) return;
    }
  }

  /** The line of a message; undefined if it is not kept any more. */
  line(conversation: Conversation, id: number): Uint8Array | undefined {
    const number = this.#numbers.find(conversation);
    return number === undefined ? undefined : linesOf([id], (id) => this.#runs.holding(number, id))[0];
  }

  close(): void {
    this.#db.close();
  }
}

function opened(path: string): DatabaseSync {
  let db: DatabaseSync | undefined;
  try {
    Deno.statSync(path);
    db = new DatabaseSync(path, { readOnly: true });
    mustBeJournal(db, path);
    return db;
  } catch (error) {
    db?.close();
    if (error instanceof JournalRefused) throw error;
    if (error instanceof Deno.errors.NotFound) throw new JournalRefused(inEach(({ noDatabase }) => noDatabase(path)));
    if (!isSqlite(error) && !isSystemError(error)) throw error;
    const texts = inEach(({ cannotOpen }) => cannotOpen(path, systemErrorText(error)));
    throw new JournalRefused(texts, { cause: error });
  }
}
