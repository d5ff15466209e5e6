/**
 * Connects the turns with the journal. A batch is appended once. When it comes back, with those of other processes,
 * it changes the state in the order of the log, and is then delivered and answered. An embedded journal returns a
 * batch at once, at the end of the turn.
 *
 * While a remote journal is at work, further output collects in the next batch, and what depends on neither is
 * delivered. After a time limit the collected messages and proposals are refused: they are certainly not kept. The
 * senders of the batch under way are told that its fate is unknown. If it comes back after all, it is applied and
 * delivered like that of another process.
 *
 * With a shared journal batches of other servers come at any time, also while an own one is under way. Their messages are
 * delivered in the order of the log.
 */
import { COMMON_ROOM, type Relay } from "../jim/mod.ts";
import { audienceOf } from "./chat/audience.ts";
import { type Chat, localSession } from "./chat/chat.ts";
import { withQuote } from "./chat/quote.ts";
import { type TextForm, textForms } from "./chat/text_forms.ts";
import { handleChange } from "./chat/handle_change.ts";
import type { StateChange } from "./chat/state_change.ts";
import type { Outcome, RequestContext } from "./chat/effects.ts";
import type { DeliveryCursors } from "./delivery_cursors.ts";
import type { Connection } from "./net/connection.ts";
import type { Delivery } from "./net/delivery.ts";
import type { JobRunner } from "./job_runner.ts";
import { type Committed, type Conversation, JournalFailure, type JournalRecord } from "./journal/contract.ts";
import { chain } from "./journal/maybe_promise.ts";
import type { JournalGuard } from "./journal_guard.ts";
import type { Meter } from "./net/meter.ts";
import { NO_PROPOSALS, type OutputBatch, type Proposal, type SealedBatch } from "./net/output_batch.ts";
import type { OutputOp } from "./net/output_op.ts";
import { Unanswered } from "./net/unanswered.ts";
import type { PeerServers } from "./peers/peer_servers.ts";

/** The parts that it connects. */
interface Deps {
  readonly guard: JournalGuard;
  readonly chat: Chat<Connection>;
  readonly batch: OutputBatch;
  readonly delivery: Delivery;
  readonly meter: Meter;
  /** Milliseconds that never go back. */
  readonly now: () => number;
  /** The context in which the chat reacts to changes. */
  readonly context: () => RequestContext<Connection>;
  readonly jobs: JobRunner;
  /** Given with a shared journal. */
  readonly peers: PeerServers | undefined;
  readonly cursors: DeliveryCursors;
  /** Milliseconds that the journal may be late. */
  readonly journalWait: number;
  /** Has {@linkcode Committer.endTurn} called at that moment. */
  readonly wake: (moment: number) => void;
  /** Input of the connection, which waited, can be handled again. */
  readonly onIdle: (connection: Connection) => void;
}

/** A batch that the journal has not returned yet. */
interface Pending {
  /** The part of its output that waits for it. */
  sealed: SealedBatch;
  /** When it was appended. */
  readonly at: number;
  /** Its senders were told that its fate is unknown. */
  isAbandoned: boolean;
}

type Kept = Extract<Committed, { outcome: "kept" }>;

/** An applied record, and the proposal that it came from. */
interface Applied {
  readonly outcome: Outcome;
  readonly proposal: Proposal | undefined;
}

const NO_CONNECTIONS: Connection[] = [];
/** Milliseconds. */
const LATE = 1_000;

export class Committer {
  /** The last id that was delivered to outboxes. */
  delivered: number;
  readonly #deps: Deps;
  #pending: Pending | undefined;
  readonly #unanswered = new Unanswered();
  /** The senders of the batch under way are being told that its fate is unknown. */
  #isUndecided = false;
  /** Records that were applied in this turn. */
  #applied = 0;
  /** When other processes' records were last taken. */
  #polledAt = -Infinity;

  constructor(deps: Deps) {
    this.#deps = deps;
    deps.batch.begin(deps.guard.journal.next);
    this.delivered = deps.batch.lastId;
  }

  /** Whether a batch is under way; output collects meanwhile. */
  get isBusy(): boolean {
    return this.#pending !== undefined;
  }

  /**
   * Whether what was proposed before may still be under way: it is not proposed again. With a shared journal something nearly
   * always is, so it counts when it has been for a second.
   */
  get isLate(): boolean {
    const { batch, now } = this.#deps, pending = this.#pending;
    return pending !== undefined && (!batch.isShared || now() - pending.at >= LATE);
  }

  /** Whether there is something to append, or a batch is under way and not yet given up. */
  get isWaiting(): boolean {
    return this.#pending === undefined ? !this.#deps.batch.isEmpty : !this.#pending.isAbandoned;
  }

  /** Why the journal has not taken a proposal. */
  get failure(): "store" | "nospace" | "undecided" {
    return this.#isUndecided ? "undecided" : this.#deps.guard.isFull ? "nospace" : "store";
  }

  /** The last id sent to a connection that closes now. */
  get sent(): number {
    const { batch } = this.#deps; // ids of a batch for a shared journal are not final before it has come back
    return this.isBusy || batch.isShared ? this.delivered : batch.lastId;
  }

  /** Takes what has come back, and appends the next batch. Returns the connections that have output to write. */
  endTurn(): Connection[] {
    const { batch, guard: { journal }, now } = this.#deps, began = now();
    this.#applied = 0;
    const taken = batch.isShared ? this.#takeShared() : this.isBusy && !journal.busy ? this.#take() : NO_CONNECTIONS;
    const toFlush = joined(taken, this.isBusy ? this.#wait() : this.#commit());
    batch.noteProposals(this.#applied, now() - began);
    return toFlush;
  }

  /** Effects of returned records form the next batch, which is delivered in the same turn. */
  #commit(): Connection[] {
    const { batch, delivery } = this.#deps;
    let toFlush = NO_CONNECTIONS;
    do {
      const sealed = batch.seal(), { first, end, records } = sealed.batch;
      // A message that is not stored has an id, which no other server may use.
      const isForLog = records.length > 0 || (batch.isShared && end > first);
      if (isForLog) toFlush = joined(toFlush, this.#append(sealed));
      else {
        toFlush = joined(toFlush, delivery.deliver(sealed, true));
        this.#over(sealed, batch.isShared ? undefined : 0);
      }
    } while (!this.isBusy && !batch.isEmpty);
    return toFlush;
  }

  /** Takes the batch under way, and what others have appended before it. */
  #take(): Connection[] {
    const { guard, batch } = this.#deps, committed = guard.journal.take(), pending = this.#pending!;
    batch.begin(guard.journal.next);
    const own = committed.find(isOwn);
    const toFlush = own === undefined ? NO_CONNECTIONS : this.#deliver(own, pending);
    if (committed.length > 1 || pending.sealed.proposals.size > 0 || pending.isAbandoned) {
      this.#apply(committed, pending);
    }
    if (own !== undefined) this.#pending = undefined;
    return toFlush;
  }

  /**
   * Takes the batches of all servers, each as if it had come alone: what it changes, and the output of that, precede the
   * messages of the next one.
   */
  #takeShared(): Connection[] {
    const { guard: { journal }, batch, chat, delivery, peers } = this.#deps;
    let toFlush = NO_CONNECTIONS, isFirst = true;
    for (const each of journal.take()) {
      if (!isFirst && !batch.isEmpty) toFlush = joined(toFlush, this.isBusy ? this.#deliverReady() : this.#commit());
      toFlush = joined(toFlush, this.#takeOne(each));
      isFirst = false;
    }
    if (!this.isBusy) batch.begin(journal.next); // else its ids follow those of the batch under way
    const unstored = peers!.guestOutput(this.#nextOfLog, chat);
    return unstored === undefined ? toFlush : joined(toFlush, delivery.deliver(unstored, true));
  }

  /**
   * What comes from a shared log has this id or a larger one. The own batch under way has ids that follow the last entry before it,
   * and gets larger ones if other servers have appended meanwhile.
   */
  get #nextOfLog(): number {
    const { next } = this.#deps.guard.journal, under = this.#pending?.sealed.batch;
    return under === undefined || next > under.end ? next : under.first;
  }

  #takeOne(committed: Committed): Connection[] {
    const { batch, peers } = this.#deps, pending = this.#pending;
    let toFlush = NO_CONNECTIONS;
    if (committed.own !== undefined) {
      const { sealed } = pending!;
      if (committed.outcome === "kept") this.#findReaders(sealed.ops);
      pending!.sealed = { ...sealed, relays: peers!.continued(sealed.relays) };
      toFlush = this.#deliver(committed, pending!);
      this.#pending = undefined;
      if (committed.outcome === "kept") batch.begin(committed.own.end + committed.shift);
    } else if (committed.outcome === "kept") toFlush = this.#deliverForeign(committed);
    this.#apply([committed], pending);
    return toFlush;
  }

  /**
   * Finds the readers of own messages to rooms when these have come back, as the other servers do. Since a message was said, records
   * that precede it in the log have put sessions into its room, or out of it.
   */
  #findReaders(ops: readonly OutputOp[]): void {
    const { chat, jobs: { catchingUp } } = this.#deps;
    const isMissed = (reader: Connection, id: number) => id < (catchingUp.get(reader) ?? -Infinity);
    for (const op of ops) {
      if (op.kind !== "multicast" || !op.conversation?.startsWith("#")) continue;
      const { conversation, relay } = op, { readers, spelling } = audienceOf(conversation, relay, chat);
      op.readers = conversation === COMMON_ROOM || catchingUp.size === 0
        ? [...readers]
        : [...readers].filter((reader) => !isMissed(reader, relay.id!));
      op.spelling = spelling;
    }
  }

  /**
   * Applies what other processes have appended to an embedded journal. While a batch is under way, their records come in
   * order with it.
   *
   * @param age milliseconds: does nothing if it was called less than so long ago
   */
  poll(age = 0): void {
    const { guard, batch, now } = this.#deps, moment = now();
    if (this.isBusy || batch.isShared || moment - this.#polledAt < age) return;
    this.#polledAt = moment;
    guard.attempt("poll", () => guard.journal.poll());
    this.#apply(guard.journal.take(), undefined);
    batch.begin(guard.journal.next);
  }

  #append(sealed: SealedBatch): Connection[] {
    const { guard: { journal }, delivery, now, jobs, journalWait, wake } = this.#deps, at = now();
    const pending = this.#pending = { sealed, at, isAbandoned: false };
    journal.append(sealed.batch);
    if (!journal.busy && !this.#deps.batch.isShared) return this.#take();
    wake(at + journalWait);
    const { ready, dependent } = this.#unanswered.split(sealed.ops);
    pending.sealed = { ...sealed, ops: dependent };
    jobs.releaseIndependent(this.#unanswered);
    return delivery.deliverWithout({ ...sealed, ops: ready });
  }

  /** The journal is late: delivers what does not depend on it. After the time limit the rest is refused. */
  #wait(): Connection[] {
    const { now, journalWait, wake } = this.#deps, { at, isAbandoned } = this.#pending!;
    if (isAbandoned) return this.#refuse();
    if (now() - at >= journalWait) return joined(this.#abandon(), this.#refuse());
    wake(at + journalWait); // again, since the timer keeps the earliest moment only
    return this.#deliverReady();
  }

  /** Delivers collected output that does not depend on the journal. */
  #deliverReady(): Connection[] {
    const { batch, delivery, jobs } = this.#deps, ready = batch.takeReady(this.#unanswered);
    batch.extend();
    jobs.releaseIndependent(this.#unanswered);
    return delivery.deliverWithout(ready);
  }

  /** Tells the senders of the batch under way that its fate is unknown. */
  #abandon(): Connection[] {
    const { guard, delivery, journalWait } = this.#deps, pending = this.#pending!, { sealed } = pending;
    guard.failed("write", new JournalFailure(`The journal has not answered for ${journalWait / 1000} s`));
    pending.isAbandoned = true;
    const isLate = (op: OutputOp) =>
      op.kind === "broadcast" || (op.kind === "multicast" && op.conversation !== undefined);
    pending.sealed = { ...sealed, ops: sealed.ops.filter(isLate), proposals: NO_PROPOSALS };
    const toFlush = delivery.deliverWithout(sealed);
    this.#isUndecided = true;
    for (const { settle } of sealed.proposals.values()) settle?.("failed");
    this.#isUndecided = false;
    this.#release();
    return toFlush;
  }

  /** Refuses the collected messages and proposals, and delivers the rest. */
  #refuse(): Connection[] {
    const { batch, delivery, jobs } = this.#deps;
    let toFlush = NO_CONNECTIONS;
    do {
      const sealed = batch.seal();
      toFlush = joined(toFlush, delivery.deliver(sealed, false));
      for (const { settle } of sealed.proposals.values()) settle?.("failed");
      jobs.handleBatch(sealed.batch.end, batch.isShared ? undefined : 0, this.delivered);
    } while (!batch.isEmpty);
    return toFlush;
  }

  /** Resumes the input of connections that waited for the journal. */
  #release(): void {
    for (const connection of this.#unanswered.clear()) {
      connection.busy = false;
      this.#deps.onIdle(connection);
    }
  }

  /** Messages are delivered before the effects of records of the same batch. */
  #deliver(own: Committed, { sealed, at, isAbandoned }: Pending): Connection[] {
    const { guard, batch, delivery, meter, now } = this.#deps;
    meter.commits.add((now() - at) / 1000);
    const kept = own.outcome === "kept", shift = kept ? own.shift : 0;
    if (kept) guard.worked("write");
    else if (own.outcome === "failed") guard.failed("write", own.failure);
    if (!isAbandoned) {
      const toFlush = delivery.deliver(sealed, kept, shift, !guard.isFull);
      this.#over(sealed, kept || !batch.isShared ? shift : undefined);
      return toFlush;
    }
    if (kept) return delivery.deliverLate(sealed, shift);
    delivery.refundLate(sealed.ops);
    return NO_CONNECTIONS;
  }

  /** @param shift undefined if a shared journal has not kept it: then other messages may get its ids, or smaller ones */
  #over({ batch: { end } }: SealedBatch, shift: number | undefined): void {
    const { delivered } = this;
    if (shift !== undefined) this.delivered = end - 1 + shift;
    this.#deps.jobs.handleBatch(end, shift, delivered);
    this.#release();
  }

  /** Delivers the messages of another server. */
  #deliverForeign({ records }: Kept): Connection[] {
    const { batch, chat, delivery, jobs, peers } = this.#deps;
    let toFlush = NO_CONNECTIONS;
    for (const output of peers!.foreignOutput(records, chat, jobs.catchingUp, this.#formsOf)) {
      toFlush = joined(toFlush, delivery.deliver({ ...output, relays: peers!.continued(output.relays) }, true));
    }
    const lastOf = (record: JournalRecord) => record.kind === "message" ? record.last : record.id;
    this.delivered = Math.max(this.delivered, ...records.map(lastOf));
    if (!this.isBusy) batch.begin(this.delivered + 1);
    return toFlush;
  }

  /** The texts of another server's reply or file. The view of a shared journal is here, so it answers at once. */
  readonly #formsOf = (conversation: Conversation, { message, reply_to, file }: Relay): readonly TextForm[] => {
    const { origin = "" } = this.#deps.chat.rules.files ?? {};
    const quoted = reply_to === undefined ? undefined : this.#quoted(conversation, message, reply_to);
    return textForms(message, quoted, file, origin);
  };

  #quoted(conversation: Conversation, message: string, replyTo: number): string {
    const { guard, context } = this.#deps;
    const found = guard.attempt("read", () => guard.journal.read(conversation, [replyTo]));
    return withQuote(message, found instanceof Promise ? undefined : found?.[0], context().language ?? "en");
  }

  /** Applies all records first, as the journal demands, and then tells connections about the changes. */
  #apply(committed: readonly Committed[], pending: Pending | undefined): void {
    if (committed.length === 0) return;
    const { guard: { journal }, chat: { state } } = this.#deps, applied: Applied[] = [], lost: number[] = [];
    const cleared: Conversation[] = [];
    for (const each of committed) {
      if (each.outcome !== "kept") {
        for (const proposal of pending!.sealed.proposals.values()) applied.push({ outcome: "failed", proposal });
        continue;
      }
      const { own, shift, stands, records } = each;
      const proposals = own === undefined ? undefined : pending!.sealed.proposals;
      if (own !== undefined && records.length < own.records.length) applied.push(...withoutEffect(each, proposals!));
      for (const record of records) {
        if (record.kind === "message") {
          if (state.isCleared(record.conversation)) cleared.push(record.conversation);
          continue;
        }
        const outcome = state.apply(record, stands);
        if (outcome === "lost") lost.push(record.id);
        applied.push({ outcome, proposal: proposals?.get(record.id - shift) });
      }
    }
    this.#applied += applied.length;
    if (lost.length > 0) journal.discard(lost);
    if (cleared.length > 0) this.#deps.guard.attempt("write", () => journal.forget(cleared));
    for (const { outcome, proposal } of applied) {
      proposal?.settle?.(outcome);
      if (typeof outcome !== "string") this.#react(outcome, proposal !== undefined);
    }
  }

  #react(change: StateChange, isOwn: boolean): void {
    const { chat, context, guard, peers, cursors } = this.#deps;
    this.#noteLeft(change);
    handleChange(chat, context(), change, isOwn);
    if (change.kind === "server" && !change.is) peers?.noteGone(change, cursors);
    if (change.kind === "removed" && (isOwn || guard.journal.isShared)) {
      this.#forgetConversationsOf(change.account.side);
    }
    if (change.kind === "clearing") guard.attempt("write", () => guard.journal.forget([change.before]));
    if (change.kind === "emptied") guard.attempt("write", () => guard.journal.forget([change.room.conversation]));
  }

  /**
   * A record of another server has put sessions out of the chat, or this one takes the place of their departure: what is said in
   * rooms from now on they are not sent, although their connections are not closed yet.
   */
  #noteLeft(change: StateChange): void {
    const { chat: { roster }, cursors } = this.#deps;
    const left = change.kind === "presence" ? [change] : change.kind === "server" ? change.left : [];
    for (const { member, now } of left) {
      const connection = localSession<Connection>(member);
      if (connection === undefined || now !== undefined || connection.isOutputComplete) continue;
      if (!roster.unlisted.has(connection)) cursors.noteLast(connection, this.delivered);
    }
  }

  /** Of an account that the account tool has removed from an embedded journal, the tool does so: it has the database open. */
  #forgetConversationsOf(side: string): void {
    const { guard } = this.#deps, { journal } = guard;
    guard.attempt("write", () => chain(journal.conversations(side, 0), (found) => journal.forget(found)));
  }
}

/** The outcome of proposed events that the journal has not kept, since they have no effect. */
function withoutEffect(
  { own, shift, records }: Kept,
  proposals: ReadonlyMap<number, Proposal>,
): { outcome: "lost"; proposal: Proposal | undefined }[] {
  const kept = new Set(records.map(({ id }) => id - shift));
  return own!.records.filter(({ id }) => !kept.has(id)).map(({ id }) => ({
    outcome: "lost",
    proposal: proposals.get(id),
  }));
}

function isOwn({ own }: Committed): boolean {
  return own !== undefined;
}

/** Joins two lists, without a copy when one is empty, as nearly always. */
function joined(some: Connection[], others: Connection[]): Connection[] {
  return some.length === 0 ? others : others.length === 0 ? some : some.concat(others);
}
