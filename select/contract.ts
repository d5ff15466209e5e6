// The interface of the wait: many sources, each with one promise at a time, and a wait that returns a batch of events.
// It is select(2) for promises, as small as redis keeps `ae.h`, so that the loops run unchanged on either backend:
// ready.ts is the one to use, race.ts the one to compare it with.

/**
 * Where one stream of operations settles (the reads of a connection, say): at most one pending promise at a time.
 * A source that has settled stays silent until it is armed again, so a program reads no faster than it handles.
 *
 * @typeParam T What the promises resolve to.
 *
 * @example A stream is read by arming its source again after each event
 * ```ts
 * import assert from "node:assert/strict";
 * import { ready } from "./ready.ts";
 *
 * const lines = ["one", "two"].values();
 * const read = () => Promise.resolve(lines.next().value);
 * const select = ready<{ line: string | undefined }>();
 * const reads: Source<string | undefined> = select.source((line) => ({ line }), () => ({ line: undefined }));
 * const seen: string[] = [];
 *
 * reads.arm(read());
 * for (let open = true; open;) {
 *   for (const { line } of await select.wait()) {
 *     open = line !== undefined;
 *     if (line === undefined) break;
 *     seen.push(line);
 *     reads.arm(read());
 *   }
 * }
 * assert.deepEqual(seen, ["one", "two"]);
 * ```
 */
export interface Source<T> {
  /**
   * Watches `pending`; when it settles, its event is in a later batch. On a closed source the outcome is dropped.
   *
   * @param pending The operation in flight. It may reject: that is an event as well.
   * @throws {Error} If the source is armed already.
   */
  arm(pending: Promise<T>): void;

  /**
   * True from `arm` until the promise settles. That is before its event is handed out, so `done` may already arm again.
   * Code that arms in the loop and reuses a buffer looks at {@linkcode Select.hasEvents} first: a source that is not armed may
   * have an event that is not handled yet.
   */
  readonly armed: boolean;

  /**
   * Forgets the source for good: what settles later is dropped, never an unhandled rejection. What settled earlier is
   * an event by now and still comes, perhaps in the batch at hand: a loop checks that the receiver is still there.
   */
  close(): void;
}

/**
 * A place to sleep until something happens.
 *
 * @typeParam E The events handed out: usually a union with one member for each kind of source.
 *
 * @example What settles and what is posted come out of one wait
 * ```ts
 * import assert from "node:assert/strict";
 * import { ready } from "./ready.ts";
 *
 * type Event = { kind: "received"; text: string } | { kind: "broken" } | { kind: "tick" };
 * const select: Select<Event> = ready();
 * const reads = select.source((text: string) => ({ kind: "received", text }), () => ({ kind: "broken" }));
 * reads.arm(Promise.reject(new Error("reset by peer")));
 * select.post({ kind: "tick" });
 *
 * const kinds: string[] = [];
 * while (kinds.length < 2) for (const event of await select.wait()) kinds.push(event.kind);
 * assert.deepEqual(kinds, ["tick", "broken"]);
 * ```
 */
export interface Select<E> {
  /**
   * Makes a source, not armed yet. The two functions turn an outcome into an event, once, at the moment it settles;
   * they are bound once per source so that arming allocates no closure. A throw in them is a bug of the program and
   * is not caught: it surfaces as a rejection and ends the process.
   *
   * @typeParam T What the promises of the source resolve to.
   * @typeParam K The owner of the source, such as a connection.
   * @param done Makes the event of a success, or `undefined` to say "nothing to hand out".
   * @param failed Makes the event of a rejection, or `undefined` likewise.
   * @param key Handed to both, so that ten thousand connections can share two functions.
   */
  source<T, K = undefined>(
    done: (value: T, key: K) => E | undefined,
    failed: (error: unknown, key: K) => E | undefined,
    key?: K,
  ): Source<T>;

  /** Puts an event in by hand (timers, signals): it is in the next batch. */
  post(event: E): void;

  /**
   * Whether there are events that no `wait()` has handed out. They may have arrived since the batch at hand was taken, some
   * microtasks ago. While there are none, the event of each source that is not armed was handed out.
   */
  readonly hasEvents: boolean;

  /**
   * Sleeps until at least one event is there, then hands out the whole batch, in order of arrival; never an empty one.
   * The array is valid until the next `wait()`, and events that arrive meanwhile are not in it. Events that are already there cost no turn
   * of the event loop, so sources that are always ready starve timers: bound the work done before arming again.
   *
   * @returns The events, oldest first.
   * @throws {Error} If another `wait()` is asleep: there is one waiter at a time.
   */
  wait(): Promise<readonly E[]>;
}
