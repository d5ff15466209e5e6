/**
 * How fast one connection may speak: a bucket of tokens, one an object. An empty bucket pauses reading, so that TCP
 * itself slows the sender down, and nothing is dropped.
 */

/** A rate and a burst. */
export interface Pace {
  /** Objects a second; 0 means as fast as they come. */
  readonly rate: number;
  /** Objects that may come at once. */
  readonly burst: number;
}

export class Bucket {
  readonly #pace: Pace;
  #tokens: number;
  /** When the tokens were last counted, in milliseconds. */
  #at = 0;

  constructor(pace: Pace) {
    this.#pace = pace;
    this.#tokens = pace.burst;
  }

  /** Whether the next object must wait. */
  isEmpty(now: number): boolean {
    const { rate, burst } = this.#pace;
    if (rate === 0) return false;
    this.#tokens = Math.min(burst, this.#tokens + ((now - this.#at) / 1000) * rate);
    this.#at = now;
    return this.#tokens < 1;
  }

  /** Takes the token of one object. */
  spend(): void {
    this.#tokens--;
  }

  /** Milliseconds from the last look until there is a token. */
  get wait(): number {
    return Math.max(0, (1 - this.#tokens) * 1000 / this.#pace.rate);
  }
}
