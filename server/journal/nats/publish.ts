/** Publishes entries, and tells a certain refusal from an unknown outcome. */
import {
  headers,
  InvalidArgumentError,
  type Msg,
  type NatsConnection,
  PermissionViolationError,
  RequestError,
  TimeoutError,
} from "@nats-io/nats-core";
import { MsgHdrsImpl, type MuxSubscription, type NatsConnectionImpl, type Request } from "@nats-io/nats-core/internal";
import { type ApiError, JetStreamApiError, type JetStreamClient, PubHeaders } from "@nats-io/jetstream";
import { JournalFailure } from "../failure.ts";
import { TIME_HEADER } from "./consumer.ts";
import type { LogEntry } from "./log.ts";
import type { Names } from "./names.ts";

/** Milliseconds until an answer counts as lost. */
export const ANSWER = 1000;
/** JetStream's numbers of errors. A try of this entry is in the stream already, or the stream is an older one. */
const WRONG_LAST_SEQUENCE = 10071;
/** The stream or the broker is full, or the entry is too large: certainly not kept. */
const STORE_FAILED = 10077, NO_RESOURCES = 10023, ACCOUNT_FULL = 10002, TOO_LARGE = 10054;
const FULL = [STORE_FAILED, NO_RESOURCES, ACCOUNT_FULL];
/** SQLite's number for a full disk, by which the rest of the server knows it. */
const SQLITE_FULL = 13;
/** How many entries are put back without waiting for their answers. */
const WINDOW = 64;

/** What the failure of a publish means. */
export type Verdict =
  /** The entry is certainly not in the log. Maybe the log is gone: no stream takes its subject. */
  | { readonly kind: "refused"; readonly failure: JournalFailure; readonly isGone: boolean }
  /** It is in the log, which comes to `last` for this writer; if that is less than expected, the log has been set back. */
  | { readonly kind: "present"; readonly last: number }
  /** Nobody knows. Trying again is harmless. */
  | { readonly kind: "unknown"; readonly why: string };

/**
 * Publishes own entries over one connection. Each process has a subject of its own, and says which entry is its last one there:
 * so of many tries, however late, one goes in.
 *
 * The library's own way makes a timer and two errors for each entry, which costs more than the rest of a publish.
 */
export class Publisher {
  readonly #connection: NatsConnection;
  #latest: Try | undefined;
  #tries = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(connection: NatsConnection) {
    this.#connection = connection;
  }

  /** Resolves when the broker has the entry. An earlier try of it does not count any more. */
  publish(subject: string, bytes: Uint8Array, lastOwn: number): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const { protocol } = this.#connection as NatsConnectionImpl, { muxSubscriptions: mux } = protocol;
    this.#latest?.cancel();
    const latest = this.#latest = new Try(mux, `entry${++this.#tries}`, subject, (error) => {
      if (latest === this.#latest) this.#latest = undefined;
      if (error === undefined) resolve();
      else reject(error);
    });
    protocol.request(latest);
    const head = MsgHdrsImpl.fromRecord({ [PubHeaders.ExpectedLastSubjectSequenceHdr]: [`${lastOwn}`] });
    try {
      this.#connection.publish(subject, bytes, { reply: `${mux.baseInbox}${latest.token}`, headers: head });
    } catch (error) {
      latest.cancel(error as Error);
    }
    this.#timer ??= setTimeout(() => this.#onTimer(), ANSWER);
    return promise;
  }

  /** The connection is given up. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#latest?.cancel();
  }

  /** One timer does for all tries: it is set when there is none, and again for what is left of a later try's time. */
  #onTimer(): void {
    const latest = this.#latest, left = latest === undefined ? 0 : latest.since + ANSWER - performance.now();
    this.#timer = left > 0 ? setTimeout(() => this.#onTimer(), left) : undefined;
    if (left <= 0) latest?.cancel(new TimeoutError());
  }
}

/** A publish that the broker has not answered, among the requests of the library's connection. */
class Try implements Request {
  readonly token: string;
  readonly requestSubject: string;
  received = 0;
  readonly since = performance.now();
  readonly #mux: MuxSubscription;
  readonly #onOver: (error: Error | undefined) => void;

  constructor(mux: MuxSubscription, token: string, subject: string, onOver: (error: Error | undefined) => void) {
    this.token = token;
    this.requestSubject = subject;
    this.#mux = mux;
    this.#onOver = onOver;
  }

  resolver(error: Error | null, answer: Msg): void {
    this.#mux.cancel(this);
    this.#onOver(error === null ? errorIn(answer) : new RequestError(error.message, { cause: error }));
  }

  cancel(error: Error = new RequestError("given up")): void {
    this.#mux.cancel(this);
    this.#onOver(error);
  }
}

/** What JetStream has against an entry. */
function errorIn(answer: Msg): Error | undefined {
  const { error } = answer.json<{ error?: ApiError }>();
  return error && new JetStreamApiError(error);
}

/**
 * @param isFirst it was the first try. Of a later one a refusal says nothing: an earlier one may be in the log, or on its way
 */
export function verdict(error: unknown, isFirst: boolean): Verdict {
  if (!(error instanceof Error)) throw error;
  if (error instanceof JetStreamApiError && error.code === WRONG_LAST_SEQUENCE) {
    return { kind: "present", last: Number(/\d+$/.exec(error.message)?.[0] ?? Infinity) };
  }
  if (!isFirst || !isCertain(error)) return { kind: "unknown", why: error.message };
  const isFull = error instanceof JetStreamApiError && FULL.includes(error.code);
  const cause = isFull ? Object.assign(new Error(error.message), { errcode: SQLITE_FULL }) : error;
  const isGone = hasNoResponders(error), why = isGone ? "it has no stream for it" : error.message;
  return { kind: "refused", failure: new JournalFailure(`The broker has refused an entry: ${why}`, { cause }), isGone };
}

function isCertain(error: Error): boolean {
  if (error instanceof JetStreamApiError) return error.code === TOO_LARGE || FULL.includes(error.code);
  const cause = error.cause instanceof RequestError ? error.cause : error;
  return error instanceof InvalidArgumentError || error instanceof PermissionViolationError ||
    cause instanceof PermissionViolationError || cause.cause instanceof PermissionViolationError ||
    hasNoResponders(error);
}

/** No responders (503) means that no stream takes the subject. */
function hasNoResponders(error: Error): boolean {
  const cause = error.cause instanceof RequestError ? error.cause : error;
  return cause instanceof RequestError && cause.isNoResponders();
}

/**
 * Puts entries back at the end of a log, each under its old sequence, and stops quietly where another server was first.
 *
 * @param missing they ascend without a gap from the log's end
 * @returns how many were put back
 */
export async function putBack(client: JetStreamClient, names: Names, missing: readonly LogEntry[]): Promise<number> {
  let count = 0;
  for (let at = 0; at < missing.length; at += WINDOW) {
    const answers = missing.slice(at, at + WINDOW).map(({ sequence, time, writer, bytes }) => {
      const head = headers();
      head.set(TIME_HEADER, `${time}`);
      const expect = { lastSequence: sequence - 1 };
      return client.publish(names.entriesOf(writer), bytes, { timeout: ANSWER, headers: head, expect });
    });
    const done = (await Promise.allSettled(answers)).filter(({ status }) => status === "fulfilled").length;
    count += done;
    if (done < answers.length) return count;
  }
  return count;
}
