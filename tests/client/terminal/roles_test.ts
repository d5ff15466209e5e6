// Everybody can see who is a guest, an account or an operator, and no name can say it of itself.

import assert from "node:assert/strict";
import fc from "fast-check";
import { isName } from "../../../jim/mod.ts";
import { writeName } from "../../../client/terminal/names.ts";
import { plain } from "../../../client/terminal/paint.ts";
import { messageRows } from "../../../client/terminal/rows.ts";
import { JIM, meet, msg, seen } from "./meet.ts";

const GUEST = { ...JIM, role: "guest" }, RUSH = 6_000;
const online = (account_name: string, role: string, state = "online") => ({
  ...{ action: "presence", type: "status", time: 0 },
  user: { account_name, status: state },
  ...{ state, role },
});

/** A controller of a guest that has been in a chat for a while. */
function inside() {
  const all = meet();
  all.connect(GUEST);
  all.serve();
  all.pass(RUSH);
  return all;
}

Deno.test("Controller marks what the sender of each message is before the name, and nothing before a guest's", () => {
  const { hear, look } = inside();
  hear(
    msg("teacher", "as an operator", { role: "operator", id: 1 }),
    msg("bob", "as an account", { role: "account", id: 2 }),
    msg("eve", "as a guest", { id: 3 }),
    msg("Guest", "as the second", { guest: 2, id: 4 }),
    msg("bob", "in private", { to: "ann", role: "account", id: 5 }),
    msg("odd", "as anything", { role: "king", guest: "2", id: 6 }),
  );
  assert.deepEqual(look().slice(-7, -1).map((row) => row.replace(/^\d\d:\d\d /, "")), [
    "*    teacher │ as an operator",
    "+        bob │ as an account",
    "         eve │ as a guest",
    "#2     Guest │ as the second",
    "+       @bob │ in private",
    "         odd │ as anything",
  ]);
});

Deno.test("no name makes a guest's message look like an account's", () => {
  const name = fc.string({ unit: fc.constantFrom("+", "*", "#", " ", "a", "│", "2"), minLength: 1, maxLength: 25 })
    .filter((name) => isName(name));
  const look = { paint: plain, columns: 80 };
  fc.assert(
    fc.property(name, name, fc.constantFrom("account" as const, "operator" as const), (guest, account, role) => {
      const said = { text: "hi", time: 0, own: false };
      const [one, other] = [
        messageRows({ ...said, from: guest }, "me", look),
        messageRows({ ...said, from: account, role }, "me", look),
      ];
      assert.equal(one[6], " ");
      assert.notEqual(other[6], " ");
    }),
  );
});

Deno.test("Controller shows the role of a person that enters or leaves, with the name in quotes where it could say more", () => {
  const { hear, look } = inside();
  hear(online("bob", "account"), online("operator teacher", "guest"), online("bob", "account", "offline"));
  assert.deepEqual(look().slice(-4, -1).map((row) => row.trim().replace(/^\d\d:\d\d +/, "")), [
    "· account bob is here",
    '· guest "operator teacher" is here',
    "· account bob has left",
  ]);
  // What somebody says of its own state is not the state.
  hear({ ...online("eve", "guest"), user: { account_name: "eve", status: "offline" } });
  assert.match(look().at(-2)!, /· guest eve is here$/);
});

Deno.test("Controller lists who is here by what they are, and counts the guests by one name", () => {
  const { type, said, hear, look } = inside();
  const rows = [["ann", "guest"], ["bob", "account"], ["teacher", "operator"], ["+eve, carl", "guest"]];
  type("/who\r");
  said();
  hear(
    { response: 202, quantity: 5 },
    ...rows.map(([user_id, role]) => ({ action: "online_list", user_id, role })),
    { action: "online_list", user_id: "Guest", role: "guest", guests: 30 },
  );
  assert.deepEqual(look().slice(-5, -1).map((row) => row.trim().replace(/^\d\d:\d\d +/, "")), [
    "· 34 here",
    "operators: teacher",
    "accounts: bob",
    'guests: ann, "+eve, carl", Guest ×30',
  ]);
  type("/msg \t");
  assert.equal(
    look().at(-2),
    `${writeName("+eve, carl")} (guest)  Guest (guest)  bob (account)  teacher (operator)`,
  );
  type("teacher\r");
  assert.equal(seen(look(), /^── operator @teacher ─/), 1);
});

Deno.test("Controller marks its own messages too, as its account's once it has one, and goes by the server's spelling", () => {
  const { type, said, hear, serve, look } = inside();
  type("one\r");
  said();
  hear(JIM);
  type("/login BOB\rcorrect horse\r");
  said();
  hear({ ...JIM, role: "account", account_name: "Bob" });
  serve();
  assert.match(look().at(-2)!, /You are Bob now/);
  type("two\r");
  assert.equal(said()[0]!.from, "Bob");
  const rows = look().map((row) => row.replace(/^\d\d:\d\d /, ""));
  assert.ok(rows.includes("         ann › one") && rows.includes("+        Bob › two"), rows.join("\n"));
});

Deno.test("Controller takes the name that the server gives it, and comes back by it", () => {
  const { controller, type, said, hear, look, lose, now } = inside();
  hear({ response: 101, time: 0, alert: "ann has an account now: you are ann (guest)", account_name: "ann (guest)" });
  assert.match(look().at(-2)!, /! ann has an account now/);
  type("hello\r");
  assert.equal(said()[0]!.from, "ann (guest)");
  lose();
  controller.connected(now);
  assert.deepEqual((said()[0] as { user: { account_name: string } }).user.account_name, "ann (guest)");
});

Deno.test("Controller tells a guest on its first coming that others go by its name", () => {
  const { controller, connect, said, hear, look, lose, now } = meet();
  const list = (guests: number) => {
    for (const { action } of said()) {
      if (action !== "who_online") hear({ response: 202, quantity: 0 });
      else hear({ response: 202, quantity: 1 }, { action: "online_list", user_id: "ann", role: "guest", guests });
    }
  };
  const told = () => seen(look(), /· 2 guests here are called ann, and you are one/);
  connect(JIM);
  list(2);
  assert.equal(told(), 1);
  lose();
  controller.connected(now);
  said();
  hear(JIM);
  list(2);
  assert.equal(told(), 1);
});
