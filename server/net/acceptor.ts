/** Takes in connections that the system has ready: a few at a time, and after a failure again a little later. */
import { logger } from "../../log/mod.ts";
import type { Source } from "../../select/mod.ts";
import type { Timer } from "./timer.ts";
import { closeSocket, isPeerGone, type Socket } from "./connection.ts";
import type { Listener } from "./listener.ts";
import type { Meter } from "../net/meter.ts";

/**
 * Accepts in a row, and milliseconds until the next ones. Without a pause 4,096 connections that wait to be accepted keep
 * every message waiting for a second or two. `setImmediate` is none: the runtime does not look at the network for it.
 */
const ACCEPTS = 8, ACCEPT_PAUSE = 1;
/** After a failed accept (no file descriptor is left, say). */
const ACCEPT_RETRY = 100;
/** After so long without one, a failed accept is worth a line in the log again. */
const QUIET = 60_000;
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
  /** When the next accept follows a failed one. */
  #retryAt = Infinity;
  /** When a connection could last not be accepted. */
  #failedAt = -Infinity;
  #stopped = false;

  constructor(listener: Listener, accepts: Source<Socket>, timer: Timer, now: () => number, meter: Meter) {
    this.#listener = listener;
    this.#accepts = accepts;
    this.#timer = timer;
    this.#now = now;
    this.#meter = meter;
  }

  /** Waits for the next connection. */
  accept(): void {
    if (!this.#stopped) this.#accepts.arm(this.#accepting = this.#listener.accept());
  }

  /** Connections that wait to be accepted are ready at once, before any read: after a few there is a pause for the others. */
  handleAccepted(): void {
    if (++this.#accepted % ACCEPTS !== 0) this.accept();
    else if (!this.#stopped) this.#pause = setTimeout(() => this.accept(), ACCEPT_PAUSE);
  }

  handleFailure(error: Error): void {
    if (this.#stopped) return;
    if (isPeerGone(error)) return this.handleAccepted();
    const moment = this.#now();
    if (moment - this.#failedAt >= QUIET) {
      warning("onRefused", `Cannot accept a connection: ${error.message}; trying again`);
    }
    this.#failedAt = moment;
    this.#meter.acceptFailures++;
    this.#timer.scheduleAt(this.#retryAt = moment + ACCEPT_RETRY);
  }

  /** The timer has rung; a timer may ring a moment early. */
  handleTimer(): void {
    if (this.#now() < this.#retryAt) return this.#timer.scheduleAt(this.#retryAt);
    this.#retryAt = Infinity;
    this.accept();
  }

  /** There are no more connections. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#pause);
    this.#listener.close();
  }

  /** A connection that was accepted in the last moment has had no turn: its peer would wait for ever. */
  close(): void {
    this.#accepts.close();
    this.#accepting?.then(closeSocket, () => {});
  }
}
