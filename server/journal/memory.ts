/** The journal for `--memory`: nothing outlives the program, and the oldest messages go when there are more than fits. */
import type { SharedFile } from "../../jim/mod.ts";
import { Blocks, type Lines } from "./blocks.ts";
import { applyEvent, askedOf, eventsAbout, summariesOf } from "./events.ts";
import { cut, fileOf, hasFile, linesOf, pageOf, parseLine, type Span, withLine } from "./lines.ts";
import { isWanted, type Wanted, wantedOf } from "./search_terms.ts";
import type {
  Batch,
  Committed,
  Conversation,
  EventQuery,
  EventRecord,
  EventsAbout,
  Journal,
  JournalRecord,
  PageQuery,
  Reacting,
  Reactions,
  SearchQuery,
  Skipped,
  StateRecord,
  StoredMessage,
} from "./contract.ts";
import { firstId } from "./ids.ts";
import { isEvent } from "./record_kinds.ts";

export interface MemoryOptions {
  /** The most that the messages of all conversations may take; a page needs a look at each run. */
  readonly bytes?: number;
  /** Milliseconds since 1970. */
  readonly wall?: () => number;
}

/**
 * A journal without a disk. Of records that change the state it keeps nothing: there is no later opening that could ask.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const journal = memoryJournal(), id = journal.next;
 * const lines = new TextEncoder().encode(`{"action":"msg","message":"hi","id":${id}}\n`);
 * const message = { kind: "message", id, last: id, count: 1, conversation: "#all", lines } as const;
 * journal.append({ first: id, end: id + 1, records: [message] });
 * journal.take();
 * const [line] = await journal.read("#all", await journal.page({ conversation: "#all", limit: 10 }));
 * assert.equal(JSON.parse(new TextDecoder().decode(line)).message, "hi");
 * ```
 */
export function memoryJournal(options: MemoryOptions = {}): Journal {
  return new MemoryJournal(options);
}

/** The most that the events of all conversations may take, and about what one takes beside its text. */
const EVENT_BYTES = 1024 * 1024, EVENT_OVERHEAD = 300;

class MemoryJournal implements Journal {
  readonly isShared = false;
  readonly maxIds = Infinity;
  next: number;
  readonly busy = false;
  readonly skipped: Skipped = { damaged: 0, unknown: 0 };
  readonly #messages: Blocks;
  readonly #wall: () => number;
  #committed: Committed[] = [];
  #events: EventRecord[] = [];

  constructor({ bytes = 4 * 1024 * 1024, wall = Date.now }: MemoryOptions) {
    this.#messages = new Blocks(bytes);
    this.#wall = wall;
    this.next = firstId(0, wall());
  }

  snapshot(): StateRecord[] {
    return [];
  }

  append(batch: Batch): void {
    const time = this.#wall();
    const records = batch.records.some(isEvent)
      ? batch.records.filter((record) => this.#keep(record, time))
      : batch.records;
    if (records === batch.records) { for (const record of records) this.#keep(record, time); }
    this.next = batch.end;
    this.#committed.push({ outcome: "kept", own: batch, stands: false, shift: 0, time, records });
  }

  take(): Committed[] {
    const committed = this.#committed;
    if (committed.length > 0) this.#committed = [];
    return committed;
  }

  poll(): void {}

  discard(): void {}

  page(query: PageQuery): number[] {
    return pageOf(this.#runs(query), query);
  }

  search(query: SearchQuery): number[] {
    return pageOf(this.#found(query, wantedOf(query.text, query.from)), query);
  }

  read(conversation: Conversation, ids: readonly number[]): (Uint8Array | undefined)[] {
    const runs = this.#runs({ conversation, after: 0 })[Symbol.iterator]();
    let run = runs.next();
    return linesOf(ids, (id) => {
      while (!run.done && run.value.last < id) run = runs.next();
      return run.done || run.value.first > id ? undefined : run.value;
    });
  }

  find(conversation: Conversation, id: number): StoredMessage | undefined {
    const run = this.#runHolding(conversation, id), [line] = this.read(conversation, [id]);
    return run === undefined || line === undefined ? undefined : { line, time: run.time };
  }

  events(
    conversation: Conversation,
    { about, edits, before = Infinity, after, limit = Infinity }: EventQuery,
  ): EventRecord[] {
    const of = this.#events.filter((event) =>
      event.conversation === conversation && (edits === undefined || event.kind === "edit")
    );
    if (about !== undefined) return of.filter(({ of }) => of >= about.first && of <= about.last);
    const within = of.filter(({ id }) => id > (after ?? -1) && id < before);
    return after === undefined ? within.slice(-limit) : within.slice(0, limit);
  }

  eventsAbout(_: Conversation, id: number, asked?: Reacting): EventsAbout {
    return eventsAbout(this.#events.filter(({ of }) => of === id), asked);
  }

  reactionsTo(_: Conversation, ids: readonly number[]): ReadonlyMap<number, Reactions> {
    const wanted = new Set(ids);
    return summariesOf(this.#events.filter(({ of }) => wanted.has(of)));
  }

  fileLine(key: string): Uint8Array | undefined {
    for (const { line, file } of this.#files()) if (file.key === key) return line.slice();
    return undefined;
  }

  filesAmong(hashes: readonly string[]): string[] {
    const found = new Set(this.#files().map(({ file }) => file.sha256));
    return hashes.filter((hash) => found.has(hash));
  }

  conversations(side: string, after: number): Conversation[] {
    const found = new Set<Conversation>();
    for (const { conversation, last } of this.#messages.turns()) {
      if (last > after && isSide(side, conversation)) found.add(conversation);
    }
    return [...found];
  }

  allConversations(): Conversation[] {
    return [...new Set(Iterator.from(this.#messages.turns()).map(({ conversation }) => conversation))];
  }

  forget(conversations: readonly Conversation[]): void {
    const forgotten = new Set(conversations);
    this.#messages.keep((conversation) => !forgotten.has(conversation));
    this.#events = this.#events.filter(({ conversation }) => !forgotten.has(conversation));
  }

  maintain(): boolean {
    return false;
  }

  close(): void {}

  /** The messages with files, each a run of its own. */
  *#files(): Generator<{ readonly line: Uint8Array; readonly file: SharedFile }> {
    for (const { count, bytes } of this.#messages.turns()) {
      if (count !== 1 || !hasFile(bytes)) continue;
      const [line] = cut(bytes), file = fileOf(line!);
      if (file !== undefined) yield { line: line!, file };
    }
  }

  /** Returns false if it is an event without an effect. */
  #keep(record: JournalRecord, time: number): boolean {
    if (record.kind === "message") {
      const { id, last, count, conversation, lines } = record;
      this.#messages.add({ conversation, first: id, last, count, time, bytes: lines });
    } else if (isEvent(record)) return this.#addEvent(record);
    return true;
  }

  #addEvent(event: EventRecord): boolean {
    const has = applyEvent(event, {
      line: ({ conversation, of }) => this.read(conversation, [of])[0],
      replace: ({ conversation, of }, line) => {
        const run = this.#runHolding(conversation, of)!;
        this.#messages.change(run.first, withLine(run.bytes, of, line));
      },
      about: (event) => this.eventsAbout(event.conversation, event.of, askedOf(event)),
      put: (event) => this.#events.push(event),
      remove: ({ id }) => this.#events = this.#events.filter((each) => each.id !== id),
      removeAbout: ({ of }) => this.#events = this.#events.filter((each) => each.of !== of),
    });
    // They go with their messages. Messages are as their events have made them, so the oldest events can go before.
    const { oldest = Infinity } = this.#messages;
    this.#events = this.#events.filter(({ of }) => of >= oldest);
    let bytes = this.#events.reduce((sum, each) => sum + sizeOf(each), 0), excess = 0;
    while (bytes > EVENT_BYTES) bytes -= sizeOf(this.#events[excess++]!);
    this.#events.splice(0, excess);
    return has;
  }

  #runHolding(conversation: Conversation, id: number): Lines | undefined {
    return Iterator.from(this.#messages.turns(true)).find((each) =>
      each.conversation === conversation && each.first <= id && id <= each.last
    );
  }

  /** The runs of a conversation in reading order. */
  *#runs({ conversation, after }: Pick<PageQuery, "conversation" | "after">): Iterable<Span> {
    for (const { bytes, ...run } of this.#messages.turns(after === undefined)) {
      if (run.conversation === conversation) yield { ...run, bytes: () => bytes };
    }
  }

  /** Each line that is wanted, as a run of its own. */
  *#found(query: PageQuery, wanted: Wanted | undefined): Iterable<Span> {
    if (wanted === undefined) return;
    for (const { bytes } of this.#runs(query)) {
      const lines = cut(bytes());
      for (const line of query.after === undefined ? lines.reverse() : lines) {
        const said = parseLine(line)!, { id } = said; // no disk damages what is in memory
        if (isWanted(said, wanted)) yield { first: id, last: id, count: 1, bytes: () => line };
      }
    }
  }
}

function sizeOf(event: EventRecord): number {
  return EVENT_OVERHEAD + (event.kind === "edit" ? 2 * event.text.length : 0);
}

/** Whether a conversation is one of two people, and this is a side of it. */
function isSide(side: string, conversation: Conversation): boolean {
  const sides = conversation.split("\u0000");
  return sides.length === 2 && sides.includes(side);
}
