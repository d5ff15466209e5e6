// A name for somebody who gave none. Four letters make two guests of thirty share a name once in a thousand classes, and
// then nothing breaks: a server takes guests of the same name.

const LETTERS = "abcdefghijklmnopqrstuvwxyz";

/**
 * `guest-` and four letters.
 *
 * @param random from 0 to less than 1, as `Math.random`
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(guestName(() => 0), "guest-aaaa");
 * assert.match(guestName(Math.random), /^guest-[a-z]{4}$/);
 * ```
 */
export function guestName(random: () => number): string {
  const letters = Array.from({ length: 4 }, () => LETTERS[Math.floor(random() * LETTERS.length)]);
  return `guest-${letters.join("")}`;
}
