/**
 * Lengths in Unicode code points, as a person counts letters.
 * @module
 */

/**
 * Whether a text has more than `limit` code points. Few texts are counted: there are never more than UTF-16 units.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(isLongerThan("\u{1f600}\u{1f600}", 2), false);
 * ```
 */
export function isLongerThan(text: string, limit: number): boolean {
  return text.length > limit && countCodePoints(text) > limit;
}

/**
 * The beginning of a text: at most `limit` UTF-16 units, and no half of a surrogate pair at the end.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual([truncate("a\u{1f600}b", 2), truncate("a\u{1f600}b", 3), truncate("ab", 3)], ["a", "a\u{1f600}", "ab"]);
 * ```
 */
export function truncate(text: string, limit: number): string {
  return text.length <= limit ? text : text.slice(0, limit).replace(/[\ud800-\udbff]$/, "");
}

/**
 * The number of code points, without an array of them. Half a surrogate pair counts as one.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual([countCodePoints("\u0439"), countCodePoints("\u{1f600}"), countCodePoints("\ud83d")], [1, 1, 1]);
 * ```
 */
export function countCodePoints(text: string): number {
  let pairs = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0xd800 && unit < 0xdc00) {
      const next = text.charCodeAt(i + 1);
      if (next >= 0xdc00 && next < 0xe000) pairs++;
    }
  }
  return text.length - pairs;
}
