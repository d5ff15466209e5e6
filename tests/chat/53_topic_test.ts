// What a room is about: set by its members, kept, and told to those that understand it and to nobody else.

import assert from "node:assert/strict";
import { authenticate, cheaply, PASSWORD } from "./accounts.ts";
import { failing } from "./failing.ts";
import type { Peer } from "./peer.ts";
import { cannot, type Chat, start } from "./start.ts";
import { embeddedStore, memoryStore } from "./store.ts";
import { stranger, ways } from "./ways.ts";

const features = ["topic"];
const topic = (topic: string, room = "#cats") => ({ action: "topic", time: 1, room, topic });
const join = (room = "#cats") => ({ action: "join", time: 1, room });

async function withOperator() {
  const store = memoryStore();
  store.putAccount({ name: "op", password: await cheaply(PASSWORD), operator: true, seen: 0 });
  return store;
}

async function create(peer: Peer, room?: string): Promise<void> {
  await peer.say(join(room));
  await peer.expect({ response: 201 });
}

/** A guest that understands topics. */
async function reader(chat: Chat, name: string): Promise<Peer> {
  const peer = await chat.connect();
  await peer.enter(name, { features });
  return peer;
}

for (const way of ways) {
  Deno.test(`${way}: a member sets what a room is about, and members that understand it are told`, {
    ignore: cannot,
  }, async () => {
    await using chat = await start();
    const ann = await stranger(chat, way), bob = await reader(chat, "bob"), plain = await chat.join("plain");
    const outside = await reader(chat, "outside");
    await ann.enter("ann");
    await create(ann);
    for (const each of [bob, plain]) await each.sayOk(join("#CATS"));
    const { alert } = await ann.sayOk(topic(" Which of them is asleep "));
    assert.equal(alert, "the topic of #cats is set");
    const { time, ...told } = await bob.hear();
    assert.deepEqual(told, { action: "topic", room: "#CATS", topic: "Which of them is asleep", by: "ann" });
    assert.ok(Math.abs(time - Date.now() / 1000) < 100);
    await bob.sayOk(topic("", "#cats"));
    for (const each of [ann, bob, plain, outside]) await each.silence();
    assert.equal((await ann.sayOk(topic("Dogs"))).alert, "the topic of #cats is set");
    await bob.expect({ topic: "Dogs", room: "#CATS" });
  });
}

Deno.test("a topic is told behind the answer to a join, and listed, where it is understood", {
  ignore: cannot,
}, async () => {
  await using chat = await start();
  const ann = await reader(chat, "ann"), bob = await reader(chat, "bob"), plain = await chat.join("plain");
  await create(ann);
  await create(ann, "#dogs");
  await bob.sayOk(join("#dogs"));
  await ann.sayOk(topic("meow"));
  await bob.sayOk(join());
  const told = await bob.expect({ action: "topic", room: "#cats", topic: "meow", by: "ann" });
  await bob.sayOk(join()); // it is in already, and may have missed something
  assert.deepEqual(await bob.hear(), told);
  await plain.sayOk(join());
  const rows = async (peer: Peer) => (await peer.ask({ action: "rooms", time: 1 })).map((row) => [row.room, row.topic]);
  assert.deepEqual(await rows(bob), [["#all", undefined], ["#cats", "meow"], ["#dogs", undefined]]);
  assert.deepEqual(await rows(plain), [["#all", undefined], ["#cats", undefined], ["#dogs", undefined]]);
  await ann.sayOk(topic(""));
  await bob.expect({ topic: "", by: "ann" });
  assert.deepEqual((await rows(bob))[1], ["#cats", undefined]);
  const late = await reader(chat, "late");
  await late.say(join(), topic("late")); // one write
  await late.expect({ response: 200, alert: "welcome to #cats" });
  await late.expect({ action: "topic", topic: "" });
  await late.expect({ response: 200, alert: "the topic of #cats is set" });
  for (const each of [ann, bob]) await each.expect({ topic: "late", by: "late" });
});

Deno.test("an account's other devices are told too, and a topic stays when its author goes", {
  ignore: cannot,
}, async () => {
  await using chat = await start({ accounts: ["ann"] });
  const ann = await chat.login("ann"), phone = await chat.connect();
  await create(ann);
  await phone.sayOk({ ...authenticate("ann"), features });
  await ann.sayOk(topic("meow"));
  await phone.expect({ action: "topic", room: "#cats", topic: "meow", by: "ann" });
  for (const each of [ann, phone]) await each.end();
  const bob = await reader(chat, "bob");
  await bob.sayOk(join());
  await bob.expect({ topic: "meow", by: "ann" });
});

Deno.test(
  "a connection outside of a room, or a muted one, sets no topic, and #all has none",
  { ignore: cannot },
  async () => {
    await using chat = await start({ store: await withOperator() });
    const op = await chat.login("op"), ann = await reader(chat, "ann"), bob = await reader(chat, "bob");
    await create(ann);
    await op.sayOk({ action: "mute", time: 1, user_id: "ann" });
    await ann.say(topic("spam"));
    await ann.expect({ response: 403 });
    const refusals: [object, number, string][] = [
      [topic("x"), 403, 'room: expected a room that you are in, so join "#cats" first'],
      [topic("x", "#dogs"), 404, 'room: there is no room "#dogs"'],
      [topic("x", "#all"), 400, 'room: expected a room such as "#cats", of 1 to 25 characters after the #, got "#all"'],
      [topic("one\ntwo"), 400, "topic: expected visible characters"],
      [{ ...topic("x"), topic: undefined }, 400, "topic: expected a string, got nothing"],
      [topic("x".repeat(201)), 400, "topic: expected at most 200 characters, got 201"],
    ];
    for (const [words, response, error] of refusals) {
      await bob.say(words);
      const answer = await bob.expect({ response });
      assert.equal(answer.error.slice(0, error.length), error);
    }
    await bob.sayOk(join());
    await bob.silence();
  },
);

Deno.test("a topic is kept over a restart, and one that cannot be kept is refused and told to nobody", {
  ignore: cannot,
}, async () => {
  const { store, disk } = failing(embeddedStore());
  {
    await using chat = await start({ store, accounts: ["bob"] });
    const ann = await chat.join("ann"), bob = await chat.login("bob");
    await create(bob);
    await bob.sayOk({ action: "presence", time: 1, features });
    await ann.sayOk(join());
    await ann.sayOk(topic("meow"));
    await bob.expect({ topic: "meow" });
    disk.full = true;
    await ann.say(topic("lost"));
    await ann.expect({ response: 500 });
    await bob.silence();
    disk.full = false;
  }
  await using chat = await start({ store });
  const cat = await reader(chat, "cat");
  await cat.sayOk(join());
  await cat.expect({ topic: "meow", by: "ann" });
});
