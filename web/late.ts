/** Parts of the page that are loaded once, when they are needed first; after a failure the next call tries again. */
import { useEffect, useState } from "preact/hooks";

/** A part that is loaded later. */
export interface Late<T> {
  /** Undefined until it is loaded. */
  readonly value: T | undefined;
  /** Loads it, if it is not there; `undefined` if that fails. */
  load(): Promise<T | undefined>;
}

/**
 * Makes such a part.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * let asked = 0;
 * const part = late(() => asked++ === 0 ? Promise.reject(new Error("no connection")) : Promise.resolve("there"));
 * assert.deepEqual([await part.load(), part.value], [undefined, undefined]);
 * assert.deepEqual([await part.load(), await part.load(), part.value, asked], ["there", "there", "there", 2]);
 * ```
 */
export function late<T>(fetch: () => Promise<T>): Late<T> {
  let value: T | undefined, loading: Promise<T | undefined> | undefined;
  async function load(): Promise<T | undefined> {
    try {
      return value = await fetch();
    } catch {
      loading = undefined; // no connection
      return undefined;
    }
  }
  return {
    get value() {
      return value;
    },
    load: () => loading ??= load(),
  };
}

/** The part as soon as it is loaded; what uses it is drawn again then. `hasFailed`: it can't be loaded now. */
export function useLate<T>(part: Late<T>): { readonly value: T | undefined; readonly hasFailed: boolean } {
  const [hasFailed, setFailed] = useState<boolean>();
  useEffect(() => {
    if (part.value === undefined) part.load().then((value) => setFailed(value === undefined));
  }, []);
  return { value: part.value, hasFailed: hasFailed === true };
}
