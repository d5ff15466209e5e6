/**
 * Access to sessionStorage and localStorage that never throws. A browser may forbid storage ("block all cookies"), it
 * may be full, and a page within an app may have none. The page works without it; a reload then loses what it would
 * have saved.
 * @module
 */

/** Stores texts by key. Neither function throws. */
export interface Store {
  get(key: string): string | null;
  /** @param text `null` to keep nothing any more */
  set(key: string, text: string | null): void;
}

/**
 * A store that is a storage of the browser, as far as that lets itself be used.
 *
 * @param storage finds the storage, which may throw
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const store = newStore(() => {
 *   throw new DOMException("Access is denied for this document.", "SecurityError");
 * });
 * store.set("theme", "dark");
 * assert.equal(store.get("theme"), null);
 * ```
 */
export function newStore(storage: () => Storage | null): Store {
  return {
    get: (key) => tried(() => storage()?.getItem(key)) ?? null,
    set: (key, text) => void tried(() => text === null ? storage()?.removeItem(key) : storage()?.setItem(key, text)),
  };
}

/**
 * Keeps a text in the place of the one before. If there is no room for it, nothing is kept: after a reload, messages that were
 * unsent in the former text would be sent again.
 */
export function replaceText(store: Store, key: string, text: string): void {
  store.set(key, null);
  store.set(key, text);
}

/** The tab's own store, which outlives a reload. */
export const tabStore: Store = newStore(() => sessionStorage);

/** The browser's, for all tabs, until it is cleared. */
export const browserStore: Store = newStore(() => localStorage);

/** Refusals of the browser are `DOMException`s; any other error is a mistake of ours. */
function tried<T>(use: () => T): T | undefined {
  try {
    return use();
  } catch (error) {
    if (error instanceof DOMException) return undefined;
    throw error;
  }
}
