/** A timer that is set to more milliseconds than these fires at once. */
const LONGEST = 2 ** 31 - 1;

/**
 * The one timer of the loop: set to the earliest moment that anybody waits for. Many connections wait for gaps and
 * tokens and deadlines; each would otherwise have a timer of its own.
 */
export class Timer {
  readonly #onDue: () => void;
  readonly #now: () => number;
  #at = Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(now: () => number, onDue: () => void) {
    this.#now = now;
    this.#onDue = onDue;
  }

  /** Rings at that moment of the clock at the latest, once; in 24 days if that is sooner. */
  scheduleAt(moment: number): void {
    if (moment >= this.#at) return;
    this.cancel();
    this.#at = moment;
    this.#timer = setTimeout(() => {
      this.#at = Infinity;
      this.#onDue();
    }, Math.min(Math.max(0, moment - this.#now()), LONGEST));
  }

  cancel(): void {
    clearTimeout(this.#timer);
    this.#at = Infinity;
  }
}
