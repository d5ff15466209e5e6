/**
 * How fast one connection may speak: a bucket of tokens, one for an object, more for a long one. An empty bucket pauses
 * reading, so that TCP itself slows the sender down, and nothing is dropped.
 */

/** An object costs one token for as many bytes begun: a burst of 1,000 tokens is 512 KB, half of what a reader may owe. */
const TOKEN_BYTES = 512;

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

  /** Takes the tokens of one object. The last one may be owed for a while. */
  spend(bytes = 1): void {
    this.#tokens -= Math.ceil(bytes / TOKEN_BYTES);
  }

  /** Milliseconds from the last look until there is a token. */
  get wait(): number {
    return Math.max(0, (1 - this.#tokens) * 1000 / this.#pace.rate);
  }
}
