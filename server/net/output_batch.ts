/**
 * Collects the output and the proposals of one turn, in order. At its end the batch is sealed: messages and records
 * are appended to the journal at once, and {@linkcode Delivery} puts the rest into outboxes. A broadcast is encoded
 * once, into the slab, and each outbox points at it.
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
  type SharedFile,
} from "../../jim/mod.ts";
import { Features } from "../chat/features.ts";
import { SERVER_NAME } from "../chat/server_name.ts";
import type { MessageExtras, Outcome } from "../chat/effects.ts";
import { inForm, type TextForm } from "../chat/text_forms.ts";
import type { Rows } from "../chat/jobs.ts";
import type { SenderMark } from "../chat/session.ts";
import type { Connection } from "./connection.ts";
import type { Batch, EventRecord, Journal, JournalRecord, MessageRun, StateRecord } from "../journal/contract.ts";
import { cut, idOf } from "../journal/lines.ts";
import type { Proposal as RecordProposal } from "../journal/records.ts";
import type { Range } from "./outbox.ts";
import type { EncodedForm, OpOf, OutputOp } from "./output_op.ts";
import { Slab } from "./slab.ts";
import type { Unanswered } from "./unanswered.ts";

/** A proposed record, and the continuation that gets its outcome. */
export interface Proposal {
  readonly proposed: RecordProposal;
  /** Called with the outcome. */
  readonly settle?: (outcome: Outcome) => void;
}

/** Output to be delivered. */
export interface Output {
  readonly ops: readonly OutputOp[];
  readonly relays: Range;
  /** Messages and notices to some, each encoded once. */
  readonly toSome: Range;
}

/** A batch that takes no more output. */
export interface SealedBatch extends Output {
  /** For the journal: messages, and then the proposed records. */
  readonly batch: Batch;
  /** The proposals, by the ids of their records. */
  readonly proposals: ReadonlyMap<number, Proposal>;
}

/** Bytes of output after which a turn is full, and the bytes that a millisecond of work counts as. */
const TURN_BYTES = 256 * 1024, MILLISECOND = 16 * 1024;
/** Bytes of output that may wait for a late journal, for all connections together. */
const GATHERED_BYTES = 8 * 1024 * 1024;

/**
 * No more requests are handled when this share of a batch's ids is used: input that has been read already takes some 1,000
 * more, and proposals take what is left.
 */
const SPARE = 2;

/**
 * Milliseconds of a proposal, at first and within bounds: to append its record, to apply it and to tell of it. Then it is what the
 * last turns took for theirs. A turn with few tells nothing, since the commit itself takes as long for one as for hundreds.
 */
const PROPOSAL = { first: 0.1, least: 0.02, most: 1 }, MANY = 8;
/** How much the last turn counts. */
const WEIGHT = 0.25;

/** Milliseconds per reader of a notice. */
const PER_READER = 0.0002;

const NOWHERE: readonly string[] = [];
export const NO_PROPOSALS: ReadonlyMap<number, Proposal> = new Map();
/** No relays. */
export const NOTHING: Range = { bytes: new Uint8Array(0), start: 0, end: 0 };

export class OutputBatch {
  /** Unix seconds, as the answers of this turn say it. */
  now = 0;
  /** When the turn began, in milliseconds that never go back. */
  moment = 0;
  /** Other servers use ids of the same log: one that was given out must be appended. */
  readonly isShared: boolean;
  readonly #language: Language;
  readonly #features: Features<Connection>;
  readonly #relays = new Slab();
  readonly #toSome = new Slab();
  /** Milliseconds of work for single requests. */
  #work = 0;
  #perProposal = PROPOSAL.first;
  /** Bytes of output after which it is full. */
  #limit = TURN_BYTES;
  /** The most ids of one batch, for the journal. */
  readonly #maxIds: number;
  #ops: OutputOp[] = [];
  /** Operations of earlier turns that wait for a late journal. They are delivered first. */
  #gathered: OutputOp[] = [];
  #proposals: Proposal[] = [];
  /** The ids of this batch: from the first one to before the next one. */
  #firstId = 1;
  #nextId = 1;
  /** The messages to all in this batch: the first id, the last, and their number. */
  #first = 0;
  #last = 0;
  #count = 0;
  /** A reply to all, or a file for all, is in this batch: it is no part of their run. */
  #hasSpecialToAll = false;

  /** @param journal what it demands of a batch; an embedded journal demands nothing */
  constructor(
    language: Language,
    features = new Features<Connection>(),
    { isShared, maxIds }: Pick<Journal, "isShared" | "maxIds"> = { isShared: false, maxIds: Infinity },
  ) {
    this.#language = language;
    this.#features = features;
    this.isShared = isShared;
    this.#maxIds = maxIds;
  }

  /** Sets the first id of an empty batch, unless its ids are higher already. */
  begin(next: number): void {
    if (this.#firstId === this.#nextId) this.#firstId = this.#nextId = Math.max(this.#nextId, next);
  }

  /** The last id that was given out. */
  get lastId(): number {
    return this.#nextId - 1;
  }

  /** No more requests are handled in this turn: readers must get a chance to read. */
  get isFull(): boolean {
    return this.#relays.length + this.#toSome.length + this.#work * MILLISECOND >= this.#limit ||
      this.#nextId - this.#firstId >= this.#maxIds / SPARE;
  }

  /** A turn has ended, and the journal is late: makes room for another turn. */
  extend(): void {
    this.#work = 0;
    this.#limit = Math.min(this.#relays.length + this.#toSome.length + TURN_BYTES, GATHERED_BYTES);
  }

  /** Milliseconds of work so far. */
  get work(): number {
    return this.#work;
  }

  /** Counts the time of one request. */
  countWork(milliseconds: number): void {
    this.#work += milliseconds;
  }

  /** Notes a record that changes the state when the journal returns it. It gets its id when the batch is sealed. */
  propose(proposal: Proposal): void {
    this.#proposals.push(proposal);
    this.#work += this.#perProposal;
  }

  /** Learns how long a turn took for its proposals, so that the next one has no more than it can do. */
  noteProposals(count: number, milliseconds: number): void {
    if (count < MANY) return;
    const mean = this.#perProposal + (milliseconds / count - this.#perProposal) * WEIGHT;
    this.#perProposal = Math.min(PROPOSAL.most, Math.max(PROPOSAL.least, mean));
  }

  /** Relays a message to all byte for byte: its input from `start` to `end`. */
  relayToAllVerbatim(by: Connection, bytes: DataView, start: number, end: number): void {
    const from = this.#relays.length;
    const id = this.#nextToAll();
    if (by.mark === undefined) this.#relays.writeWithId(bytes, start, end, id);
    else this.#relays.writeWithId(bytes, start, end, id, tailOf(by.mark));
    const to = this.#relays.length, last = this.#ops.at(-1);
    if (last?.kind === "broadcast" && last.by === by && last.answer === undefined) {
      last.to = to;
      last.count++;
    } else this.#ops.push({ kind: "broadcast", by, from, to, count: 1, answer: undefined, charged: 0 });
  }

  /** @param charged bytes that the sender's daily quota was charged: it gets them back if the message is not kept */
  relayToAll(by: Connection, msg: Msg, answer: Answer, charged = 0): void {
    const from = this.#relays.length, relay = this.#relay(by, msg, this.#nextToAll());
    this.#relays.write(encode(plain.formatRelay(relay, "")));
    answer = this.#withId(by, answer, relay.id);
    const note = by.bare && !by.dialect.writersReadRelays && !by.ignoresRelays
      ? explainNote("norelays", this.#language)
      : undefined;
    this.#ops.push({
      kind: "broadcast",
      by,
      from,
      to: this.#relays.length,
      count: 1,
      answer: note === undefined ? answer : { ...answer, alert: `${answer.alert}; ${note}` },
      charged,
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
    elsewhere = NOWHERE,
    extras?: MessageExtras,
    charged = 0,
  ): void {
    const relay = this.#relay(by, msg, this.takeId(), extras?.file), at = this.#relays.length;
    const [from, to] = this.#writeToSome(plain.formatRelay(relay, ""));
    if (conversation === COMMON_ROOM) this.#hasSpecialToAll = true;
    this.#ops.push({
      kind: "multicast",
      by,
      // With a shared log the readers in a room are those that are there when the message comes back.
      readers: this.isShared && conversation?.startsWith("#") ? [] : [...readers],
      relay,
      from,
      to,
      conversation,
      answer: this.#withFile(by, this.#withId(by, answer, relay.id), extras?.file),
      charged,
      elsewhere,
      spelling,
      forms: extras?.forms.map((form) => this.#encodedForm(relay, form)),
      at,
    });
  }

  #encodedForm(relay: Relay, form: TextForm): EncodedForm {
    const [from, to] = this.#writeToSome(plain.formatRelay(inForm(relay, form), ""));
    return { form, from, to };
  }

  /** Relays what is in the log already. */
  relayStored(readers: readonly Connection[], relay: Relay, spelling: (reader: Connection) => string): void {
    const line = encode(plain.formatRelay(relay, ""));
    this.countWork(readers.length * PER_READER);
    this.#ops.push({ kind: "encodedMulticast", readers, relay, line, spelling, at: this.#relays.length });
  }

  sendObject(to: Connection, object: object): void {
    this.#ops.push({ kind: "object", to, object, at: this.#relays.length });
  }

  /** Sends one object to several readers, but not to `by`, which pays for it if there is one. Returns the bytes sent. */
  announce(by: Connection | undefined, readers: readonly Connection[], object: object): number {
    const [from, to] = this.#writeToSome(object);
    const bytes = (to - from) * readers.length;
    by?.rateLimit.spendSent(bytes);
    this.countWork(readers.length * PER_READER);
    this.#ops.push({ kind: "announcement", by, readers, object, from, to, at: this.#relays.length });
    return bytes;
  }

  /**
   * Streams rows to a connection. It has only one such answer at a time: its next request waits until all rows are
   * sent.
   */
  streamRows(to: Connection, rows: Rows): void {
    this.#ops.push({ kind: "rows", to, rows, at: this.#relays.length });
  }

  answer(to: Connection, answer: Answer, about?: "msg"): void {
    if (about === "msg" && !to.dialect.awaitsAnswers) return this.sendObject(to, this.notice(to, answer));
    this.#ops.push({ kind: "answer", to, answer, at: this.#relays.length });
  }

  /**
   * Sends a notice that no request asked for. A program that shows no answers gets it as a message. A bare program
   * that awaits answers would take it for one, so it gets none.
   */
  notify(to: Connection, notice: Answer): void {
    if (!to.dialect.awaitsAnswers) {
      if (to.receivesRelays) this.sendObject(to, this.notice(to, { ...notice, error: notice.alert ?? "" }));
    } else if (!to.bare) this.answer(to, notice);
  }

  updateSubscription(connection: Connection): void {
    connection.maySendVerbatim = false; // until its subscription is updated
    this.#ops.push({ kind: "subscription", connection, from: this.#relays.length });
  }

  /**
   * A refusal or notice as a message, for a program that shows no answers. It is sent before a shared journal would number
   * it, so there it has the id of the message before it: such a program compares no ids.
   */
  notice({ dialect, name }: Connection, { error = "" }: Answer): object {
    const id = this.isShared ? this.lastId : this.takeId();
    return dialect.formatRelay({ time: this.now, to: name!, from: SERVER_NAME, message: error, id }, name!);
  }

  /** Whether there is no output and no proposal in it. */
  get isEmpty(): boolean {
    return this.#ops.length === 0 && this.#gathered.length === 0 && this.#proposals.length === 0;
  }

  /** Takes the operations that can be delivered although the journal is late. */
  takeReady(unanswered: Unanswered): Output {
    const { ready, dependent } = unanswered.split(this.#ops);
    for (const op of dependent) this.#gathered.push(op);
    this.#ops = [];
    return { ops: ready, relays: NOTHING, toSome: this.#toSome.uncut };
  }

  /** Seals the batch, and begins the next one. */
  seal(): SealedBatch {
    const relays = this.#relays.cut(), toSome = this.#toSome.cut();
    const ops = this.#gathered.length === 0 ? this.#ops : this.#gathered.concat(this.#ops);
    const records: JournalRecord[] = this.#count > 0 ? this.#runsToAll(relays, ops) : [];
    for (const op of ops) {
      if (op.kind === "multicast" && op.conversation !== undefined) records.push(runOf(op, op.conversation, toSome));
    }
    if (records.length > 1) records.sort((one, other) => one.id - other.id);
    // After the messages, which were sent before the state changes.
    const proposals = this.#proposals.length === 0 ? NO_PROPOSALS : this.#numbered(records);
    const sealed = { ops, relays, toSome, batch: { first: this.#firstId, end: this.#nextId, records }, proposals };
    this.#ops = [];
    if (this.#gathered.length > 0) this.#gathered = [];
    this.#limit = TURN_BYTES;
    this.#firstId = this.#nextId;
    this.#count = 0;
    this.#hasSpecialToAll = false;
    this.#work = 0;
    return sealed;
  }

  /** The messages to all: one run, unless a reply or a file is among them. */
  #runsToAll(relays: Range, ops: readonly OutputOp[]): MessageRun[] {
    const run = this.#runToAll(relays);
    return this.#hasSpecialToAll ? runsToAll(run, ops) : [run];
  }

  #runToAll({ bytes, start, end }: Range): MessageRun {
    const lines = bytes.subarray(start, end);
    return { kind: "message", id: this.#first, last: this.#last, count: this.#count, conversation: COMMON_ROOM, lines };
  }

  /** Gives the proposed records the last ids of the batch. Those for which it has no ids are left for the next batch. */
  #numbered(records: JournalRecord[]): Map<number, Proposal> {
    const proposals = new Map<number, Proposal>(), room = Math.max(0, this.#maxIds - (this.#nextId - this.#firstId));
    const rest = this.#proposals.length > room ? this.#proposals.splice(room) : [];
    for (const proposal of this.#proposals) {
      const record: StateRecord | EventRecord = { ...proposal.proposed, id: this.takeId() };
      records.push(record);
      proposals.set(record.id, proposal);
    }
    this.#proposals = rest;
    return proposals;
  }

  /** The answer to a message, with its id if the connection has the feature `id`. */
  #withId(to: Connection, answer: Answer, id: number): Answer {
    return this.#features.has(to, "id") ? { ...answer, id } : answer;
  }

  /** The sender is not sent its own message: the answer has the key of the file. */
  #withFile(to: Connection, answer: Answer, file: SharedFile | undefined): Answer {
    return file !== undefined && this.#features.has(to, "files") ? { ...answer, file } : answer;
  }

  #relay(by: Connection, { time, to, message, reply_to }: Msg, id: number, file?: SharedFile): Relay {
    const relay = { time: time ?? this.now, to, from: by.name!, message, id, ...by.mark };
    const reply = reply_to === undefined ? relay : { ...relay, reply_to };
    return file === undefined ? reply : { ...reply, file };
  }

  /** Encodes an object, and returns its range. */
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

/** The end of a relay after the id, encoded once for each mark. */
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

/**
 * The messages to all as runs: a reply, or a message with a file, is a run of its own, and within one conversation the ids of two runs must not
 * interleave.
 */
function runsToAll(run: MessageRun, ops: readonly OutputOp[]): MessageRun[] {
  const cuts = ops.flatMap((op) => op.kind === "multicast" && op.conversation === COMMON_ROOM ? [op.at] : []);
  const { lines } = run, ends = [...new Set([...cuts, lines.length])].filter((end) => end > 0);
  return ends.map((end, i) => runOfLines(lines.subarray(ends[i - 1] ?? 0, end)));
}

/** Consecutive messages to all as a run. */
function runOfLines(lines: Uint8Array): MessageRun {
  const ids = cut(lines).map(idOf);
  return { kind: "message", id: ids[0]!, last: ids.at(-1)!, count: ids.length, conversation: COMMON_ROOM, lines };
}

/** The journal record of a message to some. */
function runOf(
  { relay: { id, file }, from, to }: OpOf<"multicast">,
  conversation: string,
  { bytes, start }: Range,
): JournalRecord {
  const lines = bytes.subarray(start + from, start + to);
  const run = { kind: "message", id, last: id, count: 1, conversation, lines } as const;
  return file === undefined ? run : { ...run, hasFile: true };
}
