// What a loop does with a journal, for tests: it makes batches, appends them and waits until they have come back.
import assert from "node:assert/strict";
import type {
  Batch,
  Committed,
  Conversation,
  Journal,
  JournalRecord,
  MessageRun,
  SearchQuery,
} from "../../../server/journal/contract.ts";
import type { SharedFile } from "../../../jim/mod.ts";
import type { Proposal } from "../../../server/journal/records.ts";

/** A message, perhaps with a file, or a record. */
export type Said =
  | { readonly conversation: Conversation; readonly message: string; readonly file?: SharedFile }
  | Proposal;

/** A batch that has come back with its ids: what was proposed has the ids that it got. */
export type Kept = Extract<Committed, { outcome: "kept" }>;

const encoder = new TextEncoder(), decoder = new TextDecoder();

/** Some messages to all. */
export function toAll(...messages: string[]): Said[] {
  return messages.map((message) => ({ conversation: "#all", message }));
}

/** Counts ids from `first` in the order in which things are said; the messages of a conversation are one run. */
export function batchOf(first: number, said: readonly Said[], ifCurrent = false): Batch {
  const places = said.map((each, i) => ({ id: first + i, ...each }));
  const changes = places.filter((each): each is { id: number } & Proposal => "kind" in each);
  const messages = places.filter((each) => !("kind" in each)) as {
    id: number;
    conversation: string;
    message: string;
    file?: SharedFile;
  }[];
  const runOf = ({ id, conversation, file }: typeof messages[number]) => file ? `${id} ${conversation}` : conversation;
  const runs = [...Map.groupBy(messages, runOf).values()].map((some): MessageRun => ({
    kind: "message",
    id: some[0]!.id,
    last: some.at(-1)!.id,
    count: some.length,
    conversation: some[0]!.conversation,
    ...(some[0]!.file === undefined ? {} : { hasFile: true }),
    lines: encoder.encode(some.map((each) => `${JSON.stringify(wire(each))}\n`).join("")),
  }));
  const records = [...changes, ...runs].sort((one, other) => one.id - other.id);
  return { first, end: first + said.length, records, ...(ifCurrent ? { ifCurrent } : {}) };
}

/** A journal and its one caller. */
export class Driver {
  readonly journal: Journal;
  /** All that has come back, in order. */
  readonly taken: Committed[] = [];
  #ready = Promise.withResolvers<void>();

  /** @param open gets what the journal calls when there is something to take */
  constructor(open: (ready: () => void) => Journal) {
    this.journal = open(() => this.#ready.resolve());
  }

  /** Appends something, and waits until it has come back, whatever became of it. */
  append(said: readonly Said[], ifCurrent = false): Promise<Committed> {
    return this.appendBatch(batchOf(this.journal.next, said, ifCurrent));
  }

  async appendBatch(batch: Batch): Promise<Committed> {
    this.journal.append(batch);
    return await this.until(({ own }) => own === batch);
  }

  /** Appends something that must be kept. Returns the first id that it got. */
  async keep(...said: Said[]): Promise<number> {
    const committed = await this.append(said);
    assert.equal(committed.outcome, "kept", committed.outcome === "failed" ? committed.failure.message : "");
    return committed.own!.first + (committed as Kept).shift;
  }

  /** Takes until that comes. */
  async until(wanted: (committed: Committed) => boolean): Promise<Committed> {
    for (;;) {
      const taken = this.journal.take(), found = taken.find(wanted);
      this.taken.push(...taken);
      if (found !== undefined) return found;
      assert.ok(this.journal.busy, "a journal that is not busy has given back all");
      await this.#ready.promise;
      this.#ready = Promise.withResolvers();
    }
  }

  /** A page, read back. */
  async page(query: Partial<SearchQuery> = {}): Promise<{ id: number; message: string }[]> {
    const { journal } = this, { conversation = "#all", limit = 500, text, ...bounds } = query;
    const page = { conversation, limit, ...bounds };
    const ids = await (text === undefined ? journal.page(page) : journal.search({ ...page, text }));
    return (await journal.read(conversation, ids)).map((line, index) => {
      const { id, message } = JSON.parse(decoder.decode(line));
      assert.equal(id, ids[index]);
      return { id: id as number, message: message as string };
    });
  }

  async messages(query: Partial<SearchQuery> = {}): Promise<string[]> {
    return (await this.page(query)).map(({ message }) => message);
  }
}

/** All maintenance that there is, in turns of so many milliseconds. It comes to an end, or the test fails. */
export function maintainAll(journal: Journal, ms: number): void {
  for (let turns = 0; journal.maintain(ms); turns++) assert.ok(turns < 100_000, "maintenance comes to an end");
}

/** The changes of the state among records. */
export function changesIn(records: readonly JournalRecord[]): JournalRecord[] {
  return records.filter(({ kind }) => kind !== "message");
}

function wire({ id, message, file }: { id: number; message: string; file?: SharedFile }): object {
  const head = { action: "msg", time: 1.5, to: "#all", from: "ann", encoding: "utf-8", message };
  return file === undefined ? { ...head, id } : { ...head, file, id };
}
