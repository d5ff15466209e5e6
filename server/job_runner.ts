/**
 * Runs the jobs of connections. A job starts when the messages of its turn are stored, so that the history has them.
 * Its result is an event of the loop.
 */
import type { RequestContext } from "./chat/effects.ts";
import type { Job } from "./chat/jobs.ts";
import type { Connection } from "./net/connection.ts";
import type { Unanswered } from "./net/unanswered.ts";
import type { JobOutcome, Jobs } from "./jobs.ts";

/** A job and its connection. */
export interface PendingJob {
  readonly connection: Connection;
  readonly job: Job;
  readonly then: (context: RequestContext<Connection>, found: unknown) => void;
  /** The first id that is relayed to the connection live, and so was not missed. */
  before: number;
  /** When it was requested, in milliseconds that never go back. */
  readonly askedAt: number;
}

/** Callbacks into the loop. */
export interface JobEvents {
  /** Has {@linkcode JobRunner.startMore} called in a later turn. */
  onMore(): void;
  /** Has the outcome handled in a turn. */
  onDone(job: PendingJob, found: JobOutcome): void;
}

/** What does the work. */
type DoesJobs = Pick<Jobs, "run" | "startDelayed" | "close">;

const NOBODY: ReadonlyMap<Connection, number> = new Map();

/** Milliseconds of a turn for starting jobs. */
const BEGINNING = 5;

export class JobRunner {
  readonly #jobs: DoesJobs;
  readonly #now: () => number;
  readonly #events: JobEvents;
  /** Jobs with a batch that is not stored yet. */
  #new: PendingJob[] = [];
  /** Jobs that can start. */
  #due: PendingJob[] = [];
  /** {@linkcode startMore} will be called. */
  #isMoreDue = false;

  constructor(jobs: DoesJobs, now: () => number, events: JobEvents) {
    this.#jobs = jobs;
    this.#now = now;
    this.#events = events;
  }

  add(job: PendingJob): void {
    this.#new.push(job);
  }

  /**
   * The messages of a batch are stored, or were refused.
   *
   * @param end the id after its last one: jobs requested after it still wait
   * @param shift added to its ids by the journal; undefined if it has none of a shared one
   * @param delivered the last id that was delivered before it. Other servers may have used larger ids than those of a
   *   batch that was refused.
   */
  handleBatch(end: number, shift: number | undefined, delivered: number): void {
    if (this.#new.length === 0) return;
    const waiting = this.#new.filter(({ before }) => before > end);
    for (const job of this.#new) {
      if (job.before <= end) {
        const least = delivered + 1, before = shift === undefined ? least : Math.max(job.before + shift, least);
        this.#due.push(Object.assign(job, { before }));
      }
    }
    this.#new = waiting;
  }

  /**
   * The connections that will be sent what they have missed up to a batch that has not come back, each with the first id of that
   * batch, or of one behind it, that it has not. Until then messages of other servers are such.
   */
  get catchingUp(): ReadonlyMap<Connection, number> {
    if (this.#new.length === 0) return NOBODY;
    const some = this.#new.filter(({ job }) => isCatchingUp(job));
    return new Map(some.map(({ connection, before }) => [connection, before]));
  }

  /**
   * The journal is late. A job of a connection that is catching up waits, since messages may be in the batch under way; so does
   * a job of a connection that waits for an answer. All others can start.
   */
  releaseIndependent(unanswered: Unanswered): void {
    if (this.#new.length === 0) return;
    const { true: due = [], false: waiting = [] } = Object.groupBy(
      this.#new,
      ({ connection, job }) => !isCatchingUp(job) && !unanswered.has(connection) ? "true" : "false",
    );
    this.#due.push(...due);
    this.#new = waiting;
  }

  /**
   * Starts some jobs in this turn: a page of the history may take milliseconds, which its connection pays for. While others
   * wait for a later turn, it starts none.
   *
   * @param time Unix seconds
   */
  start(time: number): void {
    if (this.#due.length === 0 || this.#isMoreDue) return;
    const began = this.#now();
    for (let from = began; this.#due.length > 0 && from - began < BEGINNING;) {
      const pending = this.#due.shift()!, { connection, job, before } = pending;
      if (connection.closeState !== "open") continue; // it began to close in this turn
      const found = this.#jobs.run(job, connection, before, time);
      const to = this.#now();
      connection.rateLimit.spendTime(to - from);
      from = to;
      if (found instanceof Promise) found.then((found) => this.#events.onDone(pending, found));
      else this.#events.onDone(pending, found);
    }
    this.#isMoreDue = this.#due.length > 0;
    if (this.#isMoreDue) this.#events.onMore();
  }

  /** Starts some of the jobs for which the last turns had no time. */
  startMore(time: number): void {
    this.#isMoreDue = false;
    this.start(time);
  }

  /** Starts hashes that waited until this moment. */
  startDelayed(): void {
    this.#jobs.startDelayed();
  }

  /** Drops waiting jobs. The promise resolves when no hash runs. */
  close(): Promise<void> {
    return this.#jobs.close();
  }
}

/** Whether nothing of its conversations may be relayed to the connection of a job before the job starts. */
function isCatchingUp(job: Job): boolean {
  return job.kind === "live" || (job.kind === "missed" && job.before === undefined);
}
