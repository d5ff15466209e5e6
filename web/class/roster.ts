/**
 * The roster of the class, built from trace events: each student with the last objects of its program, their answers
 * and its mistakes. A restarted program continues its student's entry, because a teacher follows students, not
 * connections.
 * @module
 */
import type { Delay, TraceEvent } from "../../server/observe/trace_event.ts";

/** An answer of the server: its code and its text. */
export interface Answer {
  readonly code: number;
  readonly text: string;
  /** A refusal from before the page was opened; the server has accepted something since. */
  readonly past?: true;
}

/** One row of a student's traffic, in order. `time` is in Unix seconds. */
export type Row =
  & { readonly key: number; readonly time: number; readonly text: string }
  & (
    /**
     * An object from the student; `isSettled` once its answer was sent, or none will be. `isLeftOut`: its answer may have been left
     * out of the trace.
     */
    | { readonly way: "in"; answer: Answer | undefined; isSettled: boolean; isLeftOut?: true }
    /** An object to the student. */
    | { readonly way: "out" }
    /** A refusal that answers no object, such as a kick. */
    | { readonly way: "refused"; readonly answer: Answer }
    | { readonly way: "here" | "gone" }
  );

export interface Student {
  readonly key: number;
  /** The name of its server, where several are one chat. */
  server: string | undefined;
  address: string;
  name: string | undefined;
  /** The role of its account. */
  role: TraceEvent["role"];
  /** Its number among the guests of its name, if there are several. */
  guest: number | undefined;
  /** It gets answers, but no messages. */
  deaf: boolean;
  framing: string;
  dialect: string;
  /** Bytes that it has not read yet. */
  unreadBytes: number;
  /** What delays it. */
  delay: Delay | undefined;
  /** Its last refusal. */
  lastRefusal: Answer | undefined;
  /** Why it has no name: the refusal of its login, which causes the following refusals. */
  nameRefusal: Answer | undefined;
  /** How often it was refused, over all its connections. */
  refusals: number;
  /** How often on this connection, and how many of these have rows. */
  connectionRefusals: number;
  shownRefusals: number;
  /** When it last sent something, or connected; seconds by the page's clock. */
  lastActiveAt: number;
  /** When its connection ended, while it has no new one. */
  goneAt: number | undefined;
  rows: Row[];
  /** The next events may be from before the page was opened. */
  mayBeReplay: boolean;
}

/** The roster. */
export interface Roster {
  /** In the order of their first events. */
  students: Student[];
  /** Events that the server left out. */
  missed: number;
  /** The last key of a row or a student; a drawn row keeps its place by its key. */
  lastKey: number;
}

/**
 * The state of a student. `fast`: it floods. `unread`: it never reads. `gaps`: it waits because nothing ends its
 * objects, which does no harm.
 */
export type StudentState = "gone" | "fast" | "unread" | "refused" | "slow" | "nameless" | "gaps" | "fine";

/**
 * The most rows of a student, by kind. Each kind has its own limit: relayed messages must not push out the student's
 * objects, and good objects must not push out the last refusal.
 */
const MAX_ROWS = { said: 200, wrong: 50, sent: 100, connection: 20 } as const;
/** Seconds that a student is shown after its connection has ended, with a name and without one. */
const KEPT_SECONDS = 600, KEPT_SECONDS_NAMELESS = 20;
/** Seconds in which a program should have sent its name. */
const NAMELESS_AFTER = 5;
/** Dialects in which a message gets no answer unless it is refused. */
export const DIALECTS_WITHOUT_ANSWERS: ReadonlySet<string> = new Set(["flat-name", "lesson"]);
const LOGIN_ACTION = /"action"\s*:\s*"(presence|authenticate|register)"/;
const MESSAGE = /"action"\s*:\s*"(msg|message)"/;

/** Makes an empty roster. */
export function newRoster(): Roster {
  return { students: [], missed: 0, lastKey: 0 };
}

/**
 * Records a trace event.
 *
 * @param now seconds of a monotonic clock, from which ages are computed; the times of events may go back
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
  roster.missed += event.missed ?? 0;
  if (event.unpaired) settleUnpaired(roster);
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
      // For a program that is already connected the server repeats the last refusal: it may be in the rows already.
      if (mayBeReplay && isOld(student, time) && student.shownRefusals >= student.connectionRefusals) return;
      student.lastActiveAt = now;
      return add(student, { ...row, way: "in", answer: undefined, isSettled: false });
    case "out":
      add(student, { ...row, way: "out" });
      return answered(student, text);
    case "refused":
      // The server may wait some seconds for the end of the connection; the card shows it as gone at once.
      if (event.kicked) Object.assign(student, { goneAt: now, unreadBytes: 0, delay: undefined });
      return refused(student, row, event);
  }
}

/** The connection to the server is new: a student without a new event is gone. */
export function reconnected(roster: Roster, now: number): void {
  for (const student of roster.students) student.goneAt ??= now;
}

/** Removes students that left long ago. */
export function removeExpired(roster: Roster, now: number): void {
  roster.students = roster.students.filter(({ goneAt, name }) =>
    goneAt === undefined || now - goneAt < (name === undefined ? KEPT_SECONDS_NAMELESS : KEPT_SECONDS)
  );
}

/** The state of a student. */
export function stateOf(student: Student, now: number): StudentState {
  const { delay, name, lastActiveAt } = student;
  if (student.goneAt !== undefined) return "gone";
  if (delay === "fast" || delay === "unread") return delay;
  if ((lastAnswer(student)?.code ?? 0) >= 400) return "refused";
  if (delay === "slow") return "slow";
  if (name === undefined && now - lastActiveAt >= NAMELESS_AFTER) return "nameless";
  return delay === "gaps" ? "gaps" : "fine";
}

/** The last object of a student that is not older than the page. */
export function lastObject({ rows }: Student): Extract<Row, { way: "in" }> | undefined {
  return rows.findLast((row): row is Extract<Row, { way: "in" }> => row.way === "in" && !isPast(row));
}

/** Whether a row is a refusal from before the page was opened, since when the server has accepted something. */
export function isPast(row: Row): boolean {
  return (row.way === "in" || row.way === "refused") && row.answer?.past === true;
}

/** The last answer. A message that expects no answer and was not refused counts as accepted. */
export function lastAnswer({ rows, dialect }: Student): Answer | undefined {
  const row = rows.findLast((row) =>
    !isPast(row) &&
    (row.way === "refused" || (row.way === "in" && (row.answer !== undefined || !expectsAnswer(row, dialect))))
  );
  return row?.way === "in" || row?.way === "refused" ? row.answer : undefined;
}

/** Whether an object is answered even if it is accepted. */
export function expectsAnswer({ text }: Row, dialect: string): boolean {
  return !DIALECTS_WITHOUT_ANSWERS.has(dialect) || !MESSAGE.test(text);
}

/** The student at this address, or the student that this new connection continues. */
function findStudent(roster: Roster, { server, address, name, framing, dialect }: TraceEvent, now: number): Student {
  const known = roster.students.find((each) => each.address === address && each.server === server);
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
  const here = known ?? { key: ++roster.lastKey, server, address, name, framing, dialect, ...none };
  here.name = name;
  const before = roster.students.find((each) => isSameProgram(each, here));
  if (known === undefined && before === undefined) roster.students.push(here);
  if (before === undefined) return here;
  const { key, refusals, lastRefusal } = before;
  // The event of the old connection's end may follow the start of the new one.
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
 * Guests of one name may be several people at several machines. A program without a name is known by its machine alone;
 * not on the server's own machine, where many programs may run.
 */
function isSameProgram(before: Student, { address, name }: Student): boolean {
  if (before.goneAt === undefined || before.name !== name || host(before.address) !== host(address)) return false;
  return name !== undefined || !/^(127\.|::1$)/.test(host(address));
}

/** The address without its port. */
export function host(address: string): string {
  return address.slice(0, address.lastIndexOf(":")).replace(/^\[(.*)\]$/, "$1");
}

/** Adds a row. Rows from before the page was opened may arrive after newer ones, and are put before them. */
function add({ rows, mayBeReplay }: Student, row: Row): void {
  const at = mayBeReplay ? rows.findIndex(({ time }) => time > row.time) : -1;
  rows.splice(at < 0 ? rows.length : at, 0, row);
  trim(rows);
}

/** Removes the oldest rows of each kind beyond its limit. */
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

/** A refusal answers the object before it, unless it is about something else. */
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

/** Answers are sent in the order of the requests; the event of a refusal comes earlier. */
function answered(student: Student, text: string): void {
  const { response, alert = "", error = alert } = read(text);
  if (typeof response !== "number" || response < 200) return;
  const said = student.rows.find((row) => row.way === "in" && !row.isSettled && expectsAnswer(row, student.dialect));
  if (said?.way !== "in") return;
  said.answer ??= { code: response, text: typeof error === "string" ? error : "" };
  said.isSettled = true;
}

/** Objects or answers were left out: no object waits for an answer any more, which may be to another one. */
function settleUnpaired({ students }: Roster): void {
  for (const row of students.flatMap(unsettled)) Object.assign(row, { isSettled: true, isLeftOut: true });
}

function settleAll(student: Student): void {
  for (const row of unsettled(student)) row.isSettled = true;
}

function unsettled({ rows }: Student) {
  return rows.filter((row) => row.way === "in").filter(({ isSettled }) => !isSettled);
}

/** Parses an object as it was sent; if it was cut, reads the code at its beginning. */
function read(text: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(text));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const [, code] = /^\{"response":(\d{3}),/.exec(text) ?? [];
    return code === undefined ? {} : { response: Number(code) };
  }
}
