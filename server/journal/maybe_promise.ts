/** A value that a remote journal returns as a promise, and an embedded one at once, without a turn of the loop. */

/** A value, or the promise of one. */
export type MaybePromise<T> = T | Promise<T>;

/**
 * Calls `then` with the value: at once if it is there.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(chain(1, (value) => value + 1), 2);
 * assert.equal(await chain(Promise.resolve(1), (value) => value + 1), 2);
 * ```
 */
export function chain<A, B>(value: MaybePromise<A>, then: (value: A) => MaybePromise<B>): MaybePromise<B> {
  return value instanceof Promise ? value.then(then) : then(value);
}

/**
 * All values in order: at once if each is there.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(chainAll([1, 2]), [1, 2]);
 * assert.deepEqual(await chainAll([1, Promise.resolve(2)]), [1, 2]);
 * ```
 */
export function chainAll<T>(value: readonly MaybePromise<T>[]): MaybePromise<readonly T[]> {
  return value.some((each) => each instanceof Promise) ? Promise.all(value) : value as readonly T[];
}
