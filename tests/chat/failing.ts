// Stores that do what a test tells them to: fail, or take their time.

import { type Store, StoreFailure } from "../../server/store/contract.ts";

/**
 * A store whose disk is full for as long as `full` says so. It still knows what it has been told before.
 *
 * @param only what fails then; all calls unless given
 */
export function failing(
  store: Store,
  only?: readonly (keyof Store)[],
): { store: Store; disk: { full: boolean } } {
  const disk = { full: false };
  return {
    disk,
    store: new Proxy(store, {
      get(target, key: keyof Store) {
        return (...args: unknown[]) => {
          const fails = only?.includes(key) ?? (key !== "snapshot" && key !== "close");
          if (disk.full && fails) throw new StoreFailure(`Cannot ${key}: disk full`);
          return (target[key] as (...args: unknown[]) => unknown)(...args);
        };
      },
    }),
  };
}

/** A store far away: a commit is done when the test lets it, or fails then. */
export function distant(store: Store): { store: Store; commits: ((works: boolean) => void)[] } {
  const commits: ((works: boolean) => void)[] = [];
  return {
    commits,
    store: new Proxy(store, {
      get(target, key: keyof Store) {
        if (key !== "commit") return (...args: unknown[]) => (target[key] as (...args: unknown[]) => unknown)(...args);
        return async (lines: Parameters<Store["commit"]>[0]) => {
          const works = await new Promise<boolean>((resolve) => commits.push(resolve));
          if (!works) throw new StoreFailure("Cannot commit: nobody answers");
          await target.commit(lines);
        };
      },
    }),
  };
}
