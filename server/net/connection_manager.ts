/**
 * Reads, writes and closes all connections, and wakes those that wait for a moment of the clock. At most one read and
 * one write of a connection are in flight, and nothing here waits for a peer.
 */
import { networkOf, type Refusal, refuse } from "../../jim/mod.ts";
import { logger } from "../../log/mod.ts";
import type { Timer } from "./timer.ts";
import type { Connection, Socket } from "./connection.ts";
import { Meter } from "./meter.ts";
import type { Outbox } from "./outbox.ts";
import type { RowStream } from "./row_stream.ts";

import type { Delivery } from "./delivery.ts";
import type { Observer } from "./observer.ts";
import type { OutputBatch } from "./output_batch.ts";

/** Limits of output and of connections. */
export interface OutputLimits {
  /** Unsent bytes of one connection before it is dropped. */
  readonly outbox: number;
  /** Milliseconds between two objects to a bare peer. */
  readonly bareGap: number;
  /** Connections at a time. */
  readonly connections: number;
  /** Connections of one address at a time; 0: any number. */
  readonly perAddress: number;
  /** Milliseconds after connecting in which presence must be said. */
  readonly presenceWithin: number;
  /** Milliseconds of silence after which a connection is closed; 0: never. */
  readonly idle: number;
  /** Unsent bytes of all connections together. */
  readonly outboxes: number;
  /** Bytes of the unfinished objects of all connections together. Read buffers grow by this sum, too. */
  readonly unfinished: number;
}

/** Callbacks of the connection manager. */
export interface ConnectionEvents {
  /** The connection begins to close: no more input of it is handled. */
  onClosing(connection: Connection): void;
  /** All its output has been written. */
  onDrained(connection: Connection): void;
  /** All rows of an answer have been written. */
  onRowsSent(connection: Connection): void;
  /** {@linkcode ConnectionManager.resumeRows} is to be called when the network has been polled. */
  onRowsDue(): void;
  /** The peer has read enough that its input can be handled again. */
  onReadEnough(connection: Connection): void;
}

/** A closing connection has this long to send its output, and then to be closed by its peer, in milliseconds. */
const DRAIN_TIMEOUT = 5_000;
/** The same while the server stops, once all output is sent. */
const STOP_LINGER = 500;
/** The same for a connection that holds memory which others need. */
const SHORT_LINGER = 50;
/** Milliseconds after presence in which a bare program may turn out to be a writer that reads no relays. */
const BARE_HOLD = 3_500;

/**
 * Writes started before the runtime polls. Its scheduler (tokio) gives a task 128 operations a round and puts off the
 * others one by one, at 1 KB and a tenth more time each. A broadcast to 1,000 then cost 29 MB, and in slices 7 MB.
 */
const SLICE = 120;

/**
 * Bytes of rows made between two polls of the network, for all readers together: some milliseconds. A write to a reader
 * that keeps up is over at once, and the next piece would follow in the next turn, before the input of others is read:
 * four readers of whole pages made others wait for hundreds of milliseconds.
 */
const ROW_BUDGET = 64 * 1024;
/** Milliseconds of making rows that use it up as well: a few bytes about many reactions take long. */
const ROW_TIME = 8;
/** A reader that has taken no piece for so many milliseconds does not read. */
const STALE = 10_000;

const { info, debug } = logger("server/net");

export class ConnectionManager {
  /** All connections. */
  readonly connections = new Set<Connection>();
  /** Bytes that could not be sent before the server stopped. */
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
  /** The connections to flush, and how many of them are flushed. */
  #toFlush: readonly Connection[] = [];
  #flushedCount = 0;
  /** Bytes by which all read buffers have grown, and those of the unfinished objects in them. */
  #bufferBytes = 0;
  #pendingBytes = 0;
  /** Bytes of rows that may still be made before the network is polled, and the connections that wait for that. */
  #rowBudget = ROW_BUDGET;
  readonly #waitingForRows = new Set<Connection>();
  /** Connections that are closed to free their read buffers, the oldest first. Reads in flight hold these until the end. */
  readonly #releasing = new Set<Connection>();
  /** Connections that wait for a moment of the clock: a gap, a token, a deadline. */
  #timed = new Set<Connection>();

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

  /** The refusal of a new connection from an address, if a limit is reached. */
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

  /** Connections that count for the limit. */
  #count(): number {
    let count = 0;
    for (const { isDeferred } of this.connections) if (!isDeferred) count++;
    return count;
  }

  /** Connections that are over a time limit, each with its refusal. */
  *overdue(): Iterable<[Connection, Refusal]> {
    const moment = this.#now(), { presenceWithin, idle } = this.#outputLimits;
    for (const connection of this.connections) {
      if (connection.closeState !== "open") continue;
      // A pending login is not late: it waits for the server.
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
   * Drops the slowest readers while all unsent bytes together are over the limit. A piece of an answer counts only
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

  /** Whether read buffers may grow further, so that fast input needs fewer reads. */
  get hasBufferSpace(): boolean {
    return this.#bufferBytes < this.#outputLimits.unfinished;
  }

  /** Starts the next read, unless one is in flight. */
  startRead(connection: Connection): void {
    if (connection.reads.armed || connection.hasUnhandledRead || connection.ended) return;
    const { framer } = connection, space = framer.reserve(this.hasBufferSpace);
    this.#bufferBytes += framer.grownBytes - connection.bufferBytes;
    connection.bufferBytes = framer.grownBytes;
    connection.reads.arm(connection.reading = connection.socket.read(space));
  }

  /** Whether its unsent output is so large that its input waits. */
  isBehind(connection: Connection): boolean {
    return connection.outbox.bytes > this.#outputLimits.outbox / 2;
  }

  /**
   * Counts the bytes of an unfinished object. When all of them together are over the limit, one connection must be
   * closed. It is returned: the one with a long object that was begun long ago.
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

  /**
   * Frees the read buffer of a connection that begins to close. While it lingers, its read in flight holds the buffer.
   * Those that linger keep an eighth of the limit together: beyond, the oldest are closed at once. Without that, 800
   * attackers a second hold 2 MB more.
   */
  releaseBuffer(connection: Connection): void {
    connection.closesSoon = true;
    connection.framer.close();
    this.countPending(connection, 0);
    this.#releasing.add(connection);
    let held = 0;
    for (const { bufferBytes } of this.#releasing) held += bufferBytes;
    for (const oldest of this.#releasing) {
      if (held <= this.#outputLimits.unfinished / 8 || oldest === connection) return;
      held -= oldest.bufferBytes;
      this.close(oldest, "closed: others need its memory");
    }
  }

  /** Handles a connection again at that moment. */
  wakeAt(connection: Connection, until: number): void {
    this.#timed.add(connection);
    this.#timer.scheduleAt(until);
  }

  /**
   * A home-made reader and a home-made writer send the same presence, and a relay before its first message crashes
   * the writer. So relays to both are held back for a moment. The reader loses nothing.
   */
  holdRelays(connection: Connection): void {
    this.wakeAt(connection, connection.holdUntil = this.#now() + BARE_HOLD);
  }

  /** Handles connections that are due. Returns those with input that can be handled again. */
  handleTimer(): Connection[] {
    const moment = this.#now(), hearable: Connection[] = [];
    const timed = this.#timed;
    this.#timed = new Set();
    for (const connection of timed) {
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

  /** Sets the connections to flush, after all earlier ones were flushed. */
  startFlush(connections: readonly Connection[]): void {
    this.#toFlush = connections;
    this.#flushedCount = 0;
  }

  /** The network has been polled: rows can be made again, first for the connections that waited. */
  resumeRows(): void {
    this.#rowBudget = ROW_BUDGET;
    for (const connection of this.#waitingForRows) this.#delivery.touch(connection);
    this.#waitingForRows.clear();
  }

  /** Starts the writes of one slice. Returns whether there are more. */
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
    // A connection that has taken all earlier output is not slow, however much there is for it now.
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
   * Begins to close a connection. Its input is ignored and nothing new is relayed to it. Its remaining output is sent
   * first.
   *
   * @param code the status of a WebSocket close frame (RFC 6455, section 7.4.1), sent with `words`
   */
  beginClose(connection: Connection, why: string, code = 1000, words = why): void {
    if (connection.closeState !== "open") return;
    connection.closeReason = { code, reason: code === 1000 ? "" : words };
    debug("beginClose", () => `${connection} ${why}`);
    this.#setCloseState(connection, "draining");
    this.#setDeadline(connection);
    this.startRead(connection);
  }

  /** Lets go of a connection that is none of the chat. Returns its socket, and what has been read from it. */
  release(connection: Connection): { readonly socket: Socket; readonly bytes: Uint8Array } {
    const { socket, framer } = connection, bytes = framer.latest(framer.unreadBytes).slice();
    this.#forget(connection, "asks for a file");
    connection.release();
    return { socket, bytes };
  }

  close(connection: Connection, why: string): void {
    this.#forget(connection, why);
    connection.close();
  }

  #forget(connection: Connection, why: string): void {
    const { unsentBytes } = connection;
    info("close", `${connection} ${why}${unsentBytes > 0 ? `, ${unsentBytes} bytes not sent` : ""}`);
    if (this.stopping) this.lostBytes += unsentBytes;
    this.#trace.closed(connection, why);
    this.#setCloseState(connection, "closed");
    this.connections.delete(connection);
    this.#timed.delete(connection);
    this.#waitingForRows.delete(connection);
    this.#releasing.delete(connection);
    this.#bufferBytes -= connection.bufferBytes;
    this.#pendingBytes -= connection.pendingBytes;
    connection.bufferBytes = connection.pendingBytes = 0;
    const recycle = () => connection.framer.recycle();
    connection.reading?.then(recycle, recycle); // until then the read may still write into the buffer
  }

  /** The bytes of the next write. */
  #nextWrite(connection: Connection): Uint8Array | undefined {
    const bytes = this.#takeDue(connection);
    if (bytes === undefined) return undefined;
    this.#meter.bytes.out += bytes.length;
    if (this.#trace.on) this.#trace.sent(connection, bytes);
    return bytes;
  }

  /** The bytes that may be written now. None for a bare peer before its gap is over. */
  #takeDue(connection: Connection): Uint8Array | undefined {
    const { rowStream } = connection;
    if (rowStream !== undefined) {
      if (!rowStream.over && rowStream.ahead.bytes === 0) this.#makeRows(connection, rowStream);
      if (!rowStream.over || rowStream.ahead.bytes > 0) {
        rowStream.at = this.#now();
        return this.#takeFrom(rowStream.ahead, connection);
      }
      connection.rowStream = undefined; // all rows are sent
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

  /** Makes the next rows, now or when the network has been polled. */
  #makeRows(connection: Connection, rowStream: RowStream): void {
    const later = () => {
      this.#waitingForRows.add(connection);
      this.#events.onRowsDue();
    };
    if (this.#rowBudget <= 0) return later();
    const began = this.#now(), bytes = rowStream.fill(connection, later);
    const time = this.#now() - began;
    this.#rowBudget -= Math.max(bytes, ROW_BUDGET * time / ROW_TIME);
    this.#events.onRowsDue(); // for the next budget
    connection.rateLimit.spendSent(bytes);
    connection.rateLimit.spendTime(time);
  }

  /** All output is written. If the peer has half-closed, close. Otherwise half-close and wait for its end. */
  #halfClose(connection: Connection): void {
    this.#events.onDrained(connection);
    if (connection.ended) return this.close(connection, "closed");
    connection.closeState = "lingering";
    const linger = connection.closesSoon ? SHORT_LINGER : this.stopping ? STOP_LINGER : DRAIN_TIMEOUT;
    connection.deadline = Math.min(connection.deadline, this.#now() + linger);
    this.wakeAt(connection, connection.deadline);
    connection.socket.closeWrite(connection.closeReason).catch(() => {}); // it is closed already, and its read reports that
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
