/**
 * The connection of a chat, which may have many of them in turn: what is asked and read on the present one, or when to try
 * for the next, and at which server. It holds no socket; the loop does.
 * @module
 */
import { Framer } from "../frame.ts";
import { Requests } from "./requests.ts";
import { type Pauses, reconnectDelay } from "./reconnect.ts";

const PAUSES: Pauses = { first: 1_000, longest: 30_000 };
/** Milliseconds that a server which stops has to answer what was asked, and to close. */
const LEAVE = 5_000;
/** Milliseconds after which a connection that breaks was a good one, and the next is tried soon. */
const GOOD = 10_000;
/** Milliseconds of silence after which Hanita is asked whether it is there. */
const SILENCE = 75_000;

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
export class Link<Server> {
  /** There is a connection, and there should be. */
  open = false;
  /** When to connect; `Infinity` for not at all. */
  retryAt = Infinity;
  /** What is to be sent on the connection that there is. */
  requests = new Requests();
  /** Bytes from the server are read into it. */
  framer = new Framer();
  /** When a connection that is left is given up; `Infinity` if it is not left. */
  leaveBy = Infinity;
  readonly #servers: readonly Server[];
  readonly #pauses: Pauses;
  /** Which of the servers the connection is to, or the next attempt. */
  #at = 0;
  /** Times in a row that there was no connection, and rounds of all servers in which there was none. */
  #attempts = 0;
  #rounds = 0;

  /** @param servers at least one; several are of one chat, in the order in which they are tried */
  constructor(servers: readonly Server[], pauses: Pauses = PAUSES) {
    this.#servers = servers;
    this.#pauses = pauses;
  }

  /** The server that the connection is to, or that is tried next. */
  get server(): Server {
    return this.#servers[this.#at]!;
  }

  /** There is more than one server. */
  get hasOthers(): boolean {
    return this.#servers.length > 1;
  }

  /** The server that is tried when the connection is lost, if there is more than one. */
  get next(): Server | undefined {
    return this.hasOthers ? this.#servers[(this.#at + 1) % this.#servers.length] : undefined;
  }

  /** The server has said that it stops. */
  get isLeaving(): boolean {
    return this.leaveBy !== Infinity;
  }

  /** All is answered on a connection that is left: this side may be closed. The other side ends it when all is read. */
  get isLeft(): boolean {
    return this.open && this.isLeaving && this.requests.isAnswered;
  }

  /** The server stops: nothing more is sent to it. */
  leave(now: number): void {
    this.requests.hold();
    this.leaveBy = Math.min(this.leaveBy, now + LEAVE);
  }

  /** There is a connection, a new one. */
  begin(): void {
    this.leaveBy = Infinity;
    this.requests = new Requests();
    this.framer = new Framer();
    this.open = true;
    this.retryAt = Infinity;
  }

  /**
   * There is none: the next server is tried at once, and after the last one all of them after a pause, a longer one each time.
   *
   * @returns whether it was the last one
   */
  tryLater(now: number, random: () => number): boolean {
    const servers = this.#servers.length, isRoundOver = ++this.#attempts % servers === 0;
    this.#at = (this.#at + 1) % servers;
    this.retryAt = isRoundOver ? now + reconnectDelay(this.#pauses, this.#rounds++, random) : now;
    return isRoundOver;
  }

  /** A connection has broken that was of use since then. If it was a good one, the next attempt comes soon. */
  wasGood(since: number, now: number): void {
    if (now - since > GOOD) this.#attempts = this.#rounds = 0;
  }

  /** When to ask a server that is silent whether it is there. */
  get probeAt(): number {
    return this.isLeaving ? Infinity : this.requests.receivedAt + SILENCE;
  }

  /** The user does not want to wait. */
  tryNow(now: number): void {
    if (!this.open && this.retryAt !== Infinity) this.retryAt = now;
  }
}
