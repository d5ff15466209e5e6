/**
 * The connection to the server. It reconnects after every failure, with growing delays and jitter so that a whole class
 * does not reconnect at the same moment. If the chat has several servers, it tries all of them before a delay grows. It reconnects at once when the machine wakes up or its network returns.
 * @module
 */
import { type Pauses, reconnectDelay } from "../jim/client/reconnect.ts";

const PAUSES: Pauses = { first: 500, longest: 20_000 };
/** Milliseconds of silence after which the page probes the server, and milliseconds that the server has to answer. */
const QUIET = 25_000, ANSWER = 8_000;
/** Milliseconds for the answer after the machine wakes up. */
const WOKEN = 3_000;
/**
 * A connection that has lasted so many milliseconds resets the delays. A server that is overloaded closes connections
 * at once, so an open socket alone does not count.
 */
const LASTING = 5_000;

/** The part of a WebSocket that a connection uses. */
export interface Socket {
  send(frame: string): void;
  close(): void;
}

/** The events of a socket. */
export interface SocketHandlers {
  onOpen(): void;
  onFrame(frame: string): void;
  onClose(): void;
}

/** The environment of a connection: sockets, a clock, random numbers. Tests pass their own. */
export interface ConnectionEnv {
  /** How many servers the chat has; 1 by default. */
  readonly servers?: number;
  /** @param server which of them, from 0 */
  open(handlers: SocketHandlers, server: number): Socket;
  /** Milliseconds of a monotonic clock; only differences count. */
  now(): number;
  /** From 0 up to 1. */
  random(): number;
  /** Calls `then` after so many milliseconds; the returned function cancels it. */
  after(ms: number, then: () => void): () => void;
}

/** The events of a connection. After `idle` the page must send something that the server answers. */
export type ConnectionEvent =
  | { on: "up" | "down" | "idle" }
  | { on: "frame"; frame: string }
  /** Waits before the next attempt; `at` is its time by the clock of the {@linkcode ConnectionEnv}. */
  | { on: "pause"; at: number };

/** A connection that reconnects until it is told to disconnect. */
export interface Connection {
  connect(): void;
  disconnect(): void;
  /** Lets the server close, so that frames under way arrive; closes after a timeout. */
  closeGracefully(): void;
  /** Closes the socket, and reconnects after a delay. */
  retry(): void;
  /** Sends a frame; it is lost while there is no connection. */
  send(frame: string): void;
  /**
   * Checks at once whether the connection still works, or reconnects: for a machine that has woken up or has its
   * network back.
   */
  checkNow(): void;
}

/**
 * Makes a connection that is not open yet.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const events: string[] = [], sent: string[] = [];
 * const open = (handlers: SocketHandlers) => {
 *   queueMicrotask(handlers.onOpen);
 *   return { send: (frame: string) => sent.push(frame), close: () => {} };
 * };
 * const env = { open, now: () => 0, random: () => 0, after: () => () => {} };
 * const connection = newConnection(env, ({ on }) => events.push(on));
 * connection.connect();
 * await Promise.resolve();
 * connection.send("{}");
 * assert.deepEqual([events, sent], [["up"], ["{}"]]);
 * ```
 */
export function newConnection(env: ConnectionEnv, emit: (event: ConnectionEvent) => void): Connection {
  return new ReconnectingConnection(env, emit);
}

class ReconnectingConnection implements Connection {
  readonly #env: ConnectionEnv;
  readonly #emit: (event: ConnectionEvent) => void;
  #isWanted = false;
  #isOpen = false;
  /** Which of the servers is connected, or is tried next. */
  #server = 0;
  /** Failed attempts since the last lasting connection. */
  #attempts = 0;
  #openedAt = 0;
  #socket: Socket | undefined;
  #stopWait = () => {};
  #stopWatch = () => {};

  constructor(env: ConnectionEnv, emit: (event: ConnectionEvent) => void) {
    this.#env = env;
    this.#emit = emit;
  }

  connect(): void {
    this.#isWanted = true;
    this.#attempts = 0;
    if (this.#socket === undefined) this.#dial();
  }

  disconnect(): void {
    this.#isWanted = false;
    this.#stopWait();
    this.#drop();
  }

  closeGracefully(): void {
    this.#isWanted = false;
    this.#stopWait();
    if (!this.#isOpen) return this.#drop();
    const closing = this.#detach();
    this.#env.after(ANSWER, () => closing?.close());
  }

  retry(): void {
    this.#drop();
    this.#emit({ on: "down" });
    this.#pause();
  }

  send(frame: string): void {
    if (this.#isOpen) this.#socket?.send(frame);
  }

  checkNow(): void {
    if (!this.#isWanted) return;
    if (this.#socket === undefined) this.#dial();
    else if (this.#isOpen) this.#probe(WOKEN);
  }

  #dial(): void {
    this.#stopWait();
    const socket = this.#env.open({
      onOpen: () => {
        if (this.#socket === socket) this.#onOpen();
      },
      onFrame: (frame) => {
        if (this.#socket === socket) this.#onFrame(frame);
      },
      onClose: () => {
        if (this.#socket === socket) this.retry();
      },
    }, this.#server);
    this.#socket = socket;
    // An attempt without a result must end too.
    this.#stopWatch = this.#env.after(ANSWER, () => this.retry());
  }

  #onOpen(): void {
    this.#isOpen = true;
    this.#openedAt = this.#env.now();
    this.#watch();
    this.#emit({ on: "up" });
  }

  #onFrame(frame: string): void {
    if (this.#env.now() - this.#openedAt >= LASTING) this.#attempts = 0;
    this.#watch();
    this.#emit({ on: "frame", frame });
  }

  #drop(): void {
    this.#detach()?.close();
  }

  /** Drops the socket: its later events are ignored. */
  #detach(): Socket | undefined {
    const socket = this.#socket;
    this.#socket = undefined;
    this.#isOpen = false;
    this.#stopWatch();
    return socket;
  }

  #pause(): void {
    if (!this.#isWanted || this.#socket !== undefined) return;
    const { servers = 1, random } = this.#env, rounds = Math.floor(this.#attempts++ / servers);
    this.#server = (this.#server + 1) % servers;
    const ms = reconnectDelay(PAUSES, rounds, random);
    this.#stopWait();
    this.#stopWait = this.#env.after(ms, () => this.#dial());
    this.#emit({ on: "pause", at: this.#env.now() + ms });
  }

  #watch(): void {
    this.#stopWatch();
    this.#stopWatch = this.#env.after(QUIET, () => this.#probe(ANSWER));
  }

  /** Lets the page ask the server something, and waits so many milliseconds for the answer. */
  #probe(ms: number): void {
    this.#stopWatch();
    this.#stopWatch = this.#env.after(ms, () => this.retry());
    this.#emit({ on: "idle" });
  }
}
