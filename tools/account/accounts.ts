/**
 * The accounts of a journal that a server may have open: the state that its records make, and changes of it. The same code
 * decides here as in the server, and what a server appends meanwhile is known before a change is decided.
 */
import { State } from "../../server/chat/state.ts";
import type { Batch, Committed, Journal, Skipped, StateRecord } from "../../server/journal/contract.ts";
import type { StateProposal } from "../../server/journal/records.ts";
import type { AccountStore } from "./store.ts";

/** The state of a journal, and the one way to change it. */
export class Accounts implements AccountStore {
  readonly state: State = new State();
  readonly #journal: Journal;

  /** @param journal just opened, beside a server or not; the caller closes it */
  constructor(journal: Journal) {
    this.#journal = journal;
    for (const record of journal.snapshot()) this.state.apply(record, true);
    this.refresh();
  }

  get skipped(): Skipped {
    return this.#journal.skipped;
  }

  refresh(): void {
    this.#journal.poll();
    this.#take();
  }

  /** Where a server has appended something in between, it is proposed once more on what the state is then. */
  change(propose: (state: State) => readonly StateProposal[]): void {
    this.refresh();
    for (;;) {
      const proposals = propose(this.state);
      if (proposals.length === 0) return;
      const batch = batchOf(this.#journal.next, proposals);
      this.#journal.append(batch);
      const committed = this.#take(batch);
      if (committed.outcome === "kept") return;
      if (committed.outcome === "failed") throw committed.failure;
    }
  }

  async forgetConversationsOf(side: string): Promise<void> {
    this.#journal.forget(await this.#journal.conversations(side, 0));
  }

  /** Applies what has come back, and returns what became of an own batch. */
  #take(): void;
  #take(batch: Batch): Committed;
  #take(batch?: Batch): Committed | undefined {
    let mine: Committed | undefined;
    for (const committed of this.#journal.take()) {
      if (committed.own !== undefined && committed.own === batch) mine = committed;
      if (committed.outcome !== "kept") continue;
      const lost = committed.records.filter((record) =>
        record.kind !== "message" && this.state.apply(record, committed.stands) === "lost"
      );
      // Of others' records this process may not have read all that they were judged on.
      if (committed.own !== undefined) this.#journal.discard(lost.map(({ id }) => id));
    }
    if (batch !== undefined && mine === undefined) {
      throw new Error("A batch has not come back from an embedded journal");
    }
    return mine;
  }
}

/** A batch that is appended only if the state it was proposed on is the newest one. */
function batchOf(first: number, proposals: readonly StateProposal[]): Batch {
  const records = proposals.map((proposal, i): StateRecord => ({ ...proposal, id: first + i }));
  return { first, end: first + records.length, records, ifCurrent: true };
}
