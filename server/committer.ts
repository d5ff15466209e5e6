/**
 * Between the turns and the journal: a turn's batch is appended once; what comes back, own and others', changes the state in the
 * order of the log, and only then is it delivered and answered. An embedded journal gives a batch back at once, so all of it
 * happens at the end of the turn.
 *
 * While another journal is at work, what is said and proposed gathers in the next batch, and what depends on neither is delivered.
 * At a limit what has gathered is refused, and so is what follows: it is certainly not kept. Of the batch under way it is not
 * known: its senders are told so, and when it comes back after all it is applied and delivered as another server's is.
 */
import type { Chat } from "./chat/chat.ts";
import { react } from "./chat/reactions.ts";
import type { StateChange } from "./chat/state.ts";
import type { Outcome, RequestContext } from "./chat/effects.ts";
import type { Connection } from "./net/connection.ts";
import type { Delivery } from "./net/delivery.ts";
import type { JobRunner } from "./job_runner.ts";
import { type Committed, JournalFailure } from "./journal/contract.ts";
import type { JournalGuard } from "./journal_guard.ts";
import type { Meter } from "./net/meter.ts";
import { NO_PROPOSALS, type OutputBatch, type Proposal, type SealedBatch } from "./net/output_batch.ts";
import type { OutputOp } from "./net/output_op.ts";
import { Unanswered } from "./net/unanswered.ts";

/** What it works with. */
interface Deps {
  readonly guard: JournalGuard;
  readonly chat: Chat<Connection>;
  readonly batch: OutputBatch;
  readonly delivery: Delivery;
  readonly meter: Meter;
  /** Milliseconds that never go back. */
  readonly now: () => number;
  /** Where the chat reacts to what has changed. */
  readonly context: () => RequestContext<Connection>;
  readonly jobs: JobRunner;
  /** Milliseconds that the journal may be late. */
  readonly journalWait: number;
  /** Has {@linkcode Committer.endTurn} called at that moment. */
  readonly wake: (moment: number) => void;
  /** A connection that was held is heard again. */
  readonly onIdle: (connection: Connection) => void;
}

/** A batch that the journal has not given back. */
interface Pending {
  /** Of its output that which waits for it. */
  sealed: SealedBatch;
  /** When it was appended. */
  readonly at: number;
  /** Its senders have been told that it is not known whether it is kept. */
  isAbandoned: boolean;
}

/** A record that has been applied, and what is to be done about it. */
interface Applied {
  readonly outcome: Outcome;
  readonly proposal: Proposal | undefined;
}

const NO_CONNECTIONS: Connection[] = [];

export class Committer {
  /** The last id of those batches that are in outboxes. */
  delivered: number;
  readonly #deps: Deps;
  #pending: Pending | undefined;
  readonly #unanswered = new Unanswered();
  /** Those who wait for the batch under way are being told that it is not known what becomes of it. */
  #isUndecided = false;
  /** When it was last looked for what others have appended. */
  #polledAt = -Infinity;

  constructor(deps: Deps) {
    this.#deps = deps;
    deps.batch.begin(deps.guard.journal.next);
    this.delivered = deps.batch.lastId;
  }

  /** A batch is under way: what is said and proposed meanwhile gathers. */
  get isBusy(): boolean {
    return this.#pending !== undefined;
  }

  /** Why the journal has not taken a proposal. */
  get failure(): "store" | "nospace" | "undecided" {
    return this.#isUndecided ? "undecided" : this.#deps.guard.isFull ? "nospace" : "store";
  }

  /** The last id that a connection which leaves now has been sent. */
  get sent(): number {
    return this.isBusy ? this.delivered : this.#deps.batch.lastId;
  }

  /** Appends what has gathered, and takes what has come back. Returns the connections that have something to be written. */
  endTurn(): Connection[] {
    const owed = this.isBusy && !this.#deps.guard.journal.busy ? this.#take() : NO_CONNECTIONS;
    return joined(owed, this.isBusy ? this.#wait() : this.#commit());
  }

  /** What follows from records that have come back is the next batch, and is delivered in the same turn. */
  #commit(): Connection[] {
    const { batch, delivery } = this.#deps;
    let owed = NO_CONNECTIONS;
    do {
      const sealed = batch.seal();
      if (sealed.batch.records.length > 0) owed = joined(owed, this.#append(sealed));
      else {
        owed = joined(owed, delivery.deliver(sealed, true));
        this.#over(sealed, 0);
      }
    } while (!this.isBusy && !batch.isEmpty);
    return owed;
  }

  /** Takes what has come back: the batch that is under way, and what others have appended before. */
  #take(): Connection[] {
    const { guard, batch } = this.#deps, committed = guard.journal.take(), pending = this.#pending!;
    batch.begin(guard.journal.next);
    const own = committed.find(({ own }) => own !== undefined);
    const owed = own === undefined ? NO_CONNECTIONS : this.#deliver(own, pending);
    if (committed.length > 1 || pending.sealed.proposals.size > 0 || pending.isAbandoned) this.#apply(committed);
    if (own !== undefined) this.#pending = undefined;
    return owed;
  }

  /**
   * Takes in what others have appended. While an own batch is under way that comes in order, with the batch.
   *
   * @param age milliseconds: after a look so long ago there is no other
   */
  poll(age = 0): void {
    const { guard, batch, now } = this.#deps, moment = now();
    if (this.isBusy || moment - this.#polledAt < age) return;
    this.#polledAt = moment;
    guard.attempt("poll", () => guard.journal.poll());
    this.#apply(guard.journal.take());
    batch.begin(guard.journal.next);
  }

  #append(sealed: SealedBatch): Connection[] {
    const { guard: { journal }, delivery, now, jobs, journalWait, wake } = this.#deps, at = now();
    const pending = this.#pending = { sealed, at, isAbandoned: false };
    journal.append(sealed.batch);
    if (!journal.busy) return this.#take();
    wake(at + journalWait);
    const { ready, dependent } = this.#unanswered.split(sealed.ops);
    pending.sealed = { ...sealed, ops: dependent };
    jobs.releaseIndependent(this.#unanswered);
    return delivery.deliverWithout({ ...sealed, ops: ready });
  }

  /** The journal is late. What does not depend on it is delivered; when it is too late the rest is refused. */
  #wait(): Connection[] {
    const { batch, delivery, jobs, now, journalWait, wake } = this.#deps, { at, isAbandoned } = this.#pending!;
    if (isAbandoned) return this.#refuse();
    if (now() - at >= journalWait) return joined(this.#abandon(), this.#refuse());
    wake(at + journalWait); // once more: the timer keeps the earliest moment only
    const ready = batch.takeReady(this.#unanswered);
    batch.extend();
    jobs.releaseIndependent(this.#unanswered);
    return delivery.deliverWithout(ready);
  }

  /** Tells those who wait for the batch under way that it is not known what becomes of it. */
  #abandon(): Connection[] {
    const { guard, delivery, journalWait } = this.#deps, pending = this.#pending!, { sealed } = pending;
    guard.failed("write", new JournalFailure(`The journal has not answered for ${journalWait / 1000} s`));
    pending.isAbandoned = true;
    const isLate = (op: OutputOp) =>
      op.kind === "broadcast" || (op.kind === "multicast" && op.conversation !== undefined);
    pending.sealed = { ...sealed, ops: sealed.ops.filter(isLate), proposals: NO_PROPOSALS };
    const owed = delivery.deliverWithout(sealed);
    this.#isUndecided = true;
    for (const { settle } of sealed.proposals.values()) settle?.("failed");
    this.#isUndecided = false;
    this.#release();
    return owed;
  }

  /** Refuses what has gathered, which the journal has never seen, and delivers the rest. */
  #refuse(): Connection[] {
    const { batch, delivery, jobs } = this.#deps;
    let owed = NO_CONNECTIONS;
    do {
      const sealed = batch.seal();
      owed = joined(owed, delivery.deliver(sealed, false));
      for (const { settle } of sealed.proposals.values()) settle?.("failed");
      jobs.handleBatch(sealed.batch.end, 0);
    } while (!batch.isEmpty);
    return owed;
  }

  /** Nothing waits for the journal any more, or it has begun to wait anew. */
  #release(): void {
    for (const connection of this.#unanswered.clear()) {
      connection.busy = false;
      this.#deps.onIdle(connection);
    }
  }

  /** What was said before a record of the same batch is delivered before what the record causes. */
  #deliver(own: Committed, { sealed, at, isAbandoned }: Pending): Connection[] {
    const { guard, delivery, meter, now } = this.#deps;
    meter.commits.add((now() - at) / 1000);
    const kept = own.outcome === "kept", shift = kept ? own.shift : 0;
    if (kept) guard.worked("write");
    else if (own.outcome === "failed") guard.failed("write", own.failure);
    if (!isAbandoned) {
      const owed = delivery.deliver(sealed, kept, shift, !guard.isFull);
      this.#over(sealed, shift);
      return owed;
    }
    return kept ? delivery.deliverLate(sealed, shift) : NO_CONNECTIONS;
  }

  #over({ batch: { end } }: SealedBatch, shift: number): void {
    this.delivered = end - 1 + shift;
    this.#deps.jobs.handleBatch(end, shift);
    this.#release();
  }

  /** All records first, as the journal demands; then what they mean for those who are here. */
  #apply(committed: readonly Committed[]): void {
    if (committed.length === 0) return;
    const { guard: { journal }, chat: { state } } = this.#deps, applied: Applied[] = [], lost: number[] = [];
    for (const each of committed) {
      if (each.outcome !== "kept") {
        for (const proposal of this.#pending!.sealed.proposals.values()) applied.push({ outcome: "failed", proposal });
        continue;
      }
      const { own, shift, stands, records } = each;
      const proposals = own === undefined ? undefined : this.#pending!.sealed.proposals;
      for (const record of records) {
        if (record.kind === "message") continue;
        const outcome = state.apply(record, stands);
        if (outcome === "lost") lost.push(record.id);
        applied.push({ outcome, proposal: proposals?.get(record.id - shift) });
      }
    }
    if (lost.length > 0) journal.discard(lost);
    for (const { outcome, proposal } of applied) {
      proposal?.settle?.(outcome);
      if (typeof outcome !== "string") this.#react(outcome, proposal !== undefined);
    }
  }

  #react(change: StateChange, isOwn: boolean): void {
    const { chat, context, guard } = this.#deps;
    react(chat, context(), change, isOwn);
    if (change.kind === "emptied") guard.attempt("write", () => guard.journal.forget([change.room.conversation]));
  }
}

/** No copy where one of them is empty, as nearly always. */
function joined(some: Connection[], others: Connection[]): Connection[] {
  return some.length === 0 ? others : others.length === 0 ? some : some.concat(others);
}
