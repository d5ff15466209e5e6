/**
 * How long messages are kept: days on the calendar. The oldest go first, a little at a time. A wrong clock removes nothing:
 * what it says is believed when it has not jumped for ten minutes.
 */
import { ClockMonitor, type Clocks } from "../../log/mod.ts";
import type { Statements } from "./statements.ts";

const HOUR = 60 * 60 * 1000, DAY = 24 * HOUR;
/** How often it is looked whether a message is too old. */
const PRUNE_EVERY = 60_000;

export class Retention {
  readonly #sql: Statements;
  readonly #wall: () => number;
  readonly #now: () => number;
  readonly #clock: ClockMonitor;
  readonly #keepDays: number;
  readonly #openedAt: number;
  /** The newest run of those that were there before. */
  readonly #found: number;
  #pruneAt = -Infinity;

  /**
   * @param keepDays what was said on Saturday at noon goes on Sunday at noon, however many hours that is; 0: never
   * @param found the newest run of those that were there before
   */
  constructor(sql: Statements, { wall, now }: Clocks, keepDays: number, found: number) {
    this.#sql = sql;
    this.#wall = wall;
    this.#now = now;
    this.#clock = new ClockMonitor({ wall, now });
    this.#keepDays = keepDays;
    this.#openedAt = now();
    this.#found = found;
  }

  /**
   * Removes runs that are too old, the oldest first, until the monotonic clock says so.
   *
   * @param removeOldest removes the oldest run and returns the id of the next one
   * @returns whether none is left
   */
  prune(until: number, removeOldest: () => number): boolean {
    if (this.#keepDays === 0 || !this.#clock.isReliable() || this.#now() < this.#pruneAt) return true;
    for (let last = this.#lastTooOld(); last > 0; last = this.#lastTooOld()) {
      for (let oldest = 0; oldest <= last;) {
        oldest = removeOldest();
        if (this.#now() >= until) return false;
      }
    }
    this.#pruneAt = this.#now() + PRUNE_EVERY;
    return true;
  }

  /**
   * The last run that is too old, as far as the oldest ones tell; 0 if none is. A time that is ahead of the clock was written
   * by a wrong one: until then such a run is as old as the next one at least. A run of this opening is no older than that,
   * whatever the clock said then; an hour is for the one that a calendar's day may lack.
   */
  #lastTooOld(): number {
    const wall = this.#wall(), { first = 0, time = 0 } = this.#sql.oldestSaid.get(wall) ?? {};
    const young = (first as number) > this.#found && this.#now() - this.#openedAt < this.#keepDays * DAY - HOUR;
    return !young && (time as number) <= daysBefore(wall, this.#keepDays) ? first as number : 0;
  }
}

/** The same time of the day, so many days of the local calendar before. */
function daysBefore(moment: number, days: number): number {
  const date = new Date(moment);
  return date.setDate(date.getDate() - days);
}
