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
export interface Wire {
  send(frame: string): void;
  close(): void;
}

/** What a wire tells. */
export interface Hearer {
  opened(): void;
  heard(frame: string): void;
  closed(): void;
}

/** What the link needs of the world; a test brings its own. */
export interface World {
  open(hearer: Hearer): Wire;
  /** Milliseconds of a clock that never jumps; only differences count. */
  now(): number;
  /** From 0 up to 1. */
  random(): number;
  /** Calls later, unless the returned function is called before. */
  after(ms: number, then: () => void): () => void;
}

/** What the link tells: `quiet` asks for something that the server must answer. */
export type Told =
  | { on: "up" | "down" | "quiet" }
  | { on: "frame"; frame: string }
  /** Between two attempts; `at` is when the next will be made, by the clock of the {@linkcode World}. */
  | { on: "pause"; at: number };

/** A connection that is wanted or not. */
export interface Link {
  connect(): void;
  disconnect(): void;
  /** Leaves the closing to the server, so that frames on their way arrive; closes by itself after a while. */
  finish(): void;
  /** Drops the connection, and makes it anew after a pause. */
  retry(): void;
  /** Sends a frame; it is lost while there is no connection. */
  say(frame: string): void;
  /** The machine has woken, or has a network again: looks at once whether the connection still stands. */
  wake(): void;
}

/**
 * A link, not wanted yet.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const told: string[] = [], sent: string[] = [];
 * const open = (hearer: Hearer) => {
 *   queueMicrotask(hearer.opened);
 *   return { send: (frame: string) => sent.push(frame), close: () => {} };
 * };
 * const world = { open, now: () => 0, random: () => 0, after: () => () => {} };
 * const link = newLink(world, ({ on }) => told.push(on));
 * link.connect();
 * await Promise.resolve();
 * link.say("{}");
 * assert.deepEqual([told, sent], [["up"], ["{}"]]);
 * ```
 */
export function newLink(world: World, tell: (told: Told) => void): Link {
  let wanted = false, open = false, attempts = 0, opened = 0;
  let wire: Wire | undefined;
  let stopWait = () => {}, stopWatch = () => {};

  return {
    connect() {
      wanted = true;
      attempts = 0;
      if (wire === undefined) dial();
    },
    disconnect() {
      wanted = false;
      stopWait();
      drop();
    },
    finish() {
      wanted = false;
      stopWait();
      if (!open) return drop();
      const parting = detach();
      world.after(ANSWER, () => parting?.close());
    },
    retry() {
      drop();
      tell({ on: "down" });
      pause();
    },
    say(frame) {
      if (open) wire?.send(frame);
    },
    wake() {
      if (!wanted) return;
      if (wire === undefined) dial();
      else if (open) ask(WOKEN);
    },
  };

  function dial(): void {
    stopWait();
    const mine = world.open({
      opened() {
        if (wire !== mine) return;
        open = true;
        opened = world.now();
        watch();
        tell({ on: "up" });
      },
      heard(frame) {
        if (wire !== mine) return;
        if (world.now() - opened >= LASTING) attempts = 0;
        watch();
        tell({ on: "frame", frame });
      },
      closed() {
        if (wire !== mine) return;
        drop();
        tell({ on: "down" });
        pause();
      },
    });
    wire = mine;
    // An attempt that comes to nothing must end too.
    stopWatch = world.after(ANSWER, giveUp);
  }

  function drop(): void {
    detach()?.close();
  }

  /** Forgets the wire: its later events are ignored. */
  function detach(): Wire | undefined {
    const old = wire;
    wire = undefined;
    open = false;
    stopWatch();
    return old;
  }

  function pause(): void {
    if (!wanted || wire !== undefined) return;
    const ms = reconnectDelay(PAUSES, attempts++, world.random);
    stopWait();
    stopWait = world.after(ms, dial);
    tell({ on: "pause", at: world.now() + ms });
  }

  function watch(): void {
    stopWatch();
    stopWatch = world.after(QUIET, () => ask(ANSWER));
  }

  function ask(ms: number): void {
    stopWatch();
    stopWatch = world.after(ms, giveUp);
    tell({ on: "quiet" });
  }

  function giveUp(): void {
    drop();
    tell({ on: "down" });
    pause();
  }
}
