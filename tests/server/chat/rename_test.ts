// What goes along with an account that gets another name.

import assert from "node:assert/strict";
import { renaming } from "../../../server/chat/rename.ts";
import { State } from "../../../server/chat/state.ts";
import type { StateProposal } from "../../../server/journal/records.ts";

const ann = { kind: "account", name: "Ann", password: "x", operator: false, seen: 0 } as const;
const ban = { kind: "ban", what: "name", who: "ann", is: true, until: Infinity, by: "op", since: 1 } as const;

/** A state as an old database may have it: several accounts can have one key. */
function after(...proposals: StateProposal[]): State {
  const state = new State();
  for (const [i, proposal] of proposals.entries()) state.apply({ ...proposal, id: i + 1 }, true);
  return state;
}

/** Gives the first account another name. */
function rename(state: State, name: string): void {
  for (const [i, proposal] of renaming(state, state.accountById(1)!, name).entries()) {
    assert.notEqual(state.apply({ ...proposal, id: 100 + i }), "lost");
  }
}

/** The bans that are in force after the first account has another name. */
function bansAfterRename(state: State, name: string): string[] {
  rename(state, name);
  return [...state.bans()].map(({ who }) => who).sort();
}

/** The bans and mutes of rooms after the first account has another name, with their ends. */
function restraintsAfterRename(state: State, name: string): string[] {
  rename(state, name);
  return state.rooms().flatMap(({ restraints }) =>
    [...restraints].map(([key, { who, until }]) => `${key} ${who} ${until}`).sort()
  );
}

Deno.test("renaming takes a ban along, and lifts it from the old name", () => {
  assert.deepEqual(bansAfterRename(after(ann, ban), "Eve"), ["eve"]);
});

Deno.test("renaming leaves a ban on the old name where another account has that name too", () => {
  assert.deepEqual(bansAfterRename(after(ann, { ...ann, name: "A\u200bnn" }, ban), "Eve"), ["ann", "eve"]);
});

Deno.test("renaming to the same name in another spelling changes no ban", () => {
  assert.deepEqual(bansAfterRename(after(ann, ban), "ANN"), ["ann"]);
});

const cats = { kind: "room", name: "#cats" } as const;

/** A ban or a mute of that room, which has the id 2. */
const restraint = (what: "ban" | "mute", who: string, until?: number): StateProposal => (
  { kind: "restraint", room: 2, what, who, is: true, by: "op", since: 1, ...(until === undefined ? {} : { until }) }
);

Deno.test("renaming takes the bans and mutes of rooms along, and lifts them from the old name", () => {
  const state = after(ann, cats, restraint("ban", "ann", 9), restraint("mute", "ann"), restraint("ban", "zoe"));
  const moved = ["ban/eve eve 9", "ban/zoe zoe undefined", "mute/eve eve undefined"];
  assert.deepEqual(restraintsAfterRename(state, "Eve"), moved);
});

Deno.test("renaming keeps the longer one of two bans of a room", () => {
  for (const [old, there, kept] of [[9, 8, 9], [8, 9, 9], [undefined, 9, undefined], [9, undefined, undefined]]) {
    const state = after(ann, cats, restraint("ban", "ann", old), restraint("ban", "eve", there));
    assert.deepEqual(restraintsAfterRename(state, "Eve"), [`ban/eve eve ${kept}`]);
  }
});

Deno.test("renaming leaves a ban of a room where another account has the name too, or the key stays", () => {
  const two = after(ann, cats, { ...ann, name: "A\u200bnn" }, restraint("ban", "ann"));
  assert.deepEqual(restraintsAfterRename(two, "Eve"), ["ban/ann ann undefined", "ban/eve eve undefined"]);
  assert.deepEqual(restraintsAfterRename(after(ann, cats, restraint("ban", "ann", 9)), "ANN"), ["ban/ann ann 9"]);
});
