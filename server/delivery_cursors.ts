/**
 * The last id sent to each account, so that it gets what it missed. The ids are noted in memory and proposed once a second: with
 * a journal that servers share, which all of them would have to apply, when an account has left this server. After a crash a
 * message may be sent twice, but none is missed.
 */
import type { Account, State } from "./chat/state.ts";
import type { Connection } from "./net/connection.ts";
import type { CursorRecord } from "./journal/records.ts";

export class DeliveryCursors {
  readonly #state: State;
  readonly #isShared: boolean;
  /** Ids that are not in the state yet, by the account's id. */
  readonly #noted = new Map<number, number>();

  constructor(state: State, isShared = false) {
    this.#state = state;
    this.#isShared = isShared;
  }

  /** The last id sent to an account. */
  of({ id, cursor }: Account): number {
    return Math.max(cursor, this.#noted.get(id) ?? 0);
  }

  /**
   * Notes that a connection was sent everything up to an id. A connection with unsent output is not noted: a message
   * twice is better than a lost one.
   */
  note({ account, unsentBytes, busy, receivesRelays }: Connection, id: number): void {
    if (account === undefined || unsentBytes > 0 || busy || !receivesRelays || id <= this.of(account)) return;
    this.#noted.set(account.id, id);
  }

  /** Notes an id for all open connections. Returns the records that the journal does not have yet. */
  propose(connections: Iterable<Connection>, id: number): CursorRecord[] {
    for (const connection of connections) if (connection.closeState === "open") this.note(connection, id);
    for (const [id, last] of this.#noted) {
      if (last <= (this.#state.accountById(id)?.cursor ?? Infinity)) this.#noted.delete(id);
    }
    const due = this.#isShared ? [...this.#noted].filter(([account]) => !this.#isHere(account)) : [...this.#noted];
    return due.map(([account, last]) => ({ kind: "cursor", account, last }));
  }

  /** The record of an account that has left this server; none if the journal has it, or another session is here. */
  atDeparture({ account }: Connection): CursorRecord[] {
    const last = account === undefined ? undefined : this.#noted.get(account.id);
    if (account === undefined || last === undefined || !this.#isShared || this.#isHere(account.id)) return [];
    return last > account.cursor ? [{ kind: "cursor", account: account.id, last }] : [];
  }

  /** Whether a session of an account is open on this server. */
  #isHere(account: number): boolean {
    const { roster } = this.#state, side = this.#state.accountById(account)?.side;
    const here = side === undefined ? undefined : roster.side(side)?.here;
    return here !== undefined && [...here].some((session) => roster.isOpen(session));
  }
}
