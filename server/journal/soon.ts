/** What a store over a network cannot do at once is a promise. The embedded one answers at once, and costs no turn. */

/** A value, or the promise of one. */
export type Soon<T> = T | Promise<T>;

/**
 * What comes after it: at once if the value is there.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(and(1, (value) => value + 1), 2);
 * assert.equal(await and(Promise.resolve(1), (value) => value + 1), 2);
 * ```
 */
export function and<A, B>(soon: Soon<A>, then: (value: A) => Soon<B>): Soon<B> {
  return soon instanceof Promise ? soon.then(then) : then(soon);
}

/**
 * All of them in their order: at once if each is there.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(all([1, 2]), [1, 2]);
 * assert.deepEqual(await all([1, Promise.resolve(2)]), [1, 2]);
 * ```
 */
export function all<T>(soon: readonly Soon<T>[]): Soon<readonly T[]> {
  return soon.some((each) => each instanceof Promise) ? Promise.all(soon) : soon as readonly T[];
}
