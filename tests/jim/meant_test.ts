// Which word was meant: slips, other chats' words, and words that mean nothing here.

import assert from "node:assert/strict";
import fc from "fast-check";
import { meantAction, sentInstead } from "../../jim/meant.ts";
import { distance } from "../../jim/nearest.ts";

const actions: [sent: string, meant: string | undefined][] = [
  ["MSG", "msg"],
  ["Msg ", "msg"],
  ["mgs", "msg"],
  ["massage", "msg"],
  ["mesage", "msg"],
  ["prescence", "presence"],
  ["PRESENCE", "presence"],
  ["autenticate", "authenticate"],
  ["login", "authenticate"],
  ["who-online", "who_online"],
  ["whoOnline", "who_online"],
  ["getContacts", "get_contacts"],
  ["log_out", "logout"],
  ["jion", "join"],
  ["kik", "kick"],
  ["sing", undefined],
  ["dance", undefined],
  ["", undefined],
  ["__proto__", undefined],
  ["toString", undefined],
  ["constructor", undefined],
];

Deno.test("meantAction finds the action behind a slip or another chat's word, and none behind others", () => {
  for (const [sent, meant] of actions) assert.equal(meantAction(sent), meant, sent);
});

Deno.test("sentInstead finds the field that stands for a missing one", () => {
  assert.equal(sentInstead({ action: "msg", mesage: "hello" }, "message"), "mesage");
  assert.equal(sentInstead({ Action: "msg" }, "action"), "Action");
  assert.equal(sentInstead({ user: { username: "ann" } }, "user.account_name"), "username");
  assert.equal(sentInstead({ action: "msg", to: "#all" }, "message"), undefined);
  assert.equal(sentInstead({ user: 7 }, "user.account_name"), undefined);
  assert.equal(sentInstead(JSON.parse('{"__proto__":1}'), "message"), undefined);
});

Deno.test("distance is a distance, and a swap of neighbours is one step", () => {
  const word = fc.string({ maxLength: 8, unit: fc.constantFrom(..."abc") });
  fc.assert(fc.property(word, word, (one, other) => {
    assert.equal(distance(one, other), distance(other, one));
    assert.equal(distance(one, other) === 0, one === other);
    assert.ok(distance(one, other) <= Math.max(one.length, other.length));
    assert.ok(distance(one, other) >= Math.abs(one.length - other.length));
  }));
  assert.equal(distance("abcd", "abdc"), 1);
});
