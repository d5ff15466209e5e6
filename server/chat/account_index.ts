/** The accounts: by their ids, by their names, and by names that look like theirs. Only the state adds and removes them. */
import { nameKey } from "../../jim/mod.ts";
import { ByName } from "./by_name.ts";
import { skeletons } from "./lookalike.ts";
import type { Account } from "./model.ts";

export class AccountIndex {
  readonly #byId = new Map<number, Account>();
  readonly #byName = new ByName<Account>(({ operator }) => operator);
  /** Accounts by the skeletons of their names: those that look alike have one. */
  readonly #bySkeleton = new Map<string, Set<Account>>();
  /** The records that gave accounts another name. */
  readonly #renamed = new WeakMap<Account, number>();

  all(): Iterable<Account> {
    return this.#byId.values();
  }

  get(id: number): Account | undefined {
    return this.#byId.get(id);
  }

  /** The account with a name: of exactly that spelling, else an operator's, else the oldest. */
  find(name: string): Account | undefined {
    return this.#byName.find(name);
  }

  /** All accounts with the key of a name: several only in an old database. */
  alike(name: string): readonly Account[] {
    return this.#byName.alike(name);
  }

  /** An account with another name than this one, which looks like it. */
  lookalike(name: string): Account | undefined {
    const key = nameKey(name);
    return skeletons(name).flatMap((each) => [...this.#bySkeleton.get(each) ?? []]).find((each) => each.key !== key);
  }

  /** Whether another account is an operator's. */
  hasOtherOperator(account: Account): boolean {
    for (const other of this.#byId.values()) if (other.operator && other !== account) return true;
    return false;
  }

  add(account: Account): void {
    this.#byId.set(account.id, account);
    this.#addName(account);
  }

  delete(account: Account): void {
    this.#byId.delete(account.id);
    this.#deleteName(account);
  }

  /** @param record the id of the record that says so */
  rename(account: Account, name: string, record: number): void {
    this.#deleteName(account);
    account.name = name;
    account.key = nameKey(name);
    this.#renamed.set(account, record);
    this.#addName(account);
  }

  /** The record since which an account has its name. */
  nameSince(account: Account): number {
    return this.#renamed.get(account) ?? account.id;
  }

  /** Names with equal keys. */
  get collisions(): string[][] {
    return this.#byName.collisions;
  }

  #addName(account: Account): void {
    this.#byName.add(account);
    for (const skeleton of skeletons(account.name)) {
      const others = this.#bySkeleton.get(skeleton);
      if (others === undefined) this.#bySkeleton.set(skeleton, new Set([account]));
      else others.add(account);
    }
  }

  #deleteName(account: Account): void {
    this.#byName.delete(account);
    for (const skeleton of skeletons(account.name)) {
      const others = this.#bySkeleton.get(skeleton)!;
      others.delete(account);
      if (others.size === 0) this.#bySkeleton.delete(skeleton);
    }
  }
}
