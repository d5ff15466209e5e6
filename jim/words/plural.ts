/** The forms of a noun behind a number. @module */

/**
 * The Russian form that belongs to a number: 1 комната, 2 комнаты, 5 комнат.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual([1, 2, 5, 11, 21].map((n) => plural(n, "one", "few", "many")), ["one", "few", "many", "many", "one"]);
 * ```
 */
export function plural(n: number, one: string, few: string, many: string): string {
  const ten = n % 10, hundred = n % 100;
  if (ten === 1 && hundred !== 11) return one;
  return ten >= 2 && ten <= 4 && (hundred < 12 || hundred > 14) ? few : many;
}
