/**
 * The server's token, which opens the class: it comes in the fragment of the address, which a browser sends to no server.
 * It is taken out of the address bar, since that is on a projector and in the history, and kept for reloads of this tab.
 * @module
 */

/** Where a reload finds it. */
const KEPT = "hanita-token";
const FRAGMENT = /^#(?:.*&)?token=([\w-]+)/;

/** What is needed of the browser. */
export interface Tab {
  readonly location: { readonly hash: string; readonly pathname: string; readonly search: string };
  readonly history: { replaceState(data: unknown, unused: string, url: string): void };
  /** Throws where the browser is told to store nothing. */
  storage(): Pick<Storage, "getItem" | "setItem" | "removeItem">;
}

/**
 * The token of the address, which then has none any more; else the one that was kept, if there is one.
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

/** Forgets a token that the server does not take: it is of an earlier run. */
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
