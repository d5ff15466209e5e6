import assert from "node:assert/strict";
import fc from "fast-check";
import { State } from "../../../server/chat/state.ts";
import { clearedBy, keyOf } from "../../../server/journal/record_kinds.ts";
import type { AccountRecord, StateProposal, StateRecord } from "../../../server/journal/records.ts";
import { proposalOf, step } from "../journal/proposals.ts";
import { applyAll, dump } from "./dump.ts";

/** A state with records applied, which have the ids 1, 2, 3 and so on. */
function after(...proposals: StateProposal[]): State {
  const state = new State();
  for (const [i, proposal] of proposals.entries()) {
    assert.notEqual(state.apply({ ...proposal, id: i + 1 }), "lost", `${i + 1}`);
  }
  return state;
}

const ann: AccountRecord = { kind: "account", name: "Ann", password: "x", operator: true, seen: 5 };
const bob: AccountRecord = { ...ann, name: "bob" };
const cats: StateProposal = { kind: "room", name: "#Cats", by: 1 };

/** What applying one more record says. */
function last(state: State, proposal: StateProposal): string {
  const change = state.apply({ ...proposal, id: 100 });
  return change === "lost" ? change : change.kind;
}

Deno.test("of two accounts with one name the first one is kept, however the second is spelt", () => {
  const state = after(ann);
  for (const name of ["Ann", "ann", "ANN", "A\u200bnn"]) assert.equal(last(state, { ...ann, name }), "lost");
  assert.equal(state.account("ANN")?.id, 1);
  assert.equal(last(state, { kind: "removal", of: 1 }), "removed");
  assert.equal(last(state, { ...ann, name: "ann" }), "registered");
  assert.equal(state.account("Ann")?.id, 100);
});

Deno.test("of two rooms with one name the first one is kept, and one made anew has another conversation", () => {
  const state = after(ann, cats);
  assert.equal(last(state, { kind: "room", name: "#CATS" }), "lost");
  const { conversation } = state.room("#cats")!;
  assert.equal(last(state, { kind: "removal", of: 2, by: "Ann" }), "emptied");
  assert.equal(state.room("#cats"), undefined);
  assert.deepEqual([...state.account("ann")!.rooms], []);
  assert.equal(last(state, { kind: "room", name: "#cats" }), "created");
  assert.notEqual(state.room("#cats")!.conversation, conversation);
});

Deno.test("a room is not removed as an empty one if somebody joins it before, unless that was decided", () => {
  const removal: StateProposal = { kind: "removal", of: 2 }, state = after(ann, cats);
  assert.equal(last(state, removal), "lost");
  assert.equal(state.room("#cats")?.members.size, 1);
  assert.equal(last(state, { kind: "member", account: 1, room: 2, is: false }), "member");
  assert.equal(last(state, removal), "emptied");
  assert.notEqual(after(ann, cats).apply({ ...removal, id: 100 }, true), "lost");
});

Deno.test("a new account has its rooms, contacts and periods; a new room has its maker", () => {
  const guestPeriods = [{ name: "an", after: 1, last: 2 }, { name: "ann", after: 2 }];
  const rooms = [{ room: 2, spelling: "#CATS" }, { room: 7, spelling: "#gone" }];
  const state = after(bob, { kind: "room", name: "#cats", by: 1 }, { ...ann, guestPeriods, rooms, contacts: ["Bob"] });
  const room = state.room("#cats")!, account = state.account("ann")!;
  assert.deepEqual([...room.members].map(({ name }) => name), ["bob", "Ann"]);
  assert.deepEqual([...account.rooms], [[room, "#CATS"]]);
  assert.equal(room.respelt, true);
  assert.deepEqual([...account.contacts], [["bob", "Bob"]]);
  assert.deepEqual(account.guestPeriods, [{ name: "an", after: 1, last: 2 }, { name: "ann", after: 2, last: 3 }]);
  assert.deepEqual([account.since, account.cursor], [3, 5]);
});

Deno.test("an account of which nobody has seen anything before has seen all that was said until it was made", () => {
  const { seen: _, ...unseen } = bob, { since, cursor } = after(ann, unseen).account("bob")!;
  assert.deepEqual([since, cursor], [2, 2]);
});

Deno.test("a room has a topic, until another one or none is set, or the room is no more", () => {
  const topic = { kind: "topic", room: 2, by: "Ann", time: 5 } as const, state = after(ann, cats);
  assert.equal(last(state, { ...topic, text: "asleep" }), "topic");
  assert.deepEqual(state.room("#cats")!.topic, { text: "asleep", by: "Ann", time: 5 });
  assert.equal(last(state, { ...topic, text: "awake" }), "topic");
  assert.equal(state.room("#cats")!.topic!.text, "awake");
  assert.equal(last(state, { ...topic, text: "" }), "topic");
  assert.deepEqual(state.room("#cats")!.topic, { text: "", by: "Ann", time: 5 });
  assert.equal(last(state, { ...topic, room: 7, text: "of no room" }), "lost");
});

Deno.test("what is about an account or a room that is no more is lost", () => {
  const state = after(ann, cats, bob, { kind: "removal", of: 1 });
  const account = 1, session = { hash: "h", is: true, since: 1, used: 1 };
  const proposals: StateProposal[] = [
    { kind: "removal", of: 1 },
    { kind: "name", account, name: "cat" },
    { kind: "password", account, password: "y" },
    { kind: "operator", account, is: false },
    { kind: "cursor", account, last: 9 },
    { kind: "member", account, room: 2, is: true },
    { kind: "member", account: 3, room: 9, is: true },
    { kind: "contact", account, name: "bob", is: true },
    { kind: "session", account, ...session },
    { kind: "operator", account: 3, is: false, by: 1 },
  ];
  for (const proposal of proposals) assert.equal(last(state, proposal), "lost", proposal.kind);
  assert.deepEqual([...state.room("#cats")!.members], []);
});

Deno.test("what is there already, or is not there to be taken back, is lost", () => {
  const state = after(ann, cats);
  const proposals: StateProposal[] = [
    { kind: "operator", account: 1, is: true },
    { kind: "cursor", account: 1, last: 5 },
    { kind: "name", account: 1, name: "Ann" },
    { kind: "contact", account: 1, name: "bob", is: false },
    { kind: "session", account: 1, hash: "h", is: false, since: 1, used: 1 },
    { kind: "ban", what: "name", who: "eve", is: false },
  ];
  for (const proposal of proposals) assert.equal(last(state, proposal), "lost", proposal.kind);
  assert.equal(last(state, { kind: "member", account: 1, room: 2, is: false }), "member");
  assert.equal(last(state, { kind: "member", account: 1, room: 2, is: false }), "lost");
});

Deno.test("of two operators who demote each other at one moment one remains", () => {
  const state = after(ann, bob);
  assert.equal(last(state, { kind: "operator", account: 2, is: false, by: 1 }), "operator");
  assert.equal(last(state, { kind: "operator", account: 1, is: false, by: 2 }), "lost");
  assert.equal(last(state, { kind: "operator", account: 1, is: false }), "operator");
});

Deno.test("an order that was followed stands, also when its giver's own appointment is compacted away", () => {
  const appoint = (account: number, is: boolean, by: number) => ({ kind: "operator", account, is, by }) as const;
  const proposals: StateProposal[] = [
    ann,
    { ...bob, operator: false },
    { ...bob, name: "cat", operator: false },
    appoint(2, true, 1),
    appoint(1, false, 2),
    appoint(3, true, 2),
    appoint(2, false, 3), // replaces the fourth, without which nobody could have given the fifth
  ];
  const records = proposals.map((proposal, i): StateRecord => ({ ...proposal, id: i + 1 })), state = new State();
  applyAll(state, compacted(records), true);
  assert.deepEqual(dump(state), dump(after(...proposals)));
});

Deno.test("an account has another name, also another spelling of its own, unless the name is another's", () => {
  const state = after(ann, bob);
  assert.equal(last(state, { kind: "name", account: 1, name: "BOB" }), "lost");
  assert.equal(last(state, { kind: "name", account: 1, name: "Ann" }), "lost");
  assert.equal(last(state, { kind: "name", account: 1, name: "ANN" }), "renamed");
  assert.equal(state.account("ann")?.name, "ANN");
  assert.equal(last(state, { kind: "name", account: 1, name: "cat" }), "renamed");
  assert.deepEqual([state.account("ann"), state.account("CAT")?.id], [undefined, 1]);
  assert.deepEqual([state.lookalike("\u0430nn"), state.lookalike("c\u0430t")?.id], [undefined, 1]);
  assert.equal(last(state, { ...ann, name: "ann" }), "registered");
});

Deno.test("another password ends the sessions of its account, and a check of the old one", () => {
  const session = { kind: "session", hash: "h", is: true, since: 1, used: 1 } as const;
  const state = after(ann, bob, { ...session, account: 1 }, { ...session, account: 2 });
  const { revision } = state.account("ann")!;
  assert.equal(last(state, { kind: "password", account: 1, password: "y" }), "password");
  assert.deepEqual([state.account("ann")!.tokens.size, state.account("bob")!.tokens.size], [0, 1]);
  assert.equal(state.account("ann")!.revision, revision + 1);
});

Deno.test("a token is used no more behind its end or another password, and none is made by a password that is no more", () => {
  const account = 1, made = { kind: "session", account, hash: "h", is: true, since: 1, used: 1 } as const;
  const used = { ...made, used: 4_000 },
    ended = { ...made, is: false },
    password = { kind: "password", account } as const;
  assert.equal(last(after(ann, made), used), "session");
  for (const end of [ended, { ...password, password: "y" }, { kind: "removal", of: 1 } as const]) {
    const state = after(ann, made, end);
    assert.equal(last(state, used), "lost", end.kind);
    assert.equal(state.token("h"), undefined);
  }
  const asked = { ...made, password: 1 }, state = after(ann, { ...password, password: "y" });
  assert.equal(last(state, asked), "lost");
  assert.equal(last(state, { ...made, password: 2 }), "session");
  assert.equal(last(after(ann), asked), "session");
  // It stands where what it was judged on is compacted away.
  const compacted = after(ann);
  assert.notEqual(compacted.apply({ ...used, id: 5 }, true), "lost");
  assert.equal(compacted.token("h")?.used, 4_000);
});

Deno.test("an old database's accounts of one name all stand: found by exact spelling, else the operator's", () => {
  const state = new State(), names = ["Zoe", "zoe", "ZOE"];
  const records = names.map((name, i): StateRecord => ({ ...ann, name, operator: i === 1, id: i + 1 }));
  assert.deepEqual(applyAll(state, records, true), []);
  assert.deepEqual(names.map((name) => state.account(name)?.name), names);
  assert.equal(state.account("zOE")?.name, "zoe");
  assert.deepEqual(state.collisions, [["zoe", "Zoe", "ZOE"]]);
  assert.deepEqual(state.accountsAlike("zoe").length, 3);
});

Deno.test("lookalike finds accounts that look like a name, as long as they are there", () => {
  const state = after({ ...ann, name: "paypal" });
  assert.equal(state.lookalike("p\u0430ypal")?.name, "paypal");
  assert.equal(state.lookalike("paypal"), undefined);
  state.apply({ id: 2, kind: "removal", of: 1 });
  assert.equal(state.lookalike("p\u0430ypal"), undefined);
});

// Laws.

const history = fc.array(step, { maxLength: 40, size: "max" }).map((steps) => {
  const past: StateRecord[] = [];
  for (const step of steps) past.push({ ...proposalOf(step, past), id: past.length + 2 });
  return past;
});

/** What a journal leaves of records that stand, if it is asked behind each of them. */
function compacted(records: readonly StateRecord[]): StateRecord[] {
  let left: StateRecord[] = [];
  for (const record of records) {
    const key = keyOf(record), path = clearedBy(record);
    left = left.filter((each) => keyOf(each) !== key && (path === undefined || !keyOf(each).startsWith(path)));
    left.push(record);
  }
  return left;
}

Deno.test("compacted records make the same state as all of them, and those that have lost make no difference", () => {
  fc.assert(fc.property(history, fc.nat(), (records, at) => {
    const whole = new State(), lost = new Set(applyAll(whole, records));
    const kept = records.filter(({ id }) => !lost.has(id)), place = at % (kept.length + 1);
    for (const some of [kept, compacted(kept), [...compacted(kept.slice(0, place)), ...kept.slice(place)]]) {
      const state = new State();
      const idle = new Set(applyAll(state, some, true));
      assert.deepEqual(dump(state), dump(whole));
      // What has no effect any more may be discarded too.
      const again = new State();
      applyAll(again, some.filter(({ id }) => !idle.has(id)), true);
      assert.deepEqual(dump(again), dump(whole));
    }
  }));
});

Deno.test("two states that are given the same records are the same, and give the same verdicts", () => {
  fc.assert(fc.property(history, (records) => {
    const [one, other] = [new State(), new State()];
    assert.deepEqual(applyAll(one, records), applyAll(other, records));
    assert.deepEqual(dump(one), dump(other));
  }));
});

Deno.test("a private room cannot be opened while another open room has its name", () => {
  const zoe: AccountRecord = { ...ann, name: "zoe", operator: false };
  const plans: StateProposal = { kind: "group", name: "#plans", by: 1, users: [1] };
  const opening: StateProposal = { kind: "settings", room: 3, private: false, announcements: false, by: ann.name };
  assert.equal(last(after(ann, zoe, plans), opening), "settings");
  assert.equal(last(after(ann, zoe, plans, { kind: "room", name: "#Plans", by: 2 }), opening), "lost");
});
