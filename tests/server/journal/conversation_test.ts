import assert from "node:assert/strict";
import fc from "fast-check";
import { isName, nameKey } from "../../../jim/mod.ts";
import { accountSide, between, guestSide } from "../../../server/journal/conversation.ts";

/** Names that look like keys, and any others. */
const name = fc.oneof(
  fc.constantFrom("~zoe", "zoe", "~~zoe", "@1", "1", "~@1", "@~1", "#all", "Zoe", "__proto__", "", "\\u0000"),
  fc.stringMatching(/^[~@#0-9a-z]{0,4}$/),
  fc.string({ unit: "grapheme" }),
);
const id = fc.oneof(fc.integer({ min: 1, max: 9 }), fc.maxSafeNat());

Deno.test("no name of a guest is an account's side, and two names are one side if their keys are equal and only then", () => {
  fc.assert(fc.property(name, name, id, (one, other, id) => {
    assert.notEqual(guestSide(one), accountSide(id));
    assert.equal(guestSide(one) === guestSide(other), nameKey(one) === nameKey(other));
  }));
});

Deno.test("two conversations are the same if their sides are and only then, and none is a room", () => {
  const side = fc.oneof(name.filter((text) => isName(text)).map(guestSide), id.map(accountSide));
  fc.assert(fc.property(side, side, side, side, (a, b, c, d) => {
    const same = (a === c && b === d) || (a === d && b === c);
    assert.equal(between(a, b) === between(c, d), same);
    assert.deepEqual(between(a, b).split("\u0000").toSorted(), [a, b].toSorted());
    assert.notEqual(between(a, b)[0], "#");
  }));
});
