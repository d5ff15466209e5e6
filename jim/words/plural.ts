/** The forms of a noun behind a number. @module */

/** Made at the first use, since it takes 3 MB: a client that speaks English never needs it. */
let russian: Intl.PluralRules | undefined;

/**
 * Chooses the Russian form that belongs to a number, by the rules of Unicode: 1 комната, 2 комнаты, 5 комнат. A fraction
 * takes the form of 2: 1,5 комнаты. (English needs no rules: whole numbers have one form for 1 and one for all others.)
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual([1, 2, 5, 11, 21].map((n) => plural(n, "one", "few", "many")), ["one", "few", "many", "many", "one"]);
 * ```
 */
export function plural(n: number, one: string, few: string, many: string): string {
  const form = (russian ??= new Intl.PluralRules("ru")).select(n);
  return form === "one" ? one : form === "many" ? many : few;
}
