// The connection under a chat, which comes and goes: what is asked and read on the one that there is, or when to try for the
// next. It holds no socket; the loop does.

import { Framer } from "../../jim/mod.ts";
import { Requests } from "../protocol/requests.ts";
import { type Pauses, reconnectDelay } from "../protocol/reconnect.ts";

const PAUSES: Pauses = { first: 1_000, longest: 30_000 };

/**
 * What the loop is to do about the connection.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const link = new Link();
 * link.tryLater(0, () => 1);
 * link.tryLater(1000, () => 1);
 * assert.equal(link.retryAt, 3000);
 * link.begin();
 * assert.deepEqual([link.open, link.retryAt], [true, Infinity]);
 * ```
 */
export class Link {
  /** There is a connection, and there should be. */
  open = false;
  /** When to connect; `Infinity` for not at all. */
  retryAt = Infinity;
  /** What is to be sent on the connection that there is. */
  requests = new Requests();
  /** Bytes from the server are read into it. */
  framer = new Framer();
  #failed = 0;

  /** There is a connection, a new one. */
  begin(): void {
    this.requests = new Requests();
    this.framer = new Framer();
    this.open = true;
    this.retryAt = Infinity;
  }

  /** There is none: the next attempt is made after a pause, a longer one each time. */
  tryLater(now: number, random: () => number): void {
    this.retryAt = now + reconnectDelay(PAUSES, this.#failed++, random);
  }

  /** The connection was a good one: the next attempt comes soon. */
  wasGood(): void {
    this.#failed = 0;
  }

  /** The user does not want to wait. */
  tryNow(now: number): void {
    if (!this.open && this.retryAt !== Infinity) this.retryAt = now;
  }
}
