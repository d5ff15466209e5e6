/** Checks a whole database of a journal without changing it: the file, each record, each message. A server may have it open. */
import { DatabaseSync } from "node:sqlite";
import { isSystemError, systemErrorText } from "../../log/system_error.ts";
import { isSqlite } from "./failure.ts";
import { cut, idOf, parseLine } from "./lines.ts";
import { inEach } from "../words/mod.ts";
import { JournalRefused } from "./contract.ts";
import { decode, decodeEvent, type RecordRow, type Unreadable } from "./encoding.ts";
import { lastNoted } from "./last_id.ts";
import { READS_RUNS, type Run, Runs } from "./runs.ts";
import { mustBeJournal } from "./schema.ts";
import { Skips } from "./skips.ts";
import { ALL_EVENTS } from "./stored_events.ts";
import { ALL_FILES } from "./stored_files.ts";
import { isWhole } from "../uploads/verify.ts";
import { prepare, type Statements } from "./statements.ts";

/** What is wrong with a journal. Ids are those of messages and records. */
export type Fault =
  /** SQLite has found it, and says it in its own words. */
  | { readonly kind: "file"; readonly detail: string }
  /** Records, or runs of messages, behind an id cannot be read from the file. */
  | {
    readonly kind: "unreadable";
    readonly part: "records" | "messages";
    readonly after: number;
    readonly detail: string;
  }
  /** A record is not what was written. */
  | { readonly kind: "record"; readonly id: number; readonly recordKind: string }
  /** Some messages, which were appended together, are not what was written. */
  | { readonly kind: "run"; readonly first: number; readonly last: number; readonly count: number }
  /** A line from before there were checksums is no message; `after` is the id of the one before it. */
  | { readonly kind: "message"; readonly after: number }
  /** The bytes of a message's file are not there, or are not what was sent. */
  | { readonly kind: "missingFile" | "damagedFile"; readonly id: number; readonly hash: string }
  /** The log ends before an id that was in it. */
  | { readonly kind: "end"; readonly last: number; readonly noted: number };

/** What a check has report. */
export interface Report {
  /** Messages that are whole. */
  readonly messages: number;
  /** Other records that are whole. */
  readonly records: number;
  /** Files of messages that are whole, if they were checked. */
  readonly files: number;
  /** Records and runs of messages of a newer Hanita. */
  readonly unknown: number;
  /** With none, all is whole. */
  readonly faults: readonly Fault[];
}

/** Runs that are not found by their conversation. SQLite knows nothing of this index. */
const LOST = `SELECT count(*) AS lost FROM runs AS each
  WHERE NOT EXISTS (SELECT 1 FROM runs_of WHERE conversation = each.conversation AND first = each.first)`;
const READS = ["records", "mark"] as const;
/** So many faults of the file itself are reported: one torn page has hundreds. */
const FILE_FAULTS = 10;
/** SQLite's error codes: a damaged file, and a file that is no database. */
const CORRUPT = 11, NO_DATABASE = 26;

/**
 * Checks a database, at about 300,000 messages a second. A server may have it open.
 *
 * SQLite makes the files `-wal` and `-shm` beside it where there are none; they are empty, and the next server removes them.
 *
 * @param path `DIR/hanita.db`
 * @param files the folder of the files of messages, if these are checked too
 * @throws {JournalRefused} in one line, if there is none, it may not be read, or is no journal of this version
 */
export function verify(path: string, files?: string): Report {
  const noted = lastNoted(path); // before the rest: a server that runs notes larger ones
  const report = new ReportBuilder();
  let db: DatabaseSync | undefined;
  try {
    mustExist(path);
    const opened = db = new DatabaseSync(path, { readOnly: true });
    mustBeJournal(opened, path);
    const sql = prepare(opened, [...READS, ...READS_RUNS]);
    report.attempt(() => checkFile(opened, report), (detail) => ({ kind: "file", detail }));
    report.attempt(() => checkRecords(sql, report), (detail) => unreadable("records", report.last, detail));
    report.attempt(() => checkEvents(opened, report), (detail) => unreadable("records", report.last, detail));
    const records = report.last;
    report.last = 0;
    report.attempt(
      () => checkRuns(new Runs(sql, new Skips()), report),
      (detail) => unreadable("messages", report.last, detail),
    );
    if (files !== undefined) {
      const isShared = sql.mark.get("chat") !== undefined; // then one that is not here is at the broker
      report.attempt(() => checkFiles(opened, files, isShared, report), (detail) => ({ kind: "file", detail }));
    }
    report.last = Math.max(records, report.last);
    if (report.last < noted) report.faults.push({ kind: "end", last: report.last, noted });
  } catch (error) {
    if (!isSqlite(error)) throw error;
    if (!isDamage(error)) {
      throw new JournalRefused(inEach(({ cannotCheck }) => cannotCheck(path, systemErrorText(error))), {
        cause: error,
      });
    }
    report.faults.push({ kind: "file", detail: systemErrorText(error) });
  } finally {
    db?.close();
  }
  return report;
}

function unreadable(part: "records" | "messages", after: number, detail: string): Fault {
  return { kind: "unreadable", part, after, detail };
}

function isDamage(error: unknown): boolean {
  const code = error instanceof Error && "errcode" in error ? error.errcode : undefined;
  return code === CORRUPT || code === NO_DATABASE;
}

/** SQLite says of each file that it cannot open the same. */
function mustExist(path: string): void {
  try {
    Deno.statSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) throw new JournalRefused(inEach(({ noDatabase }) => noDatabase(path)));
    if (!isSystemError(error)) throw error;
    throw new JournalRefused(inEach(({ cannotCheck }) => cannotCheck(path, systemErrorText(error))), { cause: error });
  }
}

/** A report in the making. */
class ReportBuilder implements Report {
  messages = 0;
  records = 0;
  files = 0;
  unknown = 0;
  readonly faults: Fault[] = [];
  /** The largest id so far. */
  last = 0;

  /** A damaged page ends what reads it, and nothing else. */
  attempt(check: () => void, toFault: (detail: string) => Fault): void {
    try {
      check();
    } catch (error) {
      if (!isSqlite(error)) throw error;
      this.faults.push(toFault(systemErrorText(error)));
    }
  }

  note(unreadable: Unreadable, fault: Fault): void {
    if (unreadable === "unknown") this.unknown++;
    else this.faults.push(fault);
  }
}

function checkFile(db: DatabaseSync, report: ReportBuilder): void {
  const lines = db.prepare(`PRAGMA quick_check(${FILE_FAULTS})`).all().map((row) => `${Object.values(row)[0]}`);
  report.faults.push(...lines.filter((line) => line !== "ok").map((detail) => ({ kind: "file", detail } as const)));
  const lost = db.prepare(LOST).get()!.lost as number;
  if (lost > 0) {
    report.faults.push({ kind: "file", detail: `${lost} runs of messages are in no conversation's index` });
  }
}

function checkRecords(sql: Statements<typeof READS[number]>, report: ReportBuilder): void {
  for (const row of sql.records.all(0)) {
    const { id, time, kind, version, sum, body } = row as unknown as RecordRow;
    const record = decode(id, time, { kind, version, sum, body });
    report.last = Math.max(report.last, id);
    if (typeof record === "object") report.records++;
    else report.note(record, { kind: "record", id, recordKind: kind });
  }
  const { value = 0 } = sql.mark.get("last") ?? {};
  report.last = Math.max(report.last, value as number);
}

/** Events about messages. */
function checkEvents(db: DatabaseSync, report: ReportBuilder): void {
  for (const row of db.prepare(ALL_EVENTS).all()) {
    const { id, time, ...encoded } = row as unknown as RecordRow, event = decodeEvent(id, time, encoded);
    if (typeof event === "object") report.records++;
    else report.note(event, { kind: "record", id, recordKind: encoded.kind });
  }
}

/** The files of messages. Several messages may have one. */
function checkFiles(db: DatabaseSync, folder: string, isShared: boolean, report: ReportBuilder): void {
  const known = new Map<string, boolean | undefined>();
  for (const { message, hash } of db.prepare(ALL_FILES).all() as unknown as { message: number; hash: string }[]) {
    if (!known.has(hash)) known.set(hash, isWhole(folder, hash));
    const whole = known.get(hash);
    if (whole === false) report.faults.push({ kind: "damagedFile", id: message, hash });
    else if (whole === undefined && !isShared) report.faults.push({ kind: "missingFile", id: message, hash });
  }
  report.files = known.values().filter((whole) => whole === true).toArray().length;
}

function checkRuns(runs: Runs, report: ReportBuilder): void {
  for (let run = runs.after(0); run !== undefined; run = runs.after(run.id)) {
    report.last = Math.max(report.last, run.last);
    const unreadable = runs.faultOf(run), { id: first, last, count } = run;
    if (unreadable === undefined) checkLines(run, report);
    else report.note(unreadable, { kind: "run", first, last, count });
  }
}

/** The lines of a run with a valid checksum, or from before there were checksums. */
function checkLines(run: Run, report: ReportBuilder): void {
  const lines = cut(run.lines);
  let last = run.id - 1, count = 0;
  for (const line of lines) {
    const id = idOf(line);
    if (parseLine(line) === undefined || !(id > last && id <= run.last)) {
      report.faults.push({ kind: "message", after: last });
    } else {
      last = id;
      count++;
    }
  }
  report.messages += count;
  if (lines.length !== run.count) {
    report.faults.push({ kind: "run", first: run.id, last: run.last, count: run.count });
  }
}
