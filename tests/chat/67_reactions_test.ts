// An emoji on a message: one of a kind and person, with counts and names, and clear refusals of everything else.

import assert from "node:assert/strict";
import { authenticate } from "./accounts.ts";
import { cannot, type Chat, type Peer, start } from "./start.ts";
import { embeddedStore } from "./store.ts";
import { startServers } from "./two_servers.ts";

const features = ["reactions", "edits", "id"];
const UP = "\u{1F44D}", TADA = "\u{1F389}", HEART = "\u2764\ufe0f";
const msg = (message: string, more: object = {}) => ({ action: "msg", time: 1, to: "#all", message, ...more });
const react = (id: number, emoji: string, more: object = {}) => ({
  action: "react",
  time: 2,
  to: "#all",
  id,
  emoji,
  ...more,
});
const history = (more: object = {}) => ({ action: "history", time: 1, ...more });

async function modern(chat: Chat, name: string): Promise<Peer> {
  const peer = await chat.connect();
  await peer.enter(name, { features });
  return peer;
}

Deno.test("reactions are told as they come, and counted in the history", { ignore: cannot }, async () => {
  await using chat = await start({ store: embeddedStore() });
  const ann = await modern(chat, "ann"), bob = await modern(chat, "bob"), plain = await chat.join("plain");
  const { id } = await ann.sayOk(msg("Tea?")), { id: other } = await ann.sayOk(msg("Coffee?"));
  for (const each of [bob, plain]) await each.hearAll(2);
  const { id: of } = await bob.sayOk(react(id, UP));
  const { time, ...notice } = await ann.hear();
  assert.deepEqual(notice, { action: "reaction", to: "#all", from: "bob", of: id, emoji: UP, is: true, id: of });
  assert.ok(Math.abs(time - Date.now() / 1000) < 100);
  await ann.sayOk(react(id, UP));
  await bob.expect({ from: "ann", emoji: UP });
  await plain.sayOk(react(id, TADA)); // a program may send what it does not read
  for (const each of [ann, bob]) await each.expect({ from: "plain", emoji: TADA });
  const rows = await ann.ask(history());
  assert.deepEqual(rows.map(({ id, reactions }) => [id, reactions]), [
    [id, [{ emoji: UP, count: 2, names: ["bob", "ann"] }, { emoji: TADA, count: 1, names: ["plain"] }]],
    [other, undefined],
  ]);
  assert.ok((await plain.ask(history())).every((row) => !("reactions" in row)));
  assert.equal((await bob.sayOk(react(id, UP))).alert, "ok; you have reacted so already");
  await bob.sayOk(react(id, UP, { is: false }));
  await ann.expect({ action: "reaction", emoji: UP, is: false });
  assert.equal((await bob.sayOk(react(id, UP, { is: false }))).alert, "ok; you have not reacted so");
  assert.deepEqual((await bob.ask(history({ limit: 2 })))[0].reactions, [
    { emoji: UP, count: 1, names: ["ann"] },
    { emoji: TADA, count: 1, names: ["plain"] },
  ]);
  const events = await ann.ask(history({ events: true, after: other }));
  assert.deepEqual(events.map(({ action, from, emoji, is }) => [action, from, emoji, is]), [
    ["reaction", "ann", UP, true],
    ["reaction", "plain", TADA, true],
    ["reaction", "bob", UP, false],
  ]);
  const [first] = await ann.ask(history({ events: true, after: 0, limit: 1 }));
  assert.equal(first.reactions, undefined, "among events a message is as it was first said");
  await ann.sayOk({ action: "edit", time: 1, to: "#all", id, message: "Tea!" });
  await bob.expect({ action: "edit" });
  await plain.expect({ message: "\u270e Tea!" });
  const [edited] = await bob.ask(history({ limit: 2 }));
  assert.deepEqual([edited.message, edited.reactions.length, typeof edited.edited], ["Tea!", 2, "number"]);
  await ann.sayOk({ action: "delete", time: 1, to: "#all", id });
  await bob.expect({ action: "delete" });
  assert.equal((await bob.ask(history({ limit: 2 })))[0].reactions, undefined);
  await bob.say(react(id, UP));
  await bob.expect({ response: 410, error: `id: the message ${id} was deleted` });
  for (const each of [ann, bob, plain]) await each.silence();
});

Deno.test("what is no emoji is refused, and one in another spelling is the same one", { ignore: cannot }, async () => {
  await using chat = await start();
  const ann = await modern(chat, "ann"), { id } = await ann.sayOk(msg("Tea?"));
  for (
    const emoji of [
      "",
      "x",
      "1",
      ":tada:",
      `${UP}${UP}`,
      `${UP} `,
      `${UP}\ufe0e`,
      `${UP}\ufe0f\ufe0f`,
      "\ufe0f",
      "\u2603x",
      "\u200d",
      7,
      null,
      ["x"],
      "\ud83d",
    ]
  ) {
    await ann.say(react(id, emoji as string));
    const { response, error } = await ann.hear();
    assert.equal(response, 400, `${emoji}`);
    assert.ok(error.startsWith(`emoji: expected one emoji, such as "${UP}", got `), error);
  }
  await ann.say(react(id, UP, { is: "yes" }));
  await ann.expect({ response: 400, error: 'is: expected true or false, got "yes"' });
  const kinds = [
    UP,
    HEART,
    "\u{1F468}\u200d\u{1F469}\u200d\u{1F467}",
    "\u{1F44D}\u{1F3FD}",
    "\u{1F1EB}\u{1F1F7}",
    "1\ufe0f\u20e3",
  ];
  for (const emoji of kinds) await ann.sayOk(react(id, emoji));
  const otherSpellings = ["\u2764", `${UP}\ufe0f`, `${UP}\ufe0f\u{1F3FD}`, `${UP}\u{1F3FD}\ufe0f`, "1\u20e3"];
  for (const emoji of otherSpellings) {
    assert.equal((await ann.sayOk(react(id, emoji))).alert, "ok; you have reacted so already", emoji);
  }
  const [{ reactions }] = await ann.ask(history());
  assert.deepEqual(reactions.map(({ emoji }: { emoji: string }) => emoji), kinds);
});

Deno.test("a message has twenty kinds at most, and ten names of each", { ignore: cannot }, async () => {
  await using chat = await start({ store: embeddedStore() });
  const ann = await modern(chat, "ann"), { id } = await ann.sayOk(msg("Tea?"));
  const emoji = (i: number) => String.fromCodePoint(0x1f600 + i);
  for (let i = 0; i < 20; i++) await ann.sayOk(react(id, emoji(i)));
  const bob = await chat.join("bob");
  await bob.say(react(id, emoji(20)));
  await bob.expect({
    response: 409,
    error: `emoji: expected one that is on the message already, which has 20 kinds of them, got "${emoji(20)}"`,
  });
  await bob.sayOk(react(id, emoji(3)));
  await ann.expect({ from: "bob" });
  await ann.sayOk(react(id, emoji(0), { is: false }));
  await bob.sayOk(react(id, emoji(20)));
  await ann.expect({ from: "bob" });
  for (let i = 0; i < 12; i++) {
    const guest = await chat.join(`guest ${i}`);
    await guest.sayOk(react(id, emoji(3)));
    await ann.expect({ from: `guest ${i}` });
  }
  const [{ reactions }] = await ann.ask(history());
  assert.equal(reactions.length, 20);
  const { count, names } = reactions.find((each: { emoji: string }) => each.emoji === emoji(3));
  assert.equal(count, 14);
  assert.deepEqual(names, ["ann", "bob", ...Array.from({ length: 8 }, (_, i) => `guest ${i}`)]);
});

Deno.test("the twenty-first kind has no effect, whichever is first in the log", { ignore: cannot }, async () => {
  await using chat = await startServers(2);
  const [one, two] = chat.all, ann = await modern(one!, "ann"), bob = await modern(two!, "bob");
  const { id } = await ann.sayOk(msg("Tea?"));
  await bob.expect({ id });
  const emoji = (i: number) => String.fromCodePoint(0x1f600 + i);
  for (let i = 0; i < 19; i++) await ann.sayOk(react(id, emoji(i)));
  await bob.hearAll(19);
  await Promise.all([ann.say(react(id, emoji(30))), bob.say(react(id, emoji(31)))]);
  const answers = [await answer(ann), await answer(bob)].sort((one, other) => one - other);
  assert.deepEqual(answers, [200, 409]);
  for (const each of [ann, bob]) {
    const [{ reactions }] = await each.ask(history());
    assert.equal(reactions.length, 20);
  }

  /** The code of the answer; what the other one did may be told before it. */
  async function answer(peer: Peer): Promise<number> {
    for (;;) {
      const { response } = await peer.hear();
      if (response !== undefined) return response;
    }
  }
});

Deno.test("reactions of a room and of two people are theirs, and an account has one on all its devices", {
  ignore: cannot,
}, async () => {
  await using chat = await start({ accounts: ["ann", "bob"] });
  const ann = await chat.connect(), phone = await chat.connect(), bob = await chat.connect();
  const eve = await modern(chat, "eve");
  for (const [peer, name] of [[ann, "ann"], [phone, "ann"], [bob, "bob"]] as const) {
    await peer.sayOk({ ...authenticate(name), features });
  }
  const { id } = await ann.sayOk(msg("psst", { to: "bob" }));
  for (const each of [phone, bob]) await each.expect({ id });
  await bob.sayOk(react(id, UP, { to: "ann" }));
  for (const each of [ann, phone]) await each.expect({ action: "reaction", to: "ann", from: "bob", role: "account" });
  await ann.sayOk(react(id, HEART, { to: "bob" }));
  for (const each of [phone, bob]) await each.expect({ action: "reaction", emoji: HEART, from: "ann" });
  assert.equal((await phone.sayOk(react(id, HEART, { to: "bob" }))).alert, "ok; you have reacted so already");
  await eve.say(react(id, UP, { to: "ann" }));
  await eve.expect({
    response: 404,
    error: `id: expected the id of a message of this conversation, got ${id}; history has the ids`,
  });
  await ann.say({ action: "join", time: 1, room: "#cats" });
  await ann.expect({ response: 201 });
  const { id: meow } = await ann.sayOk(msg("meow", { to: "#cats" }));
  await phone.expect({ id: meow });
  await eve.say(react(meow, UP, { to: "#cats" }));
  await eve.expect({ response: 403, error: 'to: expected a room that you are in, so join "#cats" first' });
  for (const each of [ann, phone, bob, eve]) await each.silence();
});

Deno.test(
  "a guest takes away its own reaction, and none of an earlier guest by its name",
  { ignore: cannot },
  async () => {
    await using chat = await start({ accounts: ["ann"] });
    const ann = await chat.connect();
    await ann.sayOk({ ...authenticate("ann"), features });
    const { id } = await ann.sayOk(msg("Tea?"));
    const zoe = await modern(chat, "zoe");
    await zoe.sayOk(react(id, UP));
    await ann.expect({ from: "zoe", emoji: UP, is: true });
    await zoe.sayOk(react(id, TADA));
    await zoe.sayOk(react(id, TADA, { is: false }));
    await ann.hearAll(2);
    await zoe.end();
    const other = await modern(chat, "Zoe");
    await other.say(react(id, UP, { is: false }));
    assert.equal(
      (await other.expect({ response: 403 })).error,
      `id: "${UP}" is of a guest who had your name before: take away what you have put since you connected`,
    );
    assert.equal((await other.sayOk(react(id, UP))).alert, "ok; you have reacted so already");
    await other.sayOk(react(id, HEART));
    await other.sayOk(react(id, HEART, { is: false }));
    assert.deepEqual((await ann.hearAll(2)).map(({ emoji, is }) => [emoji, is]), [[HEART, true], [HEART, false]]);
    assert.deepEqual((await other.ask(history()))[0].reactions, [{ emoji: UP, count: 1, names: ["zoe"] }]);
  },
);
