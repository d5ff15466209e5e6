// Records that come behind others that their proposers did not know of: a join behind a ban, a second group of the same accounts.

import assert from "node:assert/strict";
import { State } from "../../../server/chat/state.ts";
import type { StateProposal } from "../../../server/journal/records.ts";
import { accountOf, stateOf } from "./session.ts";

const OP = 1, ANN = 2, BOB = 3, CAT = 4, ROOM = 5, NOW = 1000;
const people = ["op", "ann", "bob", "cat"].map(accountOf);
const room: StateProposal = { kind: "room", name: "#cats", by: ANN, owner: true };
const ban: StateProposal = { kind: "restraint", room: ROOM, what: "ban", who: "bob", is: true, by: "ann", since: NOW };
const hide: StateProposal = { kind: "settings", room: ROOM, private: true, announcements: false, by: "ann" };
const join = (account = BOB) =>
  ({ kind: "member", account, room: ROOM, is: true, spelling: "#cats", time: NOW }) as const;
const out = (account = BOB) => ({ kind: "member", account, room: ROOM, is: false, by: "ann" }) as const;

/** Applies one more record: whether it has an effect. */
function takes(state: State, proposal: StateProposal, stands = false): boolean {
  return state.apply({ ...proposal, id: 100 }, stands) !== "lost";
}

function isMember(state: State, account = BOB): boolean {
  return state.roomById(ROOM)!.members.has(state.accountById(account)!);
}

Deno.test("a join behind a ban in the room is lost while the ban is in force at the time of the join", () => {
  const state = stateOf(...people, room, ban);
  assert.equal(takes(state, join()), false);
  assert.equal(isMember(state), false);
  assert.equal(takes(state, join(CAT)), true);
  assert.equal(takes(stateOf(...people, room, { ...ban, until: NOW }), join()), true);
  assert.equal(takes(stateOf(...people, room, { ...ban, until: NOW + 1 }), join()), false);
  assert.equal(takes(stateOf(...people, room, { ...ban, who: "op" }), join(OP)), true, "an operator may come in");
});

Deno.test("a join behind the order that makes the room private is lost, unless its account sees the room", () => {
  const hidden = [...people, room, hide];
  assert.equal(takes(stateOf(...hidden), join()), false);
  assert.equal(takes(stateOf(...hidden), join(OP)), true);
  const invitation: StateProposal = { kind: "invitation", account: BOB, room: ROOM, is: true, by: "ann" };
  assert.equal(takes(stateOf(...hidden, invitation), join()), true);
  assert.equal(takes(stateOf(...hidden, invitation, { ...invitation, is: false }), join()), false);
});

Deno.test("a join of a member has an effect, since another device joins too", () => {
  assert.equal(takes(stateOf(...people, room, join(), ban), join()), true);
});

Deno.test("another spelling of a room puts nobody back that was put out of it", () => {
  const respelt: StateProposal = { ...join(), spelling: "#Cats", respells: true };
  const state = stateOf(...people, room, join());
  assert.equal(takes(state, respelt), true);
  assert.equal(state.accountById(BOB)!.rooms.get(state.roomById(ROOM)!), "#Cats");
  assert.equal(takes(state, out()), true);
  assert.equal(takes(state, respelt), false);
  assert.equal(isMember(state), false);
});

Deno.test("an account that was never in a private room is not put out of it, and learns nothing of it", () => {
  const state = stateOf(...people, { kind: "group", name: "#cats", by: ANN, users: [ANN] });
  const bob = state.accountById(BOB)!;
  assert.equal(takes(state, out()), false);
  assert.equal(state.removedRooms.find("#cats", bob, NOW), undefined);
});

Deno.test("records that stand, of older servers or of members of a group that add one, are never too late", () => {
  const barred = [...people, room, hide, ban], { time: _, ...older } = join();
  for (const record of [older, { ...older, by: "ann" }]) assert.equal(takes(stateOf(...barred), record), true);
  for (const record of [join(), { ...join(), respells: true }]) {
    const state = stateOf(...barred);
    assert.equal(takes(state, record, true), true);
    assert.equal(isMember(state), true);
  }
});

Deno.test("of two direct groups of the same accounts the first one is kept", () => {
  const group = { kind: "group", by: ANN, users: [ANN, BOB, CAT], isOnly: true } as const;
  const state = stateOf(...people, group);
  for (const same of [group, { ...group, by: BOB, users: [BOB, CAT, ANN] }]) assert.equal(takes(state, same), false);
  assert.equal(state.rooms().length, 1);
  const { isOnly: _, ...older } = group;
  for (const other of [older, { ...group, users: [OP, ANN, BOB] }, { ...group, name: "#plans", users: [ANN] }]) {
    assert.equal(takes(stateOf(...people, group), other), true);
  }
  assert.equal(takes(stateOf(...people, group), group, true), true);
});
