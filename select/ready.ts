// The ready list, the default backend: each source is armed once, and on settling appends its own event and rings one
// wake-up. Cost: under 1 µs an event whether 10 or 10,000 sources sleep; one derived promise an arm, one wake-up
// promise a sleep. Nothing is left behind on promises that stay pending, and the first to settle is handled first.
// Why not Promise.race: see race.ts.

import type { Select, Source } from "./contract.ts";

/** A class, for there may be twenty thousand: all but the two callbacks of a promise is shared. */
class ReadySource<E, T, K> implements Source<T> {
  armed = false;
  #closed = false;
  readonly #post: (event: E) => void;
  readonly #key: K;
  readonly #onDone: (value: T) => void;
  readonly #onFailed: (error: unknown) => void;

  constructor(
    post: (event: E) => void,
    done: (value: T, key: K) => E | undefined,
    failed: (error: unknown, key: K) => E | undefined,
    key: K,
  ) {
    this.#post = post;
    this.#key = key;
    this.#onDone = (value) => this.#settle(done, value);
    this.#onFailed = (error) => this.#settle(failed, error);
  }

  arm(pending: Promise<T>): void {
    if (this.armed) throw new Error("Cannot arm the source: it is armed already");
    this.armed = !this.#closed;
    pending.then(this.#onDone, this.#onFailed);
  }

  close(): void {
    this.armed = false;
    this.#closed = true;
  }

  #settle<O>(toEvent: (outcome: O, key: K) => E | undefined, outcome: O): void {
    if (this.#closed) return;
    this.armed = false; // before toEvent, which may arm again
    const event = toEvent(outcome, this.#key);
    if (event !== undefined) this.#post(event);
  }
}

/**
 * Waits for many sources with a ready list: the default backend.
 *
 * @typeParam E The events handed out.
 * @returns A select with no sources yet.
 *
 * @example Two sources, one batch
 * ```ts
 * import assert from "node:assert/strict";
 *
 * const select = ready<string>();
 * const reads = select.source((line: string) => `read ${line}`, (error) => `broken: ${error}`);
 * const ticks = select.source(() => "tick", () => undefined);
 * reads.arm(Promise.resolve("hello"));
 * ticks.arm(Promise.resolve());
 *
 * assert.deepEqual(await select.wait(), ["read hello", "tick"]);
 * ```
 */
export function ready<E>(): Select<E> {
  let arriving: E[] = []; // what the next batch will be
  let asleep = false;
  let wake: (() => void) | undefined; // set while asleep and not yet rung

  function post(event: E): void {
    arriving.push(event);
    if (wake === undefined) return;
    wake();
    wake = undefined; // the rest of the batch needs no second ring
  }

  function source<T, K>(
    done: (value: T, key: K) => E | undefined,
    failed: (error: unknown, key: K) => E | undefined,
    key?: K,
  ): Source<T> {
    return new ReadySource(post, done, failed, key as K);
  }

  function sleep(resolve: () => void): void {
    wake = resolve;
  }

  async function wait(): Promise<readonly E[]> {
    if (asleep) throw new Error("Cannot wait: another wait() is asleep");
    if (arriving.length === 0) {
      asleep = true;
      await new Promise<void>(sleep);
      asleep = false;
    }
    const batch = arriving;
    arriving = []; // no array is reused: V8 frees the store of one that is emptied, so swapping two gains nothing
    return batch;
  }

  return {
    source,
    post,
    get hasEvents() {
      return arriving.length > 0;
    },
    wait,
  };
}
