import assert from "node:assert/strict";
import { NumberedSessions } from "../../../server/chat/numbered_sessions.ts";
import type { Member } from "../../../server/chat/present_side.ts";

function session(side: string): Member {
  return { name: side, account: undefined, side, mark: undefined, rooms: undefined } as Member;
}

Deno.test("NumberedSessions gives each session one number, and no number twice", () => {
  const sessions = new NumberedSessions(), ann = session("ann"), bob = session("bob");
  assert.deepEqual([sessions.numberOf(ann), sessions.numberOf(bob), sessions.numberOf(ann)], [1, 2, 1]);
  assert.equal(sessions.get(2), bob);
  sessions.delete(1);
  assert.equal(sessions.get(1), undefined);
  assert.deepEqual([...sessions.all()], [bob]);
  assert.equal(sessions.numberOf(ann), 3);
});

Deno.test("NumberedSessions has a closed session until it has left", () => {
  const sessions = new NumberedSessions(), ann = session("ann"), bob = session("bob"), eve = session("eve");
  assert.equal(sessions.close(eve), undefined, "it has never asked to enter");
  for (const each of [ann, bob]) sessions.numberOf(each);
  assert.equal(sessions.close(ann), 1);
  assert.deepEqual([ann, bob, eve].map((each) => sessions.isOpen(each)), [false, true, false]);
  assert.deepEqual([ann, bob, eve].map((each) => sessions.isLeaving(each)), [true, false, false]);
  assert.deepEqual([[...sessions.leaving], [...sessions.closed()]], [[1], [ann]]);
  assert.deepEqual([sessions.leavingOf("ann"), sessions.leavingOf("bob")], [[1], []]);
  sessions.delete(1);
  assert.deepEqual([sessions.isLeaving(ann), [...sessions.closed()]], [false, []]);
});

Deno.test("NumberedSessions has a session that closed before its record came back", () => {
  const sessions = new NumberedSessions(), ann = session("ann");
  sessions.addClosed(7, ann);
  assert.deepEqual([sessions.get(7), [...sessions.leaving]], [ann, [7]]);
  sessions.delete(7);
  assert.deepEqual([sessions.get(7), [...sessions.leaving]], [undefined, []]);
});
