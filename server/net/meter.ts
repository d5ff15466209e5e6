/**
 * Counters and histograms of the server. A counter costs one addition per turn, read, write or refusal, and none per
 * reader of a broadcast. Gauges, such as connections and unsent bytes, are computed when they are asked for.
 */
import { STATUS_TEXT } from "../../jim/mod.ts";
import type { LogCounts } from "../journal/nats/log.ts";
import type { Connection } from "./connection.ts";

/** Upper bounds in seconds: a turn of one message takes a tenth of the first, a slow disk may take the last. */
const BOUNDS = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

/**
 * A histogram of durations. It has few fixed bounds, since a monitoring system keeps a series for each. The bench has
 * a finer one.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const durations = new Durations();
 * for (const seconds of [0.0001, 0.0002, 7]) durations.add(seconds);
 * assert.deepEqual([...durations.atMost()].slice(0, 2), [[0.0001, 1], [0.00025, 2]]);
 * assert.equal(durations.count, 3);
 * ```
 */
export class Durations {
  count = 0;
  /** Their sum, in seconds. */
  sum = 0;
  /** The count of each bucket; the last is without bound. */
  readonly #buckets = new Float64Array(BOUNDS.length + 1);

  add(seconds: number): void {
    let at = 0;
    while (at < BOUNDS.length && seconds > BOUNDS[at]!) at++;
    this.#buckets[at]!++;
    this.count++;
    this.sum += seconds;
  }

  /** Each bound, and the number of durations up to it. */
  *atMost(): Iterable<[bound: number, count: number]> {
    let count = 0;
    for (const [at, bound] of BOUNDS.entries()) yield [bound, count += this.#buckets[at]!];
  }
}

/** The log of a chat of several servers, as this one sees it, and the other servers. */
export interface LogMeter {
  /** Whether the log can be reached. */
  isUp(): boolean;
  /** The other servers that are up. */
  peers(): number;
  readonly counts: Readonly<LogCounts>;
}

export class Meter {
  /** Messages of this server's clients: relayed, and kept if their kind is kept. */
  readonly messages = { common: 0, room: 0, private: 0 };
  /** Relays put into outboxes: one per reader of each message. */
  deliveries = 0;
  /** Refusals by their code. JIM's own codes are there from the start, so that their first increase is seen. */
  readonly refusals = new Map(
    Object.keys(STATUS_TEXT).filter((code) => Number(code) >= 400).map((code) => [Number(code), 0]),
  );
  /** Connections accepted since the start. */
  accepted = 0;
  /** Accepts that failed, for example without file descriptors. */
  acceptFailures = 0;
  /** Readers dropped: over their own limit, or as the slowest while all together were over theirs. */
  readonly dropped = { own: 0, all: 0 };
  /**
   * Bytes read and written. They begin at -0, which V8 keeps as a double. A small integer would outgrow its type
   * after 2 GB, and all code that adds to it would be compiled again.
   */
  readonly bytes = { in: -0, out: -0 };
  /** Durations of turns. */
  readonly turns = new Durations();
  /** Durations of journal commits. */
  readonly commits = new Durations();
  /** The server's own set of connections. */
  connections: Iterable<Connection> = [];
  /** Undefined for a server alone. */
  log: LogMeter | undefined;

  /** Records that the journal has skipped; the journal counts them. */
  skipped: { readonly damaged: number; readonly unknown: number } = { damaged: 0, unknown: 0 };

  refused(code: number): void {
    this.refusals.set(code, (this.refusals.get(code) ?? 0) + 1);
  }
}
