/** Builds the state of a chat from its journal, when a server starts. */
import type { Journal } from "../journal/contract.ts";
import { isPresence } from "../journal/record_kinds.ts";
import type { StateRecord } from "../journal/records.ts";
import { State } from "./state.ts";

/** Builds the state from a journal. It is the first use of the journal. */
export function readState(journal: Journal): State {
  const state = new State(), idle: number[] = [], lost: number[] = [];
  for (const record of attendanceLast(journal.snapshot())) {
    // A server that shared its journal before is alone now.
    if (!journal.isShared && isPresence(record)) lost.push(record.id);
    else if (state.apply(record, true) === "lost") idle.push(record.id);
  }
  const { damaged, unknown } = journal.skipped;
  // Records that a killed process had appended and not judged.
  for (const committed of journal.take()) {
    if (committed.outcome !== "kept") continue;
    for (const record of committed.records) {
      if (record.kind !== "message" && state.apply(record, committed.stands) === "lost") lost.push(record.id);
    }
  }
  // Deletes records without effect, such as the end of a session that is gone. Otherwise they would pile up. If some
  // records are unreadable, these may refer to them, and a backup or a newer version may read them: then they stay.
  const needless = [...idle, ...lost].filter((id) => !state.removedRooms.has(id));
  journal.discard(damaged + unknown === 0 ? needless : lost);
  return state;
}

/**
 * Records of a snapshot in the order in which they apply: a guest that has another name now, and so a later record, is in its
 * rooms since before.
 */
export function attendanceLast(records: readonly StateRecord[]): StateRecord[] {
  const { first = [], last = [] } = Object.groupBy(records, ({ kind }) => kind === "attend" ? "last" : "first");
  return [...first, ...last];
}
