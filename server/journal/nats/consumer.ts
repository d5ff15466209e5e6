/**
 * Receives the entries of a stream in order. The library's ordered consumer beats each thirty seconds and begins anew by itself;
 * here a second of silence is told from the next, and beginning anew is one way for all that can fail.
 */
import { createInbox, type Msg, nanos, type NatsConnection, type Subscription } from "@nats-io/nats-core";
import type { MsgImpl } from "@nats-io/nats-core/internal";
import { AckPolicy, DeliverPolicy, type JetStreamManager, PubHeaders, ReplayPolicy } from "@nats-io/jetstream";
import type { EntryEvent } from "./log.ts";
import { explained } from "./refused.ts";

/** Milliseconds between two signs of life of the consumer, and how many may be missing. */
const BEAT = 1000, MAX_MISSED = 3;
/** Milliseconds until the broker removes the consumer of a server that is gone. */
const INACTIVE = 10_000;
/** The header of an entry that was put back: its time before. */
export const TIME_HEADER = "Hanita-Time";

const PLAIN_HEAD = new TextEncoder().encode(`NATS/1.0\r\n${PubHeaders.ExpectedLastSubjectSequenceHdr}: `);
/** A head ends with an empty line. */
const HEAD_END = "\r\n\r\n".length, CR = 13;

/** Where a consumer begins. */
interface Place {
  readonly stream: string;
  /** The first sequence, at least 1. */
  readonly from: number;
}

export interface ConsumerEvents {
  onEntry(entry: EntryEvent): void;
  /** The broker waits until what it has sent was taken: {@linkcode Consumer.release}. */
  onFlow(): void;
  /** It has missed something or is gone. There are no more events. */
  onLost(why: string): void;
}

export class Consumer {
  readonly #connection: NatsConnection;
  readonly #place: Place;
  readonly #inbox = createInbox();
  readonly #events: ConsumerEvents;
  readonly #subscription: Subscription;
  readonly #watch: ReturnType<typeof setInterval>;
  /** The number of the last delivery: 1, 2, 3…, without a gap. */
  #delivered = 0;
  /** Seconds without a sign of life. Counting them lets a process that was suspended receive what waits first. */
  #missed = 0;
  #isOver = false;
  /** A request of the broker, to be answered when what precedes it was taken. */
  #flow: string | undefined;

  constructor(connection: NatsConnection, place: Place, events: ConsumerEvents) {
    this.#connection = connection;
    this.#place = place;
    this.#events = events;
    this.#subscription = connection.subscribe(this.#inbox, {
      callback: (error, message) => this.#receive(error, message),
    });
    this.#watch = setInterval(() => {
      if (this.#missed++ >= MAX_MISSED) this.#lose(`the stream has been silent for ${MAX_MISSED * BEAT / 1000} s`);
    }, BEAT);
  }

  /**
   * Returns how many entries there are to receive.
   *
   * @throws {JournalRefused} if JetStream says no
   */
  async start(manager: JetStreamManager): Promise<number> {
    const { stream, from } = this.#place;
    const added = manager.consumers.add(stream, {
      deliver_subject: this.#inbox,
      deliver_policy: DeliverPolicy.StartSequence,
      opt_start_seq: from,
      ack_policy: AckPolicy.None,
      replay_policy: ReplayPolicy.Instant,
      max_deliver: 1,
      flow_control: true,
      idle_heartbeat: nanos(BEAT),
      inactive_threshold: nanos(INACTIVE),
      mem_storage: true,
      num_replicas: 1,
    });
    return (await added.catch((error) => Promise.reject(explained(error)))).num_pending;
  }

  /** All was taken, so the broker may send more. */
  release(): void {
    const flow = this.#flow;
    this.#flow = undefined;
    if (flow !== undefined && !this.#connection.isClosed()) this.#connection.publish(flow);
  }

  stop(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearInterval(this.#watch);
    if (!this.#connection.isClosed()) this.#subscription.unsubscribe();
  }

  #lose(why: string): void {
    if (this.#isOver) return;
    this.stop();
    this.#events.onLost(why);
  }

  #receive(error: Error | null, message: Msg): void {
    if (this.#isOver) return;
    if (error !== null) return this.#lose(error.message);
    this.#missed = 0;
    const { reply = "", subject, data } = message;
    if (subject === this.#inbox) return this.#onStatus(message);
    const { stream, delivery, time, left } = parseReply(reply);
    if (delivery !== this.#delivered + 1) return this.#lose(`Delivery ${delivery} follows ${this.#delivered}`);
    this.#delivered = delivery;
    const before = hasPlainHead(message as MsgImpl) ? "" : message.headers?.get(TIME_HEADER);
    const entry = {
      kind: "entry",
      sequence: stream,
      time: before ? Number(before) : time,
      writer: subject.slice(subject.lastIndexOf(".") + 1),
      bytes: data,
      left,
    } as const;
    this.#events.onEntry(entry);
  }

  #onStatus({ headers, reply }: Msg): void {
    if (headers?.code !== 100) return this.#lose(`The consumer has ended: ${headers?.description}`);
    if (reply) this.#flow = reply;
    const stalled = headers!.get("Nats-Consumer-Stalled"), last = headers!.get("Nats-Last-Consumer");
    if (stalled !== "") this.#flow = stalled;
    if (last !== "" && Number(last) !== this.#delivered) {
      return this.#lose(`Delivery ${last} has not arrived, the last one is ${this.#delivered}`);
    }
    if (this.#flow !== undefined) this.#events.onFlow();
  }
}

/**
 * Whether an entry's head says nothing but what was expected of the log before it. For the library to decode the head would be a
 * fifth of the work of catching up.
 */
function hasPlainHead({ _msg: { hdr: length }, _rdata: bytes }: MsgImpl): boolean {
  for (let at = 0; at < PLAIN_HEAD.length; at++) if (bytes[at] !== PLAIN_HEAD[at]) return false;
  return bytes.indexOf(CR, PLAIN_HEAD.length) === length - HEAD_END;
}

/** The first entry from a place on; undefined if there is none, or none has come. */
export async function readEntry(
  connection: NatsConnection,
  manager: JetStreamManager,
  place: Place,
  signal: AbortSignal,
): Promise<EntryEvent | undefined> {
  const { promise, resolve } = Promise.withResolvers<EntryEvent | undefined>(), end = () => resolve(undefined);
  const consumer = new Consumer(connection, place, { onEntry: resolve, onFlow: () => {}, onLost: end });
  signal.addEventListener("abort", end, { once: true });
  try {
    return await consumer.start(manager) === 0 ? undefined : await promise;
  } finally {
    signal.removeEventListener("abort", end);
    consumer.stop();
  }
}

/**
 * What the broker says of a delivery, in the subject for answers: `$JS.ACK.STREAM.CONSUMER.TRIES.SEQUENCE.DELIVERY.NANOSECONDS.LEFT`,
 * or with the domain and the account behind `ACK`, and more at the end.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const expected = { stream: 42, delivery: 7, time: 1_700_000_000_123, left: 3 };
 * assert.deepEqual(parseReply("$JS.ACK.hanita-a.c1.1.42.7.1700000000123456789.3"), expected);
 * assert.deepEqual(parseReply("$JS.ACK._.hash.hanita-a.c1.1.42.7.1700000000123456789.3.token"), expected);
 * ```
 */
export function parseReply(reply: string): { stream: number; delivery: number; time: number; left: number } {
  let count = 0;
  for (let dot = reply.indexOf("."); dot >= 0; dot = reply.indexOf(".", dot + 1)) DOTS[count++] = dot;
  DOTS[count] = reply.length;
  const at = count === 8 ? 4 : 6;
  return {
    stream: numberIn(reply, at),
    delivery: numberIn(reply, at + 1),
    time: Math.floor(numberIn(reply, at + 2) / 1_000_000),
    left: numberIn(reply, at + 3),
  };
}

/** Where the dots of a reply are. A new array of strings for each entry would be a third of the work of catching up. */
const DOTS = new Uint16Array(64);

/** The token behind a dot. */
function numberIn(reply: string, at: number): number {
  return Number(reply.slice(DOTS[at]! + 1, DOTS[at + 1]!));
}
