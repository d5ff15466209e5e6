/**
 * Limits how many rooms and accounts one network may create in an hour, so that it cannot fill the disk. A class
 * behind one address must not reach it, so the whole hour's number may be created at once.
 */
import { networkOf } from "../../jim/mod.ts";
import { Allowances } from "./allowances.ts";

/** The limits, as an operator sets them. */
export interface CreationLimits {
  /** Rooms created from one network at once, and again in each hour; 0: any number. */
  readonly newRooms: number;
  /** Accounts, in the same way. */
  readonly newAccounts: number;
  /** Milliseconds after which a room without members is removed; 0: never. */
  readonly emptyRooms: number;
}

/** The kinds of creations. */
export type Creation = "room" | "account";

const HOUR = 3600;

export class CreationQuota {
  readonly #limits: CreationLimits;
  readonly #allowances: Record<Creation, Allowances>;

  /** @param now milliseconds that never go back */
  constructor(limits: CreationLimits, now: () => number) {
    this.#limits = limits;
    this.#allowances = { room: this.#hourly("room", now), account: this.#hourly("account", now) };
  }

  /** The limit, and the seconds until the next creation, if the network of an address may create none now. */
  exceeded(what: Creation, host: string): { readonly limit: number; readonly seconds: number } | undefined {
    const limit = this.#limitOf(what);
    const wait = limit === 0 ? 0 : this.#allowances[what].wait(networkOf(host));
    return wait === 0 ? undefined : { limit, seconds: Math.ceil(wait / 1000) };
  }

  /** Counts a creation. */
  count(what: Creation, host: string): void {
    if (this.#limitOf(what) > 0) this.#allowances[what].take(networkOf(host));
  }

  /** Takes a counted creation back: nothing was created. */
  refund(what: Creation, host: string): void {
    if (this.#limitOf(what) > 0) this.#allowances[what].refund(networkOf(host));
  }

  #limitOf(what: Creation): number {
    return what === "room" ? this.#limits.newRooms : this.#limits.newAccounts;
  }

  /** The limit may change while the server runs. */
  #hourly(what: Creation, now: () => number): Allowances {
    const limit = () => this.#limitOf(what);
    return new Allowances({
      get burst() {
        return limit();
      },
      get perSecond() {
        return limit() / HOUR;
      },
    }, now);
  }
}
