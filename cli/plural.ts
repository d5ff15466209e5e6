/** The forms of a noun behind a number. @module */

let rules: Intl.PluralRules | undefined; // made when it is needed: it takes a while

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
  rules ??= new Intl.PluralRules("ru");
  const form = rules.select(n);
  return form === "one" ? one : form === "few" ? few : many;
}
