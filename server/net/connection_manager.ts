/**
 * The bytes of every connection: reading on, writing what is owed, waiting for a moment of the clock, and going. At most
 * one read and one write of a connection are in flight, and nothing here ever waits for a peer.
 */
import { networkOf, type Refusal, refuse } from "../../jim/mod.ts";
import { logger } from "../../log/mod.ts";
import type { Timer } from "./timer.ts";
import type { Connection } from "./connection.ts";
import { Meter } from "./meter.ts";
import type { Outbox } from "./outbox.ts";
import type { RowStream } from "./row_stream.ts";

import type { Delivery } from "./delivery.ts";
import type { Observer } from "./observer.ts";
import type { OutputBatch } from "./output_batch.ts";

/** How bytes are let out. */
export interface OutputLimits {
  /** Bytes that one reader may be owed before it is dropped. */
  readonly outbox: number;
  /** Milliseconds between two objects to a bare peer. */
  readonly bareGap: number;
  /** Connections at a time. */
  readonly connections: number;
  /** Connections of one address at a time; 0: any number. */
  readonly perAddress: number;
  /** Milliseconds in which somebody who has connected must say presence. */
  readonly presenceWithin: number;
  /** Milliseconds after which who says nothing is sent away; 0: never. */
  readonly idle: number;
  /** Bytes that all readers together may be owed. */
  readonly outboxes: number;
  /** Bytes that the unfinished objects of all connections together may have; read buffers grow only as far. */
  readonly unfinished: number;
}

/** Who is told how a connection ends. */
export interface ConnectionEvents {
  /** Nothing more is heard of it. */
  onClosing(connection: Connection): void;
  /** And all that it was owed has been written. */
  onDrained(connection: Connection): void;
  /** All rows of an answer have been written. */
  onRowsSent(connection: Connection): void;
  /** There are rows to be made, for which {@linkcode ConnectionManager.resumeRows} is to be called in a later turn. */
  onRowsDue(): void;
  /** It has read much of what it was owed, and may be heard again. */
  onReadEnough(connection: Connection): void;
}

/** A peer that goes has this long to read what it is owed, and then to close. */
const DRAIN_TIMEOUT = 5_000;
/** When the server stops and all is written, nobody waits longer than this for a peer to close. */
const STOP_LINGER = 500;
/** One that holds memory which others need is hardly waited for. */
const SHORT_LINGER = 50;
/** How long after its presence a bare program of a family whose writers do not listen may show that it is a writer. */
const BARE_HOLD = 3_500;

/**
 * Writes that are started before the runtime goes round once. Its scheduler (tokio) gives a task 128 operations a round;
 * those beyond are put off one by one, at 1 KB and a tenth more time each: a broadcast to 1,000 then cost 29 MB, and in
 * slices 7 MB.
 */
const SLICE = 120;

/** Bytes of rows that are made between two waits, for all readers together: encoding them takes one or two milliseconds. */
const ROW_BUDGET = 256 * 1024;
/** A reader that has not taken a piece for so long does not read. */
const STALE = 10_000;

const { info, debug } = logger("server/net");

export class ConnectionManager {
  /** Everybody who is connected. */
  readonly connections = new Set<Connection>();
  /** Bytes that could not be sent to those who were here when the server stopped. */
  lostBytes = 0;
  stopping = false;
  readonly #outputLimits: OutputLimits;
  readonly #batch: OutputBatch;
  readonly #delivery: Delivery;
  readonly #timer: Timer;
  readonly #now: () => number;
  readonly #trace: Observer;
  readonly #events: ConnectionEvents;
  readonly #meter: Meter;
  /** Who has something to be written, and how many of them have had their turn. */
  #toFlush: readonly Connection[] = [];
  #flushedCount = 0;
  /** Bytes of all read buffers, and of the unfinished objects in them. */
  #bufferBytes = 0;
  #pendingBytes = 0;
  /** Bytes of rows that may still be made in this turn, and who must wait for the next one. */
  #rowBudget = ROW_BUDGET;
  readonly #waitingForRows = new Set<Connection>();
  /** Those that wait for a moment of the clock: a gap, a token, a deadline. */
  readonly #timed = new Set<Connection>();

  constructor(
    outputLimits: OutputLimits,
    batch: OutputBatch,
    delivery: Delivery,
    timer: Timer,
    now: () => number,
    trace: Observer,
    events: ConnectionEvents,
    meter = new Meter(),
  ) {
    this.#outputLimits = outputLimits;
    this.#batch = batch;
    this.#delivery = delivery;
    this.#timer = timer;
    this.#now = now;
    this.#trace = trace;
    this.#events = events;
    this.#meter = meter;
    meter.connections = this.connections;
  }

  /** Why somebody from an address may not come in, or undefined. */
  refusal(host: string): Refusal | undefined {
    const { connections, perAddress } = this.#outputLimits;
    if (this.connections.size >= connections && this.#count() >= connections) {
      return refuse("full", { code: 403, limit: connections });
    }
    if (perAddress === 0) return undefined;
    let same = 0;
    const network = networkOf(host);
    for (const connection of this.connections) if (connection.network === network && !connection.isDeferred) same++;
    return same < perAddress ? undefined : refuse("crowd", { code: 403, limit: perAddress, got: host });
  }

  /** Those who count as connected. */
  #count(): number {
    let count = 0;
    for (const { isDeferred } of this.connections) if (!isDeferred) count++;
    return count;
  }

  /** Those who have not said presence in time, or nothing for too long, and why. */
  *overdue(): Iterable<[Connection, Refusal]> {
    const moment = this.#now(), { presenceWithin, idle } = this.#outputLimits;
    for (const connection of this.connections) {
      if (connection.closeState !== "open") continue;
      // One whose login waits has asked; the server is late, and not it.
      if (
        connection.name === undefined && !connection.busy && moment - connection.presenceWaitSince >= presenceWithin
      ) {
        yield [connection, refuse("late", { code: 401, limit: presenceWithin / 1000 })];
      } else if (idle > 0 && connection.isReadable && moment - connection.lastActivityAt >= idle) {
        yield [connection, refuse("idle", { code: 403, limit: idle / 1000 })];
      }
    }
  }

  /**
   * Drops the slowest readers while all together are owed more than there is memory for. A piece of an answer only counts
   * against a reader that leaves it unread.
   */
  shedLoad(): void {
    let all = 0;
    for (const { unsentBytes } of this.connections) all += unsentBytes;
    if (all <= this.#outputLimits.outboxes) return;
    const stale = this.#now() - STALE;
    const late = (connection: Connection) =>
      (connection.rowStream?.at ?? 0) < stale ? connection.unsentBytes : connection.backlog;
    const slowest = [...this.connections].map((connection) => ({ connection, late: late(connection) }));
    for (const { connection, late } of slowest.sort((a, b) => b.late - a.late)) {
      if (all <= this.#outputLimits.outboxes || late === 0) return;
      all -= connection.unsentBytes;
      this.#meter.dropped.all++;
      this.close(
        connection,
        `dropped: it reads too slowly and was owed ${connection.unsentBytes} bytes while memory is short`,
      );
    }
  }

  /** Whether read buffers may grow further, so that a busy peer is read in fewer reads. */
  get hasBufferSpace(): boolean {
    return this.#bufferBytes < this.#outputLimits.unfinished;
  }

  /** Reads on, unless a read is in flight. */
  startRead(connection: Connection): void {
    if (connection.reads.armed || connection.hasUnhandledRead || connection.ended) return;
    const { framer } = connection, space = framer.reserve(this.hasBufferSpace);
    this.#bufferBytes += framer.capacity - connection.bufferBytes;
    connection.bufferBytes = framer.capacity;
    connection.reads.arm(connection.reading = connection.socket.read(space));
  }

  /** Whether a connection has so much to read that it is not heard until it has read some of it. */
  isBehind(connection: Connection): boolean {
    return connection.outbox.bytes > this.#outputLimits.outbox / 2;
  }

  /**
   * Notes how many bytes have come of an object that has not ended. While all those together have more than they may, one
   * connection must go: the one whose object is long and has been begun long ago. It is returned.
   */
  countPending(connection: Connection, bytes: number): Connection | undefined {
    if (connection.pendingBytes === 0) connection.pendingSince = this.#now();
    this.#pendingBytes += bytes - connection.pendingBytes;
    connection.pendingBytes = bytes;
    if (this.#pendingBytes <= this.#outputLimits.unfinished) return undefined;
    const moment = this.#now() + 1, weight = (each: Connection) => each.pendingBytes * (moment - each.pendingSince);
    let worst = connection;
    for (const each of this.connections) if (each.closeState === "open" && weight(each) > weight(worst)) worst = each;
    return worst;
  }

  /** Looks at a connection again at that moment. */
  wakeAt(connection: Connection, until: number): void {
    this.#timed.add(connection);
    this.#timer.scheduleAt(until);
  }

  /**
   * A home-made reader and a home-made writer say the same presence, and a relay that reaches the writer before its own
   * first message kills it. So for a moment nothing is relayed to either; nothing is lost to the one that only reads.
   */
  holdRelays(connection: Connection): void {
    this.wakeAt(connection, connection.holdUntil = this.#now() + BARE_HOLD);
  }

  /** Deals with those whose moment has come. Returns those who may be heard again. */
  handleTimer(): Connection[] {
    const moment = this.#now(), hearable: Connection[] = [];
    for (const connection of [...this.#timed]) {
      this.#timed.delete(connection);
      if (connection.closeState !== "open") {
        if (moment < connection.deadline) this.wakeAt(connection, connection.deadline);
        else this.close(connection, `closed, having had ${DRAIN_TIMEOUT / 1000} s to read and to go`);
      } else {
        if (connection.holdUntil > moment) this.wakeAt(connection, connection.holdUntil);
        else if (connection.holdUntil > 0) this.#delivery.release(connection);
        if (connection.paused && !connection.busy) hearable.push(connection);
      }
      this.#delivery.touch(connection);
    }
    return hearable;
  }

  /** A write has settled. */
  handleWritten(connection: Connection): void {
    if (connection.closeState === "closed") return;
    const { writeError, writing, bare } = connection;
    if (writeError !== undefined) return this.close(connection, `cannot be written to (${writeError.message})`);
    if (writing === undefined && bare) connection.gapUntil = this.#now() + this.#outputLimits.bareGap;
    this.#delivery.touch(connection);
    if (!connection.stalled || this.isBehind(connection)) return;
    connection.stalled = false;
    this.#events.onReadEnough(connection);
  }

  /** Notes who has something to be written, when all who were noted before have had their turn. */
  startFlush(connections: readonly Connection[]): void {
    this.#toFlush = connections;
    this.#flushedCount = 0;
    this.#rowBudget = ROW_BUDGET;
  }

  /** Goes on with those whose rows could not be made before. */
  resumeRows(): void {
    for (const connection of this.#waitingForRows) this.#delivery.touch(connection);
    this.#waitingForRows.clear();
  }

  /** Starts the writes of a slice of those. Returns whether there are more. */
  flushSome(): boolean {
    const end = Math.min(this.#toFlush.length, this.#flushedCount + SLICE);
    while (this.#flushedCount < end) this.#flush(this.#toFlush[this.#flushedCount++]!);
    return this.#flushedCount < this.#toFlush.length;
  }

  /** Starts the next write, if none is in flight. */
  #flush(connection: Connection): void {
    connection.dirty = false;
    if (connection.closeState === "closed") return;
    if (connection.closeState === "draining" && connection.deadline === 0) this.#setDeadline(connection);
    // One that has taken all that was written before does not read slowly, however much there is for it now.
    if (connection.writes.armed || connection.bare) {
      const { outbox } = this.#outputLimits, { backlog } = connection;
      if (backlog > outbox) {
        this.#meter.dropped.own++;
        return this.close(connection, `dropped: it reads too slowly and was owed ${backlog} bytes, over ${outbox}`);
      }
      if (connection.writes.armed) return;
    }
    const writing = connection.writing ??= this.#nextWrite(connection);
    if (writing !== undefined) {
      connection.writes.arm(connection.socket.write(writing));
    } else if (
      connection.rowStream === undefined && connection.isOutputComplete && connection.closeState === "draining" &&
      connection.outbox.bytes === 0
    ) {
      this.#halfClose(connection);
    }
  }

  /**
   * Nothing of it is heard any more, and nothing new is relayed to it; what it is owed is still written.
   *
   * @param code what a WebSocket is told in the end, see RFC 6455, section 7.4.1, with these words or those before
   */
  beginClose(connection: Connection, why: string, code = 1000, words = why): void {
    if (connection.closeState !== "open") return;
    connection.closeReason = { code, reason: code === 1000 ? "" : words };
    debug("depart", () => `${connection} ${why}`);
    this.#setCloseState(connection, "draining");
    this.#setDeadline(connection);
    this.startRead(connection);
  }

  close(connection: Connection, why: string): void {
    const { unsentBytes } = connection;
    info("close", `${connection} ${why}${unsentBytes > 0 ? `, ${unsentBytes} bytes not sent` : ""}`);
    if (this.stopping) this.lostBytes += unsentBytes;
    this.#trace.closed(connection, why);
    this.#setCloseState(connection, "closed");
    this.connections.delete(connection);
    this.#timed.delete(connection);
    this.#waitingForRows.delete(connection);
    this.#bufferBytes -= connection.bufferBytes;
    this.#pendingBytes -= connection.pendingBytes;
    connection.bufferBytes = connection.pendingBytes = 0;
    const recycle = () => connection.framer.recycle();
    connection.reading?.then(recycle, recycle); // until then it may still be read into
    connection.close();
  }

  /** What the next write carries. */
  #nextWrite(connection: Connection): Uint8Array | undefined {
    const bytes = this.#takeDue(connection);
    if (bytes === undefined) return undefined;
    this.#meter.bytes.out += bytes.length;
    if (this.#trace.on) this.#trace.sent(connection, bytes);
    return bytes;
  }

  /** What may be written now; nothing yet for a bare peer whose gap is not over. */
  #takeDue(connection: Connection): Uint8Array | undefined {
    const { rowStream } = connection;
    if (rowStream !== undefined) {
      if (!rowStream.over && rowStream.ahead.bytes === 0) this.#makeRows(connection, rowStream);
      if (!rowStream.over || rowStream.ahead.bytes > 0) {
        rowStream.at = this.#now();
        return this.#takeFrom(rowStream.ahead, connection);
      }
      connection.rowStream = undefined; // all of it is out
      this.#events.onRowsSent(connection);
    }
    return this.#takeFrom(connection.outbox, connection);
  }

  #takeFrom(outbox: Outbox, connection: Connection): Uint8Array | undefined {
    if (!connection.bare) return outbox.take();
    if (outbox.bytes === 0) return undefined;
    if (this.#now() >= connection.gapUntil) return outbox.takeWhole();
    this.wakeAt(connection, connection.gapUntil);
    return undefined;
  }

  /** Makes the next rows, in this turn or in the next. */
  #makeRows(connection: Connection, rowStream: RowStream): void {
    const later = () => {
      this.#waitingForRows.add(connection);
      this.#events.onRowsDue();
    };
    if (this.#rowBudget <= 0) return later();
    const began = this.#now(), bytes = rowStream.fill(connection, later);
    this.#rowBudget -= bytes;
    connection.rateLimit.spendSent(bytes);
    connection.rateLimit.spendTime(this.#now() - began);
  }

  /** All is written. Whoever has ended its stream is closed; another is told that we have, and may still be reading. */
  #halfClose(connection: Connection): void {
    this.#events.onDrained(connection);
    if (connection.ended) return this.close(connection, "closed");
    connection.closeState = "lingering";
    const linger = connection.closesSoon ? SHORT_LINGER : this.stopping ? STOP_LINGER : DRAIN_TIMEOUT;
    connection.deadline = Math.min(connection.deadline, this.#now() + linger);
    this.wakeAt(connection, connection.deadline);
    connection.socket.closeWrite(connection.closeReason).catch(() => {}); // it is gone already, and its read will say so
  }

  #setCloseState(connection: Connection, closeState: "draining" | "closed"): void {
    const first = connection.closeState === "open";
    connection.closeState = closeState;
    if (!first) return;
    this.#events.onClosing(connection);
    this.#batch.updateSubscription(connection);
  }

  #setDeadline(connection: Connection): void {
    this.wakeAt(connection, connection.deadline = this.#now() + DRAIN_TIMEOUT);
  }
}
