/**
 * What notices cost a network. A presence, a new name, a room that is entered or left and an end of a connection are
 * notices to all watchers, and the connection pays for them with its own tokens. A new connection has a full bucket, so
 * notices are charged to the network too: without that, ten connections that were always new made the server send 300
 * watchers 170 MB a second for 250 KB of requests.
 */
import { Allowances } from "./allowances.ts";
import { type Bucket, type RateLimit, SENT_BYTES } from "./rate_limit.ts";

/** A network may cause as much as so many connections. A class of 60 that connects at once needs a hundredth of that. */
const CONNECTIONS = 4;

/** Something that causes notices: a connection. */
export interface Sender {
  readonly network: string;
  readonly rateLimit: Bucket;
}

/** The notices that each network has caused. */
export class NoticeCharges {
  readonly #allowances: Allowances | undefined;

  /**
   * @param rateLimit that of one connection; at rate 0 nothing is counted
   * @param now milliseconds that never go back
   */
  constructor({ rate, burst }: RateLimit, now: () => number) {
    if (rate === 0) return;
    this.#allowances = new Allowances({ burst: CONNECTIONS * burst, perSecond: CONNECTIONS * rate }, now);
  }

  /**
   * Counts bytes of notices that were sent because of a connection. Where its network has caused too many, its next request
   * waits until they are paid for, as long as a burst at most. Requests that cause no notice do not wait for others.
   */
  charge({ network, rateLimit }: Sender, bytes: number): void {
    if (this.#allowances === undefined || bytes === 0) return;
    this.#allowances.take(network, bytes / SENT_BYTES);
    const wait = this.#allowances.wait(network);
    if (wait > 0) rateLimit.delay(wait);
  }
}
