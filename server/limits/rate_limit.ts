/**
 * The rate limit of one connection: a token bucket. An object costs one token; a long one, or one with much effect,
 * costs more. An empty bucket pauses reading, so that TCP slows the sender down, and nothing is dropped. The cost is
 * known afterwards: a request is always served, and the next one waits.
 */

/** Bytes of an object per token: a burst of 1,000 tokens is 512 KB, half of an output limit. */
const TOKEN_BYTES = 512;
/** Bytes sent because of a request per token. Memory does not grow with them, and time is charged separately. */
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

  /**
   * Whether the next object must wait.
   *
   * @param reserve tokens that are kept for others
   */
  isEmpty(now: number, reserve = 0): boolean {
    const { rate, burst } = this.#rateLimit;
    if (rate === 0) return false;
    this.#tokens = Math.min(burst, this.#tokens + ((now - this.#at) / 1000) * rate);
    this.#at = now;
    return this.#tokens < 1 + reserve;
  }

  /** Takes the tokens of one object. The count may become negative. */
  spend(bytes = 1): void {
    this.#charge(Math.ceil(bytes / TOKEN_BYTES));
  }

  /** Takes the tokens of bytes that belong to no object. */
  spendIdle(bytes: number): void {
    this.#charge(bytes / TOKEN_BYTES);
  }

  /** Takes the tokens of bytes sent to all readers because of a request. */
  spendSent(bytes: number): void {
    this.#charge(bytes / SENT_BYTES);
  }

  /** Takes the tokens of the time of a request, in milliseconds. */
  spendTime(milliseconds: number): void {
    this.#charge(milliseconds);
  }

  /** Delays the next object by so many milliseconds at least. */
  delay(milliseconds: number): void {
    const tokens = 1 - milliseconds / 1000 * this.#rateLimit.rate;
    if (tokens < this.#tokens) this.#charge(this.#tokens - tokens);
  }

  /** No debt exceeds a burst, so that no request delays the next one by much more than ten seconds. */
  #charge(tokens: number): void {
    this.#tokens = Math.max(-this.#rateLimit.burst, this.#tokens - tokens);
  }

  /** Milliseconds from the last check until there is a token. */
  get wait(): number {
    return Math.max(0, (1 - this.#tokens) * 1000 / this.#rateLimit.rate);
  }
}
