/** The timer of the loop: it posts an event at the earliest moment for which any part of the server waits. */

/** `setTimeout` fires at once for more milliseconds than these. */
const LONGEST = 2 ** 31 - 1;

/**
 * The one timer of the loop, set to the earliest moment that is waited for. Thousands of connections wait for gaps,
 * tokens and deadlines; a timer for each would cost more.
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

  /** Calls `onDue` at that moment at the latest, once; in 24 days if that is sooner. */
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
