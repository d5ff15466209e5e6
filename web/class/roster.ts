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
  unreadBytes: number;
  /** What holds it up. */
  delay: Delay | undefined;
  /** Its last refusal. */
  lastRefusal: Answer | undefined;
  /** Why it has no name: what was refused when it said one, and is the cause of the refusals that follow. */
  nameRefusal: Answer | undefined;
  /** How often it was refused, over all its connections that were seen. */
  refusals: number;
  /** How often on this connection, and up to which of these there are rows. */
  connectionRefusals: number;
  shownRefusals: number;
  /** When it was last heard, or came; seconds by the page's clock, as all that is an age. */
  lastActiveAt: number;
  /** When its connection ended, while it has no new one. */
  goneAt: number | undefined;
  rows: Row[];
  /** What is told next may be from before the page came. */
  mayBeReplay: boolean;
}

export interface Roster {
  /** In the order in which they came. */
  students: Student[];
  /** Sights that the server left out. */
  missed: number;
  /** Rows and students are numbered, so that what is drawn stays in its place. */
  lastKey: number;
}

/**
 * What a teacher should know first of a student. `fast`: it floods; `unread`: it never reads; `gaps`: it waits since it ends its
 * objects with nothing, and has done no harm.
 */
export type StudentState = "gone" | "fast" | "unread" | "refused" | "slow" | "nameless" | "gaps" | "fine";

/**
 * Rows that are kept of each student, by kind. Each kind has its own bound: relays are many, and must not push out what the
 * student said; a hundred good objects must not push out why the last bad one was refused.
 */
const MAX_ROWS = { said: 200, wrong: 50, sent: 100, connection: 20 } as const;
/** Seconds that who has left is shown: one that never said its name is soon of no interest. */
const KEPT_SECONDS = 600, KEPT_SECONDS_NAMELESS = 20;
/** Seconds in which a program should have said who it is. */
const NAMELESS_AFTER = 5;
/** Dialects whose programs wait for no answer to a message, and get none unless it is refused. */
export const DIALECTS_WITHOUT_ANSWERS: ReadonlySet<string> = new Set(["flat-name", "lesson"]);
const LOGIN_ACTION = /"action"\s*:\s*"(presence|authenticate|register)"/;
const MESSAGE = /"action"\s*:\s*"(msg|message)"/;

/** An empty roll. */
export function newRoster(): Roster {
  return { students: [], missed: 0, lastKey: 0 };
}

/**
 * Takes in one sight.
 *
 * @param now seconds of a clock that never jumps: how long ago something was goes by it, as the sights' own times may go back
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const roster = newRoster();
 * const event = { action: "trace", address: "10.0.0.7:5", name: "ann", framing: "lines", dialect: "plain" } as const;
 * record(roster, { ...event, time: 1, way: "in", text: "{}" });
 * record(roster, { ...event, time: 1, way: "refused", text: "action: expected …", code: 400, refusals: 1 });
 * const ann = roster.students[0]!;
 * assert.deepEqual([ann.name, ann.refusals, stateOf(ann, 1)], ["ann", 1, "refused"]);
 * assert.equal(lastObject(ann)?.answer?.code, 400);
 * ```
 */
export function record(roster: Roster, event: TraceEvent, now = event.time): void {
  if (event.missed !== undefined) recordMissed(roster, event.missed);
  const student = findStudent(roster, event, now);
  const mayBeReplay = student.mayBeReplay && event.way !== "here";
  student.mayBeReplay = event.way === "here" || (mayBeReplay && isOld(student, event.time));
  const { role, guest, deaf = false, framing, dialect, time, text } = event;
  Object.assign(student, { role, guest, deaf, framing, dialect });
  if (event.name !== undefined) student.nameRefusal = undefined;
  const row = { key: ++roster.lastKey, time, text };
  switch (event.way) {
    case "here":
      if (student.rows.length === 0 || student.goneAt !== undefined) student.lastActiveAt = now;
      if (student.rows.length === 0 || student.goneAt !== undefined) add(student, { ...row, way: "here" });
      student.goneAt = undefined;
      student.unreadBytes = event.owed ?? 0;
      student.delay = event.delay;
      return countRefusals(student, event.refusals ?? 0);
    case "gone":
      student.goneAt = now;
      student.unreadBytes = 0;
      student.delay = undefined;
      settleAll(student);
      return add(student, { ...row, way: "gone" });
    case "in":
      // Of who is here already the last refusal is told, with what was refused: it may have been seen as it happened.
      if (mayBeReplay && isOld(student, time) && student.shownRefusals >= student.connectionRefusals) return;
      student.lastActiveAt = now;
      return add(student, { ...row, way: "in", answer: undefined, isSettled: false });
    case "out":
      add(student, { ...row, way: "out" });
      return answered(student, text);
    case "refused":
      // The server may wait some seconds for its end: to a teacher it is gone.
      if (event.kicked) Object.assign(student, { goneAt: now, unreadBytes: 0, delay: undefined });
      return refused(student, row, event);
  }
}

/** The connection to the server is new: who is not told of again is gone. */
export function reconnected(roster: Roster, now: number): void {
  for (const student of roster.students) student.goneAt ??= now;
}

/** Forgets who has long been gone. */
export function removeExpired(roster: Roster, now: number): void {
  roster.students = roster.students.filter(({ goneAt, name }) =>
    goneAt === undefined || now - goneAt < (name === undefined ? KEPT_SECONDS_NAMELESS : KEPT_SECONDS)
  );
}

/** How a student does. */
export function stateOf(student: Student, now: number): StudentState {
  const { delay, name, lastActiveAt } = student;
  if (student.goneAt !== undefined) return "gone";
  if (delay === "fast" || delay === "unread") return delay;
  if ((lastAnswer(student)?.code ?? 0) >= 400) return "refused";
  if (delay === "slow") return "slow";
  if (name === undefined && now - lastActiveAt >= NAMELESS_AFTER) return "nameless";
  return delay === "gaps" ? "gaps" : "fine";
}

/** The last object that a student said, and that tells how it does now. */
export function lastObject({ rows }: Student): Extract<Row, { way: "in" }> | undefined {
  return rows.findLast((row): row is Extract<Row, { way: "in" }> => row.way === "in" && !isPast(row));
}

/** Whether a row is a refusal that better objects have followed before the page looked: it says nothing of now. */
export function isPast(row: Row): boolean {
  return (row.way === "in" || row.way === "refused") && row.answer?.past === true;
}

/** How it was answered last. A message that nobody awaits an answer to, and that was not refused, ends a trouble too. */
export function lastAnswer({ rows, dialect }: Student): Answer | undefined {
  const row = rows.findLast((row) =>
    !isPast(row) &&
    (row.way === "refused" || (row.way === "in" && (row.answer !== undefined || !expectsAnswer(row, dialect))))
  );
  return row?.way === "in" || row?.way === "refused" ? row.answer : undefined;
}

/** Whether an object is answered when all is well. */
export function expectsAnswer({ text }: Row, dialect: string): boolean {
  return !DIALECTS_WITHOUT_ANSWERS.has(dialect) || !MESSAGE.test(text);
}

/** The student at that address, or the one whose last connection is gone and whose next one this is. */
function findStudent(roster: Roster, { address, name, framing, dialect }: TraceEvent, now: number): Student {
  const known = roster.students.find((each) => each.address === address);
  if (known !== undefined && (name === undefined || name === known.name)) return known;
  const none = {
    role: undefined,
    guest: undefined,
    deaf: false,
    unreadBytes: 0,
    delay: undefined,
    lastRefusal: undefined,
    nameRefusal: undefined,
    refusals: 0,
    connectionRefusals: 0,
    shownRefusals: 0,
    goneAt: undefined,
    lastActiveAt: now,
    rows: [],
    mayBeReplay: false,
  };
  const here = known ?? { key: ++roster.lastKey, address, name, framing, dialect, ...none };
  here.name = name;
  const before = roster.students.find((each) => isSameProgram(each, here));
  if (known === undefined && before === undefined) roster.students.push(here);
  if (before === undefined) return here;
  const { key, refusals, lastRefusal } = before;
  // The end of the old connection may have been told behind the beginning of the new one.
  const rows = [...before.rows, ...here.rows].sort((a, b) => a.time - b.time);
  trim(rows);
  Object.assign(before, here, {
    key,
    rows,
    refusals: refusals + here.refusals,
    lastRefusal: here.lastRefusal ?? lastRefusal,
  });
  roster.students = roster.students.filter((each) => each !== here);
  return before;
}

/**
 * Guests of one name may be several people, who then sit at several machines. Who never said a name is known by its machine
 * alone, unless it is the server's own, where all kinds of programs may run.
 */
function isSameProgram(before: Student, { address, name }: Student): boolean {
  if (before.goneAt === undefined || before.name !== name || host(before.address) !== host(address)) return false;
  return name !== undefined || !/^(127\.|::1$)/.test(host(address));
}

/** An address without its port. */
export function host(address: string): string {
  return address.slice(0, address.lastIndexOf(":")).replace(/^\[(.*)\]$/, "$1");
}

/** What was refused before we came is told behind what happens now, and belongs before it. */
function add({ rows, mayBeReplay }: Student, row: Row): void {
  const at = mayBeReplay ? rows.findIndex(({ time }) => time > row.time) : -1;
  rows.splice(at < 0 ? rows.length : at, 0, row);
  trim(rows);
}

/** Lets go of the oldest rows of each kind that has too many. */
function trim(rows: Row[]): void {
  const left = { ...MAX_ROWS } as Record<keyof typeof MAX_ROWS, number>;
  for (let at = rows.length - 1; at >= 0; at--) if (--left[kindOf(rows[at]!)] < 0) rows.splice(at, 1);
}

function kindOf(row: Row): keyof typeof MAX_ROWS {
  if (row.way === "out") return "sent";
  if (row.way === "in" || row.way === "refused") return (row.answer?.code ?? 0) >= 400 ? "wrong" : "said";
  return "connection";
}

function isOld({ rows }: Student, time: number): boolean {
  return time < (rows.at(-1)?.time ?? 0);
}

function countRefusals(student: Student, refusals: number): void {
  student.refusals += Math.max(0, refusals - student.connectionRefusals);
  student.connectionRefusals = Math.max(refusals, student.connectionRefusals);
}

/** A refusal is the answer to the object before it, if it is about one. */
function refused(
  student: Student,
  row: Pick<Row, "key" | "time" | "text">,
  { code = 400, refusals = 0, past }: TraceEvent,
): void {
  countRefusals(student, refusals);
  if (refusals <= student.shownRefusals) return;
  student.shownRefusals = refusals;
  const answer = student.lastRefusal = { code, text: row.text, ...(past ? { past } : {}) };
  const said = student.rows.findLast((row) => row.way === "in");
  if (student.name === undefined && said !== undefined && LOGIN_ACTION.test(said.text)) student.nameRefusal = answer;
  if (said !== undefined && said.answer === undefined && !said.isSettled) said.answer = answer;
  else add(student, { ...row, way: "refused", answer });
}

/** Answers go out in the order of the requests; a refusal is known before it goes out. */
function answered(student: Student, text: string): void {
  const { response, alert = "", error = alert } = read(text);
  if (typeof response !== "number" || response < 200) return;
  const said = student.rows.find((row) => row.way === "in" && !row.isSettled && expectsAnswer(row, student.dialect));
  if (said?.way !== "in") return;
  said.answer ??= { code: response, text: typeof error === "string" ? error : "" };
  said.isSettled = true;
}

/** What is not known to be answered never will be: its answer may be among what was left out. */
function recordMissed(roster: Roster, missed: number): void {
  roster.missed += missed;
  for (const student of roster.students) settleAll(student);
}

function settleAll({ rows }: Student): void {
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
