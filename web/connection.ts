/**
 * The connection to the server. It reconnects after every failure, with growing delays and jitter so that a whole class
 * does not reconnect at the same moment. It reconnects at once when the machine wakes up or its network returns.
 * @module
 */
import { type Pauses, reconnectDelay } from "../client/protocol/reconnect.ts";

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
  open(handlers: SocketHandlers): Socket;
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
  let wanted = false, open = false, attempts = 0, opened = 0;
  let socket: Socket | undefined;
  let stopWait = () => {}, stopWatch = () => {};

  return {
    connect() {
      wanted = true;
      attempts = 0;
      if (socket === undefined) dial();
    },
    disconnect() {
      wanted = false;
      stopWait();
      drop();
    },
    closeGracefully() {
      wanted = false;
      stopWait();
      if (!open) return drop();
      const closing = detach();
      env.after(ANSWER, () => closing?.close());
    },
    retry() {
      drop();
      emit({ on: "down" });
      pause();
    },
    send(frame) {
      if (open) socket?.send(frame);
    },
    checkNow() {
      if (!wanted) return;
      if (socket === undefined) dial();
      else if (open) ask(WOKEN);
    },
  };

  function dial(): void {
    stopWait();
    const mine = env.open({
      onOpen() {
        if (socket !== mine) return;
        open = true;
        opened = env.now();
        watch();
        emit({ on: "up" });
      },
      onFrame(frame) {
        if (socket !== mine) return;
        if (env.now() - opened >= LASTING) attempts = 0;
        watch();
        emit({ on: "frame", frame });
      },
      onClose() {
        if (socket !== mine) return;
        drop();
        emit({ on: "down" });
        pause();
      },
    });
    socket = mine;
    // An attempt without a result must end too.
    stopWatch = env.after(ANSWER, giveUp);
  }

  function drop(): void {
    detach()?.close();
  }

  /** Drops the socket: its later events are ignored. */
  function detach(): Socket | undefined {
    const old = socket;
    socket = undefined;
    open = false;
    stopWatch();
    return old;
  }

  function pause(): void {
    if (!wanted || socket !== undefined) return;
    const ms = reconnectDelay(PAUSES, attempts++, env.random);
    stopWait();
    stopWait = env.after(ms, dial);
    emit({ on: "pause", at: env.now() + ms });
  }

  function watch(): void {
    stopWatch();
    stopWatch = env.after(QUIET, () => ask(ANSWER));
  }

  function ask(ms: number): void {
    stopWatch();
    stopWatch = env.after(ms, giveUp);
    emit({ on: "idle" });
  }

  function giveUp(): void {
    drop();
    emit({ on: "down" });
    pause();
  }
}
