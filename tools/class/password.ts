/** One-time passwords, which are read from paper, and aloud. */

/**
 * Small letters and digits of which no two look alike on paper: no `l`, `o`, `q`, `s`, `z`, `0` and `1`. Without vowels no
 * word appears by chance.
 */
const LETTERS = "bcdfghjkmnprtvwxy23456789";
/** Three groups of three, as people say numbers. */
const GROUPS = 3, LENGTH = 3;
/** Larger bytes are left out: each letter is as likely as the others. */
const MOST = 256 - 256 % LETTERS.length;

/**
 * A password of 41 bits. The server checks one at a time, so that is years of guesses for a password that is spent in days.
 *
 * @param random fills bytes; a test may give its own
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.match(oneTimePassword(), /^[b-y2-9]{3}-[b-y2-9]{3}-[b-y2-9]{3}$/);
 * ```
 */
export function oneTimePassword(
  random = (bytes: Uint8Array<ArrayBuffer>): Uint8Array => crypto.getRandomValues(bytes),
): string {
  let letters = "";
  while (letters.length < GROUPS * LENGTH) {
    for (const byte of random(new Uint8Array(16))) if (byte < MOST) letters += LETTERS[byte % LETTERS.length];
  }
  return Array.from({ length: GROUPS }, (_, i) => letters.slice(i * LENGTH, (i + 1) * LENGTH)).join("-");
}
