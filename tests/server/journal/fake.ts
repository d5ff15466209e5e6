// A journal that is not here: it answers late, it fails, it has records of others. For the contract, and for a loop's tests.
import {
  type Batch,
  type Committed,
  type Conversation,
  type EventQuery,
  type EventRecord,
  type EventsAbout,
  type Journal,
  JournalFailure,
  type JournalRecord,
  type PageQuery,
  type Reacting,
  type Reactions,
  type SearchQuery,
  type StoredMessage,
} from "../../../server/journal/contract.ts";
import { shifted } from "../../../server/journal/ids.ts";
import { memoryJournal } from "../../../server/journal/memory.ts";
import { batchOf, type Kept, type Said } from "./driver.ts";

export interface FakeOptions {
  /** Called when there is something to take. */
  readonly ready?: () => void;
  /** When a batch is answered: soon, unless a test has it otherwise. */
  readonly later?: (answer: () => void) => void;
}

export class FakeJournal implements Journal {
  readonly isShared = false;
  readonly maxIds = Infinity;
  readonly #log = memoryJournal();
  readonly #ready: () => void;
  readonly #later: (answer: () => void) => void;
  #pending: Batch | undefined;
  #committed: Committed[] = [];
  /** What it says instead of keeping the next batches. */
  #failures: string[] = [];
  /** Where the log ended at the last take before the batch under way: its caller knows of no more. */
  #known = this.#log.next;
  next = this.#log.next;

  constructor({ ready = () => {}, later = queueMicrotask }: FakeOptions = {}) {
    this.#ready = ready;
    this.#later = later;
  }

  get busy(): boolean {
    return this.#pending !== undefined;
  }

  get skipped() {
    return this.#log.skipped;
  }

  snapshot() {
    return this.#log.snapshot();
  }

  append(batch: Batch): void {
    if (this.#pending !== undefined) throw new Error("Cannot append: a batch is under way");
    this.#pending = batch;
    this.next = batch.end;
    this.#later(() => this.#answer(batch));
  }

  take(): readonly Committed[] {
    if (!this.busy) this.#known = this.#log.next;
    return this.#committed.splice(0);
  }

  /** The next batch is not kept. */
  failNext(message: string): void {
    this.#failures.push(message);
  }

  /** Another server says something, before what is under way. */
  others(...said: Said[]): void {
    const { next } = this.#log, batch = batchOf(next, said);
    this.#keep(undefined, batch.records, batch.end, 0);
  }

  poll(): void {}

  discard(ids: readonly number[]): void {
    this.#log.discard(ids);
  }

  // What reads is late too.

  async page(query: PageQuery): Promise<readonly number[]> {
    await Promise.resolve();
    return this.#log.page(query);
  }

  async search(query: SearchQuery): Promise<readonly number[]> {
    await Promise.resolve();
    return this.#log.search(query);
  }

  async read(conversation: Conversation, ids: readonly number[]): Promise<readonly (Uint8Array | undefined)[]> {
    await Promise.resolve();
    return this.#log.read(conversation, ids);
  }

  async find(conversation: Conversation, id: number): Promise<StoredMessage | undefined> {
    await Promise.resolve();
    return this.#log.find(conversation, id);
  }

  async events(conversation: Conversation, query: EventQuery): Promise<readonly EventRecord[]> {
    await Promise.resolve();
    return this.#log.events(conversation, query);
  }

  async eventsAbout(conversation: Conversation, id: number, asked?: Reacting): Promise<EventsAbout> {
    await Promise.resolve();
    return this.#log.eventsAbout(conversation, id, asked);
  }

  async reactionsTo(conversation: Conversation, ids: readonly number[]): Promise<ReadonlyMap<number, Reactions>> {
    await Promise.resolve();
    return this.#log.reactionsTo(conversation, ids);
  }

  async fileLine(key: string): Promise<Uint8Array | undefined> {
    await Promise.resolve();
    return this.#log.fileLine(key);
  }

  async filesAmong(hashes: readonly string[]): Promise<readonly string[]> {
    await Promise.resolve();
    return this.#log.filesAmong(hashes);
  }

  async conversations(side: string, after: number): Promise<readonly Conversation[]> {
    await Promise.resolve();
    return this.#log.conversations(side, after);
  }

  async allConversations(): Promise<readonly Conversation[]> {
    await Promise.resolve();
    return this.#log.allConversations();
  }

  forget(conversations: readonly Conversation[]): void {
    this.#log.forget(conversations);
  }

  maintain(milliseconds: number): boolean {
    return this.#log.maintain(milliseconds);
  }

  close(): void {}

  #answer(batch: Batch): void {
    this.#pending = undefined;
    const message = this.#failures.shift();
    if (message !== undefined) {
      this.#committed.push({ outcome: "failed", own: batch, failure: new JournalFailure(message) });
    } else if (batch.ifCurrent === true && this.#log.next > this.#known) {
      this.#committed.push({ outcome: "overtaken", own: batch });
    } else {
      const shift = Math.max(0, this.#log.next - batch.first);
      this.#keep(batch, shifted(batch.records, shift), batch.end + shift, shift);
    }
    this.next = Math.max(this.next, this.#log.next);
    this.#ready();
  }

  #keep(own: Batch | undefined, records: readonly JournalRecord[], end: number, shift: number): void {
    this.#log.append({ first: this.#log.next, end, records });
    const [kept] = this.#log.take() as [Kept];
    this.#committed.push({ ...kept, own, shift });
    if (own === undefined) {
      if (this.#pending === undefined) this.next = this.#log.next;
      this.#ready();
    }
  }
}
