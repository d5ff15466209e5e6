/** Checks a whole database of a journal without changing it: the file, each record, each message. A server may have it open. */
import { DatabaseSync } from "node:sqlite";
import { isSqlite, reason } from "../store/failure.ts";
import { cut, idOf, parseLine } from "../store/lines.ts";
import { inEach } from "../words/mod.ts";
import { JournalRefused } from "./contract.ts";
import { decode, type Unreadable } from "./encoding.ts";
import { lastNoted, missingEnd } from "./last_id.ts";
import { READS_RUNS, type Run, Runs } from "./runs.ts";
import { Skips } from "./skips.ts";
import { prepare, type Statements } from "./statements.ts";

/** What a check has found. */
export interface Report {
  /** Messages that are whole. */
  readonly messages: number;
  /** Other records that are whole. */
  readonly records: number;
  /** Records and runs of messages of a newer Hanita. */
  readonly unknown: number;
  /** What is wrong, a line each. With none, all is whole. */
  readonly faults: readonly string[];
}

const READS = ["records", "mark"] as const;
/** So many faults of the file itself are told: one torn page has hundreds. */
const FILE_FAULTS = 10;

/**
 * Checks a database, at about 300,000 messages a second.
 *
 * @param path `DIR/hanita.db`
 * @throws {JournalRefused} in one line, if it cannot be opened or is no journal
 */
export function verify(path: string): Report {
  let db: DatabaseSync | undefined;
  try {
    const opened = db = new DatabaseSync(path, { readOnly: true });
    const sql = prepare(opened, [...READS, ...READS_RUNS]), found = new Findings();
    found.attempt("file", () => checkFile(opened, found));
    found.attempt("records", () => checkRecords(sql, found));
    found.attempt("messages", () => checkRuns(new Runs(sql, new Skips()), found));
    const missing = missingEnd(path, found.last, lastNoted(path));
    if (missing !== undefined) found.faults.push(missing);
    return found;
  } catch (error) {
    if (!isSqlite(error)) throw error;
    throw new JournalRefused(inEach(({ cannotCheck }) => cannotCheck(path, reason(error))), { cause: error });
  } finally {
    db?.close();
  }
}

/** A report in the making. */
class Findings implements Report {
  messages = 0;
  records = 0;
  unknown = 0;
  readonly faults: string[] = [];
  /** The largest id. */
  last = 0;

  /** A damaged page ends what reads it, and nothing else. */
  attempt(what: string, check: () => void): void {
    try {
      check();
    } catch (error) {
      if (!isSqlite(error)) throw error;
      this.faults.push(`The ${what} cannot be read behind the id ${this.last}: ${reason(error)}`);
    }
  }

  note(fault: Unreadable, what: string): void {
    if (fault === "unknown") this.unknown++;
    else this.faults.push(`${what} is damaged`);
  }
}

function checkFile(db: DatabaseSync, found: Findings): void {
  const lines = db.prepare(`PRAGMA quick_check(${FILE_FAULTS})`).all().map((row) => `${Object.values(row)[0]}`);
  found.faults.push(...lines.filter((line) => line !== "ok").map((line) => `The file: ${line}`));
}

function checkRecords(sql: Statements<typeof READS[number]>, found: Findings): void {
  for (const row of sql.records.all(0)) {
    const { id, time, kind, version, sum, body } = row as unknown as Parameters<typeof decode>[2] & {
      readonly id: number;
      readonly time: number;
    };
    const record = decode(id, time, { kind, version, sum, body });
    found.last = Math.max(found.last, id);
    if (typeof record === "object") found.records++;
    else found.note(record, `The record ${id} (${JSON.stringify(kind)})`);
  }
  const { value = 0 } = sql.mark.get("last") ?? {};
  found.last = Math.max(found.last, value as number);
}

function checkRuns(runs: Runs, found: Findings): void {
  for (let run = runs.after(0); run !== undefined; run = runs.after(run.id)) {
    found.last = Math.max(found.last, run.last);
    const fault = runs.faultOf(run);
    if (fault === undefined) checkLines(run, found);
    else found.note(fault, `The run of ${run.count} messages from ${run.id} to ${run.last}`);
  }
}

/** The lines of a run whose checksum is right, or that is from before there were checksums. */
function checkLines(run: Run, found: Findings): void {
  let last = run.id - 1, count = 0;
  for (const line of cut(run.lines)) {
    const id = idOf(line);
    if (parseLine(line) === undefined || !(id > last && id <= run.last)) {
      found.note("damaged", `A message behind ${last}`);
    } else {
      last = id;
      count++;
    }
  }
  found.messages += count;
}
