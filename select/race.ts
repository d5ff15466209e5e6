// The literal Promise.race, run anew each turn over all that is armed: what one writes first, kept to read and compare.
// It is a trap for a server, in three ways, measured on Deno 2.9.6 (`deno task bench:select` prints them anew):
//   leak  each race hangs a reaction on every promise that stays pending, and nothing takes it off: about 96 bytes a
//         source an event, so 100 idle connections keep 1 GB after 100,000 events. It is freed when they settle.
//   O(n)  that work is done for each event: 0.2 ms with 1,000 sources, 2 ms with 10,000; ready.ts stays under 1 µs.
//   bias  of several that are settled, the first in the array wins: three that are always ready starve the third.

import type { Select, Source } from "./contract.ts";

/** What a race is won with: Promise.race gives the value but not the promise, so the value names its source. */
interface Finish<E> {
  source: Contender<E>;
  event: E | undefined;
}

/** A source, as the race sees it. */
interface Contender<E> {
  /** Its promises that have not won yet: those that settled, then the armed one. Mostly one, or none. */
  readonly finishes: Promise<Finish<E>>[];
  readonly isClosed: boolean;
}

/** What all sources of a race share. */
interface Shared {
  /** Outcomes with an event that have not won yet. */
  settled: number;
  /** Ends the race being run: it knows nothing of what came after its start. */
  ring: () => void;
}

class RaceSource<E, T, K> implements Source<T>, Contender<E> {
  armed = false;
  isClosed = false;
  readonly finishes: Promise<Finish<E>>[] = [];
  readonly #shared: Shared;
  readonly #onDone: (value: T) => Finish<E>;
  readonly #onFailed: (error: unknown) => Finish<E>;

  constructor(
    shared: Shared,
    done: (value: T, key: K) => E | undefined,
    failed: (error: unknown, key: K) => E | undefined,
    key: K,
  ) {
    this.#shared = shared;
    this.#onDone = (value) => this.#finish(() => done(value, key));
    this.#onFailed = (error) => this.#finish(() => failed(error, key));
  }

  arm(pending: Promise<T>): void {
    if (this.armed) throw new Error("Cannot arm the source: it is armed already");
    const finishing = pending.then(this.#onDone, this.#onFailed);
    if (this.isClosed) return;
    this.armed = true;
    this.finishes.push(finishing);
    this.#shared.ring();
  }

  close(): void {
    if (this.armed) this.finishes.pop();
    this.armed = false;
    this.isClosed = true;
  }

  #finish(toEvent: () => E | undefined): Finish<E> {
    if (this.isClosed) return { source: this, event: undefined };
    this.armed = false; // before toEvent, which may arm again
    const event = toEvent();
    if (event !== undefined) this.#shared.settled++;
    return { source: this, event };
  }
}

/**
 * Waits for many sources with one `Promise.race` over all of them per turn: to read and to compare, not to run.
 * A batch is the one winner, then what was posted: a race has no memory of the order in which the losers settled.
 *
 * @typeParam E The events handed out.
 * @returns A select with no sources yet.
 *
 * @example Two sources, a batch for each
 * ```ts
 * import assert from "node:assert/strict";
 *
 * const select = race<string>();
 * const reads = select.source((line: string) => `read ${line}`, (error) => `broken: ${error}`);
 * const ticks = select.source(() => "tick", () => undefined);
 * reads.arm(Promise.resolve("hello"));
 * ticks.arm(Promise.resolve());
 *
 * assert.deepEqual(await select.wait(), ["read hello"]);
 * assert.deepEqual(await select.wait(), ["tick"]);
 * ```
 */
export function race<E>(): Select<E> {
  const sources = new Set<Contender<E>>(); // in order of making, as the connections of a server would stand in its array
  const shared: Shared = { settled: 0, ring() {} };
  let posted: E[] = [];
  let asleep = false;

  function post(event: E): void {
    posted.push(event);
    shared.ring();
  }

  function source<T, K>(
    done: (value: T, key: K) => E | undefined,
    failed: (error: unknown, key: K) => E | undefined,
    key?: K,
  ): Source<T> {
    const made = new RaceSource(shared, done, failed, key as K);
    sources.add(made);
    return made;
  }

  async function wait(): Promise<readonly E[]> {
    if (asleep) throw new Error("Cannot wait: another wait() is asleep");
    asleep = true;
    let batch: readonly E[] = [];
    while (batch.length === 0) { // a winner may have nothing to hand out, a bell may ring for a new contender only
      const bell = Promise.withResolvers<undefined>();
      shared.ring = () => bell.resolve(undefined);
      if (posted.length > 0) shared.ring();
      const winner = await Promise.race([...contenders(sources), bell.promise]); // the bell last: posts starve no source
      winner?.source.finishes.shift();
      if (winner?.event !== undefined) shared.settled--;
      batch = winner?.event === undefined ? posted : [winner.event, ...posted];
      posted = [];
    }
    asleep = false;
    return batch;
  }

  return {
    source,
    post,
    get hasEvents() {
      return shared.settled + posted.length > 0;
    },
    wait,
  };
}

/** The first promise of each source that is still to win; sources that are closed and spent leave here. */
function contenders<E>(sources: Set<Contender<E>>): Promise<Finish<E>>[] {
  const first: Promise<Finish<E>>[] = [];
  for (const source of sources) {
    if (source.finishes[0] !== undefined) first.push(source.finishes[0]);
    else if (source.isClosed) sources.delete(source);
  }
  return first;
}
