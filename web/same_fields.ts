/**
 * Whether two objects have the same fields with the same values, so that what is drawn of one need not be drawn again. What
 * a field refers to is not looked into.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const names = ["ann"];
 * assert.ok(hasSameFields({ id: 1, names }, { names, id: 1 }));
 * assert.ok(!hasSameFields({ id: 1, names }, { id: 1, names: ["ann"] }));
 * assert.ok(!hasSameFields({ id: 1 }, { id: 1, names: undefined }));
 * ```
 */
export function hasSameFields<T extends object>(one: T, other: T): boolean {
  const keys = Object.keys(one) as (keyof T)[];
  return keys.length === Object.keys(other).length &&
    keys.every((key) => key in other && Object.is(one[key], other[key]));
}
