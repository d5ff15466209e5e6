/** Stores the names that the user ignores, for all tabs of the browser. @module */
import { nameKey } from "../jim/name.ts";
import { browserStore, type Store } from "./storage.ts";

const KEPT = "hanita-ignored";

/**
 * The ignored names by their keys; none, if what is kept cannot be read.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const store = (kept: string | null) => ({ get: () => kept, set() {} });
 * assert.deepEqual([...readIgnored(store('["Eve",7]'))], [["eve", "Eve"]]);
 * assert.equal(readIgnored(store("no JSON")).size, 0);
 * ```
 */
export function readIgnored(store: Store = browserStore): ReadonlyMap<string, string> {
  return new Map(namesIn(store.get(KEPT) ?? "[]").map((name) => [nameKey(name), name]));
}

/** Keeps the ignored names. */
export function keepIgnored(ignored: ReadonlyMap<string, string>, store: Store = browserStore): void {
  store.set(KEPT, ignored.size === 0 ? null : JSON.stringify([...ignored.values()]));
}

function namesIn(kept: string): string[] {
  try {
    const names: unknown = JSON.parse(kept);
    return Array.isArray(names) ? names.filter((name) => typeof name === "string") : [];
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}
