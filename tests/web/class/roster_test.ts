// The roster from trace events: each test sends them as the server does.

import assert from "node:assert/strict";
import fc from "fast-check";
import { flatName } from "../../../jim/dialects/flat_name.ts";
import { clientName } from "../../../jim/dialects/client_name.ts";
import { lesson } from "../../../jim/dialects/lesson.ts";
import { plain, prefixed } from "../../../jim/dialects/mod.ts";
import { seed } from "../../../jim/dialects/seed.ts";
import type { TraceEvent } from "../../../server/observe/trace_event.ts";
import {
  DIALECTS_WITHOUT_ANSWERS,
  lastAnswer,
  lastObject,
  newRoster,
  reconnected,
  record,
  removeExpired,
  type Roster,
  type Row,
  stateOf,
  type Student,
} from "../../../web/class/roster.ts";

type Told = Partial<TraceEvent> & Pick<TraceEvent, "way">;

/** A roster that has heard these, a second after each other, from one address unless they say another. */
function rosterOf(...told: Told[]): Roster {
  const roster = newRoster();
  told.forEach((each, at) => record(roster, sight(at + 1, each)));
  return roster;
}

function sight(time: number, told: Told): TraceEvent {
  const known = { address: "10.0.0.7:5", name: "ann", framing: "lines", dialect: "plain", text: "" } as const;
  return { action: "trace", time, ...known, ...told };
}

const only = ({ students }: Roster): Student => {
  assert.equal(students.length, 1);
  return students[0]!;
};
const here: Told = { way: "here", text: "connected", owed: 0, refusals: 0 };
const said = (text: string): Told => ({ way: "in", text });
const ok = (alert = "ok"): Told => ({ way: "out", text: JSON.stringify({ response: 200, time: 1, alert }) });
const relay: Told = { way: "out", text: '{"action":"msg","time":1,"message":"hello"}' };
const refused = (refusals: number, text = "no"): Told => ({ way: "refused", code: 400, text, refusals });
const no: Told = { way: "out", text: '{"response":400,"time":1,"error":"no"}' };
/** Each object and its answer's code. */
const answers = ({ rows }: Student) =>
  rows.filter((row) => row.way === "in").map(({ text, answer }) => [text, answer?.code]);

Deno.test("hear gives each object its own answer, however many came before the first went out", () => {
  const glued = [said("1"), said("2"), refused(1), said("3"), relay, ok(), no, ok()];
  const student = only(rosterOf(here, ...glued, said("4")));
  assert.deepEqual(answers(student), [["1", 200], ["2", 400], ["3", 200], ["4", undefined]]);
  assert.deepEqual([student.refusals, lastObject(student)?.text, lastAnswer(student)?.code], [1, "4", 200]);
});

Deno.test("hear takes a refusal that is about no object for what it is", () => {
  const student = only(rosterOf(here, said("1"), ok(), refused(1, "An operator has put you out"), no));
  assert.deepEqual(answers(student), [["1", 200]]);
  assert.equal(student.rows.at(-2)?.way, "refused");
  assert.equal(stateOf(student, 9), "refused");
});

Deno.test("hear knows an answer that says no although no rule has refused: a full disk", () => {
  const failed: Told = { way: "out", text: '{"response":500,"time":1,"error":"disk"}' };
  assert.deepEqual(answers(only(rosterOf(said("1"), said("2"), failed, ok()))), [["1", 500], ["2", 200]]);
});

Deno.test("hear knows the answer from the beginning of one that was cut, and takes no notice for one", () => {
  const cut: Told = { way: "out", text: '{"response":400,"time":1,"error":"some long te…' };
  const notice: Told = { way: "out", text: '{"response":100,"time":1,"alert":"Lesson 7"}' };
  const student = only(rosterOf(said("1"), notice, said("2"), ok(), cut, { way: "out", text: "{…" }));
  assert.deepEqual(answers(student), [["1", 200], ["2", 400]]);
});

Deno.test("hear expects no answer to a message of a dialect that awaits none", () => {
  const presence = '{"action": "presence"}', message = '{"action": "message", "mess_text": "hello"}';
  const told = [said(presence), refused(1), no, said(presence), said(message), ok("welcome"), said(message)];
  const student = only(rosterOf(...told.map((each) => ({ ...each, dialect: "lesson" }))));
  const codes = answers(student).map(([, code]) => code);
  assert.deepEqual([codes, stateOf(student, 9)], [[400, 200, undefined, undefined], "fine"]);
});

Deno.test("UNANSWERED are the dialects that await no answer", () => {
  const all = [plain, prefixed, seed, clientName, flatName, lesson];
  assert.deepEqual(
    all.filter(({ awaitsAnswers }) => !awaitsAnswers).map(({ name }) => name).sort(),
    [...DIALECTS_WITHOUT_ANSWERS].sort(),
  );
});

Deno.test("stateOf says what a teacher should know first", () => {
  const states = (...told: Told[]) => stateOf(only(rosterOf(...told)), 10);
  assert.equal(states(here, said("1"), ok()), "fine");
  assert.equal(states(here, said("1"), refused(1), no), "refused");
  assert.equal(states(here, said("1"), refused(1), no, said("2"), ok()), "fine");
  assert.equal(states(here, { ...here, owed: 100_000, delay: "slow" }), "slow");
  assert.equal(states(here, { ...here, owed: 100_000 }), "fine", "it is not known yet whether it reads");
  const refusal = [said("1"), refused(1), no] as const, owed = 100_000;
  assert.equal(states(...refusal, { ...here, delay: "fast" }), "fast");
  assert.equal(states(...refusal, { ...here, delay: "unread", owed }), "unread");
  assert.equal(states(...refusal, { ...here, delay: "gaps", owed }), "refused");
  assert.equal(states({ ...here, delay: "gaps", owed }), "gaps", "it has done nothing wrong");
  assert.equal(states({ ...here, delay: "unread", owed }, { ...here, owed: 0 }), "fine");
  assert.equal(
    only(rosterOf(...refusal, said("2"), ok())).lastRefusal?.code,
    400,
    "what was wrong last is not forgotten",
  );
  assert.equal(states(here, { ...refused(1), code: 403, kicked: true }), "gone", "it is put out");
  assert.equal(states({ ...here, name: undefined }), "nameless");
  assert.equal(stateOf(only(rosterOf({ ...here, name: undefined })), 3), "fine", "it has a moment");
  assert.equal(states(here, said("1"), refused(1), { way: "gone" }), "gone");
});

Deno.test("a program that is started again goes on where its student was", () => {
  const nameless: Told = { ...here, address: "10.0.0.7:6", name: undefined };
  const roster = rosterOf(here, said("1"), refused(1), { way: "gone" }, nameless, { ...nameless, ...said("2") });
  assert.equal(roster.students.length, 2);
  const [{ key }] = roster.students as [Student];
  record(roster, sight(9, { ...ok(), address: "10.0.0.7:6" }));
  const student = only(roster);
  assert.deepEqual([student.key, student.address, student.goneAt, student.refusals], [key, "10.0.0.7:6", undefined, 1]);
  assert.deepEqual(answers(student), [["1", 400], ["2", 200]]);
  record(roster, sight(10, { ...refused(1), address: "10.0.0.7:6" }));
  assert.equal(only(roster).refusals, 2);
});

Deno.test("roster keeps students of one name apart, if they are at different machines or still connected", () => {
  assert.equal(rosterOf(here, { way: "gone" }, { ...here, address: "10.0.0.8:5" }).students.length, 2);
  assert.equal(rosterOf(here, { ...here, address: "10.0.0.7:6" }).students.length, 2);
});

Deno.test("who crashes before it says its name is one student, but on the server's own machine, where anybody may run", () => {
  const nameless = (address: string): Told[] => [{ ...here, address, name: undefined }, {
    way: "gone",
    address,
    name: undefined,
  }];
  assert.equal(rosterOf(...nameless("10.0.0.7:5"), ...nameless("10.0.0.7:6")).students.length, 1);
  assert.equal(rosterOf(...nameless("127.0.0.1:5"), ...nameless("127.0.0.1:6")).students.length, 2);
});

Deno.test("what was refused before anybody looked stands before what is seen, once however often it is told", () => {
  const roster = newRoster();
  for (const now of [100, 200]) {
    if (now === 200) reconnected(roster, now - 1);
    record(roster, sight(now, { ...here, refusals: 3 }));
    record(roster, sight(7, said("old")));
    record(roster, sight(7, refused(3)));
  }
  const student = only(roster);
  assert.deepEqual(student.rows.map(({ way }) => way), ["in", "here", "here"]);
  assert.deepEqual([student.refusals, student.goneAt, answers(student)], [3, undefined, [["old", 400]]]);
});

Deno.test("relays push out nothing that a student said, and good objects do not push out its last refusals", () => {
  const crowd = Array<Told>(5_000).fill(relay);
  const failing = only(rosterOf(here, said("{'a'"), refused(1), no, ...crowd));
  assert.deepEqual([lastObject(failing)?.text, stateOf(failing, 1e6), failing.refusals], ["{'a'", "refused", 1]);
  const busy = only(
    rosterOf(here, said("{'a'"), refused(1), no, ...Array(300).fill([said("{}"), ok()]).flat(), ...crowd),
  );
  assert.equal(stateOf(busy, 1e6), "fine");
  assert.deepEqual(answers(busy)[0], ["{'a'", 400]);
  assert.equal(answers(busy).length, 201);
});

Deno.test("a refusal from before the page looked is no state of now when something good came after it", () => {
  const student = only(rosterOf({ ...here, refusals: 2 }, said("{'a'"), { ...refused(2), past: true }));
  assert.deepEqual([stateOf(student, 9), student.lastRefusal?.code, lastObject(student)], ["fine", 400, undefined]);
  const now = only(rosterOf({ ...here, refusals: 2 }, said("{'a'"), refused(2)));
  assert.equal(stateOf(now, 9), "refused", "nothing better has come");
});

Deno.test("why a program has no name stays in sight, until it has one", () => {
  const nameless = (told: Told): Told => ({ ...told, name: undefined });
  const roster = rosterOf(
    ...[here, said('{"action":"presence"}'), refused(1, "like an account"), no].map(nameless),
    ...[said('{"action":"msg"}'), refused(2, "presence first"), no].map(nameless),
  );
  assert.deepEqual([only(roster).nameRefusal?.text, only(roster).lastRefusal?.text], [
    "like an account",
    "presence first",
  ]);
  record(roster, sight(9, { ...said('{"action":"presence"}'), name: undefined }));
  record(roster, sight(9, ok()));
  assert.equal(only(roster).nameRefusal, undefined);
});

Deno.test("a student has the role, the number and the deafness that its last sight has", () => {
  const roster = rosterOf({ ...here, role: "operator" }, { ...relay, guest: 2, deaf: true });
  const { role, guest, deaf } = only(roster);
  assert.deepEqual([role, guest, deaf], [undefined, 2, true]);
});

Deno.test("beginAgain takes all for gone who are not told of again", () => {
  const roster = rosterOf(here, { ...here, address: "10.0.0.8:5", name: "bob" });
  reconnected(roster, 5);
  record(roster, sight(6, here));
  assert.deepEqual(roster.students.map((each) => stateOf(each, 7)), ["fine", "gone"]);
});

Deno.test("removeExpired removes students that left long ago, sooner those without a name", () => {
  const bob: Told = { ...here, address: "10.0.0.8:5", name: undefined };
  const roster = rosterOf(here, { way: "gone" }, bob, { ...bob, way: "gone" }, {
    ...here,
    address: "10.0.0.9:5",
    name: "eve",
  });
  const names = () => roster.students.map(({ address }) => address.at(7));
  removeExpired(roster, 10);
  assert.deepEqual(names(), ["7", "8", "9"]);
  removeExpired(roster, 60);
  assert.deepEqual(names(), ["7", "9"]);
  removeExpired(roster, 6_000);
  assert.deepEqual(names(), ["9"]);
});

Deno.test("after requests or answers were left out nothing is given an answer that may be another's, and the card says why", () => {
  const roster = rosterOf(said("1"), { ...said("2"), missed: 7, unpaired: true }, ok());
  assert.deepEqual([roster.missed, answers(only(roster))], [7, [["1", undefined], ["2", 200]]]);
  const shown = only(roster).rows.flatMap((row) => row.way === "in" ? row.isLeftOut ?? false : []);
  assert.deepEqual(shown, [true, false]);
});

Deno.test("after messages to others were left out an object still gets its answer", () => {
  const roster = rosterOf(said("1"), { ...ok(), missed: 7 });
  assert.deepEqual([roster.missed, answers(only(roster))], [7, [["1", 200]]]);
});

Deno.test("hear keeps its numbers whatever comes: rows in order and bounded, a refusal counted once", () => {
  const told = fc.record({
    way: fc.constantFrom<TraceEvent["way"]>("in", "out", "refused", "here", "gone"),
    address: fc.constantFrom("10.0.0.7:5", "10.0.0.7:6", "10.0.0.8:5"),
    name: fc.constantFrom(undefined, "ann", "bob"),
    text: fc.constantFrom("", "{}", '{"response":200}', '{"response":400,"error":"no"}', "null", "[1]"),
    dialect: fc.constantFrom("plain", "lesson"),
  });
  fc.assert(fc.property(fc.array(told, { maxLength: 300 }), (all) => {
    const roster = newRoster();
    let refusals = 0;
    all.forEach((each, at) => {
      const counted = each.way === "refused" ? { code: 400, refusals: ++refusals } : {};
      record(roster, sight(at + 1, { ...each, ...counted }));
    });
    const addresses = roster.students.map(({ address }) => address);
    assert.equal(new Set(addresses).size, addresses.length);
    for (const { rows } of roster.students) {
      assert.ok(rows.filter(({ way }) => way === "out").length <= 100);
      assert.ok(rows.length <= 370);
      const times = rows.map(({ time }: Row) => time);
      assert.deepEqual(times, times.toSorted((a, b) => a - b));
    }
  }));
});

Deno.test("a roster goes by the page's clock, and shows what happens now, though the server's clock goes back an hour", () => {
  const roster = newRoster();
  const at = 1_764_000_000;
  record(roster, sight(at, { way: "here", refusals: 0 }), 10);
  record(roster, sight(at + 1, { way: "in", text: '{"action":"probe"}' }), 11);
  record(roster, sight(at - 3_600, { way: "in", text: '{"action":"rooms"}' }), 12);
  record(roster, sight(at - 3_599, { way: "out", text: '{"response":200,"alert":"ok"}' }), 13);
  const student = only(roster);
  assert.deepEqual(student.rows.map(({ way, text }) => [way, text.slice(0, 18)]), [
    ["here", ""],
    ["in", '{"action":"probe"}'],
    ["in", '{"action":"rooms"}'],
    ["out", '{"response":200,"a'],
  ]);
  assert.equal(student.lastActiveAt, 12);
  record(roster, sight(at - 3_598, { way: "gone" }), 14);
  assert.equal(student.goneAt, 14);
  removeExpired(roster, 14 + 599);
  assert.equal(roster.students.length, 1);
  removeExpired(roster, 14 + 600);
  assert.equal(roster.students.length, 0);
});

Deno.test("programs with one address on two servers are two, and one that moves is one", () => {
  const one = { server: "one:7777" }, two = { server: "two:7777" };
  const { students } = rosterOf({ ...here, ...one }, { ...here, ...two, name: "bob" });
  assert.deepEqual(students.map(({ name, server }) => [name, server]), [["ann", "one:7777"], ["bob", "two:7777"]]);
  const moved = only(
    rosterOf({ ...here, ...one }, { way: "gone", ...one }, { ...here, ...two, address: "10.0.0.7:6" }),
  );
  assert.deepEqual([moved.server, moved.address, moved.goneAt], ["two:7777", "10.0.0.7:6", undefined]);
});
