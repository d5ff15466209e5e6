/** What no server may send to other clients, because some of them break on it. */

/** The largest time in seconds that a Date of JavaScript can hold. */
const LAST_TIME = 8.64e12;

/**
 * What is wrong with an object that a client got, for the programs that show it. Undefined if nothing is.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(unfit({ action: "msg", time: 1764000000, message: "😀" }), undefined);
 * assert.equal(unfit({ action: "msg", time: 1e300 }), "the time 1e+300");
 * assert.equal(unfit({ rows: [{ message: "\ud83d" }] }), 'half a surrogate pair in "\\ud83d"');
 * ```
 */
export function unfit(told: unknown): string | undefined {
  if (typeof told === "string") return told.isWellFormed() ? undefined : `half a surrogate pair in ${shown(told)}`;
  if (typeof told !== "object" || told === null) return undefined;
  for (const [key, value] of Object.entries(told)) {
    if (key === "time" && !(typeof value === "number" && Math.abs(value) <= LAST_TIME)) {
      return `the time ${shown(value)}`;
    }
    const why = unfit(key) ?? unfit(value);
    if (why !== undefined) return why;
  }
  return undefined;
}

function shown(value: unknown): string {
  return JSON.stringify(value)?.slice(0, 60) ?? String(value);
}
