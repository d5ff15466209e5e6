/**
 * Periodic work of the server, each second: journal maintenance, records of other processes, delivery cursors, slow
 * readers, time limits, probes, empty rooms, expired session tokens, and the reports to inspectors.
 */
import { ClockMonitor, logger } from "../log/mod.ts";
import type { Chat } from "./chat/chat.ts";
import { endRecord, useRecord } from "./chat/session_tokens.ts";
import type { Connection } from "./net/connection.ts";
import type { DeliveryCursors } from "./delivery_cursors.ts";
import type { ServerEffects } from "./effects.ts";
import type { JournalGuard } from "./journal_guard.ts";
import type { Trace } from "./observe/trace.ts";
import type { ConnectionManager } from "./net/connection_manager.ts";
import type { FileAccess } from "./uploads/access.ts";
import type { OutputBatch } from "./net/output_batch.ts";

const { info } = logger("server/maintenance");

/** Its times, which may change while the server runs. */
export interface MaintenanceTimes {
  /** Milliseconds of silence after which a connection is probed. */
  readonly probeAfter: number;
  /** Milliseconds after which a room without members is removed; 0: never. */
  readonly emptyRooms: number;
}

/** The parts that it maintains. */
interface Deps {
  readonly guard: JournalGuard;
  readonly connectionManager: ConnectionManager;
  readonly batch: OutputBatch;
  readonly chat: Chat<Connection>;
  readonly cursors: DeliveryCursors;
  readonly trace: Trace;
  readonly effects: ServerEffects;
  readonly times: MaintenanceTimes;
  /** The files of the chat, if it has any. */
  readonly files: FileAccess | undefined;
  /** Milliseconds that never go back. */
  readonly now: () => number;
  /** Applies records of other processes, unless that was done less than `age` milliseconds ago. */
  poll(age: number): void;
  /** Whether a batch is under way: what it has not returned is not proposed again. */
  isLate(): boolean;
  /**
   * Posts an event, after which the loop calls {@linkcode Maintenance.runRound} or {@linkcode Maintenance.maintain}.
   */
  postEvent(what: "maintenance" | "maintain"): void;
}

/** Milliseconds between two rounds. */
const ROUND = 1_000;
/** Milliseconds of one slice of journal maintenance. */
const SLICE = 2;
/**
 * The pause after a slice, in multiples of its duration. So the journal gets a twentieth of the loop at most, for
 * 30,000 messages a second. A longer slice while the loop seems idle was tried: few long turns look idle too, and it
 * made them longer.
 */
const PAUSE = 19;

/** Milliseconds for which polled accounts are recent enough for a turn. A poll takes about 5 µs. */
const FRESH = 20;

/** Milliseconds between two searches for empty rooms, at most: each goes through all rooms. */
const SWEEP = 60_000;

/** Milliseconds between two searches for expired session tokens. */
const TOKENS = 60_000;

export class Maintenance {
  readonly #deps: Deps;
  #next: ReturnType<typeof setTimeout>;
  #maintaining: ReturnType<typeof setTimeout> | undefined;
  #probeAt = 0;
  #sweepAt = 0;
  #tokensAt = 0;
  readonly #clock: ClockMonitor;

  constructor(deps: Deps) {
    this.#deps = deps;
    this.#clock = new ClockMonitor({ wall: () => 1_000 * deps.batch.now, now: deps.now });
    this.#next = this.#nextRound();
  }

  /**
   * Applies records of other processes before the events of a turn. A poll before each message would take longer than
   * the message.
   */
  startTurn(): void {
    this.#deps.poll(FRESH);
  }

  /**
   * Runs one round.
   *
   * @param delivered the last id that is in outboxes
   */
  runRound(delivered: number): void {
    const { guard, connectionManager, chat, cursors, trace, now, effects, files, poll, isLate } = this.#deps;
    clearTimeout(this.#next);
    this.#next = this.#nextRound();
    this.maintain();
    poll(0);
    if (!isLate()) {
      effects.record(cursors.propose(connectionManager.connections, delivered));
      effects.record(chat.reads.proposeSome());
    }
    guard.logRecovery();
    connectionManager.shedLoad();
    for (const [connection, refusal] of connectionManager.overdue()) effects.refuseAndClose(connection, refusal);
    if (now() >= this.#probeAt) this.#probeSilent();
    if (now() >= this.#sweepAt) this.#removeEmptyRooms();
    if (now() >= this.#tokensAt) this.#reviewTokens();
    files?.maintain(now());
    trace.reportDelays(connectionManager.connections);
  }

  /** Runs a slice of journal maintenance, and plans the next one. */
  maintain(): void {
    const { guard, now, postEvent } = this.#deps;
    clearTimeout(this.#maintaining);
    const began = now();
    if (guard.attempt("maintain", () => guard.journal.maintain(SLICE)) !== true) return;
    this.#maintaining = setTimeout(() => postEvent("maintain"), (now() - began) * PAUSE);
  }

  /** Stops all rounds. */
  cancel(): void {
    clearTimeout(this.#next);
    clearTimeout(this.#maintaining);
  }

  #nextRound(): ReturnType<typeof setTimeout> {
    return setTimeout(() => this.#deps.postEvent("maintenance"), ROUND);
  }

  /** Removes expired session tokens. The token of an open connection is in use. */
  #reviewTokens(): void {
    const { effects, chat: { tokens }, connectionManager, batch, now } = this.#deps, at = batch.now;
    this.#tokensAt = now() + TOKENS;
    effects.record(tokens.inUse(connectionManager.connections, at).map((token) => useRecord(token, at)));
    // A wrong clock must not expire all tokens.
    if (this.#clock.isReliable()) effects.record(tokens.expired(at).map(endRecord));
  }

  /** Removes rooms that have been empty for long. */
  #removeEmptyRooms(): void {
    const { effects, chat, now, times: { emptyRooms } } = this.#deps;
    if (emptyRooms === 0) return;
    this.#sweepAt = now() + Math.min(SWEEP, emptyRooms / 4);
    const rooms = chat.emptyFor(emptyRooms, now()),
      names = rooms.map(({ name, isPrivate }) => isPrivate ? "a private one" : name);
    if (names.length === 0) return;
    effects.record(rooms.map(({ id }) => ({ kind: "removal", of: id })));
    const some = names.slice(0, 10).join(", ");
    info("sweep", `removes ${names.length} rooms without members: ${some}${names.length > 10 ? " and others" : ""}`);
  }

  /** Probes silent connections. One that has answered a probe before and does not answer now is closed. */
  #probeSilent(): void {
    const { connectionManager, batch, now, times: { probeAfter } } = this.#deps;
    const moment = now();
    this.#probeAt = moment + probeAfter / 4;
    for (const connection of connectionManager.connections) {
      const { socket } = connection, pings = socket.ping !== undefined;
      if (connection.bare || connection.closeState !== "open" || (connection.name === undefined && !pings)) continue;
      if (!connection.isReadable) continue; // it may have answered, in input that is not handled yet
      if (connection.probedAt > 0) {
        if (!connection.answersProbes || moment - connection.probedAt < probeAfter) continue;
        connectionManager.close(connection, `has not answered a probe for ${probeAfter / 1000} s`);
      } else if (moment - connection.lastActivityAt >= probeAfter) {
        connection.probedAt = moment;
        connection.answersProbes ||= pings; // every peer of such a transport answers, whatever its program does
        if (pings) socket.ping!();
        else batch.sendObject(connection, { action: "probe", time: batch.now });
      }
    }
  }
}
