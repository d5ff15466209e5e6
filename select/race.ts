// The literal Promise.race, run anew each turn over all that is armed: what one writes first, kept to read and compare.
// It is a trap for a server, in three ways, measured on Deno 2.9.6 (`deno task bench:select` prints them anew):
//   leak  each race hangs a reaction on every promise that stays pending, and nothing takes it off: about 96 bytes a
//         source an event, so 100 idle connections keep 1 GB after 100,000 events. It is freed when they settle.
//   O(n)  that work is done for each event: 0.2 ms with 1,000 sources, 2 ms with 10,000; ready.ts stays under 1 µs.
//   bias  of several that are settled, the first in the array wins: three that are always ready starve the third.

import type { Select, Source } from "./contract.ts";

/** The promises of one source that have not won yet: those that settled, then the armed one. Mostly one, or none. */
interface Lane<E> {
  finishes: Promise<Finish<E>>[];
  closed: boolean;
}

/** What a race is won with: Promise.race gives the value but not the promise, so the value names its source. */
interface Finish<E> {
  lane: Lane<E>;
  event: E | undefined;
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
  const lanes = new Set<Lane<E>>(); // in order of making, as the connections of a server would stand in its array
  let posted: E[] = [];
  let settled = 0; // outcomes with an event that have not won yet
  let asleep = false;
  let ring: () => void = () => {}; // ends the race being run: it knows nothing of what came after its start

  function post(event: E): void {
    posted.push(event);
    ring();
  }

  function source<T, K>(
    done: (value: T, key: K) => E | undefined,
    failed: (error: unknown, key: K) => E | undefined,
    key?: K,
  ): Source<T> {
    const lane: Lane<E> = { finishes: [], closed: false };
    let armed = false;
    lanes.add(lane);

    function finish<O>(toEvent: (outcome: O, key: K) => E | undefined, outcome: O): Finish<E> {
      if (lane.closed) return { lane, event: undefined };
      armed = false; // before toEvent, which may arm again
      const event = toEvent(outcome, key as K);
      if (event !== undefined) settled++;
      return { lane, event };
    }
    const onDone = (value: T) => finish(done, value);
    const onFailed = (error: unknown) => finish(failed, error);

    return {
      arm(pending) {
        if (armed) throw new Error("Cannot arm the source: it is armed already");
        const finishing = pending.then(onDone, onFailed);
        if (lane.closed) return;
        armed = true;
        lane.finishes.push(finishing);
        ring();
      },
      get armed() {
        return armed;
      },
      close() {
        if (armed) lane.finishes.pop();
        armed = false;
        lane.closed = true;
      },
    };
  }

  /** The first of each lane that is still to win; lanes that are closed and spent leave here. */
  function contenders(): Promise<Finish<E>>[] {
    const first: Promise<Finish<E>>[] = [];
    for (const lane of lanes) {
      if (lane.finishes[0] !== undefined) first.push(lane.finishes[0]);
      else if (lane.closed) lanes.delete(lane);
    }
    return first;
  }

  async function wait(): Promise<readonly E[]> {
    if (asleep) throw new Error("Cannot wait: another wait() is asleep");
    asleep = true;
    let batch: readonly E[] = [];
    while (batch.length === 0) { // a winner may have nothing to hand out, a bell may ring for a new contender only
      const bell = Promise.withResolvers<undefined>();
      ring = () => bell.resolve(undefined);
      if (posted.length > 0) ring();
      const winner = await Promise.race([...contenders(), bell.promise]); // the bell last: posts starve no source
      winner?.lane.finishes.shift();
      if (winner?.event !== undefined) settled--;
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
      return settled + posted.length > 0;
    },
    wait,
  };
}
