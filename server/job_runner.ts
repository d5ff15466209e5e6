/** Jobs of connections: each begins when the messages of its turn are kept, so that the past has them, and ends as an event of the loop. */
import type { RequestContext } from "./chat/effects.ts";
import type { Job } from "./chat/jobs.ts";
import type { Connection } from "./net/connection.ts";
import type { Unanswered } from "./net/unanswered.ts";
import type { JobOutcome, Jobs } from "./jobs.ts";

/** A job that was asked for. */
export interface PendingJob {
  readonly connection: Connection;
  readonly job: Job;
  readonly then: (context: RequestContext<Connection>, found: unknown) => void;
  /** The first id that the connection is sent when it is said, and has not missed. */
  before: number;
  /** When it was asked for, in milliseconds that never go back. */
  readonly askedAt: number;
}

/** What the loop does for them. */
export interface JobEvents {
  /** Has {@linkcode JobRunner.start} called in a later turn. */
  onMore(): void;
  onDone(job: PendingJob, found: JobOutcome): void;
}

/** Milliseconds in which jobs are begun before there is another turn. */
const BEGINNING = 10;

export class JobRunner {
  readonly #jobs: Jobs;
  readonly #now: () => number;
  readonly #events: JobEvents;
  /** Those of this turn. */
  #new: PendingJob[] = [];
  /** Those whose turn is over. */
  #due: PendingJob[] = [];

  constructor(jobs: Jobs, now: () => number, events: JobEvents) {
    this.#jobs = jobs;
    this.#now = now;
    this.#events = events;
  }

  add(job: PendingJob): void {
    this.#new.push(job);
  }

  /**
   * The messages of a batch are kept, or will not be.
   *
   * @param end the id behind its last one: jobs that were asked for behind it wait on
   * @param shift what was added to its ids
   */
  handleBatch(end: number, shift: number): void {
    if (this.#new.length === 0) return;
    const waiting = this.#new.filter(({ before }) => before > end);
    for (const job of this.#new) {
      if (job.before <= end) this.#due.push(Object.assign(job, { before: job.before + shift }));
    }
    this.#new = waiting;
  }

  /**
   * The turn is over, and the journal is late. What an account missed waits, for it may be in the batch that is under way; so does
   * a job of a connection that waits for an answer.
   */
  releaseIndependent(unanswered: Unanswered): void {
    if (this.#new.length === 0) return;
    const { true: due = [], false: waiting = [] } = Object.groupBy(
      this.#new,
      ({ connection, job }) => job.kind !== "missed" && !unanswered.has(connection) ? "true" : "false",
    );
    this.#due.push(...due);
    this.#new = waiting;
  }

  /**
   * Begins some in this turn: a page of the past may take milliseconds. Their connections pay for what they take.
   *
   * @param time Unix seconds
   */
  start(time: number): void {
    if (this.#due.length === 0) return;
    const began = this.#now();
    for (let from = began; this.#due.length > 0 && from - began < BEGINNING;) {
      const pending = this.#due.shift()!, { connection, job, before } = pending;
      if (connection.closeState !== "open") continue; // since this very turn
      const found = this.#jobs.run(job, connection, before, time);
      const to = this.#now();
      connection.rateLimit.spendTime(to - from);
      from = to;
      const post = (found: JobOutcome) => this.#events.onDone(pending, found);
      if (found instanceof Promise) found.then(post);
      else post(found);
    }
    if (this.#due.length > 0) this.#events.onMore();
  }

  /** Starts the hashes that had to wait until this moment. */
  startDelayed(): void {
    this.#jobs.startDelayed();
  }

  /** Drops what waits. The promise resolves when no hash runs. */
  close(): Promise<void> {
    return this.#jobs.close();
  }
}
