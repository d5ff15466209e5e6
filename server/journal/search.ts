/**
 * Finds the messages of a conversation that have all the words of a text, or are of one sender. The index names ranges of runs that may have some;
 * their lines are looked at. What the index does not have yet is looked at run by run, so a search is never behind the log.
 *
 * Two words that are often said, and never in one message, make a search look at many runs: about 20 µs each, at 160
 * messages a run. It does so in slices, one search at a time, and half of the time the loop is free.
 */
import { type Wanted, wantedOf } from "./search_terms.ts";
import { JournalFailure, type SearchQuery, type Soon } from "./contract.ts";
import { MAX_ID } from "./ids.ts";
import { type LineQuery, matchesIn } from "./run_words.ts";
import type { Run, Runs } from "./runs.ts";
import type { SearchIndex } from "./search_index.ts";
import type { Skips } from "./skips.ts";

/** What a search needs of the journal. */
export interface SearchDeps {
  readonly runs: Runs;
  readonly skips: Skips;
  /** None in a process beside a server. */
  readonly index: SearchIndex | undefined;
  attempt<T>(what: string, act: () => T): T;
  /** Milliseconds that never go back. */
  now(): number;
}

/** Milliseconds of a slice, and of the pause behind it. */
const SLICE = 5;
/** Runs that are looked up at once. */
const LOT = 64;

/** A search under way. */
interface Pending {
  readonly found: Iterator<void, readonly number[]>;
  readonly resolve: (ids: readonly number[]) => void;
  readonly reject: (failure: unknown) => void;
}

export class Search {
  readonly #deps: SearchDeps;
  /** Those that take more than a slice; the first one is at work. */
  readonly #pending: Pending[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(deps: SearchDeps) {
    this.#deps = deps;
  }

  /** The ids of a page of messages with all the words, ascending. @param conversation by its number */
  find(conversation: number, query: SearchQuery): Soon<readonly number[]> {
    const wanted = wantedOf(query.text, query.from);
    if (wanted === undefined) return [];
    const found = this.#find(conversation, wanted, query), ids = this.#advance(found);
    if (ids !== undefined) return ids;
    const { promise, resolve, reject } = Promise.withResolvers<readonly number[]>();
    this.#pending.push({ found, resolve, reject });
    this.#timer ??= setTimeout(() => this.#goOn(), SLICE);
    return promise;
  }

  /** Ends what is under way. */
  close(): void {
    clearTimeout(this.#timer);
    for (const { reject } of this.#pending.splice(0)) reject(new JournalFailure("Cannot find messages: it is closed"));
  }

  /** A slice of the search that is at work. */
  #goOn(): void {
    const [first] = this.#pending;
    try {
      const ids = this.#advance(first!.found);
      if (ids !== undefined) {
        this.#pending.shift();
        first!.resolve(ids);
      }
    } catch (error) {
      this.#pending.shift();
      first!.reject(error);
    }
    this.#timer = this.#pending.length > 0 ? setTimeout(() => this.#goOn(), SLICE) : undefined;
  }

  /** Goes on for a slice. Undefined if there is more to do. */
  #advance(found: Pending["found"]): readonly number[] | undefined {
    const { attempt, now } = this.#deps, until = now() + SLICE;
    return attempt("find messages", () => {
      for (;;) {
        const { done, value } = found.next();
        if (done) return value;
        if (now() >= until) return undefined;
      }
    });
  }

  /** Looks at one run after the other. Its value is the page. */
  *#find(conversation: number, wanted: Wanted, query: SearchQuery): Generator<void, number[]> {
    const { before = MAX_ID, after, floor = 0, limit } = query, isBackward = after === undefined;
    const { runs, skips } = this.#deps, pieces: number[][] = [];
    const lines = (left: number): LineQuery => ({ before, after: after ?? -1, limit: left, isBackward });
    let left = limit;
    for (
      const run of isBackward
        ? this.#backward(conversation, wanted, before)
        : this.#forward(conversation, wanted, query)
    ) {
      if (isBackward && run.last <= floor) break;
      const damaged = () => skips.note(run.id, "damaged", "message without a checksum");
      const ids = matchesIn(runs.linesOf(run), wanted, lines(left), damaged);
      pieces.push(ids);
      left -= ids.length;
      if (left === 0) break;
      yield;
    }
    return (isBackward ? pieces.reverse() : pieces).flat();
  }

  /**
   * The runs that may have matches, from the newest on. The index may grow meanwhile, or be made anew, so it is asked again
   * after each lot.
   */
  *#backward(conversation: number, wanted: Wanted, before: number): Generator<Run> {
    const { runs, index } = this.#deps;
    let to = before - 1, isIndexed = index !== undefined;
    for (;;) {
      const mark = isIndexed ? index!.mark : 0;
      if (to > mark) {
        const lot = runs.of(conversation, { before: to + 1, limit: LOT }).filter(({ first }) => first > mark);
        for (const { first } of lot) yield* runs.at(conversation, first);
        if (lot.length > 0) to = lot.at(-1)!.first - 1;
        else if (mark === 0) return;
        else to = mark;
      } else {
        const ranges = index!.find(wanted, { conversation, from: 0, to, limit: LOT, isBackward: true });
        if (ranges === undefined) isIndexed = false;
        else if (ranges.length === 0) return;
        for (const range of ranges ?? []) {
          yield* runs.within(conversation, range.from, Math.min(range.to, to)).reverse();
          to = range.from - 1;
        }
      }
    }
  }

  /** The runs that may have matches, from the one on that the bound falls into. */
  *#forward(
    conversation: number,
    wanted: Wanted,
    { before = MAX_ID, after = -1 }: SearchQuery,
  ): Generator<Run> {
    const { runs, index } = this.#deps, to = before - 1;
    let from = runs.holding(conversation, after)?.first ?? after + 1, isIndexed = index !== undefined;
    while (from <= to) {
      const mark = isIndexed ? index!.mark : 0;
      if (from > mark) {
        const lot = runs.of(conversation, { before, after: from - 1, limit: LOT }).filter(({ first }) => first >= from);
        if (lot.length === 0) return;
        for (const { first } of lot) yield* runs.at(conversation, first);
        from = lot.at(-1)!.first + 1;
      } else {
        const query = { conversation, from, to: Math.min(to, mark), limit: LOT, isBackward: false };
        const ranges = index!.find(wanted, query);
        if (ranges === undefined) isIndexed = false;
        else {
          for (const range of ranges) {
            yield* runs.within(conversation, Math.max(range.from, from), Math.min(range.to, to));
          }
          const { to: end = 0 } = ranges.at(-1) ?? {};
          from = (ranges.length < LOT ? Math.max(mark, end) : end) + 1; // a range may reach beyond the mark
        }
      }
    }
  }
}
