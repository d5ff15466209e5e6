/**
 * Between the server and its journal: what the journal throws becomes a value here, and is logged once when it begins and once
 * when it is over. A full disk stops what needs the disk, and nothing else.
 */
import { logger } from "../log/mod.ts";
import { isFull, type Journal, JournalFailure, type Soon } from "./journal/contract.ts";

const { info, error } = logger("server/journal_guard");

/**
 * What is done with the journal. That one works tells nothing of the others: a full disk can be read. Maintenance is a kind
 * of writing which often has nothing to write.
 */
export type Access = "write" | "read" | "poll" | "maintain";

/**
 * Milliseconds without a failure after which the journal is said to work again. What is written to a disk that is nearly
 * full may succeed, and fail a second or two later, when it is copied into the database.
 */
const QUIET = 3_000;

export class JournalGuard {
  readonly journal: Journal;
  /** What was written last has failed for want of room. */
  isFull = false;
  readonly #now: () => number;
  /** What has failed, and has not worked since. */
  readonly #broken = new Set<Access>();
  /** It has been logged that the journal fails, and not yet that it works. */
  #failing = false;
  #failedAt = -Infinity;
  /** When all had worked again that had failed. */
  #recoveredAt = -Infinity;

  /** @param now milliseconds that never go back */
  constructor(journal: Journal, now: () => number = () => performance.now()) {
    this.journal = journal;
    this.#now = now;
  }

  /** Does something with the journal; `undefined` when it fails. */
  attempt<T>(access: Access, work: () => Soon<T>): Soon<T | undefined> {
    try {
      const result = work();
      if (!(result instanceof Promise)) return this.#works(access, result);
      return result.then((value) => this.#works(access, value), (failure) => this.failed(access, failure));
    } catch (failure) {
      return this.failed(access, failure);
    }
  }

  /** Notes that something has been done. */
  worked(access: Access): void {
    if (access === "write") this.isFull = false;
    if (this.#failing && this.#broken.delete(access) && this.#broken.size === 0) this.#recoveredAt = this.#now();
  }

  /** Notes that the journal has failed. What is no failure of it is a bug, and is thrown. */
  failed(access: Access, failure: unknown): undefined {
    if (!(failure instanceof JournalFailure)) throw failure;
    if (!this.#failing) error("attempt", `${failure.message}; until it works again, what must be kept is answered 500`);
    this.#failing = true;
    if (access === "write") this.isFull = isFull(failure);
    this.#failedAt = this.#now();
    this.#broken.add(access === "maintain" ? "write" : access);
    return undefined;
  }

  /** Logs that the journal works again, when it has done so for a while. Called each second. */
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
