/**
 * Limits the stored bytes of messages a day, for each account and each network, so that one user cannot fill the
 * disk. A whole day's bytes may be used at once; then they come back little by little.
 */
import { networkOf } from "../../jim/mod.ts";
import { Allowances } from "./allowances.ts";

/** The limits, as an operator sets them. */
export interface DailyLimits {
  /** Bytes of messages that are kept of one account in a day; 0: any number. */
  readonly dailyPerAccount: number;
  /** The same of one network: an IPv4 address, an IPv6 /64. */
  readonly dailyPerAddress: number;
}

/** The sender of messages. */
export interface Sender {
  readonly host: string;
  readonly account?: { readonly id: number } | undefined;
}

/** Why a message cannot be kept now. */
export interface Exhausted {
  readonly scope: "account" | "network";
  /** Bytes a day. */
  readonly limit: number;
  /** Until another message is kept. */
  readonly seconds: number;
}

const DAY = 86_400;

/**
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const quotas = new DailyQuotas({ dailyPerAccount: 86_400, dailyPerAddress: 0 }, () => 0);
 * const ann = { host: "10.0.0.7", account: { id: 1 } };
 * assert.equal(quotas.exhausted(ann), undefined);
 * quotas.spend(ann, 86_400 + 9);
 * assert.deepEqual(quotas.exhausted(ann), { scope: "account", limit: 86_400, seconds: 10 });
 * ```
 */
export class DailyQuotas {
  readonly #limits: Readonly<Record<Exhausted["scope"], number>>;
  readonly #allowances: Readonly<Record<Exhausted["scope"], Allowances>>;

  /** @param now milliseconds that never go back */
  constructor({ dailyPerAccount, dailyPerAddress }: DailyLimits, now: () => number) {
    const daily = (bytes: number) => new Allowances({ burst: bytes, perSecond: bytes / DAY }, now);
    this.#limits = { account: dailyPerAccount, network: dailyPerAddress };
    this.#allowances = { account: daily(dailyPerAccount), network: daily(dailyPerAddress) };
  }

  /** Whether there is no limit. */
  static isOff({ dailyPerAccount, dailyPerAddress }: DailyLimits): boolean {
    return dailyPerAccount === 0 && dailyPerAddress === 0;
  }

  /** The quota that a sender has used up, if any: the one that lasts longer. */
  exhausted(sender: Sender): Exhausted | undefined {
    let found: Exhausted | undefined;
    for (const [scope, key] of this.#keysOf(sender)) {
      const seconds = Math.ceil(this.#allowances[scope].wait(key) / 1000);
      if (seconds > (found?.seconds ?? 0)) found = { scope, limit: this.#limits[scope], seconds };
    }
    return found;
  }

  /** Charges stored bytes. The last message may exceed the quota. */
  spend(sender: Sender, bytes: number): void {
    for (const [scope, key] of this.#keysOf(sender)) this.#allowances[scope].take(key, bytes);
  }

  /** The limits that there are for a sender. */
  #keysOf({ host, account }: Sender): [scope: Exhausted["scope"], key: string][] {
    const keys: [Exhausted["scope"], string][] = [];
    if (this.#limits.account > 0 && account !== undefined) keys.push(["account", `${account.id}`]);
    if (this.#limits.network > 0) keys.push(["network", networkOf(host)]);
    return keys;
  }
}
