/**
 * Token buckets by key (a network, an account): so many at once, and then so many a second. A full bucket takes no
 * memory, and the number of others is bounded.
 */

/** A rate and a burst. */
export interface Rate {
  /** How many at once. */
  readonly burst: number;
  /** How many come back each second. */
  readonly perSecond: number;
}

/** The tokens of a key, and when they were counted, in milliseconds. */
interface Left {
  tokens: number;
  at: number;
}

/** Keys that are remembered, in about 1 MB. The least recently used one is forgotten: its bucket is full again. */
const KEYS = 10_000;

/**
 * Token buckets by key.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * let now = 0;
 * const logins = new Allowances({ burst: 2, perSecond: 1 }, () => now);
 * logins.take("10.0.0.7");
 * logins.take("10.0.0.7");
 * assert.equal(logins.wait("10.0.0.7"), 1000);
 * assert.equal(logins.wait("10.0.0.8"), 0);
 * now = 1000;
 * assert.equal(logins.wait("10.0.0.7"), 0);
 * ```
 */
export class Allowances {
  readonly #rate: Rate;
  readonly #now: () => number;
  readonly #keys: number;
  readonly #left = new Map<string, Left>();

  /**
   * @param now milliseconds that never go back
   * @param keys how many are remembered
   */
  constructor(rate: Rate, now: () => number, keys: number = KEYS) {
    this.#rate = rate;
    this.#now = now;
    this.#keys = keys;
  }

  /** Milliseconds until there is a token for a key; 0 when there is one. */
  wait(key: string): number {
    const tokens = this.#tokens(key);
    // A float may miss the whole token by a little: a wait that is too short would be asked for again and again.
    return tokens >= 1 - 1e-9 ? 0 : Math.ceil((1 - tokens) * 1000 / this.#rate.perSecond);
  }

  /** Takes tokens of a key. Its count may become negative, down to minus one burst. */
  take(key: string, tokens = 1): void {
    this.#put(key, Math.max(-this.#rate.burst, this.#tokens(key) - tokens));
  }

  /** Returns tokens that were not needed. */
  refund(key: string, tokens = 1): void {
    this.#put(key, this.#tokens(key) + tokens);
  }

  /** Keys with a bucket that is not full, as far as was checked. */
  get size(): number {
    return this.#left.size;
  }

  #tokens(key: string): number {
    const left = this.#left.get(key), { burst, perSecond } = this.#rate;
    return left === undefined ? burst : Math.min(burst, left.tokens + (this.#now() - left.at) / 1000 * perSecond);
  }

  #put(key: string, tokens: number): void {
    this.#left.delete(key); // moves it to the end of the map
    if (tokens >= this.#rate.burst) return;
    this.#left.set(key, { tokens, at: this.#now() });
    if (this.#left.size > this.#keys) this.#left.delete(this.#left.keys().next().value!);
  }
}
