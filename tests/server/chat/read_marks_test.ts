import assert from "node:assert/strict";
import fc from "fast-check";
import { ReadMarks } from "../../../server/chat/read_marks.ts";
import type { State } from "../../../server/chat/state.ts";
import { accountOf, stateOf } from "./session.ts";

/** Applies what is proposed, as a journal that takes all of it would. */
function keep(state: State, marks: ReadMarks, most?: number): number {
  const records = marks.propose(most);
  for (const record of records) state.apply({ ...record, id: 10_000 });
  return records.length;
}

const place = fc.constantFrom("#all", "@7", "~zoe", "~bob"), note = fc.tuple(place, fc.integer({ min: 1, max: 50 }));
const step = fc.oneof({ weight: 5, arbitrary: note }, fc.constant("keep" as const));

Deno.test("ReadMarks is the greatest id that was noted, before and after it is kept, and never goes back", () => {
  fc.assert(fc.property(fc.array(step), (steps) => {
    const state = stateOf(accountOf("ann")), ann = state.account("ann")!, marks = new ReadMarks(state);
    const expected = new Map<string, number>();
    for (const step of steps) {
      if (step === "keep") keep(state, marks);
      else {
        const [place, id] = step, before = marks.of(ann, place);
        assert.equal(marks.note(ann, place, id), id > before);
        if (id > before) expected.set(place, id);
      }
      for (const [place, id] of expected) assert.equal(marks.of(ann, place), id);
    }
    keep(state, marks);
    assert.equal(keep(state, marks), 0, "nothing is written twice");
    for (const [place, id] of expected) assert.equal(ann.reads?.get(place), id);
  }));
});

Deno.test("ReadMarks proposes what it has noted once in five rounds, so many records at a time", () => {
  const state = stateOf(accountOf("ann")), ann = state.account("ann")!, marks = new ReadMarks(state);
  for (let i = 0; i < 700; i++) marks.note(ann, `~${i}`, 10 + i);
  const rounds = Array.from({ length: 10 }, () => {
    const records = marks.proposeSome();
    for (const record of records) state.apply({ ...record, id: 10_000 });
    return records.length;
  });
  assert.deepEqual(rounds, [0, 0, 0, 0, 500, 0, 0, 0, 0, 201]); // with the mark of all other conversations
});

Deno.test("ReadMarks of an account that has very many lose the smallest, and what is older is read everywhere", () => {
  const state = stateOf(accountOf("ann")), ann = state.account("ann")!, marks = new ReadMarks(state);
  for (let i = 0; i < 1_005; i++) {
    marks.note(ann, `~${i}`, 10 + i);
    if (i % 100 === 0) keep(state, marks);
  }
  for (let i = 0; i < 10; i++) keep(state, marks);
  assert.equal(ann.reads!.size, 1_001); // with that of all others
  assert.deepEqual([marks.of(ann, "~4"), marks.of(ann, "~5"), marks.of(ann, "~never")], [14, 15, 14]);
});

Deno.test("ReadMarks of an account without any begin where it was registered, or where it was sent messages up to", () => {
  for (const [seen, before] of [[7, 40], [70, 70]]) {
    const state = stateOf({ kind: "account", name: "ann", password: "", operator: false, since: 40, seen: seen! });
    assert.equal(new ReadMarks(state).of(state.account("ann")!, "#all"), before);
  }
});

Deno.test("ReadMarks notes a thousand places of an account that are not kept, and no more", () => {
  const state = stateOf(accountOf("ann")), ann = state.account("ann")!, marks = new ReadMarks(state);
  for (let i = 0; i < 1_100; i++) marks.note(ann, `~${i}`, 10 + i);
  assert.equal(marks.propose().length, 1_000);
});

Deno.test("ReadMarks of a removed room are forgotten, and stand in the way of no other", () => {
  const room = { kind: "room", name: "#cats" } as const, state = stateOf(accountOf("ann"), room);
  const ann = state.account("ann")!, marks = new ReadMarks(state);
  marks.note(ann, "#2", 10);
  state.apply({ kind: "removal", of: 2, id: 11 });
  marks.note(ann, "#all", 12);
  keep(state, marks);
  assert.equal(ann.reads?.get("#all"), 12);
  assert.equal(keep(state, marks), 0);
});
