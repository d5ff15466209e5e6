// The connection under a chat, which comes and goes: what is asked and read on the one that there is, or when to try for the
// next, and at which server. It holds no socket; the loop does.

import { Framer } from "../../jim/mod.ts";
import { Requests } from "../protocol/requests.ts";
import type { ServerAddress } from "../options.ts";
import { type Pauses, reconnectDelay } from "../protocol/reconnect.ts";

const PAUSES: Pauses = { first: 1_000, longest: 30_000 };

/**
 * What the loop is to do about the connection.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const [one, two] = [7777, 7778].map((port) => ({ address: "::1", port }));
 * const link = new Link([one!]);
 * link.tryLater(0, () => 1);
 * link.tryLater(1000, () => 1);
 * assert.equal(link.retryAt, 3000);
 * link.begin();
 * assert.deepEqual([link.open, link.retryAt], [true, Infinity]);
 *
 * const moving = new Link([one!, two!]);
 * moving.tryLater(5000, () => 1);
 * assert.deepEqual([moving.server, moving.retryAt], [two, 5000]);
 * moving.tryLater(5000, () => 1);
 * assert.deepEqual([moving.server, moving.retryAt], [one, 6000]);
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
  readonly #servers: readonly ServerAddress[];
  /** Which of the servers the connection is to, or the next attempt. */
  #at = 0;
  /** Times in a row that there was no connection, and rounds of all servers in which there was none. */
  #attempts = 0;
  #rounds = 0;

  /** @param servers at least one; several are of one chat, in the order in which they are tried */
  constructor(servers: readonly ServerAddress[]) {
    this.#servers = servers;
  }

  /** The server that the connection is to, or that is tried next. */
  get server(): ServerAddress {
    return this.#servers[this.#at]!;
  }

  /** There is more than one server. */
  get hasOthers(): boolean {
    return this.#servers.length > 1;
  }

  /** There is a connection, a new one. */
  begin(): void {
    this.requests = new Requests();
    this.framer = new Framer();
    this.open = true;
    this.retryAt = Infinity;
  }

  /** There is none: the next server is tried at once, and after the last one all of them after a pause, a longer one each time. */
  tryLater(now: number, random: () => number): void {
    const servers = this.#servers.length, isRoundOver = ++this.#attempts % servers === 0;
    this.#at = (this.#at + 1) % servers;
    this.retryAt = isRoundOver ? now + reconnectDelay(PAUSES, this.#rounds++, random) : now;
  }

  /** The connection was a good one: the next attempt comes soon. */
  wasGood(): void {
    this.#attempts = this.#rounds = 0;
  }

  /** The user does not want to wait. */
  tryNow(now: number): void {
    if (!this.open && this.retryAt !== Infinity) this.retryAt = now;
  }
}
