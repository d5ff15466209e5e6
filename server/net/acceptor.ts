/** Accepts connections: a few at a time, and after a failure again a little later. */
import { logger } from "../../log/mod.ts";
import type { Source } from "../../select/mod.ts";
import type { Timer } from "./timer.ts";
import { closeSocket, isPeerGone, type Socket } from "./connection.ts";
import type { Listener } from "./listener.ts";
import type { Meter } from "./meter.ts";

/**
 * Accepts in a row, and milliseconds until the next ones. Without a pause, a backlog of 4,096 connections delays
 * every message by a second or two. `setImmediate` is no pause: the runtime does not poll the network for it.
 */
const ACCEPTS = 8, ACCEPT_PAUSE = 1;
/** Milliseconds after a failed accept, for example without file descriptors. */
export const ACCEPT_RETRY = 100;
/** Milliseconds without a failure after which the next one is logged again. */
export const ACCEPT_QUIET = 60_000;
const { warning } = logger("server/serve");

export class Acceptor {
  readonly #listener: Listener;
  readonly #accepts: Source<Socket>;
  readonly #timer: Timer;
  readonly #now: () => number;
  readonly #meter: Meter;
  #accepted = 0;
  #accepting: Promise<Socket> | undefined;
  #pause: ReturnType<typeof setTimeout> | undefined;
  /** When to accept again after a failure. */
  #retryAt = Infinity;
  /** When the last accept failed. */
  #failedAt = -Infinity;
  #stopped = false;

  constructor(listener: Listener, accepts: Source<Socket>, timer: Timer, now: () => number, meter: Meter) {
    this.#listener = listener;
    this.#accepts = accepts;
    this.#timer = timer;
    this.#now = now;
    this.#meter = meter;
  }

  /** Starts the next accept. */
  accept(): void {
    if (!this.#stopped) this.#accepts.arm(this.#accepting = this.#listener.accept());
  }

  /** A backlog is ready before any read: after a few accepts there is a pause for other events. */
  handleAccepted(): void {
    if (++this.#accepted % ACCEPTS !== 0) this.accept();
    else if (!this.#stopped) this.#pause = setTimeout(() => this.accept(), ACCEPT_PAUSE);
  }

  handleFailure(error: Error): void {
    if (this.#stopped) return;
    if (isPeerGone(error)) return this.handleAccepted();
    const moment = this.#now();
    if (moment - this.#failedAt >= ACCEPT_QUIET) {
      warning("onRefused", `Cannot accept a connection: ${error.message}; trying again`);
    }
    this.#failedAt = moment;
    this.#meter.acceptFailures++;
    this.#timer.scheduleAt(this.#retryAt = moment + ACCEPT_RETRY);
  }

  /** The timer is due; it may fire a moment early. */
  handleTimer(): void {
    if (this.#now() < this.#retryAt) return this.#timer.scheduleAt(this.#retryAt);
    this.#retryAt = Infinity;
    this.accept();
  }

  /** Accepts no more. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#pause);
    this.#listener.close();
  }

  /** Closes a connection that was accepted in the last moment: its peer would wait forever. */
  close(): void {
    this.#accepts.close();
    this.#accepting?.then(closeSocket, () => {});
  }
}
