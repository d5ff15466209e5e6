/** The known word that is nearest to a misspelt one. @module */

/**
 * How many letters are wrong, missing, too many or swapped with the next one: the optimal string alignment distance. It takes
 * time by the product of both lengths, so only short words are for it.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual([distance("mgs", "msg"), distance("prescence", "presence"), distance("", "abc")], [1, 1, 3]);
 * ```
 */
export function distance(one: string, other: string): number {
  let last: number[] = [], row = Array.from({ length: other.length + 1 }, (_, i) => i);
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++) {
      const same = one[i - 1] === other[j - 1] ? 0 : 1;
      const swapped = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      const best = Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + same);
      next.push(swapped ? Math.min(best, last[j - 2]! + 1) : best);
    }
    last = row;
    row = next;
  }
  return row.at(-1)!;
}

/** Longer words are not compared: no known one is so long. */
const LONGEST = 25;

/**
 * The known word that is nearest to another one, or what that is a known synonym for; `undefined` if none is near. Case, dashes
 * and spaces do not count; one letter in three may be wrong.
 *
 * @param synonyms in lower case, and the known word that each stands for
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(nearest("MSG", ["presence", "msg"]), "msg");
 * assert.equal(nearest("Login", ["authenticate"], { login: "authenticate" }), "authenticate");
 * assert.equal(nearest("sing", ["presence", "msg"]), undefined);
 * ```
 */
export function nearest(
  word: string,
  known: readonly string[],
  synonyms: Readonly<Record<string, string>> = {},
): string | undefined {
  if (word.length > LONGEST) return undefined;
  const plain = word.trim().toLowerCase().replace(/[-\s]/g, "_");
  if (Object.hasOwn(synonyms, plain)) return synonyms[plain];
  let best: string | undefined, least = Infinity;
  for (const each of known) {
    const far = distance(plain, each);
    if (far < least && far <= Math.max(plain.length, each.length) / 3) [best, least] = [each, far];
  }
  return best;
}
