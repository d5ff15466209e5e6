/**
 * Limits on what is kept for good: the rooms and accounts that one network may make in an hour. They keep one network from
 * filling the disk. A class behind one address must not notice them, so all of an hour's may be made at once.
 */
import { networkOf } from "../../jim/mod.ts";
import { Allowances } from "./allowances.ts";

/** The limits, as an operator sets them. */
export interface CreationLimits {
  /** Rooms that may be made from one network at once, and again in each hour; 0: any number. */
  readonly newRooms: number;
  /** Accounts, in the same way. */
  readonly newAccounts: number;
  /** Milliseconds after which a room without members is removed; 0: never. */
  readonly emptyRooms: number;
}

/** What is kept for good. */
export type Creation = "room" | "account";

const HOUR = 3600;

export class CreationQuota {
  readonly #limits: Record<Creation, number>;
  readonly #allowances: Record<Creation, Allowances>;

  /** @param now milliseconds that never go back */
  constructor({ newRooms, newAccounts }: CreationLimits, now: () => number) {
    const hourly = (count: number) => new Allowances({ burst: count, perSecond: count / HOUR }, now);
    this.#limits = { room: newRooms, account: newAccounts };
    this.#allowances = { room: hourly(newRooms), account: hourly(newAccounts) };
  }

  /** The limit and the seconds until the next one, if the network of an address may make none now. */
  exceeded(what: Creation, host: string): { readonly limit: number; readonly seconds: number } | undefined {
    const limit = this.#limits[what];
    const wait = limit === 0 ? 0 : this.#allowances[what].wait(networkOf(host));
    return wait === 0 ? undefined : { limit, seconds: Math.ceil(wait / 1000) };
  }

  /** Notes that it has made one. */
  count(what: Creation, host: string): void {
    if (this.#limits[what] > 0) this.#allowances[what].take(networkOf(host));
  }
}
