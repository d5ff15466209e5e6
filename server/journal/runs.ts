/** The runs of messages in the database: those that hold a page, the one that holds a message, and whether they are whole. */
import type { Span } from "./lines.ts";
import type { PageQuery } from "./contract.ts";
import { faultOfRun, type RunHeader, type Unreadable } from "./encoding.ts";
import { MAX_ID } from "./ids.ts";
import { MESSAGE_VERSION } from "./record_kinds.ts";
import type { Skips } from "./skips.ts";
import type { Statements } from "./statements.ts";

/** A run as it was read, whole or not. */
export interface Run extends RunHeader {
  readonly conversation: number;
  readonly sum: number;
  readonly lines: Uint8Array;
}

/** What is said to the database for that. */
export const READS_RUNS = ["backward", "forward", "run", "holding", "runsAfter", "runsWithin"] as const;
type ReadsRuns = typeof READS_RUNS[number];

type Row = Record<string, unknown>;
const NOTHING = new Uint8Array(0);
/** From before there were checksums: each line is checked as it is read. */
const WITHOUT_SUM = 0;

export class Runs {
  readonly #sql: Statements<ReadsRuns>;
  readonly #skips: Skips;

  constructor(sql: Statements<ReadsRuns>, skips: Skips) {
    this.#sql = sql;
    this.#skips = skips;
  }

  /**
   * The runs that may hold a page, in reading order. How many lines of the first one are within the bounds is not known, the
   * others count. (`iterate` would stop by itself, but that of Deno 2.9 takes a damaged row for the end.)
   */
  of(conversation: number, { before = MAX_ID, after, limit }: Omit<PageQuery, "conversation">): Span[] {
    const found: Span[] = [], most = limit + 1;
    for (let [from, to, last] = [after, before, 0];;) {
      const rows = from === undefined
        ? this.#sql.backward.all(conversation, to, most)
        : this.#sql.forward.all(conversation, from, to, most);
      for (const row of rows) {
        const { first, version } = row as { readonly first: number; readonly version: number };
        if (first <= last) continue; // what is behind `from` begins with the run that it falls into
        if (version > MESSAGE_VERSION) this.#skips.note(first, "unknown", `message ${version}`);
        else found.push({ ...toSpan(row), bytes: () => this.#linesAt(first) });
      }
      if (rows.length < most || found.length >= most) return found.slice(0, most);
      // Some are of a newer Hanita, so there may be others behind them.
      const end = rows.at(-1)!;
      if (from === undefined) to = end.first as number;
      else from = last = end.first as number;
    }
  }

  /** The run that a message is in, if it is there; it has no bytes if it cannot be read. */
  holding(conversation: number, id: number): Span | undefined {
    const row = this.#sql.holding.get(conversation, id);
    if (row === undefined || id > (row.last as number)) return undefined; // pruned, and the index perhaps not yet
    return { ...toSpan(row), bytes: () => this.linesOf(toRun(row)) };
  }

  /** The run that a message is in, whole or not. */
  runHolding(conversation: number, id: number): Run | undefined {
    const row = this.#sql.holding.get(conversation, id);
    return row === undefined || id > (row.last as number) ? undefined : toRun(row);
  }

  /** The run of a conversation that begins with an id, if it is there: it may have been removed. */
  at(conversation: number, first: number): Run[] {
    const row = this.#sql.run.get(first);
    return row === undefined || row.conversation !== conversation ? [] : [toRun(row)];
  }

  /** The runs of a conversation that begin within a range of ids. */
  within(conversation: number, from: number, to: number): Run[] {
    return this.#sql.runsWithin.all(conversation, from, to).map(toRun);
  }

  /** The next run behind an id. */
  after(id: number): Run | undefined {
    return this.lotAfter(id, 1)[0];
  }

  /** The next runs behind an id, at most so many. One of 32 costs a tenth of one that is read alone. */
  lotAfter(id: number, limit: number): Run[] {
    return this.#sql.runsAfter.all(id, limit).map(toRun);
  }

  /** The lines of a run; none, and it is noted, if it is damaged or of a newer Hanita. */
  linesOf(run: Run): Uint8Array {
    const fault = this.faultOf(run);
    if (fault === undefined) return run.lines;
    this.#skips.note(run.id, fault, `message ${run.version}`);
    return NOTHING;
  }

  /** Why a run cannot be read, if it cannot. */
  faultOf(run: Run): Unreadable | undefined {
    return run.version === WITHOUT_SUM ? undefined : faultOfRun(run, run.sum, run.lines);
  }

  #linesAt(first: number): Uint8Array {
    const row = this.#sql.run.get(first);
    return row === undefined ? NOTHING : this.linesOf(toRun(row));
  }
}

function toSpan({ first, last, count }: Row): Omit<Span, "bytes"> {
  return { first: first as number, last: last as number, count: count as number };
}

function toRun({ first, last, count, conversation, time, version, sum, lines }: Row): Run {
  return {
    id: first as number,
    last: last as number,
    count: count as number,
    conversation: conversation as number,
    time: time as number,
    version: version as number,
    sum: sum as number,
    lines: lines as Uint8Array,
  };
}
