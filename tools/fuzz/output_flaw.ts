/** Finds what no server may send to clients, because some of them break on it: half a surrogate pair, an impossible time. */

import { MAX_TIME } from "../../jim/time.ts";

/**
 * What is wrong with an object that a client has received; undefined if nothing is.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(flawIn({ action: "msg", time: 1764000000, message: "😀" }), undefined);
 * assert.equal(flawIn({ action: "msg", time: 1e300 }), "the time 1e+300");
 * assert.equal(flawIn({ rows: [{ message: "\ud83d" }] }), 'half a surrogate pair in "\\ud83d"');
 * ```
 */
export function flawIn(told: unknown): string | undefined {
  if (typeof told === "string") return told.isWellFormed() ? undefined : `half a surrogate pair in ${shown(told)}`;
  if (typeof told !== "object" || told === null) return undefined;
  for (const [key, value] of Object.entries(told)) {
    if (key === "time" && !(typeof value === "number" && Math.abs(value) <= MAX_TIME)) {
      return `the time ${shown(value)}`;
    }
    const why = flawIn(key) ?? flawIn(value);
    if (why !== undefined) return why;
  }
  return undefined;
}

function shown(value: unknown): string {
  return JSON.stringify(value)?.slice(0, 60) ?? String(value);
}
