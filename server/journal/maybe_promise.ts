/** What a store over a network cannot do at once is a promise. The embedded one answers at once, and costs no turn. */

/** A value, or the promise of one. */
export type MaybePromise<T> = T | Promise<T>;

/**
 * What comes after it: at once if the value is there.
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
 * All of them in their order: at once if each is there.
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
