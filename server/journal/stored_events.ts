/** Events in the database: what they do to the messages that they are about, and how they are read. */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Conversation, EventQuery } from "./contract.ts";
import { decodeEvent, encode, type RecordRow, sumOfRecord, sumOfRun } from "./encoding.ts";
import { applyEvent, type EventStore } from "./events.ts";
import { MAX_ID } from "./ids.ts";
import { linesOf, withLine } from "./lines.ts";
import type { Numbers } from "./numbers.ts";
import type { EventRecord } from "./records.ts";
import type { Runs } from "./runs.ts";
import type { Skips } from "./skips.ts";
import type { StoredFiles } from "./stored_files.ts";

const FIELDS = "id, time, kind, version, sum, body";
/** All events. */
export const ALL_EVENTS = `SELECT ${FIELDS} FROM events ORDER BY id`;
const STATEMENTS = {
  put: `INSERT OR IGNORE INTO events (conversation, message, ${FIELDS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  about: `SELECT ${FIELDS} FROM events WHERE conversation = ? AND message BETWEEN ? AND ? ORDER BY id`,
  forward: `SELECT ${FIELDS} FROM events WHERE conversation = ? AND id > ? AND id < ? ORDER BY id LIMIT ?`,
  backward: `SELECT ${FIELDS} FROM events WHERE conversation = ? AND id > ? AND id < ? ORDER BY id DESC LIMIT ?`,
  after: `SELECT conversation, message, ${FIELDS} FROM events WHERE id > ? ORDER BY id LIMIT ?`,
  last: "SELECT coalesce(max(id), 0) AS id FROM events",
  remove: "DELETE FROM events WHERE id = ?",
  removeAbout: "DELETE FROM events WHERE message = ?",
  removeBefore: "DELETE FROM events WHERE message < ?",
  clear: "DELETE FROM events",
  replaceLines: "UPDATE runs SET lines = ?, sum = ? WHERE first = ?",
  // Whole pages that are freed leave nothing in the file either, which costs a write of each.
  erase: "PRAGMA secure_delete = ON",
  keep: "PRAGMA secure_delete = FAST",
};
/** Events that are read at once. */
const LOT = 100;

/** An event as it is kept, with the number of its conversation and the id of its message. */
export interface StoredEvent extends RecordRow {
  readonly conversation: number;
  readonly message: number;
}

export class StoredEvents {
  /** Called within the transaction with the ids of messages and edits of which the text is to be kept nowhere any more. */
  onErase: (ids: readonly number[]) => void = () => {};
  /** The newest event, by its id; 0 if there is none. */
  newest: number;
  readonly #db: DatabaseSync;
  readonly #runs: Runs;
  readonly #numbers: Numbers;
  readonly #skips: Skips;
  readonly #files: StoredFiles;
  /** Prepared when there is an event: most chats have none. */
  #prepared: { readonly [name in keyof typeof STATEMENTS]: StatementSync } | undefined;

  constructor(db: DatabaseSync, runs: Runs, numbers: Numbers, skips: Skips, files: StoredFiles) {
    this.#files = files;
    this.#db = db;
    this.#runs = runs;
    this.#numbers = numbers;
    this.#skips = skips;
    this.newest = db.prepare(STATEMENTS.last).get()!.id as number;
  }

  /** Applies an event within a transaction. Returns false if it has no effect. @param time milliseconds since 1970 */
  add(event: EventRecord, time: number): boolean {
    const number = this.#numbers.find(event.conversation);
    if (number === undefined) return false;
    this.#sql.erase.run();
    try {
      const store = this.#storeOf(number, time), texts = event.kind === "deletion" ? store.eventsAbout(event) : [];
      const has = applyEvent(event, store);
      if (has && event.kind === "deletion") {
        this.onErase([event.of, ...texts.map(({ id }) => id)]);
        this.#files.remove(event.of);
      }
      if (has) this.newest = Math.max(this.newest, event.id);
      return has;
    } finally {
      this.#sql.keep.run();
    }
  }

  /** Puts in what another server has, as it is: its messages are as its events have made them. */
  putStored(number: number, message: number, { id, time, kind, version, body }: Omit<RecordRow, "sum">): void {
    const sum = sumOfRecord(id, time, { kind, version, body });
    this.#sql.put.run(number, message, id, time, kind, version, sum, body);
    this.newest = Math.max(this.newest, id);
  }

  find(conversation: Conversation, { about, before = MAX_ID, after, limit = MAX_ID }: EventQuery): EventRecord[] {
    const number = this.newest === 0 ? undefined : this.#numbers.find(conversation);
    if (number === undefined) return [];
    if (about !== undefined) return this.#read(this.#sql.about.all(number, about.first, about.last));
    if (after !== undefined) return this.#read(this.#sql.forward.all(number, after, before, limit));
    return this.#read(this.#sql.backward.all(number, -1, before, limit)).reverse();
  }

  /** The events behind an id, whole or not. */
  *after(id: number): Iterable<StoredEvent> {
    for (let last = id; this.newest > last;) {
      const lot = this.#sql.after.all(last, LOT) as unknown as StoredEvent[];
      yield* lot;
      if (lot.length < LOT) return;
      last = lot.at(-1)!.id;
    }
  }

  /** Removes the events about messages before an id. */
  removeBefore(id: number): void {
    if (this.newest > 0) this.#sql.removeBefore.run(id);
  }

  clear(): void {
    this.#sql.clear.run();
    this.newest = 0;
  }

  /** After a transaction that was taken back. */
  measure(): void {
    if (this.newest > 0) this.newest = this.#sql.last.get()!.id as number;
  }

  get #sql(): { readonly [name in keyof typeof STATEMENTS]: StatementSync } {
    if (this.#prepared === undefined) {
      const prepared = Object.entries(STATEMENTS).map(([name, sql]) => [name, this.#db.prepare(sql)]);
      this.#prepared = Object.fromEntries(prepared) as { [name in keyof typeof STATEMENTS]: StatementSync };
    }
    return this.#prepared;
  }

  #storeOf(number: number, time: number): EventStore {
    return {
      line: ({ of }) => linesOf([of], (id) => this.#runs.holding(number, id))[0],
      replace: ({ of }, line) => {
        const run = this.#runs.runHolding(number, of)!, lines = withLine(run.lines, of, line);
        const sum = run.version === 0 ? 0 : sumOfRun(run, lines);
        this.#sql.replaceLines.run(lines, sum, run.id);
      },
      eventsAbout: ({ of }) => this.#read(this.#sql.about.all(number, of, of)),
      put: (event) => {
        const { kind, version, sum, body } = encode(event, time);
        this.#sql.put.run(number, event.of, event.id, time, kind, version, sum, body);
      },
      remove: ({ id }) => this.#sql.remove.run(id),
      removeAbout: ({ of }) => this.#sql.removeAbout.run(of),
    };
  }

  #read(rows: readonly object[]): EventRecord[] {
    return rows.flatMap((row) => {
      const { id, time, ...encoded } = row as unknown as RecordRow, event = decodeEvent(id, time, encoded);
      if (typeof event === "object") return [event];
      this.#skips.note(id, event, `${JSON.stringify(encoded.kind)} ${encoded.version}`);
      return [];
    });
  }
}
