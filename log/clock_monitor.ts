// Whether the wall clock is reliable. Old files and messages are removed by date, and a clock that is wrong for a moment
// (a dead battery, a typing error, a virtual machine that resumes) would remove everything. The monotonic clock has no
// date, but shows each jump of the wall clock.

/** Two clocks, in milliseconds: the one on the wall, since 1970, and one that never goes back. */
export interface Clocks {
  readonly wall: () => number;
  readonly now: () => number;
}

/** Milliseconds for which the clocks must have kept pace. NTP corrects a wrong clock sooner. */
const SETTLED = 10 * 60_000;
/** A difference in milliseconds that is no jump: NTP slews, and steps by seconds. */
const TOLERANCE = 60_000;

export class ClockMonitor {
  readonly #clocks: Clocks;
  /** By how much the wall clock was ahead of the other. */
  #ahead: number;
  /** When it last jumped. */
  #jumpedAt: number;

  constructor(clocks: Clocks) {
    this.#clocks = clocks;
    this.#jumpedAt = clocks.now();
    this.#ahead = clocks.wall() - this.#jumpedAt;
  }

  /**
   * Whether the wall clock has kept pace with the other for ten minutes. Ask often: a jump and a jump back between two
   * calls are not noticed.
   *
   * @example
   * ```ts
   * import assert from "node:assert/strict";
   * const MINUTE = 60_000, clock = { wall: 0, now: 0 };
   * const monitor = new ClockMonitor({ wall: () => clock.wall, now: () => clock.now });
   * const pass = (ms: number) => (clock.wall += ms, clock.now += ms);
   * assert.equal(monitor.isReliable(), false);
   * pass(10 * MINUTE);
   * assert.equal(monitor.isReliable(), true);
   * clock.wall += 365 * 24 * 60 * MINUTE;
   * assert.equal(monitor.isReliable(), false);
   * pass(10 * MINUTE);
   * assert.equal(monitor.isReliable(), true);
   * ```
   */
  isReliable(): boolean {
    const now = this.#clocks.now(), ahead = this.#clocks.wall() - now;
    if (Math.abs(ahead - this.#ahead) > TOLERANCE) this.#jumpedAt = now;
    this.#ahead = ahead;
    return now - this.#jumpedAt >= SETTLED;
  }
}
