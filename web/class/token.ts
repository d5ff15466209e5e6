/**
 * The server's token, which opens the class page. It is in the fragment of the address, which a browser sends to no
 * server. The page removes it from the address bar, since a projector and the history show that, and keeps it for
 * reloads of this tab.
 * @module
 */

/** Its key in sessionStorage. */
const KEPT = "hanita-token";
const FRAGMENT = /^#(?:.*&)?token=([\w-]+)/;

/** The part of the browser that is needed. */
export interface Tab {
  readonly location: { readonly hash: string; readonly pathname: string; readonly search: string };
  readonly history: { replaceState(data: unknown, unused: string, url: string): void };
  /** Throws if the browser forbids storage. */
  storage(): Pick<Storage, "getItem" | "setItem" | "removeItem">;
}

/**
 * Takes the token out of the address, or returns the stored one.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const shown: unknown[] = [];
 * const tab = {
 *   location: { hash: "#token=abc-_9", pathname: "/class", search: "" },
 *   history: { replaceState: (...args: unknown[]) => shown.push(args[2]) },
 *   storage() { throw new Error("nothing may be stored here") },
 * };
 * assert.equal(takeToken(tab), "abc-_9");
 * assert.deepEqual(shown, ["/class"]);
 * ```
 */
export function takeToken({ location, history, storage }: Tab): string | undefined {
  const [, token] = FRAGMENT.exec(location.hash) ?? [];
  if (token === undefined) return orElse(() => storage().getItem(KEPT) ?? undefined, undefined);
  history.replaceState(null, "", location.pathname + location.search);
  orElse(() => storage().setItem(KEPT, token), undefined);
  return token;
}

/** Forgets a token that the server refuses: it is of an earlier run. */
export function forgetToken({ storage }: Tab): void {
  orElse(() => storage().removeItem(KEPT), undefined);
}

/** The page works without storage too, until it is reloaded. */
function orElse<T>(work: () => T, otherwise: T): T {
  try {
    return work();
  } catch {
    return otherwise;
  }
}
