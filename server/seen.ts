/**
 * The last id that each account was sent, so that who comes back gets what it missed. It is noted in memory as it happens
 * and kept once a second: after a crash somebody may be told a message twice, but never misses one.
 */
import type { Connection } from "./net/connection.ts";
import type { Keeper } from "./keeper.ts";

export class Seen {
  /** By the account's own id. */
  readonly ids: Map<number, number>;
  readonly #keeper: Keeper;
  /** Ids since this was last kept. */
  readonly #unkept = new Map<number, number>();

  /** @param accounts what is kept of each */
  constructor(keeper: Keeper, accounts: readonly { readonly id: number; readonly seen: number }[]) {
    this.#keeper = keeper;
    this.ids = new Map(accounts.map(({ id, seen }) => [id, seen]));
  }

  /** An account has been sent all up to an id; a new one is not owed what was said before it was made. */
  put(account: number, id: number): void {
    this.ids.set(account, id);
    this.#unkept.set(account, id);
  }

  /** The account is no more. */
  forget(account: number): void {
    this.ids.delete(account);
    this.#unkept.delete(account);
  }

  /**
   * Who is owed nothing has been sent all up to an id; of another, or of one that still waits for what it missed, it is not
   * known, and better said twice than never.
   */
  note({ account, owed, busy, listens }: Connection, id: number): void {
    if (account === undefined || owed > 0 || busy || !listens || id <= (this.ids.get(account.id) ?? Infinity)) return;
    this.put(account.id, id);
  }

  /** Notes an id for all who are here, and keeps what is not kept. */
  keep(connections: Iterable<Connection>, id: number): void {
    for (const connection of connections) if (connection.leaving === "no") this.note(connection, id);
    if (this.#unkept.size === 0) return;
    if (this.#keeper.attempt("write", () => (this.#keeper.store.putSeen(this.#unkept), true)) === true) {
      this.#unkept.clear();
    }
  }
}
