/**
 * Limits how many bytes of messages, or of files, are stored in a day, for each account and for each network, so that one user cannot
 * fill the disk. Each limit is a token bucket: it holds the bytes of one day, and is refilled evenly over the day. So up
 * to twice the limit can be stored within 24 hours.
 */
import { networkOf } from "../../jim/mod.ts";
import { Allowances } from "./allowances.ts";

/** The limits, as an operator sets them. */
export interface DailyLimits {
  /** Bytes stored for one account in a day; 0: no limit. */
  readonly dailyPerAccount: number;
  /** The same for one network: an IPv4 address, or an IPv6 /64. */
  readonly dailyPerAddress: number;
}

/** The sender of messages and files. */
export interface Sender {
  readonly host: string;
  readonly account?: { readonly id: number } | undefined;
}

/** Why nothing of a sender can be stored now. */
export interface Exhausted {
  readonly scope: "account" | "network";
  /** Bytes a day. */
  readonly limit: number;
  /** Seconds until the sender may store again. */
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
 * quotas.spend(ann, 86_400 + 9); // 9 too many; 1 byte a second comes back, and 1 must be free
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

  /** Whether both limits are off. */
  static isOff({ dailyPerAccount, dailyPerAddress }: DailyLimits): boolean {
    return dailyPerAccount === 0 && dailyPerAddress === 0;
  }

  /** The quota that a sender has used up, if any. If both are, it is the one with the longer wait. */
  exhausted(sender: Sender): Exhausted | undefined {
    let found: Exhausted | undefined;
    for (const [scope, key] of this.#keysOf(sender)) {
      const seconds = Math.ceil(this.#allowances[scope].wait(key) / 1000);
      if (seconds > (found?.seconds ?? 0)) found = { scope, limit: this.#limits[scope], seconds };
    }
    return found;
  }

  /** Charges bytes that were stored. The message or file that reaches the limit is stored whole. */
  spend(sender: Sender, bytes: number): void {
    for (const [scope, key] of this.#keysOf(sender)) this.#allowances[scope].take(key, bytes);
  }

  /** Gives back bytes that were charged and not stored; at most those of a day, since a larger charge may have taken less. */
  refund(sender: Sender, bytes: number): void {
    for (const [scope, key] of this.#keysOf(sender)) {
      this.#allowances[scope].refund(key, Math.min(bytes, this.#limits[scope]));
    }
  }

  /** The buckets that a sender draws from. */
  #keysOf({ host, account }: Sender): [scope: Exhausted["scope"], key: string][] {
    const keys: [Exhausted["scope"], string][] = [];
    if (this.#limits.account > 0 && account !== undefined) keys.push(["account", `${account.id}`]);
    if (this.#limits.network > 0) keys.push(["network", networkOf(host)]);
    return keys;
  }
}
