/**
 * Saves a login for other tabs and the next visit: the account's name and its session token, never the password. No
 * script of another site can read it, and the server's headers allow no script but the page's own.
 * @module
 */
import { nameKey } from "../jim/name.ts";
import { read, text } from "../jim/client/fields.ts";
import type { Snapshot } from "./snapshot.ts";
import type { Credentials } from "./model/state.ts";
import type { Store } from "./storage.ts";

const KEPT = "hanita-session";

/** A login without its password. */
export interface SavedLogin {
  readonly name: string;
  readonly token: string;
}

/**
 * Returns the last login of this browser that was not logged out.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const texts = new Map<string, string | null>();
 * const get = (key: string) => texts.get(key) ?? null;
 * const store = { get, set: (key: string, text: string | null) => void texts.set(key, text) };
 * saveLogin(store, { name: "ann", token: "abc" });
 * assert.deepEqual(savedLogin(store), { name: "ann", token: "abc" });
 * removeLogin(store, "another");
 * assert.equal(savedLogin(store)?.name, "ann");
 * removeLogin(store, "abc");
 * assert.equal(savedLogin(store), undefined);
 * ```
 */
export function savedLogin(store: Store): SavedLogin | undefined {
  const { name, token } = read(store.get(KEPT) ?? "");
  return text(name) === "" || text(token) === "" ? undefined : { name: text(name), token: text(token) };
}

/** Saves a login for other tabs. */
export function saveLogin(store: Store, { name, token }: SavedLogin): void {
  store.set(KEPT, JSON.stringify({ name, token }));
}

/** Removes the login of a token that has ended, unless another tab has logged in since. */
export function removeLogin(store: Store, token: string): void {
  if (savedLogin(store)?.token === token) store.set(KEPT, null);
}

/**
 * Returns the login that the page performs when it is loaded: the tab's own, or else the last one of the browser.
 *
 * @param kept what this tab has kept
 * @param last the last login in this browser
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const last = { name: "Ann", token: "new" };
 * const kept = { lastSentTime: 0, open: "#all", scroll: undefined, seek: undefined, conversations: [], deferred: [] };
 * const ann = { ...kept, name: "ann", guest: false, token: "old" };
 * assert.equal(loginOnLoad(ann, last)?.token, "new"); // logged in anew in another tab
 * assert.equal(loginOnLoad({ ...ann, name: "bob" }, last)?.token, "old"); // another account in this one
 * assert.equal(loginOnLoad({ ...kept, name: "zoe", guest: true }, last)?.method, "guest");
 * assert.equal(loginOnLoad(undefined, last)?.name, "Ann");
 * assert.equal(loginOnLoad(undefined, undefined), undefined);
 * ```
 */
export function loginOnLoad(kept: Snapshot | undefined, last: SavedLogin | undefined): Credentials | undefined {
  if (kept?.guest) return { name: kept.name, method: "guest", password: "" };
  const isSame = kept === undefined || (last !== undefined && nameKey(last.name) === nameKey(kept.name));
  const name = kept?.name ?? last?.name, token = isSame ? last?.token ?? kept?.token : kept?.token;
  return name === undefined || token === undefined ? undefined : { name, method: "login", password: "", token };
}
