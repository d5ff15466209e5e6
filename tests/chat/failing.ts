// Journals that do what a test tells them to: fail, or take their time.

import { type Batch, type Committed, type Journal, JournalFailure } from "../../server/journal/contract.ts";
import type { Store } from "./store.ts";

/**
 * A journal on a disk that is full for as long as `full` says so. It still knows what it has been told before.
 *
 * @param only what fails then; all calls unless given
 */
export function failing(
  store: Store,
  only?: readonly (keyof Journal)[],
): { store: Store; disk: { full: boolean } } {
  const disk = { full: false },
    committed: Committed[] = [],
    failure = (key: string) => new JournalFailure(`Cannot ${key}: disk full`);
  const fails = (key: keyof Journal) =>
    disk.full && (only?.includes(key) ?? !["snapshot", "take", "discard", "close"].includes(key));
  store.journal = overridden(store.journal, {
    append(inner, batch) {
      if (fails("append")) committed.push({ outcome: "failed", own: batch, failure: failure("append") });
      else inner.append(batch);
    },
    take: (inner) => [...committed.splice(0), ...inner.take()],
  }, (key) => {
    if (key !== "append" && fails(key)) throw failure(key);
  });
  return { store, disk };
}

/**
 * A journal far away: a batch is appended when the test lets it, or fails then.
 *
 * @param isLate which batches; all unless given
 */
export function distant(
  store: Store,
  isLate = (_batch: Batch) => true,
): { store: Store; commits: ((works: boolean) => void)[] } {
  const commits: ((works: boolean) => void)[] = [], committed: Committed[] = [];
  let pending: Batch | undefined;
  store.journal = overridden(
    store.journal,
    {
      append(inner, batch) {
        if (!isLate(batch)) return inner.append(batch);
        pending = batch;
        commits.push((works) => {
          pending = undefined;
          if (works) inner.append(batch);
          else {committed.push({
              outcome: "failed",
              own: batch,
              failure: new JournalFailure("Cannot append: no answer"),
            });}
          store.ready();
        });
      },
      take: (inner) => [...committed.splice(0), ...inner.take()],
    },
    () => {},
    () => pending !== undefined,
  );
  return { store, commits };
}

/** The same journal with some methods of its own. */
function overridden(
  inner: Journal,
  own: { append(inner: Journal, batch: Batch): void; take(inner: Journal): readonly Committed[] },
  before: (key: keyof Journal) => void,
  busy = () => inner.busy,
): Journal {
  return new Proxy(inner, {
    get(target, key: keyof Journal) {
      if (key === "busy") return busy();
      const value = target[key];
      if (typeof value !== "function") return value;
      return (...args: unknown[]) => {
        before(key);
        if (key === "append") return own.append(target, args[0] as Batch);
        if (key === "take") return own.take(target);
        return (value as (...args: unknown[]) => unknown).apply(target, args);
      };
    },
  });
}
