/**
 * The last id that each account was sent, so that who comes back gets what it missed. It is noted in memory as it happens
 * and kept once a second: after a crash somebody may be told a message twice, but never misses one.
 */
import type { Connection } from "./connection.ts";
import type { Keeper } from "./keeper.ts";

export class Seen {
  readonly ids: Map<string, number>;
  readonly #keeper: Keeper;
  /** Ids since this was last kept. */
  readonly #unkept = new Map<string, number>();

  /** @param accounts what is kept of each */
  constructor(keeper: Keeper, accounts: readonly { readonly name: string; readonly seen: number }[]) {
    this.#keeper = keeper;
    this.ids = new Map(accounts.map(({ name, seen }) => [name, seen]));
  }

  /** An account has been sent all up to an id; a new one is not owed what was said before it was made. */
  put(name: string, id: number): void {
    this.ids.set(name, id);
    this.#unkept.set(name, id);
  }

  /**
   * Who is owed nothing has been sent all up to an id; of another, or of one that still waits for what it missed, it is not
   * known, and better said twice than never.
   */
  note({ name, proved, owed, busy, listens }: Connection, id: number): void {
    if (name === undefined || !proved || owed > 0 || busy || !listens || id <= (this.ids.get(name) ?? 0)) return;
    this.put(name, id);
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
