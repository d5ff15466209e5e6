/**
 * Between the server and its store: what the store throws becomes a value here, and is logged once when it begins and once
 * when it is over. A full disk stops what needs the disk, and nothing else.
 */
import { logger } from "../log/mod.ts";
import type { Change } from "./chat/voice.ts";
import { type Lines, type Soon, type Store, StoreFailure } from "./store/contract.ts";

const { info, error } = logger("server/keeper");

export class Keeper {
  readonly store: Store;
  #failing = false;

  constructor(store: Store) {
    this.store = store;
  }

  /** Keeps a turn's messages. False when they are not kept. */
  commit(lines: readonly Lines[]): Soon<boolean> {
    if (lines.length === 0) return true;
    const done = this.attempt(() => {
      const soon = this.store.commit(lines);
      return soon instanceof Promise ? soon.then(() => true) : true;
    });
    return done instanceof Promise ? done.then((kept) => kept !== undefined) : done !== undefined;
  }

  /** Keeps one change. False when it is not kept. */
  keep(change: Change): boolean {
    return this.attempt(() => (put(this.store, change), true)) === true;
  }

  /** Does something with the store; `undefined` when the store fails. */
  attempt<T>(work: () => Soon<T>): Soon<T | undefined> {
    try {
      const result = work();
      if (result instanceof Promise) return result.then((value) => this.#well(value), (failure) => this.#ill(failure));
      return this.#well(result);
    } catch (failure) {
      return this.#ill(failure);
    }
  }

  #well<T>(value: T): T {
    if (this.#failing) info("attempt", "The store works again");
    this.#failing = false;
    return value;
  }

  #ill(failure: unknown): undefined {
    if (!(failure instanceof StoreFailure)) throw failure;
    if (!this.#failing) error("attempt", `${failure.message}; until it works again, what must be kept is answered 500`);
    this.#failing = true;
    return undefined;
  }
}

function put(store: Store, change: Change): void {
  switch (change.kind) {
    case "account":
      return store.putAccount({ name: change.name, password: change.password, operator: false, seen: 0 });
    case "room":
      return store.putRoom(change.room);
    case "member":
      return change.is ? store.putMember(change.room, change.name) : store.removeMember(change.room, change.name);
    case "ban":
      return change.is ? store.putBan(change.ban) : store.removeBan(change.ban.kind, change.ban.who);
    case "motd":
      return store.putMotd(change.text);
    case "contact":
      return change.is ? store.putContact(change.owner, change.name) : store.removeContact(change.owner, change.name);
  }
}
