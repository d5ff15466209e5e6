/**
 * What a server does each second beside requests and answers: it lets the journal do what it has put off, takes in what the
 * account tool has appended (sooner while the loop turns), proposes the last ids that accounts were sent, drops the slowest
 * readers where memory is short, closes connections that are late, probes silent ones, removes empty rooms and session
 * tokens that have ended, and shows inspectors which connections are held up.
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
import type { OutputBatch } from "./net/output_batch.ts";

const { info } = logger("server/maintenance");

/** What there is to be kept in order. */
interface Deps {
  readonly guard: JournalGuard;
  readonly connectionManager: ConnectionManager;
  readonly batch: OutputBatch;
  readonly chat: Chat<Connection>;
  readonly cursors: DeliveryCursors;
  readonly trace: Trace;
  readonly effects: ServerEffects;
  /** Milliseconds of silence after which a line speaker is asked whether it is still there. */
  readonly probeAfter: number;
  /** Milliseconds after which a room without members is removed; 0: never. */
  readonly emptyRooms: number;
  /** Milliseconds that never go back. */
  readonly now: () => number;
  /** Takes in what other programs have appended, unless that was done less than so many milliseconds ago. */
  poll(age: number): void;
  /** The journal has a batch under way: what it has not taken is not proposed again. */
  isLate(): boolean;
  /** Makes it the loop's turn to call {@linkcode Maintenance.runRound} or {@linkcode Maintenance.maintain}. */
  postEvent(what: "maintenance" | "maintain"): void;
}

/** How often there is a round. */
const ROUND = 1_000;
/** Milliseconds that the journal may take at a time for what it has put off. */
const SLICE = 2;
/**
 * Its next slice is so many times as far off as this one took: it gets a twentieth of the loop at most, for 30,000 messages a
 * second. More while the loop seems to be idle would be a guess: it took long turns, of which there are few, for idleness, and
 * made them longer.
 */
const PAUSE = 19;

/** Milliseconds for which a look at the accounts is good enough for a turn. A look takes about 5 µs. */
const FRESH = 20;

/** How often it is looked for empty rooms, at most: each look goes through all rooms. */
const SWEEP = 60_000;

/** How often session tokens are looked through, for those that have ended and those in use. */
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
   * A turn of the loop begins: what other programs have appended is taken in before its events. A look before each message to
   * all or to a room would take longer than the message.
   */
  startTurn(): void {
    this.#deps.poll(FRESH);
  }

  /** Does all of it. @param delivered the last id that is in outboxes */
  runRound(delivered: number): void {
    const { guard, connectionManager, cursors, trace, now, effects, poll, isLate } = this.#deps;
    clearTimeout(this.#next);
    this.#next = this.#nextRound();
    this.maintain();
    poll(0);
    if (!isLate()) effects.record(cursors.propose(connectionManager.connections, delivered));
    guard.logRecovery();
    connectionManager.shedLoad();
    for (const [connection, refusal] of connectionManager.overdue()) effects.refuseAndClose(connection, refusal);
    if (now() >= this.#probeAt) this.#probeSilent();
    if (now() >= this.#sweepAt) this.#removeEmptyRooms();
    if (now() >= this.#tokensAt) this.#reviewTokens();
    trace.reportDelays(connectionManager.connections);
  }

  /** Lets the journal do what it has put off: a little of it, and more after a pause. */
  maintain(): void {
    const { guard, now, postEvent } = this.#deps;
    clearTimeout(this.#maintaining);
    const began = now();
    if (guard.attempt("maintain", () => guard.journal.maintain(SLICE)) !== true) return;
    this.#maintaining = setTimeout(() => postEvent("maintain"), (now() - began) * PAUSE);
  }

  /** There are no more rounds. */
  cancel(): void {
    clearTimeout(this.#next);
    clearTimeout(this.#maintaining);
  }

  #nextRound(): ReturnType<typeof setTimeout> {
    return setTimeout(() => this.#deps.postEvent("maintenance"), ROUND);
  }

  /** Removes session tokens that have ended. The token of an open connection is in use. */
  #reviewTokens(): void {
    const { effects, chat: { tokens }, connectionManager, batch, now } = this.#deps, at = batch.now;
    this.#tokensAt = now() + TOKENS;
    effects.record(tokens.inUse(connectionManager.connections, at).map((token) => useRecord(token, at)));
    // A clock that is wrong for a moment must not end all tokens.
    if (this.#clock.isReliable()) effects.record(tokens.expired(at).map(endRecord));
  }

  /** Removes the rooms that have been empty for long. */
  #removeEmptyRooms(): void {
    const { effects, chat, now, emptyRooms } = this.#deps;
    if (emptyRooms === 0) return;
    this.#sweepAt = now() + Math.min(SWEEP, emptyRooms / 4);
    const rooms = chat.emptyFor(emptyRooms, now()), names = rooms.map(({ name }) => name);
    if (names.length === 0) return;
    effects.record(rooms.map(({ id }) => ({ kind: "removal", of: id })));
    const some = names.slice(0, 10).join(", ");
    info("sweep", `removes ${names.length} rooms without members: ${some}${names.length > 10 ? " and others" : ""}`);
  }

  /** Asks those that have been silent for long, if they can be asked; one that answers such and does not now is dead. */
  #probeSilent(): void {
    const { connectionManager, batch, now, probeAfter } = this.#deps;
    const moment = now();
    this.#probeAt = moment + probeAfter / 4;
    for (const connection of connectionManager.connections) {
      const { socket } = connection, pings = socket.ping !== undefined;
      if (connection.bare || connection.closeState !== "open" || (connection.name === undefined && !pings)) continue;
      if (!connection.isReadable) continue; // it may have answered, and the server has not looked
      if (connection.probedAt > 0) {
        if (!connection.answersProbes || moment - connection.probedAt < probeAfter) continue;
        connectionManager.close(connection, `has not answered a probe for ${probeAfter / 1000} s`);
      } else if (moment - connection.lastActivityAt >= probeAfter) {
        connection.probedAt = moment;
        connection.answersProbes ||= pings; // which every peer of such a transport answers, whatever its program does
        if (pings) socket.ping!();
        else batch.sendObject(connection, { action: "probe", time: batch.now });
      }
    }
  }
}
