import assert from "node:assert/strict";
import { RoomNames } from "../../../server/chat/room_names.ts";
import { newRoom } from "../../../server/chat/room_changes.ts";
import { accountOf, stateOf } from "./session.ts";

const ann = stateOf(accountOf("ann")).account("ann")!;
const open = (id: number, name: string) => newRoom({ id, name });
const hidden = (id: number, name: string) => newRoom({ id, name }, true);

function names(...rooms: ReturnType<typeof open>[]): RoomNames {
  const all = new RoomNames();
  for (const room of rooms) all.add(room);
  return all;
}

Deno.test("a name means an open room, by exactly that spelling first; a private one only to those that see it", () => {
  const cats = open(1, "#cats"), Cats = open(2, "#Cats"), plans = hidden(3, "#cats");
  const all = names(cats, Cats, plans);
  assert.deepEqual([all.find("#cats", undefined), all.find("#Cats", undefined), all.find("#CATS", ann)], [
    cats,
    Cats,
    cats,
  ]);
  plans.invited = new Set([ann.id]);
  assert.equal(all.find("#cats", ann), plans);
  assert.equal(all.find("#cats", ann, new Set([cats])), cats); // a room of one's own is before an invitation
  assert.equal(all.find("#cats", undefined, new Set([cats, plans])), plans); // what is private is not said to others
  assert.equal(all.find("#dogs", ann), undefined);
  assert.deepEqual(all.collisions, [["#cats", "#Cats"]]);
  assert.deepEqual([all.isTaken("#CATS", plans), all.isTaken("#dogs", plans)], [true, false]);
  assert.equal(names(open(1, "#cats"), hidden(2, "#plans")).isTaken("#plans", open(3, "#plans")), false);
});

Deno.test("a former name leads to its room while no other open room has it", () => {
  const dogs = { ...open(1, "#dogs"), former: ["#cats"] }, all = names(dogs), cats = open(2, "#cats");
  assert.equal(all.find("#Cats", undefined), dogs);
  all.add(cats);
  assert.equal(all.find("#cats", undefined), cats);
  assert.equal(all.find("#cats", undefined, new Set([dogs])), dogs);
  all.delete(dogs);
  assert.deepEqual([all.find("#cats", undefined, new Set([dogs])), all.find("#dogs", undefined)], [cats, undefined]);
});

Deno.test("of two private rooms by one name in different spellings each is found by its own", () => {
  const lower = hidden(1, "#cats"),
    upper = hidden(2, "#Cats"),
    all = names(lower, upper),
    own = new Set([lower, upper]);
  assert.deepEqual(["#cats", "#Cats", "#CATS"].map((name) => all.find(name, ann, own)), [lower, upper, lower]);
});
