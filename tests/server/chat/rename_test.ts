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

/** The bans that are in force after the first account has another name. */
function bansAfterRename(state: State, name: string): string[] {
  for (const [i, proposal] of renaming(state, state.accountById(1)!, name).entries()) {
    state.apply({ ...proposal, id: 100 + i }, true);
  }
  return [...state.bans()].map(({ who }) => who).sort();
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
