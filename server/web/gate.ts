/**
 * Limits the speed of the web port: a few steps in a row, in order, and then a pause for the chat. Ready operations
 * settle before any other event: a backlog of 4,096 connections, or the 160 requests of one read. Without a pause
 * they delayed every message by 0.2 to 0.7 s.
 */
export class Gate {
  readonly #inARow: number;
  readonly #pause: number;
  readonly #now: () => number;
  /** Those that may still pass before the pause is over, and when it began. */
  #left = 0;
  #since = -Infinity;
  #waiting: (() => void)[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isClosed = false;

  /**
   * @param inARow steps in a row
   * @param pause milliseconds from the first of them to the next ones
   * @param now milliseconds that never go back
   */
  constructor(inARow: number, pause: number, now: () => number = () => performance.now()) {
    this.#inARow = inARow;
    this.#pause = pause;
    this.#now = now;
  }

  /** Settles when the next step may be taken. */
  pass(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#open();
    });
  }

  /** Nothing passes any more, neither what waits nor what is asked for later. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#waiting = [];
  }

  #open(): void {
    if (this.#timer !== undefined || this.#isClosed) return;
    if (this.#now() - this.#since >= this.#pause) {
      this.#left = this.#inARow;
      this.#since = this.#now();
    }
    for (const pass of this.#waiting.splice(0, this.#left)) {
      this.#left--;
      pass();
    }
    if (this.#waiting.length > 0) this.#timer = setTimeout(() => this.#again(), this.#pause);
  }

  #again(): void {
    this.#timer = undefined;
    this.#since = -Infinity;
    this.#open();
  }
}
