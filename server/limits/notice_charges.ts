/**
 * Charges notices to networks. A presence, a new name, a join, a leave and a disconnect send notices to all watchers,
 * and the connection pays with its tokens. A new connection has a full bucket, so the network is charged too.
 * Otherwise ten connections that reconnected all the time made the server send 300 watchers 170 MB a second for 250
 * KB of requests.
 */
import { Allowances } from "./allowances.ts";
import { type Bucket, type RateLimit, SENT_BYTES } from "./rate_limit.ts";

/**
 * The limit of a network, in limits of one connection. A class of 60 that connects at once needs a hundredth of it.
 */
const CONNECTIONS = 4;

/** A connection that causes notices. */
export interface Sender {
  readonly network: string;
  readonly rateLimit: Bucket;
}

/** The charges of each network. */
export class NoticeCharges {
  readonly #rateLimit: RateLimit;
  readonly #allowances: Allowances;

  /**
   * @param rateLimit that of one connection, which may change; at rate 0 nothing is counted
   * @param now milliseconds that never go back
   */
  constructor(rateLimit: RateLimit, now: () => number) {
    this.#rateLimit = rateLimit;
    this.#allowances = new Allowances({
      get burst() {
        return CONNECTIONS * rateLimit.burst;
      },
      get perSecond() {
        return CONNECTIONS * rateLimit.rate;
      },
    }, now);
  }

  /**
   * Charges bytes of notices to a network. Over its limit, the next request of the connection is delayed, by a burst
   * at most. Requests without notices are not delayed.
   */
  charge({ network, rateLimit }: Sender, bytes: number): void {
    if (this.#rateLimit.rate === 0 || bytes === 0) return;
    this.#allowances.take(network, bytes / SENT_BYTES);
    const wait = this.#allowances.wait(network);
    if (wait > 0) rateLimit.delay(wait);
  }
}
