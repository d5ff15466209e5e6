/**
 * The server: one loop with one await, as select(2) would have it.
 *
 *     wait ──> handle each event ──> commit ──> deliver ──> write ──> wait
 *              (bytes → objects →    (once)     (into       (one per
 *               messages → notes)                outboxes)   connection)
 *
 * Handlers are synchronous, never throw for bad input, and only note what is to be said. A network failure is an event
 * like any other. What throws is a bug, and ends the program loudly.
 */
import { explain, type Fault, type Limits, ok, parse, plain, quoteBytes, type Refusal, refuse } from "../jim/mod.ts";
import { logger } from "../log/mod.ts";
import type { Select } from "../select/mod.ts";
import { Alarm } from "./alarm.ts";
import { act } from "./chat/actions.ts";
import { Chat } from "./chat/chat.ts";
import { Connection, type Socket, type Sources } from "./connection.ts";
import type { Ids } from "./ids.ts";
import { Bucket, type Pace } from "./pacing.ts";
import { Turn } from "./turn.ts";

/** What the server waits for. */
export type Event =
  | { kind: "accepted"; socket: Socket }
  | { kind: "refused"; error: Error }
  | { kind: "received"; connection: Connection }
  | { kind: "written"; connection: Connection }
  | { kind: "rang" }
  | { kind: "stop" };

/** Where connections come from: `Deno.listen` makes one. */
export interface Listener {
  accept(): Promise<Socket>;
  close(): void;
}

/** How a server behaves. */
export interface Conduct {
  readonly limits: Limits;
  readonly pace: Pace;
  /** Bytes that one reader may be owed before it is dropped. */
  readonly outbox: number;
  /** Milliseconds between two objects to a bare peer. */
  readonly bareGap: number;
}

/** The world outside, for tests to replace. */
export interface World {
  readonly select: Select<Event>;
  readonly ids: Ids;
  /** Milliseconds since 1970. */
  readonly wall: () => number;
  /** Milliseconds that never go back. */
  readonly now: () => number;
}

/** Relays noted in one turn before the rest of its events wait for the next: readers must get a chance to read. */
const TURN_BYTES = 256 * 1024;
/** A peer that goes has this long to read what it is owed, and then to close. */
const DRAIN = 5_000;
/** When the server stops and all is written, nobody waits longer than this for a peer to close. */
const LINGER = 500;
/** How long after its presence a bare program of a family whose writers do not listen may show that it is a writer. */
const BARE_HOLD = 2_000;
/** After a failed accept (no file descriptor is left, say). */
const ACCEPT_AGAIN = 100;

const DEAF =
  "a program that writes without newlines gets answers and no relays; end objects with a newline to get both";

const { info, debug, warning, enabled } = logger("server/serve");

/** Serves until an event `stop` has come and all has been said. */
export async function serve(listener: Listener, conduct: Conduct, world: World): Promise<void> {
  const { select, wall, now } = world;
  const { limits, pace, outbox, bareGap } = conduct;
  const chat = new Chat<Connection>();
  const turn = new Turn(world.ids, limits, DEAF);
  const scene = { chat, voice: turn, now: 0 };
  const connections = new Set<Connection>();
  /** Those that wait for a moment of the clock: a gap, a token, a deadline. */
  const waiting = new Set<Connection>();
  const alarm = new Alarm(now, () => select.post({ kind: "rang" }));
  let stopping = false;
  let acceptAt = Infinity;
  let failing = false;
  let unsent = 0;

  const accepts = select.source<Socket>(
    (socket) => ({ kind: "accepted", socket }),
    (error) => ({ kind: "refused", error: asError(error) }),
  );
  const sources: Sources = {
    reads(connection) {
      const event: Event = { kind: "received", connection };
      return select.source(
        (count) => (connection.read = count, event),
        (error) => (connection.read = asError(error), event),
      );
    },
    writes(connection) {
      const event: Event = { kind: "written", connection };
      return select.source((count) => {
        const rest = connection.writing!.length - count;
        connection.writing = rest === 0 ? undefined : connection.writing!.subarray(count);
        // Nothing more to do for it, as for most readers of a broadcast: no event at all.
        const idle = rest === 0 && connection.leaving === "no" && !connection.bare && connection.outbox.bytes === 0;
        return idle ? undefined : event;
      }, (error) => (connection.failed = asError(error), event));
    },
  };

  accepts.arm(listener.accept());
  for (;;) {
    const batch = await select.wait();
    turn.now = scene.now = Math.floor(wall() / 1000);
    let done = 0;
    while (done < batch.length && turn.bytes < TURN_BYTES) handle(batch[done++]!);
    if (done < batch.length) postpone(batch.slice(done));
    for (const connection of turn.deliver()) flush(connection);
    if (stopping && connections.size === 0) break;
  }
  alarm.off();
  accepts.close();
  info("serve", `stopped; ${unsent} bytes could not be sent to those who were still here`);

  function handle(event: Event): void {
    switch (event.kind) {
      case "received":
        return onReceived(event.connection);
      case "written":
        return onWritten(event.connection);
      case "accepted":
        return onAccepted(event.socket);
      case "refused":
        return onRefused(event.error);
      case "rang":
        return onRang();
      case "stop":
        return onStop();
    }
  }

  /** Through the timers' queue, not the microtasks': writes must get a chance to settle in between. */
  function postpone(events: readonly Event[]): void {
    setTimeout(() => events.forEach((event) => select.post(event)), 0);
  }

  function onAccepted(socket: Socket): void {
    if (stopping) return socket.close(); // it came in the very batch of the stop
    failing = false;
    socket.setNoDelay(); // an answer is small and must not wait for more
    socket.setKeepAlive(); // finds the dead, without a word that a bare program would not understand
    const connection = new Connection(socket, address(socket.remoteAddr), limits, new Bucket(pace), sources);
    connections.add(connection);
    info("onAccepted", `${connection.address} connected, ${connections.size} in all`);
    listen(connection);
    accepts.arm(listener.accept());
  }

  function onRefused(error: Error): void {
    if (stopping) return;
    if (!failing) warning("onRefused", `Cannot accept a connection: ${error.message}; trying again`);
    failing = true;
    alarm.by(acceptAt = now() + ACCEPT_AGAIN);
  }

  function onReceived(connection: Connection): void {
    const { read, leaving } = connection;
    if (leaving === "gone") return;
    if (read instanceof Error) return close(connection, `reset by the peer (${read.message})`);
    if (read === null) return onEnd(connection);
    if (leaving !== "no") return listen(connection); // read away, unheard
    connection.framer.wrote(read);
    hear(connection);
  }

  /** Takes whole objects out of what has come, as many as the connection's pace allows, and then reads on. */
  function hear(connection: Connection): void {
    const { framer, pace } = connection;
    const moment = now();
    while (connection.leaving === "no") {
      connection.paused = pace.isEmpty(moment);
      if (connection.paused) return wait(connection, moment + pace.wait);
      const found = framer.next(connection.known);
      if (connection.bare !== connection.wasBare) becomeLine(connection);
      if (found === undefined) break;
      pace.spend();
      if (typeof found === "string") onFault(connection, found);
      else if (framer.known) {
        turn.toAllAsItIs(connection, found);
        if (enabled("debug")) debug("hear", `${who(connection)} to all: ${quoteBytes(found)}`);
      } else onObject(connection, found);
    }
    listen(connection);
  }

  /** The first newline behind an object: full speed from here on, and nothing is guessed about the peer any more. */
  function becomeLine(connection: Connection): void {
    connection.wasBare = false;
    connection.dialect = plain;
    turn.release(connection);
    turn.arrived(connection);
  }

  function onObject(connection: Connection, object: Uint8Array): void {
    const parsed = parse(object, { limits, bare: connection.bare });
    if ("refusal" in parsed) return refused(connection, parsed.refusal);
    if (parsed.dialect !== undefined && parsed.dialect !== connection.dialect) {
      connection.dialect = parsed.dialect;
      turn.arrived(connection);
    }
    if (parsed.message.action === "presence") hold(connection);
    if (enabled("debug")) debug("onObject", `${who(connection)}: ${quoteBytes(object)}`);
    act(scene, connection, parsed.message);
  }

  /**
   * A home-made reader and a home-made writer say the same presence, and a relay that reaches the writer before its own
   * first message kills it. So for a moment nothing is relayed to either; nothing is lost to the one that only reads.
   */
  function hold(connection: Connection): void {
    if (!connection.bare || connection.dialect.writersListen || connection.name !== undefined) return;
    wait(connection, connection.holdEnds = now() + BARE_HOLD);
  }

  function onFault(connection: Connection, fault: Fault): void {
    const limit = fault === "deep" ? limits.depth : limits.objectBytes;
    refused(connection, refuse(fault, { limit, got: quoteBytes(connection.framer.excerpt) }));
    if (fault === "endless") depart(connection, "sent an object without end");
  }

  function refused(connection: Connection, refusal: Refusal): void {
    info("refused", `${who(connection)}: ${refusal.code} ${explain(refusal)}`);
    turn.refuse(connection, refusal);
  }

  /** The peer has ended its stream: its requests are answered, what it is owed is written, and then it is closed. */
  function onEnd(connection: Connection): void {
    connection.ended = true;
    if (connection.leaving === "lingering") return close(connection, "closed");
    if (connection.framer.pending > 0) {
      info("onEnd", `${who(connection)} ended in the middle of an object; ${connection.framer.pending} bytes are lost`);
    }
    depart(connection, "ended its stream");
  }

  /** Nothing of it is heard any more, and nothing new is relayed to it. */
  function depart(connection: Connection, why: string): void {
    if (connection.leaving !== "no") return;
    connection.leaving = "draining";
    chat.leave(connection);
    debug("depart", () => `${who(connection)} ${why}`);
    turn.arrived(connection);
    turn.touch(connection);
    wait(connection, connection.deadline = now() + DRAIN);
    if (!connection.ended) listen(connection);
  }

  function onWritten(connection: Connection): void {
    if (connection.leaving === "gone") return;
    if (connection.failed !== undefined) {
      return close(connection, `cannot be written to (${connection.failed.message})`);
    }
    if (connection.writing === undefined && connection.bare) connection.gapEnds = now() + bareGap;
    turn.touch(connection);
  }

  /** Starts the next write, if none is in flight. */
  function flush(connection: Connection): void {
    connection.dirty = false;
    if (connection.leaving === "gone") return;
    if (connection.owed > outbox) {
      return close(connection, `dropped: it reads too slowly and was owed ${connection.owed} bytes, over ${outbox}`);
    }
    if (connection.leaving === "draining" && connection.deadline === 0) {
      wait(connection, connection.deadline = now() + DRAIN);
    }
    if (connection.writes.armed) return;
    connection.writing ??= next(connection);
    if (connection.writing !== undefined) connection.writes.arm(connection.socket.write(connection.writing));
    else if (connection.leaving === "draining" && connection.outbox.bytes === 0) finish(connection);
  }

  /** What the next write carries; nothing yet for a bare peer whose gap is not over. */
  function next(connection: Connection): Uint8Array | undefined {
    if (!connection.bare) return connection.outbox.take();
    if (connection.outbox.bytes === 0) return undefined;
    if (now() >= connection.gapEnds) return connection.outbox.takeWhole();
    wait(connection, connection.gapEnds);
    return undefined;
  }

  /** All is written. Whoever has ended its stream is closed; another is told that we have, and may still be reading. */
  function finish(connection: Connection): void {
    if (connection.ended) return close(connection, "closed");
    connection.leaving = "lingering";
    if (stopping) wait(connection, connection.deadline = Math.min(connection.deadline, now() + LINGER));
    connection.socket.closeWrite().catch(() => {}); // it is gone already, and its read will say so
  }

  function wait(connection: Connection, until: number): void {
    waiting.add(connection);
    alarm.by(until);
  }

  function onRang(): void {
    const moment = now();
    if (moment >= acceptAt) {
      acceptAt = Infinity;
      if (!stopping) accepts.arm(listener.accept());
    }
    for (const connection of [...waiting]) {
      waiting.delete(connection);
      if (connection.leaving === "gone") continue;
      if (connection.leaving !== "no") {
        if (moment >= connection.deadline) close(connection, `closed, having had ${DRAIN / 1000} s to read and to go`);
        else wait(connection, connection.deadline);
      } else {
        if (connection.holdEnds > 0) {
          if (moment >= connection.holdEnds) turn.release(connection);
          else wait(connection, connection.holdEnds);
        }
        if (connection.paused) hear(connection);
      }
      turn.touch(connection);
    }
  }

  function onStop(): void {
    if (stopping) return;
    stopping = true;
    info("onStop", `stopping, ${connections.size} connections are told`);
    listener.close();
    for (const connection of connections) {
      // A bare listener would take the notice for a message and die of it: it gets the end of the stream.
      if (!connection.bare && connection.leaving === "no") {
        turn.answer(connection, ok(turn.now, 100, "the server is stopping"));
      }
      depart(connection, "is told that the server stops");
    }
  }

  function listen(connection: Connection): void {
    if (connection.reads.armed || connection.ended) return;
    const space = connection.framer.space();
    connection.reads.arm(connection.socket.read(space));
  }

  function close(connection: Connection, why: string): void {
    const { owed } = connection;
    info("close", `${who(connection)} ${why}${owed > 0 ? `, ${owed} bytes not sent` : ""}`);
    if (stopping) unsent += owed;
    connection.leaving = "gone";
    turn.arrived(connection);
    chat.leave(connection);
    connection.reads.close();
    connection.writes.close();
    connection.outbox.clear();
    connections.delete(connection);
    waiting.delete(connection);
    try {
      connection.socket.close();
    } catch (error) {
      if (!(error instanceof Deno.errors.BadResource)) throw error;
    }
  }
}

function who({ name, address }: Connection): string {
  return name === undefined ? address : `${JSON.stringify(name)} (${address})`;
}

/** An IPv4 peer of a listener for both looks like `::ffff:10.0.0.7`; people know it as `10.0.0.7`. */
function address({ hostname, port }: Deno.NetAddr): string {
  const plain = hostname.replace(/^::ffff:(?=\d+\.)/, "");
  return plain.includes(":") ? `[${plain}]:${port}` : `${plain}:${port}`;
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
