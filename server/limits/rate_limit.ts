/**
 * How fast one connection may speak: a bucket of tokens, one for an object, more for a long one and for one that has caused
 * much. An empty bucket pauses reading, so that TCP itself slows the sender down, and nothing is dropped. What a request has
 * cost is known afterwards: it is always served, and the next one waits.
 */

/** An object costs one token for as many bytes begun: a burst of 1,000 tokens is 512 KB, half of what a reader may owe. */
const TOKEN_BYTES = 512;
/** So many bytes that are sent because of a request cost one more: memory does not grow with them, and time costs by itself. */
export const SENT_BYTES = 32 * 1024;

/** A rate and a burst. */
export interface RateLimit {
  /** Objects a second; 0 means as fast as they come. */
  readonly rate: number;
  /** Objects that may come at once. */
  readonly burst: number;
}

export class Bucket {
  readonly #rateLimit: RateLimit;
  #tokens: number;
  /** When the tokens were last counted, in milliseconds. */
  #at = 0;

  constructor(rateLimit: RateLimit) {
    this.#rateLimit = rateLimit;
    this.#tokens = rateLimit.burst;
  }

  /** Whether the next object must wait. */
  isEmpty(now: number): boolean {
    const { rate, burst } = this.#rateLimit;
    if (rate === 0) return false;
    this.#tokens = Math.min(burst, this.#tokens + ((now - this.#at) / 1000) * rate);
    this.#at = now;
    return this.#tokens < 1;
  }

  /** Takes the tokens of one object. The last one may be owed for a while. */
  spend(bytes = 1): void {
    this.#charge(Math.ceil(bytes / TOKEN_BYTES));
  }

  /** Takes the tokens of bytes that were no object. */
  spendIdle(bytes: number): void {
    this.#charge(bytes / TOKEN_BYTES);
  }

  /** Takes the tokens of what a request has caused, once that is known: bytes that were sent to all who got them. */
  spendSent(bytes: number): void {
    this.#charge(bytes / SENT_BYTES);
  }

  /** The same of the time that a request has taken from all others, in milliseconds. */
  spendTime(milliseconds: number): void {
    this.#charge(milliseconds);
  }

  /** Makes the next object wait for so many milliseconds, if it does not wait for longer. */
  delay(milliseconds: number): void {
    const tokens = 1 - milliseconds / 1000 * this.#rateLimit.rate;
    if (tokens < this.#tokens) this.#charge(this.#tokens - tokens);
  }

  /** No debt is larger than a burst, so that no request makes the next one wait for much longer than ten seconds. */
  #charge(tokens: number): void {
    this.#tokens = Math.max(-this.#rateLimit.burst, this.#tokens - tokens);
  }

  /** Milliseconds from the last look until there is a token. */
  get wait(): number {
    return Math.max(0, (1 - this.#tokens) * 1000 / this.#rateLimit.rate);
  }
}
