/** Events in the database: what they do to the messages that they are about, and how they are read. */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Conversation, EventQuery } from "./contract.ts";
import { decodeEvent, encode, parseEvent, type RecordRow, sumOfRecord, sumOfRun } from "./encoding.ts";
import {
  applyEvent,
  askedOf,
  columnsOf,
  type EventsAbout,
  type EventStore,
  NAMES,
  type Reacting,
  type Reactions,
} from "./events.ts";
import { MAX_ID } from "./ids.ts";
import { EventCounts, type KindCounts } from "./event_counts.ts";
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
  put: `INSERT OR IGNORE INTO events (conversation, message, ${FIELDS}, emoji, is_there, person)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  about: `SELECT ${FIELDS} FROM events WHERE conversation = ? AND message BETWEEN ? AND ? ORDER BY id`,
  // These read the index alone, of up to 2,000 events about a message: 0.1 ms.
  counts: `SELECT emoji, count(*) AS kept, total(is_there) AS there FROM events INDEXED BY events_reactions
    WHERE message = ? GROUP BY emoji`,
  former: `SELECT id, is_there FROM events INDEXED BY events_reactions
    WHERE message = ? AND emoji = ? AND is_there IN (0, 1) AND person = ?`,
  kinds: `SELECT message, emoji, count(*) AS count FROM events INDEXED BY events_reactions
    WHERE message IN (SELECT value FROM json_each(?)) AND emoji IS NOT NULL AND is_there = 1
    GROUP BY message, emoji ORDER BY message, min(id)`,
  first: `SELECT ${FIELDS} FROM events INDEXED BY events_reactions
    WHERE message = ? AND emoji = ? AND is_there = 1 ORDER BY id LIMIT ${NAMES}`,
  texts: `SELECT id FROM events INDEXED BY events_reactions WHERE message = ? AND emoji IS NULL`,
  edits: `SELECT ${FIELDS} FROM events INDEXED BY events_reactions
    WHERE message BETWEEN ? AND ? AND emoji IS NULL AND conversation = ? AND kind = 'edit' ORDER BY id`,
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
  readonly #counts = new EventCounts();
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
    if (event.kind === "reaction") return this.#apply(event, number, time); // it has no text that is to be erased
    this.#sql.erase.run();
    try {
      const texts = event.kind === "deletion" ? this.#sql.texts.all(event.of) : [];
      const has = this.#apply(event, number, time);
      if (has && event.kind === "deletion") {
        this.onErase([event.of, ...texts.map(({ id }) => id as number)]);
        this.#files.remove(event.of);
      }
      return has;
    } finally {
      this.#sql.keep.run();
    }
  }

  #apply(event: EventRecord, number: number, time: number): boolean {
    const has = applyEvent(event, this.#storeOf(number, time));
    if (has) this.newest = Math.max(this.newest, event.id);
    return has;
  }

  /** Puts in what another server has, as it is: its messages are as its events have made them. */
  putStored(number: number, message: number, { id, time, kind, version, body }: Omit<RecordRow, "sum">): void {
    const sum = sumOfRecord(id, time, { kind, version, body }), event = parseEvent(id, { kind, version, body });
    this.#sql.put.run(number, message, id, time, kind, version, sum, body, ...columnsOf(event));
    this.#counts.forget(message);
    this.newest = Math.max(this.newest, id);
  }

  find(
    conversation: Conversation,
    { about, edits, before = MAX_ID, after, limit = MAX_ID }: EventQuery,
  ): EventRecord[] {
    const number = this.newest === 0 ? undefined : this.#numbers.find(conversation);
    if (number === undefined) return [];
    if (about !== undefined && edits) return this.#read(this.#sql.edits.all(about.first, about.last, number));
    if (about !== undefined) return this.#read(this.#sql.about.all(number, about.first, about.last));
    if (after !== undefined) return this.#read(this.#sql.forward.all(number, after, before, limit));
    return this.#read(this.#sql.backward.all(number, -1, before, limit)).reverse();
  }

  /** What there is of events about a message. @param asked the reaction that is looked for */
  about(message: number, asked?: Reacting): EventsAbout {
    let edits = 0, there = 0, kept = 0;
    const kinds: string[] = [];
    if (this.newest === 0) return { edits, there, kept, kinds, former: undefined };
    for (const row of this.#counts.of(message, this.#count)) {
      if (row.emoji === null) edits = row.kept; // of a deleted message nobody asks
      else {
        there += row.there;
        kept += row.kept;
        if (row.there > 0) kinds.push(row.emoji);
      }
    }
    const former = asked && this.#sql.former.get(message, asked.emoji, asked.person);
    return { edits, there, kept, kinds, former: former && { id: former.id as number, is: former.is_there === 1 } };
  }

  readonly #count = (message: number) => this.#sql.counts.all(message) as unknown as KindCounts[];

  /** The reactions to messages, by their ids; only of those that have any. */
  reactionsTo(messages: readonly number[]): Map<number, Reactions> {
    const found = new Map<number, { emoji: string; count: number; names: string[] }[]>();
    if (this.newest === 0) return found;
    for (const row of this.#sql.kinds.all(JSON.stringify(messages))) {
      const message = row.message as number, emoji = row.emoji as string, some = found.get(message) ?? [];
      const names = this.#read(this.#sql.first.all(message, emoji)).map(({ from }) => from);
      some.push({ emoji, count: row.count as number, names });
      found.set(message, some);
    }
    return found;
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
    this.#counts.forget();
  }

  clear(): void {
    this.#sql.clear.run();
    this.#counts.forget();
    this.newest = 0;
  }

  /** After a failure: what was written may have been taken back. */
  forgetCounts(): void {
    this.#counts.forget();
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
      about: (event) => this.about(event.of, askedOf(event)),
      put: (event) => {
        const { kind, version, sum, body } = encode(event, time);
        const columns = columnsOf(event), [emoji, isThere] = columns;
        this.#sql.put.run(number, event.of, event.id, time, kind, version, sum, body, ...columns);
        this.#counts.add(event.of, emoji, isThere === 1);
      },
      remove: ({ id, is }, { of, emoji }) => {
        this.#sql.remove.run(id);
        this.#counts.add(of, emoji, is, -1);
      },
      removeAbout: ({ of }) => {
        this.#sql.removeAbout.run(of);
        this.#counts.forget(of);
      },
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
