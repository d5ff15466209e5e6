/**
 * Wraps the journal: a failure becomes a value, and is logged once when it begins and once when it ends. A full disk
 * stops what needs the disk, and nothing else.
 */
import { logger } from "../log/mod.ts";
import { isFull, type Journal, JournalFailure, type Soon } from "./journal/contract.ts";

const { info, error } = logger("server/journal_guard");

/**
 * The kinds of access. They fail separately: a full disk can be read. Maintenance counts as writing, but often writes
 * nothing.
 */
export type Access = "write" | "read" | "poll" | "maintain";

/**
 * Milliseconds without a failure before the recovery is logged. On a nearly full disk a write may succeed, and fail a
 * second later when it is copied into the database.
 */
const QUIET = 3_000;

export class JournalGuard {
  readonly journal: Journal;
  /** The last write failed for want of space. */
  isFull = false;
  readonly #now: () => number;
  /** Kinds of access that have failed and not worked since. */
  readonly #broken = new Set<Access>();
  /** The failure is logged, and the recovery not yet. */
  #failing = false;
  #failedAt = -Infinity;
  /** When the last failing kind of access worked again. */
  #recoveredAt = -Infinity;

  /** @param now milliseconds that never go back */
  constructor(journal: Journal, now: () => number = () => performance.now()) {
    this.journal = journal;
    this.#now = now;
  }

  /** Runs an access; `undefined` when it fails. */
  attempt<T>(access: Access, work: () => Soon<T>): Soon<T | undefined> {
    try {
      const result = work();
      if (!(result instanceof Promise)) return this.#works(access, result);
      return result.then((value) => this.#works(access, value), (failure) => this.failed(access, failure));
    } catch (failure) {
      return this.failed(access, failure);
    }
  }

  /** Notes a success. */
  worked(access: Access): void {
    if (access === "write") this.isFull = false;
    if (this.#failing && this.#broken.delete(access) && this.#broken.size === 0) this.#recoveredAt = this.#now();
  }

  /** Notes a failure. Any other exception is a bug, and is thrown. */
  failed(access: Access, failure: unknown): undefined {
    if (!(failure instanceof JournalFailure)) throw failure;
    if (!this.#failing) error("attempt", `${failure.message}; until it works again, what must be kept is answered 500`);
    this.#failing = true;
    if (access === "write") this.isFull = isFull(failure);
    this.#failedAt = this.#now();
    this.#broken.add(access === "maintain" ? "write" : access);
    return undefined;
  }

  /** Logs the recovery, after a while without failure. Called each second. */
  logRecovery(): void {
    if (!this.#failing || this.#broken.size > 0) return;
    if (this.#now() - Math.max(this.#failedAt, this.#recoveredAt) < QUIET) return;
    this.#failing = false;
    info("review", "The journal works again");
  }

  #works<T>(access: Access, value: T): T {
    this.worked(access);
    return value;
  }
}
