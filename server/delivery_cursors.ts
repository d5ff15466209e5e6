/**
 * The last id that each account was sent, so that an account that was offline gets what it missed. It is noted in memory as it
 * happens and proposed once a second: after a crash a message may be sent twice, but none is missed.
 */
import type { Account, State } from "./chat/state.ts";
import type { Connection } from "./net/connection.ts";
import type { CursorRecord } from "./journal/records.ts";

export class DeliveryCursors {
  readonly #state: State;
  /** What is not in the state yet, by the account's id. */
  readonly #noted = new Map<number, number>();

  constructor(state: State) {
    this.#state = state;
  }

  /** The last id that an account was sent. */
  of({ id, cursor }: Account): number {
    return Math.max(cursor, this.#noted.get(id) ?? 0);
  }

  /**
   * A connection that has read all has been sent all up to an id. Of another one, or of one that still waits for what it missed,
   * it is not known, and better sent twice than never.
   */
  note({ account, unsentBytes: owed, busy, receivesRelays }: Connection, id: number): void {
    if (account === undefined || owed > 0 || busy || !receivesRelays || id <= this.of(account)) return;
    this.#noted.set(account.id, id);
  }

  /** Notes an id for all that are connected. Returns the records of what the journal does not have yet. */
  propose(connections: Iterable<Connection>, id: number): CursorRecord[] {
    for (const connection of connections) if (connection.closeState === "open") this.note(connection, id);
    for (const [id, last] of this.#noted) {
      if (last <= (this.#state.accountById(id)?.cursor ?? Infinity)) this.#noted.delete(id);
    }
    return [...this.#noted].map(([account, last]) => ({ kind: "cursor", account, last }));
  }
}
