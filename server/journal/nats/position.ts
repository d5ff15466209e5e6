/** Where a view is in the log of several servers: what it has applied, which log that was, and what it is in the middle of. */
import type { BeginEntry, RecordItem } from "./entry.ts";
import { Parts } from "./parts.ts";
import type { Reading } from "./reading.ts";

/** The ids of one entry of the log. Nine million billion of them last for 28 years at 1,000 entries a second. */
export const IDS = 8192;

/** Where the view is in the log. Each transaction changes a copy, so that what was not kept can be taken back. */
export interface Position {
  /** Which chat it is; 0 before that is known. */
  readonly chat: number;
  base: number;
  /** The last entry that was applied. */
  sequence: number;
  /** The first entry that was there to be applied, unless all were. */
  first: number;
  /** The last entry that was a batch, or the end of a beginning. */
  lastBatch: number;
  /** What the chat had before this log is there. */
  isBegun: boolean;
  readonly attempt: Attempt | undefined;
  /** The bases of tries to begin this log that another one has interrupted. A copy of the log may end within one. */
  readonly interrupted: readonly number[];
  /** The log has the state behind this entry. */
  readonly checkpoint: number;
  readonly parts: Parts;
  /** The log before this one, which is gone. */
  readonly old: OldLog | undefined;
}

/** What is being read between `begin` and `end`. */
export interface Attempt extends BeginEntry {
  readonly records: readonly RecordItem[];
  /** The last entry of the log before that has come with it; 0 if none has. */
  readonly past: number;
  /** This server has less than the first of those needs: it takes all, as a newcomer does. */
  readonly isBehind: boolean;
}

/** A log that was set back, as far as this server has applied it. */
export interface OldLog {
  readonly base: number;
  readonly sequence: number;
  readonly lastBatch: number;
  /** Those of its entries that are not complete. Its writers may be appending others to the new log. */
  readonly parts: Parts;
  /** What is read from the new log's beginning may be a copy of this one, or of one before it, which was applied already. */
  readonly copy: Reading | undefined;
}

/** Before the first entry. */
export const NOWHERE: Position = {
  chat: 0,
  base: 0,
  sequence: 0,
  first: 0,
  lastBatch: 0,
  isBegun: false,
  attempt: undefined,
  interrupted: [],
  checkpoint: 0,
  parts: new Parts(),
  old: undefined,
};
