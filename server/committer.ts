/**
 * Between the turns and the journal: a turn's batch is appended once; what comes back, own and others', changes the state in the
 * order of the log, and only then is it delivered and answered. An embedded journal gives a batch back at once, so all of it
 * happens at the end of the turn. While another one is at work, further turns gather in the next batch.
 */
import type { Chat } from "./chat/chat.ts";
import { react } from "./chat/reactions.ts";
import type { Effect } from "./chat/state.ts";
import type { Outcome, Scene } from "./chat/voice.ts";
import type { Connection } from "./net/connection.ts";
import type { Delivery } from "./net/delivery.ts";
import type { Committed } from "./journal/contract.ts";
import type { JournalGuard } from "./journal_guard.ts";
import type { Meter } from "./net/meter.ts";
import type { OutputBatch, Proposal, SealedBatch } from "./net/output_batch.ts";

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
  readonly scene: () => Scene<Connection>;
  /** A batch is over; `shift` was added to its ids. */
  readonly onDelivered: (shift: number) => void;
}

/** A batch that the journal has not given back. */
interface Pending {
  readonly sealed: SealedBatch;
  /** When it was appended. */
  readonly at: number;
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

  /** Appends what has gathered, and takes what has come back. Returns the connections that have something to be written. */
  endTurn(): Connection[] {
    const owed = this.isBusy && !this.#deps.guard.journal.busy ? this.#take() : NO_CONNECTIONS;
    return this.isBusy ? owed : joined(owed, this.#commit());
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
    const { guard, batch } = this.#deps, committed = guard.journal.take();
    batch.begin(guard.journal.next);
    const own = committed.find(({ own }) => own !== undefined), { sealed } = this.#pending!;
    const owed = own === undefined ? NO_CONNECTIONS : this.#deliver(own);
    if (committed.length > 1 || sealed.proposals.size > 0) this.#apply(committed);
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
    guard.attempt("look", () => guard.journal.poll());
    this.#apply(guard.journal.take());
    batch.begin(guard.journal.next);
  }

  #append(sealed: SealedBatch): Connection[] {
    const { guard: { journal }, now } = this.#deps;
    this.#pending = { sealed, at: now() };
    journal.append(sealed.batch);
    return journal.busy ? NO_CONNECTIONS : this.#take();
  }

  /** What was said before a record of the same batch is delivered before what the record causes. */
  #deliver(own: Committed): Connection[] {
    const { guard, delivery, meter, now } = this.#deps, { sealed, at } = this.#pending!;
    meter.commits.add((now() - at) / 1000);
    const kept = own.outcome === "kept", shift = kept ? own.shift : 0;
    if (kept) guard.worked("write");
    else if (own.outcome === "failed") guard.failed("write", own.failure);
    const owed = delivery.deliver(sealed, kept, shift, !guard.isFull);
    this.#over(sealed, shift);
    return owed;
  }

  #over({ batch: { end } }: SealedBatch, shift: number): void {
    this.delivered = end - 1 + shift;
    this.#deps.onDelivered(shift);
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

  #react(effect: Effect, isOwn: boolean): void {
    const { chat, scene, guard } = this.#deps;
    react(chat, scene(), effect, isOwn);
    if (effect.kind === "emptied") guard.attempt("write", () => guard.journal.forget([effect.room.conversation]));
  }
}

/** No copy where one of them is empty, as nearly always. */
function joined(some: Connection[], others: Connection[]): Connection[] {
  return some.length === 0 ? others : others.length === 0 ? some : some.concat(others);
}
