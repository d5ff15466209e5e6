/**
 * What the entries of a log are for a reader that has nothing: which of them count, and which are void. All servers must agree
 * about that, so one that takes a log from its beginning reads what it has already in the same way.
 */
import type { Unreadable } from "../encoding.ts";
import type { BatchEntry, BeginEntry, EndEntry, Entry, PartEntry } from "./entry.ts";
import type { LogEntry } from "./log.ts";
import { Parts } from "./parts.ts";

export class Reading {
  /** From which the ids of the log are counted that was begun; 0 before the first entry that counts. */
  base = 0;
  /** The first entry that was there. */
  first = 0;
  /** The last entry that was a batch, or the end of a beginning. */
  lastBatch = 0;
  /** The state is there, and what counts follows it. */
  isBegun = false;
  /** What is being read between `begin` and `end`. */
  attempt: BeginEntry | undefined;
  /** The last try to begin the log that does not hold. */
  voidAttempt = 0;
  /** What was read is void: another beginning has come that holds, and has not ended. */
  #beginsOver = false;
  #parts = new Parts();

  /** As it is now; what comes later changes the copy alone. */
  copy(): Reading {
    const copy: Reading = Object.assign(new Reading(), this);
    copy.#beginsOver = this.#beginsOver;
    copy.#parts = this.parts;
    return copy;
  }

  /** A copy of what has come of entries that are not complete. */
  get parts(): Parts {
    return this.#parts.copy();
  }

  /** The base of the log that is being read; 0 before that is known. */
  get log(): number {
    return this.isBegun ? this.base : this.attempt?.base ?? this.base;
  }

  /** Reads the next entry. Returns it if it is complete and counts, or why it cannot be read. */
  read(entry: LogEntry): Exclude<Entry, PartEntry> | Unreadable | undefined {
    const { sequence } = entry;
    this.first ||= sequence;
    const whole = this.#parts.wholeOf(entry);
    if (typeof whole !== "object") return whole;
    switch (whole.kind) {
      case "batch":
        return this.#readBatch(whole, sequence);
      case "begin":
        return this.#readBegin(whole);
      case "end":
        return whole.attempt === this.attempt?.attempt ? this.#readEnd(whole, this.attempt, sequence) : undefined;
      case "part":
        return undefined;
      default:
        return whole.attempt === this.attempt?.attempt ? whole : undefined;
    }
  }

  #readBatch(batch: BatchEntry, sequence: number): BatchEntry | undefined {
    const isVoid = this.isBegun ? batch.base !== this.base : this.#beginsOver || this.attempt?.behind === 0;
    if (isVoid || batch.ifAfter < this.lastBatch) return undefined;
    this.base ||= batch.base;
    this.lastBatch = sequence;
    return batch;
  }

  /** A beginning makes all before it void, unless something was added behind what its writer had seen. */
  #readBegin(begin: BeginEntry): BeginEntry | undefined {
    const isFirst = begin.behind === 0;
    if (isFirst && this.lastBatch > begin.before) {
      this.voidAttempt = begin.attempt;
      return undefined;
    }
    if (isFirst && this.isBegun) {
      this.#beginsOver = true;
      this.isBegun = false;
      this.base = 0;
    }
    this.attempt = begin;
    return begin;
  }

  #readEnd(end: EndEntry, { base, behind }: BeginEntry, sequence: number): EndEntry | undefined {
    this.attempt = undefined;
    if (!this.isBegun && behind > 0 && behind < this.first - 1) return undefined; // entries between are not there any more
    if (!this.isBegun) this.base = base;
    this.isBegun = true;
    this.#beginsOver = false;
    this.lastBatch = sequence;
    return end;
  }
}
