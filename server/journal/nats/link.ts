/**
 * The link of a server to its chat's log at a broker. A connection that has failed is given up with all that belongs to it, and
 * another one begins where the last entry was taken: so there is one way into the log, at the start and later.
 */
import type { NatsConnection } from "@nats-io/nats-core";
import { nuid } from "@nats-io/nats-core/internal";
import { jetstream, type JetStreamClient, type JetStreamManager, jetstreamManager } from "@nats-io/jetstream";
import { logger } from "../../../log/mod.ts";
import { JournalFailure, JournalRefused } from "../failure.ts";
import { type BrokerOptions, connect } from "./connect.ts";
import { Consumer, readEntry } from "./consumer.ts";
import {
  type EntryEvent,
  type LogCounts,
  type LogEntry,
  type LogEvent,
  type LogOptions,
  noCounts,
  type OpenLog,
  type SharedLog,
} from "./log.ts";
import { type Names, namesOf } from "./names.ts";
import { pause } from "./pause.ts";
import { NatsPeers } from "./peers.ts";
import { ANSWER, Publisher, putBack, type Verdict, verdict } from "./publish.ts";
import { refused } from "./refused.ts";
import { checkBroker, checkPurged, checkRoom, createStream, findStream, type StreamState } from "./stream.ts";

const { debug, info, warning } = logger("server/journal/nats");

/** Bytes of an entry's head at the broker: the expected sequence, and the time of one that was put back. */
const HEAD_BYTES = 256;
/** Milliseconds until JetStream must have answered; brokers that are choosing one of them do not. */
const REQUEST = 2000;
/** Milliseconds between two looks at a log that was set back. */
const LOOK_EVERY = 200;
/** Milliseconds until a new connection is tried, doubled up to the most. */
const FIRST_PAUSE = 50, LONGEST_PAUSE = 500;

export interface LinkOptions extends BrokerOptions {
  /** {@linkcode isChatName} */
  readonly chat: string;
  /** How many brokers keep the stream, if this server makes it. */
  readonly replicas: number;
}

/** The log of a chat at a broker. */
export function natsLog(options: LinkOptions): OpenLog {
  return async (logOptions) => {
    const log = new NatsLog(options, logOptions);
    await log.open();
    return { log, peers: log.peers };
  };
}

/** A connection, and what ends with it. */
interface Session {
  readonly connection: NatsConnection;
  readonly manager: JetStreamManager;
  readonly client: JetStreamClient;
  readonly publisher: Publisher;
  /** Aborted at its end. */
  readonly ending: AbortController;
  consumer?: Consumer;
}

/** The own entry under way. */
interface Own {
  readonly bytes: Uint8Array;
  tries: number;
}

/** Where a log is known to be the same: the entry without its bytes. */
type Position = NonNullable<LogOptions["after"]>;

class NatsLog implements SharedLog {
  readonly writer = nuid.next();
  readonly peers: NatsPeers;
  readonly counts: LogCounts = noCounts();
  readonly #options: LinkOptions;
  readonly #names: Names;
  readonly #onReady: () => void;
  /** It must be there, and is not created. */
  readonly #isExisting: boolean;
  #phase: "down" | "catchingUp" | "up" | "setBack" | "closed" = "down";
  #session: Session | undefined;
  #maxBytes = 0;
  #events: LogEvent[] = [];
  /** The last entry that has become an event. */
  #position: Position | undefined;
  #own: Own | undefined;
  /** What became of the own entry is among the events. */
  #isSettled = false;
  /** The last own entry in the log, or 0. */
  #lastOwn = 0;
  /** What the log has lost, to be put back. */
  #missing: readonly LogEntry[] = [];
  /** Aborted to look at a log that was set back at once. */
  #look = new AbortController();
  #isEntering = false;
  #isOpen = false;
  #reconnecting: Promise<void> | undefined;
  readonly #closing = new AbortController();

  constructor(options: LinkOptions, { after, existing = false, onReady }: LogOptions) {
    this.#options = options;
    this.#names = namesOf(options.chat);
    this.#position = after;
    this.#onReady = onReady;
    this.#isExisting = existing;
    this.peers = new NatsPeers(this.writer, this.#names, onReady);
  }

  /** @throws {JournalRefused} */
  async open(): Promise<void> {
    try {
      await this.#enter();
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  get maxBytes(): number {
    return this.#maxBytes;
  }

  get busy(): boolean {
    return this.#own !== undefined || this.#isSettled;
  }

  get isUp(): boolean {
    return this.#phase === "up";
  }

  append(bytes: Uint8Array): void {
    if (this.busy) throw new Error("Cannot append: an entry is under way");
    if (bytes.length > this.#maxBytes) throw new Error("Cannot append: the entry is too large");
    this.#own = { bytes, tries: 0 };
    if (!this.isUp) return this.#refuse(new JournalFailure("There is no link to the broker"));
    void this.#publish(this.#session!, this.#own);
  }

  proceed(missing: readonly LogEntry[] = []): void {
    this.#missing = missing;
    this.#look.abort();
    if (this.isUp && this.#own !== undefined) void this.#publish(this.#session!, this.#own);
  }

  restart(): void {
    this.#position = undefined;
    this.#own = undefined;
    this.#lastOwn = 0;
    this.#missing = [];
    this.#look.abort();
  }

  purge(before: number): void {
    const session = this.#session;
    if (!this.isUp || session === undefined) return;
    void this.#purge(session, before).catch((error: Error) => {
      if (!session.ending.signal.aborted) warning("purge", `Cannot remove entries before ${before}: ${error.message}`);
    });
  }

  take(): readonly LogEvent[] {
    const events = this.#events;
    this.#events = [];
    this.#isSettled = false;
    this.#session?.consumer?.release();
    return events;
  }

  async close(): Promise<void> {
    this.#phase = "closed";
    this.#closing.abort();
    await Promise.resolve(); // the library hands over in a microtask what is to be sent
    const session = this.#session;
    if (session !== undefined) this.#lose(session, "closed");
    await session?.connection.closed();
    await this.#reconnecting;
  }

  /** From no connection to the log: up, or set back. */
  async #enter(): Promise<void> {
    this.#isEntering = true;
    let session: Session | undefined;
    try {
      session = await this.#connect();
      const { connection, manager } = session, { replicas } = this.#options;
      checkBroker(connection, replicas);
      await this.#attachPeers(connection);
      let stream = await findStream(connection, manager, this.#names);
      if (stream === undefined && this.#position === undefined) {
        if (this.#isExisting) throw refused((texts) => texts.noChat(this.#options.chat));
        stream = await this.#create(session);
      }
      if (stream !== undefined && !this.#isOpen) checkRoom(stream, this.#names);
      if (stream !== undefined) checkPurged(stream, this.#names, this.#position?.sequence ?? 0);
      await this.#follow(session, stream);
      if (session !== this.#session) throw refused((texts) => texts.lost);
      this.#isOpen = true;
    } catch (error) {
      if (session !== undefined) this.#lose(session, (error as Error).message);
      throw error instanceof JournalRefused ? error : refused((texts) => texts.lost, error);
    } finally {
      this.#isEntering = false;
    }
  }

  async #connect(): Promise<Session> {
    const connection = await connect(this.#options);
    const session = {
      connection,
      manager: await jetstreamManager(connection, { checkAPI: false, timeout: REQUEST }),
      client: jetstream(connection),
      publisher: new Publisher(connection),
      ending: new AbortController(),
    };
    this.#session = session;
    this.#maxBytes = connection.info!.max_payload - HEAD_BYTES;
    void connection.closed().then((error) => this.#lose(session, error?.message ?? "the broker has closed it"));
    if (this.#phase === "closed") this.#lose(session, "closed");
    return session;
  }

  async #attachPeers(connection: NatsConnection): Promise<void> {
    let violation: Error | undefined;
    this.peers.attach(connection, (error) => violation ??= error);
    // Of a connection that is lost meanwhile the library answers no flush.
    await Promise.race([connection.flush(), connection.closed()]);
    if (connection.isClosed()) throw refused((texts) => texts.lost);
    if (violation === undefined) return;
    throw refused((texts) => texts.noRight("subscription", this.#names.messagesTo("all")), violation);
  }

  async #create({ connection, manager }: Session): Promise<StreamState | undefined> {
    info("create", `creates the stream ${this.#names.stream}`);
    await createStream(manager, this.#names, this.#options.replicas);
    return await findStream(connection, manager, this.#names);
  }

  /** Goes on behind the last entry that was taken, if the log still has it. */
  async #follow(session: Session, stream: StreamState | undefined): Promise<void> {
    const position = this.#position;
    if (stream === undefined || (position !== undefined && stream.last < position.sequence)) {
      return this.#onSetBack(session, stream?.last ?? 0);
    }
    this.#phase = "catchingUp";
    // From the last one itself, since it shows whether this is the same log.
    const place = { stream: this.#names.stream, from: Math.max(position?.sequence ?? 1, 1) };
    session.consumer = new Consumer(session.connection, place, {
      onEntry: (entry) => this.#onEntry(session, stream, entry),
      onFlow: () => {
        if (this.#events.length === 0) session.consumer!.release();
      },
      onLost: (why) => this.#lose(session, why),
    });
    if (await session.consumer.start(session.manager) === 0) this.#onUp(session, stream);
  }

  #onEntry(session: Session, stream: StreamState, entry: EntryEvent): void {
    const position = this.#position;
    this.counts.behind = entry.left;
    if (position === undefined || entry.sequence > position.sequence) {
      this.#position = entry;
      this.counts[entry.writer === this.writer ? "own" : "others"]++;
      if (entry.writer === this.writer) this.#onOwn(entry);
      this.#push(entry);
    } else if (entry.sequence === position.sequence && !isSame(entry, position)) {
      return this.#onSetBack(session, 0, true);
    }
    if (entry.left === 0 || entry.sequence >= stream.last) this.#onUp(session, stream);
  }

  #onOwn({ sequence }: LogEntry): void {
    this.#lastOwn = sequence;
    if (this.#own === undefined) return;
    this.#own = undefined;
    this.#isSettled = true;
  }

  #onUp(session: Session, { first }: StreamState): void {
    if (session !== this.#session || this.#phase !== "catchingUp") return;
    this.#phase = "up";
    this.#missing = [];
    info("onUp", `linked to the broker ${session.connection.getServer()}`);
    this.#push({ kind: "up", first });
  }

  /** @param last the end of the log; 0 if it is gone, or has another entry where one was taken */
  #onSetBack(session: Session, last: number, isOther = false): void {
    if (session !== this.#session) return;
    session.consumer?.stop();
    this.#phase = "setBack";
    const taken = this.#position!.sequence;
    const what = last > 0 ? `The log ends with ${last}, and ${taken} was taken` : "The log is gone, or another one";
    warning("onSetBack", what);
    this.#push({ kind: "setBack", last });
    void this.#awaitRestored(session, isOther).catch((error: Error) => this.#lose(session, error.message));
  }

  /**
   * Until this or another server has put the missing entries back, or the log is to be taken from its beginning. In another log
   * nothing can be put back.
   */
  async #awaitRestored(session: Session, isOther: boolean): Promise<void> {
    const { connection, manager, client, ending: { signal } } = session;
    let isHurry = false;
    while (!signal.aborted) {
      if (!isHurry) await this.#untilLook(signal);
      isHurry = false;
      let stream = await findStream(connection, manager, this.#names);
      const position = this.#position, missing = this.#missing;
      if (stream === undefined && (position === undefined || missing.length > 0)) stream = await this.#create(session);
      if (stream === undefined) continue;
      if (position === undefined) return await this.#follow(session, stream);
      if (isOther) continue;
      if (stream.last >= position.sequence) return await this.#follow(session, stream);
      if (missing.length === 0) continue;
      if (stream.last > 0) {
        const place = { stream: this.#names.stream, from: stream.last };
        const end = await readEntry(connection, manager, place, signal);
        if (end === undefined || this.#position !== position) continue;
        const isKnown = missing.some((each) => each.sequence === end.sequence && isSame(each, end));
        // Another server has begun the log anew, and it is shorter so far.
        if (!isKnown) return this.#onSetBack(session, 0, true);
      }
      const { last } = stream, lost = missing.filter(({ sequence }) => sequence > last);
      const count = await putBack(client, this.#names, lost);
      this.counts.putBack += count;
      isHurry = count === lost.length;
    }
  }

  /** Waits until it is time to look at the log again. */
  async #untilLook(ending: AbortSignal): Promise<void> {
    await pause(LOOK_EVERY, AbortSignal.any([ending, this.#look.signal]));
    if (this.#look.signal.aborted) this.#look = new AbortController();
  }

  async #publish(session: Session, own: Own): Promise<void> {
    if (own.tries++ > 0) this.counts.retries++;
    try {
      await session.publisher.publish(this.#names.entriesOf(this.writer), own.bytes, this.#lastOwn);
    } catch (error) {
      if (own !== this.#own || session !== this.#session) return;
      await this.#onFailed(session, own, verdict(error, own.tries === 1));
    }
  }

  async #purge({ connection, manager }: Session, before: number): Promise<void> {
    const stream = await findStream(connection, manager, this.#names);
    // nats-server 2.9 confuses its sequences when it purges a stream that is empty.
    if (stream === undefined || stream.first > stream.last || stream.first >= before) return;
    await manager.streams.purge(this.#names.stream, { seq: before });
  }

  /** A try of the entry under way has not been answered with its sequence. */
  async #onFailed(session: Session, own: Own, found: Verdict): Promise<void> {
    if (found.kind === "refused") {
      this.#refuse(found.failure);
      if (found.isGone) this.#lose(session, "the stream is gone"); // another connection finds out; its consumer is silent
      return;
    }
    if (found.kind === "present" && found.last < this.#lastOwn) return await this.#onOlder(session, own, found.last);
    if (found.kind === "unknown") debug("onFailed", `an entry is tried again, its outcome is unknown: ${found.why}`);
    if (!(await pause(ANSWER, session.ending.signal)) || own !== this.#own) return;
    if (found.kind === "present") return this.#lose(session, "an entry that is in the log has not come back");
    await this.#publish(session, own);
  }

  /** For the broker an earlier own entry is the last one: those behind it were purged, or the log has been set back. */
  async #onOlder(session: Session, own: Own, last: number): Promise<void> {
    const { connection, manager } = session;
    const stream = await findStream(connection, manager, this.#names).catch(() => undefined);
    if (session !== this.#session || own !== this.#own) return;
    if (stream === undefined || stream.last < this.#position!.sequence || stream.first <= this.#lastOwn) {
      return this.#lose(session, "the log has been set back");
    }
    this.#lastOwn = last;
    await this.#publish(session, own);
  }

  #refuse(failure: JournalFailure): void {
    this.counts.refused++;
    this.#own = undefined;
    this.#isSettled = true;
    this.#push({ kind: "refused", failure });
  }

  #push(event: LogEvent): void {
    this.#events.push(event);
    if (this.#events.length === 1) this.#onReady();
  }

  /** Gives up a connection with all that belongs to it. */
  #lose(session: Session, why: string): void {
    if (session !== this.#session) return;
    this.#session = undefined;
    session.consumer?.stop();
    session.publisher.stop();
    session.ending.abort();
    this.peers.detach();
    void session.connection.close();
    if (this.#phase === "closed") return;
    if (this.#phase === "up" || this.#phase === "setBack") {
      this.counts.losses++;
      warning("lose", `the link to the broker is lost: ${why}; trying again`);
      this.#push({ kind: "down" });
    }
    this.#phase = "down";
    if (!this.#isEntering) this.#reconnecting = this.#reconnect();
  }

  async #reconnect(): Promise<void> {
    let said = "";
    for (let wait = FIRST_PAUSE; await pause(wait, this.#closing.signal); wait = Math.min(2 * wait, LONGEST_PAUSE)) {
      try {
        return await this.#enter();
      } catch (error) {
        const { message } = error as Error;
        if (message !== said && this.#phase !== "closed") warning("reconnect", message);
        said = message;
      }
    }
  }
}

function isSame(one: Position, other: Position): boolean {
  return one.time === other.time && one.writer === other.writer;
}
