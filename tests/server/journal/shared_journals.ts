// Journals of several servers over one log, all in memory: what one server appends comes to all, in one order. Nothing is
// encoded, and each journal keeps the messages itself.
import type {
  Batch,
  Committed,
  Conversation,
  Journal,
  JournalRecord,
  PageQuery,
  SearchQuery,
  StateRecord,
} from "../../../server/journal/contract.ts";
import { JournalFailure } from "../../../server/journal/failure.ts";
import { FIRST_ID, shifted } from "../../../server/journal/ids.ts";
import { memoryJournal } from "../../../server/journal/memory.ts";
import type { PeerMessage, Peers } from "../../../server/journal/nats/log.ts";
import type { StateProposal } from "../../../server/journal/records.ts";

const MAX_IDS = 8_192;

/** A batch in the log. */
interface Entry {
  readonly first: number;
  readonly end: number;
  readonly records: readonly JournalRecord[];
}

/** A server's access: its journal, and the other servers. */
export interface Member {
  readonly journal: SharedJournal;
  readonly peers: Peers;
}

/** The log. */
export class SharedJournals {
  /** When a batch arrives at the log: soon, unless a test has it otherwise. */
  later: (arrive: () => void) => void = queueMicrotask;
  readonly #entries: Entry[] = [];
  readonly #members: SharedJournal[] = [];
  /** Records without effect. */
  readonly #lost = new Set<number>();

  /** @param ready called when there is something to take */
  join(ready: () => void): Member {
    const name = `s${this.#members.length + 1}`, journal = new SharedJournal(this, name, ready);
    for (const entry of this.#entries) journal.receive(entry);
    this.#members.push(journal);
    return { journal, peers: journal.peers };
  }

  /** Another program appends something at once. */
  say(...proposals: StateProposal[]): void {
    this.append(undefined, {
      first: FIRST_ID,
      end: FIRST_ID + proposals.length,
      records: proposals.map((proposal, i) => ({ ...proposal, id: FIRST_ID + i })),
    });
  }

  /** Where the next batch begins. */
  get next(): number {
    return FIRST_ID + MAX_IDS * (this.#entries.length + 1);
  }

  get batches(): readonly Entry[] {
    return this.#entries;
  }

  /** The records of changes that had an effect. */
  get changes(): StateRecord[] {
    return this.#entries.flatMap(({ records }) =>
      records.filter((record): record is StateRecord => record.kind !== "message" && !this.#lost.has(record.id))
    );
  }

  /** Called by members. */
  append(by: SharedJournal | undefined, { first, end, records }: Batch): void {
    const shift = this.next - first, copies = shifted(records.map(copyOf), shift);
    const entry = { first: this.next, end: end + shift, records: copies };
    this.#entries.push(entry);
    for (const member of this.#members) member.receive(entry, member === by ? shift : undefined);
  }

  /** Called by members. */
  discard(ids: readonly number[]): void {
    for (const id of ids) this.#lost.add(id);
  }

  /** Called by members. */
  tell(from: string, to: string, kind: string, bytes: Uint8Array): void {
    for (const member of this.#members) {
      const { self } = member.peers;
      if (self !== from && (to === "all" || to === self)) this.later(() => member.hear({ from, kind, bytes }));
    }
  }
}

function copyOf(record: JournalRecord): JournalRecord {
  return record.kind === "message" ? { ...record, lines: record.lines.slice() } : record;
}

export class SharedJournal implements Journal {
  readonly isShared = true;
  readonly maxIds = MAX_IDS - 1;
  readonly skipped = { damaged: 0, unknown: 0 };
  readonly peers: Peers;
  next: number;
  /** Nothing that this server appends arrives, and it is told so. */
  isBroken = false;
  readonly #log: SharedJournals;
  readonly #ready: () => void;
  readonly #view = memoryJournal();
  #pending: Batch | undefined;
  #committed: Committed[] = [];
  #heard: PeerMessage[] = [];

  constructor(log: SharedJournals, self: string, ready: () => void) {
    this.#log = log;
    this.#ready = ready;
    this.next = log.next;
    this.peers = {
      self,
      send: (to, kind, bytes) => log.tell(self, to, kind, bytes.slice()),
      take: () => this.#heard.splice(0),
    };
  }

  get busy(): boolean {
    return this.#pending !== undefined;
  }

  snapshot(): readonly StateRecord[] {
    this.#committed = [];
    return this.#log.changes;
  }

  append(batch: Batch): void {
    if (this.#pending !== undefined) throw new Error("Cannot append: a batch is under way");
    if (batch.end - batch.first > this.maxIds) throw new Error("Cannot append: the batch has too many ids");
    this.#pending = batch;
    this.#log.later(() => {
      if (!this.isBroken) return this.#log.append(this, batch);
      this.#pending = undefined;
      this.#committed.push({ outcome: "failed", own: batch, failure: new JournalFailure("The link is lost") });
      this.#ready();
    });
  }

  /** Called by the log: the next batch. */
  receive({ end, records, first }: Entry, shift?: number): void {
    const own = shift === undefined ? undefined : this.#pending;
    if (own !== undefined) this.#pending = undefined;
    this.#view.append({ first, end, records });
    this.#view.take();
    this.next = first + MAX_IDS;
    const mine = own === undefined ? records : shifted(own.records, shift!);
    this.#committed.push({ outcome: "kept", own, stands: false, shift: shift ?? 0, time: 0, records: mine });
    this.#ready();
  }

  /** Called by the log: a message of another server. */
  hear(message: PeerMessage): void {
    this.#heard.push(message);
    this.#ready();
  }

  take(): readonly Committed[] {
    return this.#committed.splice(0);
  }

  discard(ids: readonly number[]): void {
    this.#log.discard(ids);
  }

  poll(): void {}

  page(query: PageQuery) {
    return this.#view.page(query);
  }

  search(query: SearchQuery) {
    return this.#view.search(query);
  }

  read(conversation: Conversation, ids: readonly number[]) {
    return this.#view.read(conversation, ids);
  }

  conversations(side: string, after: number) {
    return this.#view.conversations(side, after);
  }

  forget(conversations: readonly Conversation[]): void {
    this.#view.forget(conversations);
  }

  maintain(milliseconds: number): boolean {
    return this.#view.maintain(milliseconds);
  }

  close(): void {}
}
