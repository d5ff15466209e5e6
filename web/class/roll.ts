/**
 * Who is in class, made of what an inspector is told: each student with what its program said last, how each object was
 * answered, and what it gets wrong. A program that is started again goes on with its student's page, for that is the
 * student that a teacher looks at, and not the connection.
 * @module
 */
import type { Delay, TraceEvent } from "../../server/observe/trace.ts";

/** How the server answered: a code, and its words. */
export interface Answer {
  readonly code: number;
  readonly text: string;
  /** A refusal from before the page looked, behind which the server has understood something. */
  readonly past?: true;
}

/** One thing that happened, in the order in which it did. `time` is in Unix seconds. */
export type Row =
  & { readonly key: number; readonly time: number; readonly text: string }
  & (
    /** An object that was said; `told` once its answer has gone out, or none will. */
    | { readonly way: "in"; answer: Answer | undefined; isSettled: boolean }
    /** An object that was sent. */
    | { readonly way: "out" }
    /** A refusal that is no answer to an object: who is put out, say. */
    | { readonly way: "refused"; readonly answer: Answer }
    | { readonly way: "here" | "gone" }
  );

export interface Student {
  readonly key: number;
  address: string;
  name: string | undefined;
  /** Of an account: its role. */
  role: TraceEvent["role"];
  /** Its number among the guests by its name, where there are several. */
  guest: number | undefined;
  /** It gets answers, and no messages. */
  deaf: boolean;
  framing: string;
  dialect: string;
  /** Bytes that it has not read. */
  owed: number;
  /** What holds it up. */
  delay: Delay | undefined;
  /** Its last refusal. */
  wrong: Answer | undefined;
  /** Why it has no name: what was refused when it said one, and is the cause of the refusals that follow. */
  unnamed: Answer | undefined;
  /** How often it was refused, over all its connections that were seen. */
  refusals: number;
  /** How often on this connection, and up to which of these there are rows. */
  count: number;
  shown: number;
  /** When it was last heard, or came; seconds by the page's clock, as all that is an age. */
  heardAt: number;
  /** When its connection ended, while it has no new one. */
  goneAt: number | undefined;
  rows: Row[];
  /** What is told next may be from before the page came. */
  isIntroduced: boolean;
}

export interface Roll {
  /** In the order in which they came. */
  students: Student[];
  /** Sights that the server left out. */
  missed: number;
  /** Rows and students are numbered, so that what is drawn stays in its place. */
  keys: number;
}

/**
 * What a teacher should know first of a student. `fast`: it floods; `unread`: it never reads; `gaps`: it waits since it ends its
 * objects with nothing, and has done no harm.
 */
export type State = "gone" | "fast" | "unread" | "refused" | "slow" | "nameless" | "gaps" | "fine";

/**
 * Rows that are kept of each student, by kind. Each kind has its own bound: relays are many, and must not push out what the
 * student said; a hundred good objects must not push out why the last bad one was refused.
 */
const ROWS = { said: 200, wrong: 50, sent: 100, connection: 20 } as const;
/** Seconds that who has left is shown: one that never said its name is soon of no interest. */
const REMEMBERED = 600, REMEMBERED_NAMELESS = 20;
/** Seconds in which a program should have said who it is. */
const NAMELESS = 5;
/** Dialects whose programs wait for no answer to a message, and get none unless it is refused. */
export const UNANSWERED: ReadonlySet<string> = new Set(["flat-name", "lesson"]);
const ENTERS = /"action"\s*:\s*"(presence|authenticate|register)"/;
const MESSAGE = /"action"\s*:\s*"(msg|message)"/;

/** An empty roll. */
export function newRoll(): Roll {
  return { students: [], missed: 0, keys: 0 };
}

/**
 * Takes in one sight.
 *
 * @param now seconds of a clock that never jumps: how long ago something was goes by it, as the sights' own times may go back
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const roll = newRoll();
 * const sight = { action: "trace", address: "10.0.0.7:5", name: "ann", framing: "lines", dialect: "plain" } as const;
 * hear(roll, { ...sight, time: 1, way: "in", text: "{}" });
 * hear(roll, { ...sight, time: 1, way: "refused", text: "action: expected …", code: 400, refusals: 1 });
 * const ann = roll.students[0]!;
 * assert.deepEqual([ann.name, ann.refusals, stateOf(ann, 1)], ["ann", 1, "refused"]);
 * assert.equal(lastSaid(ann)?.answer?.code, 400);
 * ```
 */
export function hear(roll: Roll, sight: TraceEvent, now = sight.time): void {
  if (sight.missed !== undefined) miss(roll, sight.missed);
  const student = find(roll, sight, now);
  const isIntroduced = student.isIntroduced && sight.way !== "here";
  student.isIntroduced = sight.way === "here" || (isIntroduced && isOld(student, sight.time));
  const { role, guest, deaf = false, framing, dialect, time, text } = sight;
  Object.assign(student, { role, guest, deaf, framing, dialect });
  if (sight.name !== undefined) student.unnamed = undefined;
  const row = { key: ++roll.keys, time, text };
  switch (sight.way) {
    case "here":
      if (student.rows.length === 0 || student.goneAt !== undefined) student.heardAt = now;
      if (student.rows.length === 0 || student.goneAt !== undefined) add(student, { ...row, way: "here" });
      student.goneAt = undefined;
      student.owed = sight.owed ?? 0;
      student.delay = sight.delay;
      return count(student, sight.refusals ?? 0);
    case "gone":
      student.goneAt = now;
      student.owed = 0;
      student.delay = undefined;
      closeAll(student);
      return add(student, { ...row, way: "gone" });
    case "in":
      // Of who is here already the last refusal is told, with what was refused: it may have been seen as it happened.
      if (isIntroduced && isOld(student, time) && student.shown >= student.count) return;
      student.heardAt = now;
      return add(student, { ...row, way: "in", answer: undefined, isSettled: false });
    case "out":
      add(student, { ...row, way: "out" });
      return answered(student, text);
    case "refused":
      // The server may wait some seconds for its end: to a teacher it is gone.
      if (sight.kicked) Object.assign(student, { goneAt: now, owed: 0, delay: undefined });
      return refused(student, row, sight);
  }
}

/** The connection to the server is new: who is not told of again is gone. */
export function beginAgain(roll: Roll, now: number): void {
  for (const student of roll.students) student.goneAt ??= now;
}

/** Forgets who has long been gone. */
export function forget(roll: Roll, now: number): void {
  roll.students = roll.students.filter(({ goneAt, name }) =>
    goneAt === undefined || now - goneAt < (name === undefined ? REMEMBERED_NAMELESS : REMEMBERED)
  );
}

/** How a student does. */
export function stateOf(student: Student, now: number): State {
  const { delay, name, heardAt } = student;
  if (student.goneAt !== undefined) return "gone";
  if (delay === "fast" || delay === "unread") return delay;
  if ((lastAnswer(student)?.code ?? 0) >= 400) return "refused";
  if (delay === "slow") return "slow";
  if (name === undefined && now - heardAt >= NAMELESS) return "nameless";
  return delay === "gaps" ? "gaps" : "fine";
}

/** The last object that a student said, and that tells how it does now. */
export function lastSaid({ rows }: Student): Extract<Row, { way: "in" }> | undefined {
  return rows.findLast((row): row is Extract<Row, { way: "in" }> => row.way === "in" && !isPast(row));
}

/** Whether a row is a refusal that better objects have followed before the page looked: it says nothing of now. */
export function isPast(row: Row): boolean {
  return (row.way === "in" || row.way === "refused") && row.answer?.past === true;
}

/** How it was answered last. A message that nobody awaits an answer to, and that was not refused, ends a trouble too. */
export function lastAnswer({ rows, dialect }: Student): Answer | undefined {
  const row = rows.findLast((row) =>
    !isPast(row) && (row.way === "refused" || (row.way === "in" && (row.answer !== undefined || !awaits(row, dialect))))
  );
  return row?.way === "in" || row?.way === "refused" ? row.answer : undefined;
}

/** Whether an object is answered when all is well. */
export function awaits({ text }: Row, dialect: string): boolean {
  return !UNANSWERED.has(dialect) || !MESSAGE.test(text);
}

/** The student at that address, or the one whose last connection is gone and whose next one this is. */
function find(roll: Roll, { address, name, framing, dialect }: TraceEvent, now: number): Student {
  const known = roll.students.find((each) => each.address === address);
  if (known !== undefined && (name === undefined || name === known.name)) return known;
  const none = {
    role: undefined,
    guest: undefined,
    deaf: false,
    owed: 0,
    delay: undefined,
    wrong: undefined,
    unnamed: undefined,
    refusals: 0,
    count: 0,
    shown: 0,
    goneAt: undefined,
    heardAt: now,
    rows: [],
    isIntroduced: false,
  };
  const here = known ?? { key: ++roll.keys, address, name, framing, dialect, ...none };
  here.name = name;
  const before = roll.students.find((each) => isBefore(each, here));
  if (known === undefined && before === undefined) roll.students.push(here);
  if (before === undefined) return here;
  const { key, refusals, wrong } = before;
  // The end of the old connection may have been told behind the beginning of the new one.
  const rows = [...before.rows, ...here.rows].sort((a, b) => a.time - b.time);
  trim(rows);
  Object.assign(before, here, { key, rows, refusals: refusals + here.refusals, wrong: here.wrong ?? wrong });
  roll.students = roll.students.filter((each) => each !== here);
  return before;
}

/**
 * Guests of one name may be several people, who then sit at several machines. Who never said a name is known by its machine
 * alone, unless it is the server's own, where all kinds of programs may run.
 */
function isBefore(before: Student, { address, name }: Student): boolean {
  if (before.goneAt === undefined || before.name !== name || host(before.address) !== host(address)) return false;
  return name !== undefined || !/^(127\.|::1$)/.test(host(address));
}

/** An address without its port. */
export function host(address: string): string {
  return address.slice(0, address.lastIndexOf(":")).replace(/^\[(.*)\]$/, "$1");
}

/** What was refused before we came is told behind what happens now, and belongs before it. */
function add({ rows, isIntroduced }: Student, row: Row): void {
  const at = isIntroduced ? rows.findIndex(({ time }) => time > row.time) : -1;
  rows.splice(at < 0 ? rows.length : at, 0, row);
  trim(rows);
}

/** Lets go of the oldest rows of each kind that has too many. */
function trim(rows: Row[]): void {
  const left = { ...ROWS } as Record<keyof typeof ROWS, number>;
  for (let at = rows.length - 1; at >= 0; at--) if (--left[kindOf(rows[at]!)] < 0) rows.splice(at, 1);
}

function kindOf(row: Row): keyof typeof ROWS {
  if (row.way === "out") return "sent";
  if (row.way === "in" || row.way === "refused") return (row.answer?.code ?? 0) >= 400 ? "wrong" : "said";
  return "connection";
}

function isOld({ rows }: Student, time: number): boolean {
  return time < (rows.at(-1)?.time ?? 0);
}

function count(student: Student, refusals: number): void {
  student.refusals += Math.max(0, refusals - student.count);
  student.count = Math.max(refusals, student.count);
}

/** A refusal is the answer to the object before it, if it is about one. */
function refused(
  student: Student,
  row: Pick<Row, "key" | "time" | "text">,
  { code = 400, refusals = 0, past }: TraceEvent,
): void {
  count(student, refusals);
  if (refusals <= student.shown) return;
  student.shown = refusals;
  const answer = student.wrong = { code, text: row.text, ...(past ? { past } : {}) };
  const said = student.rows.findLast((row) => row.way === "in");
  if (student.name === undefined && said !== undefined && ENTERS.test(said.text)) student.unnamed = answer;
  if (said !== undefined && said.answer === undefined && !said.isSettled) said.answer = answer;
  else add(student, { ...row, way: "refused", answer });
}

/** Answers go out in the order of the requests; a refusal is known before it goes out. */
function answered(student: Student, text: string): void {
  const { response, alert = "", error = alert } = read(text);
  if (typeof response !== "number" || response < 200) return;
  const said = student.rows.find((row) => row.way === "in" && !row.isSettled && awaits(row, student.dialect));
  if (said?.way !== "in") return;
  said.answer ??= { code: response, text: typeof error === "string" ? error : "" };
  said.isSettled = true;
}

/** What is not known to be answered never will be: its answer may be among what was left out. */
function miss(roll: Roll, missed: number): void {
  roll.missed += missed;
  for (const student of roll.students) closeAll(student);
}

function closeAll({ rows }: Student): void {
  for (const row of rows) if (row.way === "in") row.isSettled = true;
}

/** An object as it was sent; one that was cut is none, and its beginning tells enough. */
function read(text: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(text));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const [, code] = /^\{"response":(\d{3}),/.exec(text) ?? [];
    return code === undefined ? {} : { response: Number(code) };
  }
}
