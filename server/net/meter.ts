/**
 * What a server counts of its own work, for whoever watches it: numbers that only grow, and two histograms. A counter costs
 * an addition where something happens anyway, once a turn, a read, a write or a refusal, and never once for each reader of
 * a broadcast. What can be seen by looking (who is connected, what is owed) is not counted: it is looked at when asked.
 */
import { STATUS_TEXT } from "../../jim/mod.ts";
import type { Connection } from "./connection.ts";

/** Upper bounds in seconds: a turn of one message takes a tenth of the first one, a disk that is busy may take the last. */
const BOUNDS = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

/**
 * Durations, counted by size. The bounds are few and fixed, since a monitoring system keeps a series for each of them; the
 * bench, which wants percentiles to 3 %, has a finer one.
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
  /** All of them together, in seconds. */
  sum = 0;
  /** How many fell into each bucket; the last is without bound. */
  readonly #buckets = new Float64Array(BOUNDS.length + 1);

  add(seconds: number): void {
    let at = 0;
    while (at < BOUNDS.length && seconds > BOUNDS[at]!) at++;
    this.#buckets[at]!++;
    this.count++;
    this.sum += seconds;
  }

  /** Each bound, and how many were not above it. */
  *atMost(): Iterable<[bound: number, count: number]> {
    let count = 0;
    for (const [at, bound] of BOUNDS.entries()) yield [bound, count += this.#buckets[at]!];
  }
}

export class Meter {
  /** Messages that were kept, if they are of a kind that is, and relayed. */
  readonly messages = { common: 0, room: 0, private: 0 };
  /** Relays put into outboxes: one for each reader of each message. */
  deliveries = 0;
  /** Answers that said no, by their code; JIM's own are there from the start, so that a first one is seen to come. */
  readonly refusals = new Map(
    Object.keys(STATUS_TEXT).filter((code) => Number(code) >= 400).map((code) => [Number(code), 0]),
  );
  /** Connections taken in since the start. */
  accepted = 0;
  /** Connections that the system could not hand over: no file descriptor was left, say. */
  acceptFailures = 0;
  /** Readers dropped: over their own limit, or the slowest while all together were over theirs. */
  readonly dropped = { own: 0, all: 0 };
  /**
   * Bytes read from sockets, and handed to them. They begin at -0, which the engine keeps as a double: a counter that
   * outgrows its small integers, after 2 GB, would have it throw away and compile again all that adds to it.
   */
  readonly bytes = { in: -0, out: -0 };
  /** How long turns of the loop took. */
  readonly turns = new Durations();
  /** How long the journal took for the messages of a turn. */
  readonly commits = new Durations();
  /** Who is connected: the server's own set. */
  connections: Iterable<Connection> = [];

  /** Records that the journal has left out: the journal's own counts. */
  skipped: { readonly damaged: number; readonly unknown: number } = { damaged: 0, unknown: 0 };

  refused(code: number): void {
    this.refusals.set(code, (this.refusals.get(code) ?? 0) + 1);
  }
}
