/**
 * What the handlers of one turn of the loop have to say and to propose. They only note it here, in order; at the end of the
 * turn the batch is sealed: its messages and records are appended to the journal once, and then {@linkcode Delivery} puts the
 * rest into outboxes. A broadcast is written once, into the slab, and each reader's outbox points at it.
 */
import {
  type Answer,
  COMMON_ROOM,
  encode,
  explainNote,
  type Language,
  type Msg,
  plain,
  type Relay,
} from "../../jim/mod.ts";
import { Features } from "../chat/features.ts";
import type { Outcome } from "../chat/effects.ts";
import type { Rows } from "../chat/jobs.ts";
import type { SenderMark } from "../chat/session.ts";
import type { Connection } from "./connection.ts";
import type { Batch, JournalRecord, StateRecord } from "../journal/contract.ts";
import type { StateProposal } from "../journal/records.ts";
import type { Range } from "./outbox.ts";
import type { OutputOp } from "./output_op.ts";
import { Slab } from "./slab.ts";
import type { Unanswered } from "./unanswered.ts";

/** A record that is proposed, and what is done when it has been decided on. */
export interface Proposal {
  readonly proposed: StateProposal;
  /** Called with what has become of it. */
  readonly settle?: (outcome: Outcome) => void;
}

/** What is to be delivered. */
export interface Output {
  readonly ops: readonly OutputOp[];
  readonly relays: Range;
  /** What is sent to some, once for all of them. */
  readonly toSome: Range;
}

/** A batch that is over. */
export interface SealedBatch extends Output {
  /** What the journal is to keep: messages, and behind them the proposed records. */
  readonly batch: Batch;
  /** Those who wait for its records, by their ids as they were proposed. */
  readonly proposals: ReadonlyMap<number, Proposal>;
}

/** Who a message of the server itself is from. Nobody else can be: no name begins so. */
const SERVER = "#server";

/** Relays and notices that are noted in one turn before it is full, and what a millisecond of other work counts. */
const TURN_BYTES = 256 * 1024, MILLISECOND = 16 * 1024;
/** Bytes that gather while the journal is late: so much is kept of all connections together. */
const GATHERED_BYTES = 8 * 1024 * 1024;

/** Milliseconds that one reader of a notice takes. */
const PER_READER = 0.0002;

export const NO_PROPOSALS: ReadonlyMap<number, Proposal> = new Map();
/** No relays. */
export const NOTHING: Range = { bytes: new Uint8Array(0), start: 0, end: 0 };

export class OutputBatch {
  /** Unix seconds, as the answers of this turn say it. */
  now = 0;
  /** When the turn began, in milliseconds that never go back. */
  moment = 0;
  readonly #language: Language;
  readonly #features: Features<Connection>;
  readonly #relays = new Slab();
  readonly #toSome = new Slab();
  /** Milliseconds of work done in it for single requests. */
  #work = 0;
  /** How much there is room for. */
  #limit = TURN_BYTES;
  #ops: OutputOp[] = [];
  /** Those of earlier turns that wait for a journal which is late; they come before. */
  #gathered: OutputOp[] = [];
  #proposals: Proposal[] = [];
  /** The ids of this batch: from the first one to before the next one. */
  #firstId = 1;
  #nextId = 1;
  /** The messages to all among its ops: the first's id, the last's, how many. */
  #first = 0;
  #last = 0;
  #count = 0;

  constructor(language: Language, features = new Features<Connection>()) {
    this.#language = language;
    this.#features = features;
  }

  /** The ids of a batch that has none yet begin there, unless they are further. */
  begin(next: number): void {
    if (this.#firstId === this.#nextId) this.#firstId = this.#nextId = Math.max(this.#nextId, next);
  }

  /** The last id that was given out. */
  get lastId(): number {
    return this.#nextId - 1;
  }

  /** Nobody more is to be heard in it: readers must get a chance to read. */
  get isFull(): boolean {
    return this.#relays.length + this.#toSome.length + this.#work * MILLISECOND >= this.#limit;
  }

  /** A turn is over, and the journal is late: there is room for another turn. */
  extend(): void {
    this.#work = 0;
    this.#limit = Math.min(this.#relays.length + this.#toSome.length + TURN_BYTES, GATHERED_BYTES);
  }

  /** Milliseconds of work done in it so far. */
  get work(): number {
    return this.#work;
  }

  /** Counts time that was taken for one request. */
  countWork(milliseconds: number): void {
    this.#work += milliseconds;
  }

  /** Notes a record that changes the state when the journal returns it. It gets its id when the batch is sealed. */
  propose(proposal: Proposal): void {
    this.#proposals.push(proposal);
  }

  /** A message to all whose own bytes, from `start` to `end`, are its relay. */
  relayToAllVerbatim(by: Connection, bytes: DataView, start: number, end: number): void {
    const from = this.#relays.length;
    const id = this.#nextToAll();
    if (by.mark === undefined) this.#relays.writeWithId(bytes, start, end, id);
    else this.#relays.writeWithId(bytes, start, end, id, tailOf(by.mark));
    const last = this.#ops.at(-1);
    if (last?.kind === "broadcast" && last.by === by && last.answer === undefined) {
      last.to = this.#relays.length;
      last.count++;
    } else this.#ops.push({ kind: "broadcast", by, from, to: this.#relays.length, count: 1, answer: undefined });
  }

  relayToAll(by: Connection, msg: Msg, answer: Answer): void {
    const from = this.#relays.length, relay = this.#relay(by, msg, this.#nextToAll());
    this.#relays.write(encode(plain.formatRelay(relay, "")));
    answer = this.#withId(by, answer, relay.id);
    const note = by.bare && !by.dialect.writersReadRelays && !by.ignoresRelays
      ? explainNote("deaf", this.#language)
      : undefined;
    this.#ops.push({
      kind: "broadcast",
      by,
      from,
      to: this.#relays.length,
      count: 1,
      answer: note === undefined ? answer : { ...answer, alert: `${answer.alert}; ${note}` },
    });
    if (note === undefined) return;
    by.ignoresRelays = true;
    by.heldRelays = undefined;
    by.outbox.dropRelays();
    this.updateSubscription(by);
  }

  relayToSome(
    by: Connection,
    readers: Iterable<Connection>,
    msg: Msg,
    conversation: string | undefined,
    answer: Answer,
    spelling?: (reader: Connection) => string,
  ): void {
    const relay = this.#relay(by, msg, this.takeId()), at = this.#relays.length;
    const [from, to] = this.#writeToSome(plain.formatRelay(relay, ""));
    this.#ops.push({
      kind: "multicast",
      by,
      readers: [...readers],
      relay,
      from,
      to,
      conversation,
      answer: this.#withId(by, answer, relay.id),
      spelling,
      at,
    });
  }

  sendObject(to: Connection, object: object): void {
    this.#ops.push({ kind: "object", to, object, at: this.#relays.length });
  }

  /** Tells several the same, but not the one that has caused it. It pays for what is sent: so many bytes are returned. */
  announce(by: Connection, readers: readonly Connection[], object: object): number {
    const [from, to] = this.#writeToSome(object);
    const bytes = (to - from) * readers.length;
    by.rateLimit.spendSent(bytes);
    this.countWork(readers.length * PER_READER);
    this.#ops.push({ kind: "announcement", by, readers, object, from, to, at: this.#relays.length });
    return bytes;
  }

  /** Rows that are made as `to` takes them. It has no others under way: its next request waits until these are out. */
  streamRows(to: Connection, rows: Rows): void {
    this.#ops.push({ kind: "rows", to, rows, at: this.#relays.length });
  }

  answer(to: Connection, answer: Answer, about?: "msg"): void {
    if (about === "msg" && !to.dialect.awaitsAnswers) return this.sendObject(to, this.notice(to, answer));
    this.#ops.push({ kind: "answer", to, answer, at: this.#relays.length });
  }

  /**
   * Tells what nobody asked for. A program that shows no answers is told in a message; a bare one that awaits answers would
   * take it for one, and is told nothing.
   */
  notify(to: Connection, notice: Answer): void {
    if (!to.dialect.awaitsAnswers) {
      if (to.receivesRelays) this.sendObject(to, this.notice(to, { ...notice, error: notice.alert ?? "" }));
    } else if (!to.bare) this.answer(to, notice);
  }

  updateSubscription(connection: Connection): void {
    connection.known = undefined; // until it is clear again who speaks, and how
    this.#ops.push({ kind: "subscription", connection, from: this.#relays.length });
  }

  /** A refusal or a notice as a message, for a program that awaits no answer to its own and would not show one. */
  notice({ dialect, name }: Connection, { error = "" }: Answer): object {
    return dialect.formatRelay({ time: this.now, to: name!, from: SERVER, message: error, id: this.takeId() }, name!);
  }

  /** Nothing has been said or proposed since it was begun. */
  get isEmpty(): boolean {
    return this.#ops.length === 0 && this.#gathered.length === 0 && this.#proposals.length === 0;
  }

  /** Takes out what can be delivered although the journal is late. */
  takeReady(unanswered: Unanswered): Output {
    const { ready, dependent } = unanswered.split(this.#ops);
    for (const op of dependent) this.#gathered.push(op);
    this.#ops = [];
    return { ops: ready, relays: NOTHING, toSome: this.#toSome.uncut };
  }

  /** Ends the batch, and begins another one. */
  seal(): SealedBatch {
    const relays = this.#relays.cut(), toSome = this.#toSome.cut();
    const ops = this.#gathered.length === 0 ? this.#ops : this.#gathered.concat(this.#ops);
    const records: JournalRecord[] = this.#count > 0 ? [this.#runToAll(relays)] : [];
    for (const op of ops) {
      if (op.kind === "multicast" && op.conversation !== undefined) records.push(runOf(op, op.conversation, toSome));
    }
    if (records.length > 1) records.sort((one, other) => one.id - other.id);
    // Behind the messages, which were said before anything is changed.
    const proposals = this.#proposals.length === 0 ? NO_PROPOSALS : this.#numbered(records);
    const sealed = { ops, relays, toSome, batch: { first: this.#firstId, end: this.#nextId, records }, proposals };
    this.#ops = [];
    if (this.#gathered.length > 0) this.#gathered = [];
    this.#limit = TURN_BYTES;
    this.#firstId = this.#nextId;
    this.#count = 0;
    this.#work = 0;
    return sealed;
  }

  #runToAll({ bytes, start, end }: Range): JournalRecord {
    const lines = bytes.subarray(start, end);
    return { kind: "message", id: this.#first, last: this.#last, count: this.#count, conversation: COMMON_ROOM, lines };
  }

  /** Gives the proposed records their ids, behind all others. */
  #numbered(records: JournalRecord[]): Map<number, Proposal> {
    const proposals = new Map<number, Proposal>();
    for (const proposal of this.#proposals) {
      const record: StateRecord = { ...proposal.proposed, id: this.takeId() };
      records.push(record);
      proposals.set(record.id, proposal);
    }
    this.#proposals = [];
    return proposals;
  }

  /** The answer to a message. It has the id for a connection that understands it; for all others it stays as it is. */
  #withId(to: Connection, answer: Answer, id: number): Answer {
    return this.#features.has(to, "id") ? { ...answer, id } : answer;
  }

  #relay(by: Connection, { time, to, message }: Msg, id: number): Relay {
    return { time: time ?? this.now, to, from: by.name!, message, id, ...by.mark };
  }

  /** Returns where it lies. */
  #writeToSome(object: object): [from: number, to: number] {
    const from = this.#toSome.length;
    this.#toSome.write(encode(object));
    return [from, this.#toSome.length];
  }

  /** Gives out the next id. */
  takeId(): number {
    return this.#nextId++;
  }

  #nextToAll(): number {
    const id = this.#nextId++;
    if (this.#count++ === 0) this.#first = id;
    return this.#last = id;
  }
}

/** What each kind of sender's relay ends with behind the id, made once. */
const tails = new WeakMap<SenderMark, DataView>();

function tailOf(mark: SenderMark): DataView {
  let tail = tails.get(mark);
  if (tail === undefined) {
    const bytes = encode(mark);
    bytes[0] = COMMA;
    tails.set(mark, tail = new DataView(bytes.buffer));
  }
  return tail;
}

const COMMA = 44;

/** A message to some, as the journal keeps it. */
function runOf(
  { relay: { id }, from, to }: Extract<OutputOp, { kind: "multicast" }>,
  conversation: string,
  { bytes, start }: Range,
): JournalRecord {
  return { kind: "message", id, last: id, count: 1, conversation, lines: bytes.subarray(start + from, start + to) };
}
