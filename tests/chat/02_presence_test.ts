// Who somebody is: said once, said again, said in other words, or not said at all.

import assert from "node:assert/strict";
import { cannot, start } from "./start.ts";

const EXAMPLE = '{"action":"presence","time":1764000000,"user":{"account_name":"ann","status":""}}';
const hello = { action: "msg", time: 1764000000, to: "#all", message: "hello" };

Deno.test("presence is answered with 200, alert and time", { ignore: cannot }, async () => {
  await using chat = await start();
  const ann = await chat.connect();
  await ann.say({ action: "presence", time: 1764000000, user: { account_name: "ann", status: "here" } });
  const answer = await ann.hear();
  const { time } = answer;
  assert.deepEqual(answer, { response: 200, time, alert: "welcome, ann", jim: 1, role: "guest" });
  assert.ok(Number.isInteger(time) && Math.abs(time - Date.now() / 1000) < 60, `${time}`);
});

Deno.test(
  "whatever is said before presence gets 401 and a presence to send, which works",
  { ignore: cannot },
  async () => {
    await using chat = await start();
    const bob = await chat.join("bob");
    const ann = await chat.connect();
    for (const early of [hello, { ...hello, to: "bob" }, { action: "probe", time: 1 }]) {
      await ann.say(early);
      const { error } = await ann.expect({ response: 401 });
      assert.equal(error, `Expected a presence before anything else, such as ${EXAMPLE}`);
    }
    await bob.silence();
    await ann.say(`${EXAMPLE}\n`);
    await ann.expect({ response: 200, alert: "welcome, ann" });
  },
);

Deno.test("quit needs no presence", { ignore: cannot }, async () => {
  await using chat = await start();
  const ann = await chat.connect();
  await ann.say({ action: "quit" });
  await ann.expect({ response: 200 });
  await ann.expectEnd();
});

Deno.test("a second presence renames a guest, for all that comes", { ignore: cannot }, async () => {
  await using chat = await start();
  const ann = await chat.join("ann"), bob = await chat.join("bob");
  await ann.say({ action: "presence", time: 1, user: { account_name: "anna" } });
  await ann.expect({ response: 200, alert: "you are anna now" });
  await ann.sayOk(hello);
  await bob.expect({ from: "anna", message: "hello" });
  await bob.say({ ...hello, to: "ann" });
  await bob.expect({ response: 410, error: 'to: "ann" was a guest and has left' });
  await bob.sayOk({ ...hello, to: "anna" });
  await ann.expect({ from: "bob", to: "anna" });
});

Deno.test("a name given up in the same write is not used again", { ignore: cannot }, async () => {
  await using chat = await start();
  const ann = await chat.join("ann"), bob = await chat.join("bob");
  // The message is in the form that is relayed by its own bytes, in the name that ann has just given up.
  const asAnn = '{"action":"msg","time":1,"to":"#all","from":"ann","encoding":"utf-8","message":"who am I?"}\n';
  await ann.say({ action: "presence", time: 1, user: { account_name: "anna" } }, asAnn);
  await bob.expect({ from: "anna", message: "who am I?" });
});

Deno.test("several guests may have one name", { ignore: cannot }, async () => {
  await using chat = await start();
  const one = await chat.join("Guest"), other = await chat.join("Guest");
  await one.sayOk(hello);
  await other.expect({ from: "Guest", message: "hello" });
  await one.silence();
});

for (
  const [words, user] of [
    ["the handout's", { user: { account_name: "eve", status: "" } }],
    ["the original's", { type: "status", user: { account_name: "eve", status: null } }],
    ["the original's with its slip", { user: { accaunt_name: "eve" } }],
    ["client_name", { user: { client_name: "eve" } }],
    ["a flat name's", { account_name: "eve" }],
    ["nothing but a name", { user: { account_name: "eve" } }],
  ] as const
) {
  Deno.test(`a name is known in ${words} words, bare and with newlines`, { ignore: cannot }, async () => {
    await using chat = await start();
    for (const eve of [await chat.connect(), await chat.bare()]) {
      await eve.say({ action: "presence", time: 1, ...user });
      await eve.expect({ response: 200, alert: "welcome, eve" });
    }
  });
}

Deno.test("a name that cannot be is refused, and the one before stays", { ignore: cannot }, async () => {
  await using chat = await start();
  const ann = await chat.join("ann"), bob = await chat.join("bob");
  for (const account_name of ["", "#all", "x".repeat(26), "an\nn", " ann", 7, null]) {
    await ann.say({ action: "presence", time: 1, user: { account_name } });
    const { error } = await ann.expect({ response: 400 });
    assert.match(error, /^user.account_name: expected /);
  }
  await ann.sayOk(hello);
  await bob.expect({ from: "ann" });
});
