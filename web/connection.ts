/**
 * The connection to the server, over every break: it is made anew, with growing pauses and jitter so that a class does not
 * come back in one instant, and at once when the machine wakes or its network returns. What the objects mean is the
 * model's matter.
 * @module
 */
import { type Pauses, reconnectDelay } from "../client/protocol/reconnect.ts";

const PAUSES: Pauses = { first: 500, longest: 20_000 };
/** After this much silence the server is asked whether it is there, and so long it has to say something. */
const QUIET = 25_000, ANSWER = 8_000;
/** Who has just woken does not wait as long. */
const WOKEN = 3_000;
/** A connection that has stood so long ends the growing of the pauses: others are told to come again as soon as they come. */
const LASTING = 5_000;

/** What a WebSocket does, as far as it is needed. */
export interface Socket {
  send(frame: string): void;
  close(): void;
}

/** What a socket tells. */
export interface SocketHandlers {
  onOpen(): void;
  onFrame(frame: string): void;
  onClose(): void;
}

/** What the link needs of the env; a test brings its own. */
export interface ConnectionEnv {
  open(handlers: SocketHandlers): Socket;
  /** Milliseconds of a clock that never jumps; only differences count. */
  now(): number;
  /** From 0 up to 1. */
  random(): number;
  /** Calls later, unless the returned function is called before. */
  after(ms: number, then: () => void): () => void;
}

/** What the link tells: `quiet` asks for something that the server must answer. */
export type ConnectionEvent =
  | { on: "up" | "down" | "idle" }
  | { on: "frame"; frame: string }
  /** Between two attempts; `at` is when the next will be made, by the clock of the {@linkcode ConnectionEnv}. */
  | { on: "pause"; at: number };

/** A connection that is wanted or not. */
export interface Connection {
  connect(): void;
  disconnect(): void;
  /** Leaves the closing to the server, so that frames on their way arrive; closes by itself after a while. */
  closeGracefully(): void;
  /** Drops the connection, and makes it anew after a pause. */
  retry(): void;
  /** Sends a frame; it is lost while there is no connection. */
  send(frame: string): void;
  /** The machine has woken, or has a network again: looks at once whether the connection still stands. */
  checkNow(): void;
}

/**
 * A link, not wanted yet.
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
    // An attempt that comes to nothing must end too.
    stopWatch = env.after(ANSWER, giveUp);
  }

  function drop(): void {
    detach()?.close();
  }

  /** Forgets the socket: its later events are ignored. */
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
