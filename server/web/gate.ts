/**
 * How fast requests are answered: a few at a time, in the order in which they came, and then the loop has a pause for the
 * chat. One client can send thousands of requests in one write, and 160 of them fit into what is read at once: answered
 * in a row, those of eight connections kept every message waiting for 0.2 s.
 */

/** Requests in a row, and milliseconds until the next ones. At 0.1 to 0.2 ms each this is a fifth of a processor. */
const IN_A_ROW = 8, PAUSE = 5;

export class Gate {
  readonly #now: () => number;
  /** Those that may still pass before the pause is over, and when it began. */
  #left = IN_A_ROW;
  #since = -Infinity;
  #waiting: (() => void)[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param now milliseconds that never go back */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Settles when the next request may be answered; each connection has one at a time in here. */
  pass(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#open();
    });
  }

  /** Nothing that waits passes any more. */
  close(): void {
    clearTimeout(this.#timer);
    this.#waiting = [];
  }

  #open(): void {
    if (this.#timer !== undefined) return;
    if (this.#now() - this.#since >= PAUSE) {
      this.#left = IN_A_ROW;
      this.#since = this.#now();
    }
    for (const pass of this.#waiting.splice(0, this.#left)) {
      this.#left--;
      pass();
    }
    if (this.#waiting.length > 0) this.#timer = setTimeout(() => this.#again(), PAUSE);
  }

  #again(): void {
    this.#timer = undefined;
    this.#since = -Infinity;
    this.#open();
  }
}
