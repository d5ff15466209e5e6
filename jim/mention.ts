/**
 * Whether a text names somebody. The server counts unread mentions by it, and clients mark the name by it.
 * @module
 */

/** A name of fewer characters is an ordinary word: it counts only with an @. */
const SHORT = 3;

/**
 * Whether a text mentions a name.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(mentions("Hello Ann!", "ann"), true);
 * assert.equal(mentions("Hello Hannah!", "ann"), false);
 * ```
 */
export function mentions(text: string, name: string): boolean {
  return text.toLowerCase().includes(name.toLowerCase()) && mentionOf(name).test(text);
}

/**
 * A pattern of the name as a word of its own, with an @ before it or not.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual("ask @ann!".split(mentionOf("ann")), ["ask ", "@ann", "!"]);
 * ```
 */
export function mentionOf(name: string): RegExp {
  const escaped = name.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  const at = [...name].length < SHORT ? "@" : "@?";
  return new RegExp(`(?<![\\p{L}\\p{N}_@])(${at}${escaped})(?![\\p{L}\\p{N}_])`, "iu");
}
