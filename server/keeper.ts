/**
 * Between the server and its store: what the store throws becomes a value here, and is logged once when it begins and once
 * when it is over. A full disk stops what needs the disk, and nothing else.
 */
import { logger } from "../log/mod.ts";
import type { Change } from "./chat/voice.ts";
import { type Account, type Lines, type NewAccount, type Soon, type Store, StoreFailure } from "./store/contract.ts";

const { info, error } = logger("server/keeper");

/**
 * What is done with the store. That one works tells nothing of the others: a full disk can be read. Maintenance is a kind
 * of writing which often has nothing to write.
 */
export type Access = "write" | "read" | "look" | "maintain";

/**
 * Milliseconds without a failure after which the store is said to work again. What is written to a disk that is nearly
 * full may succeed, and fail a second or two later, when it is copied into the database.
 */
const QUIET = 3_000;

export class Keeper {
  readonly store: Store;
  readonly #now: () => number;
  /** What has failed, and has not worked since. */
  readonly #broken = new Set<Access>();
  /** It has been logged that the store fails, and not yet that it works. */
  #failing = false;
  #failedAt = -Infinity;
  /** When all had worked again that had failed. */
  #mendedAt = -Infinity;

  /** @param now milliseconds that never go back */
  constructor(store: Store, now: () => number = () => performance.now()) {
    this.store = store;
    this.#now = now;
  }

  /** Keeps a turn's messages. False when they are not kept. */
  commit(lines: readonly Lines[]): Soon<boolean> {
    if (lines.length === 0) return true;
    const done = this.attempt("write", () => {
      const soon = this.store.commit(lines);
      return soon instanceof Promise ? soon.then(() => true) : true;
    });
    return done instanceof Promise ? done.then((kept) => kept !== undefined) : done !== undefined;
  }

  /** Keeps one change. False when it is not kept. */
  keep(change: Change): boolean {
    return this.attempt("write", () => (put(this.store, change), true)) === true;
  }

  /** Keeps a new account; "taken" when another program has just used its name, `undefined` when it is not kept. */
  register(account: NewAccount): Account | "taken" | undefined {
    const kept = this.attempt("write", () => this.store.putAccount(account) ?? "taken");
    return kept instanceof Promise ? undefined : kept;
  }

  /** Does something with the store; `undefined` when the store fails. */
  attempt<T>(access: Access, work: () => Soon<T>): Soon<T | undefined> {
    try {
      const result = work();
      if (!(result instanceof Promise)) return this.#works(access, result);
      return result.then((value) => this.#works(access, value), (failure) => this.#fails(access, failure));
    } catch (failure) {
      return this.#fails(access, failure);
    }
  }

  /** Logs that the store works again, when it has done so for a while. Called each second. */
  review(): void {
    if (!this.#failing || this.#broken.size > 0) return;
    if (this.#now() - Math.max(this.#failedAt, this.#mendedAt) < QUIET) return;
    this.#failing = false;
    info("attempt", "The store works again");
  }

  #works<T>(access: Access, value: T): T {
    if (this.#failing && this.#broken.delete(access) && this.#broken.size === 0) this.#mendedAt = this.#now();
    return value;
  }

  #fails(access: Access, failure: unknown): undefined {
    if (!(failure instanceof StoreFailure)) throw failure;
    if (!this.#failing) error("attempt", `${failure.message}; until it works again, what must be kept is answered 500`);
    this.#failing = true;
    this.#failedAt = this.#now();
    this.#broken.add(access === "maintain" ? "write" : access);
    return undefined;
  }
}

function put(store: Store, change: Change): void {
  switch (change.kind) {
    case "room":
      return store.putRoom(change.room);
    case "member":
      return change.is
        ? store.putMember(change.room, change.account, change.spelling)
        : store.removeMember(change.room, change.account);
    case "empty":
      return store.removeRooms(change.rooms);
    case "ban":
      return change.is ? store.putBan(change.ban) : store.removeBan(change.ban.kind, change.ban.who);
    case "operator":
      return void store.changeAccount(change.account, { operator: change.is });
    case "motd":
      return store.putMotd(change.text);
    case "token":
      return store.putToken(change.token);
    case "used":
      return store.useTokens(change.tokens, change.at);
    case "ended":
      return store.removeTokens(change.tokens);
    case "contact":
      return change.is ? store.putContact(change.owner, change.name) : store.removeContact(change.owner, change.name);
  }
}
