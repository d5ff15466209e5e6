/**
 * The last id sent to each account, so that it gets what it missed. The ids are noted in memory and proposed once a second: with
 * a journal that servers share, which all of them would have to apply, when an account has left this server. After a crash a
 * message may be sent twice, but none is missed.
 */
import type { Chat } from "./chat/chat.ts";
import type { Account, State } from "./chat/state.ts";
import type { Connection } from "./net/connection.ts";
import type { CursorRecord } from "./journal/records.ts";

export class DeliveryCursors {
  readonly #state: State;
  readonly #lateReplays: Chat<Connection>["lateReplays"];
  readonly #isShared: boolean;
  /** Ids that are not in the state yet, by the account's id. */
  readonly #noted = new Map<number, number>();

  constructor({ state, lateReplays }: Pick<Chat<Connection>, "state" | "lateReplays">, isShared = false) {
    this.#state = state;
    this.#lateReplays = lateReplays;
    this.#isShared = isShared;
  }

  /** The last id sent to an account. */
  of({ id, cursor }: Account): number {
    return Math.max(cursor, this.#noted.get(id) ?? 0);
  }

  /**
   * Notes that a connection was sent everything up to an id. A connection with unsent output is not noted: a message
   * twice is better than a lost one. Nor is one that may have missed something before. Returns whether it is noted now.
   */
  note(connection: Connection, id: number): boolean {
    const { account, unsentBytes, busy, receivesRelays } = connection;
    if (account === undefined || unsentBytes > 0 || busy || !receivesRelays || id <= this.of(account)) return false;
    if (this.#lateReplays.has(connection)) return false;
    this.#noted.set(account.id, id);
    return true;
  }

  /**
   * Notes that a connection was sent everything up to an id, and not what comes behind it: its session is out of the chat, although
   * its output is not complete.
   */
  noteLast(connection: Connection, id: number): void {
    this.note(connection, id);
    this.#lateReplays.doubt(connection);
  }

  /** Notes an id for the open connections of an account, before another one is sent what the account has missed. */
  noteAll({ side }: Account, id: number): void {
    const { roster } = this.#state;
    for (const session of roster.side(side)?.here ?? []) {
      if (roster.own.isOpen(session)) this.note(session as Connection, id);
    }
  }

  /** Notes that another server had sent an account everything up to an id. */
  noteElsewhere(account: Account, id: number): void {
    if (id > this.of(account)) this.#noted.set(account.id, id);
  }

  /** The accounts, by id, that were not sent everything up to an id on this server, as far as the journal has them here. */
  behind(connections: Iterable<Connection>, id: number): number[] {
    const behind = new Set<number>(), { roster } = this.#state;
    const add = ({ account, receivesRelays }: Pick<Connection, "account" | "receivesRelays">) => {
      if (account !== undefined && receivesRelays && this.of(account) < id) behind.add(account.id);
    };
    for (const connection of connections) add(connection);
    for (const session of roster.own.closed()) add(session);
    return [...behind];
  }

  /**
   * Notes an id for all open connections. Returns the records that the journal does not have yet. With a shared one these are of
   * accounts without a session here; of all when the server stops.
   */
  propose(connections: Iterable<Connection>, id: number): CursorRecord[] {
    for (const connection of connections) if (connection.closeState === "open") this.note(connection, id);
    for (const [id, last] of this.#noted) {
      if (last <= (this.#state.accountById(id)?.cursor ?? Infinity)) this.#noted.delete(id);
    }
    const due = this.#isShared ? [...this.#noted].filter(([account]) => !this.#isHere(account)) : [...this.#noted];
    return due.map(([account, last]) => ({ kind: "cursor", account, last }));
  }

  /**
   * The record of an account that has left this server; none if the journal has it, or another session is here. It is in the same
   * entry of the log as the departure: in between, the account could enter at another server and be sent all again.
   */
  atDeparture({ account }: Connection): CursorRecord[] {
    const last = account === undefined ? undefined : this.#noted.get(account.id);
    if (account === undefined || last === undefined || !this.#isShared || this.#isHere(account.id)) return [];
    return last > account.cursor ? [{ kind: "cursor", account: account.id, last }] : [];
  }

  /** Whether a session of an account is open on this server, and stays so. */
  #isHere(account: number): boolean {
    const { roster } = this.#state;
    if (roster.isStopping) return false;
    const side = this.#state.accountById(account)?.side;
    const here = side === undefined ? undefined : roster.side(side)?.here;
    return here !== undefined && [...here].some((session) => roster.own.isOpen(session));
  }
}
