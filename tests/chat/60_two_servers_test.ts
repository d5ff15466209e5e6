// One chat of several servers: what is said on one is heard on the others, once, in one order, as if all were on one.

import assert from "node:assert/strict";
import { authenticate, register } from "./accounts.ts";
import { cannot, type Peer } from "./start.ts";
import { type OneServer, startServers } from "./two_servers.ts";
import { until } from "./within.ts";

const msg = (message: string, to = "#all") => ({ action: "msg", time: 1, to, message });
const join = (room: string) => ({ action: "join", time: 1, room });
const history = (room: string) => ({ action: "history", time: 1, room, limit: 500 });
const texts = (all: { message: string }[]) => all.map(({ message }) => message);

Deno.test("a message to all is received on every server, with the same bytes", { ignore: cannot }, async () => {
  await using chat = await startServers(2);
  const [one, two] = chat.all;
  const ann = await one!.join("ann"), bob = await one!.join("bob"), eve = await two!.join("eve");
  const canonical =
    '{"action":"msg","time":1.50,"to":"#all","from":"ann","encoding":"utf-8","message":"as it is, \u00fc"}';
  await ann.sayOk(msg("as Hanita writes it"));
  await ann.sayOk(`${canonical}\n`);
  for (const each of [bob, eve]) {
    await each.expect({ from: "ann", message: "as Hanita writes it" });
    await each.expect({ from: "ann", message: "as it is, \u00fc" });
    await each.silence();
  }
  await ann.silence();
  const lines = ({ segments }: Peer) => segments.join("").split("\n").filter((line) => line.includes('"msg"'));
  assert.deepEqual(lines(eve), lines(bob));
  assert.ok(lines(eve)[1]!.startsWith(canonical.slice(0, -1)));
});

Deno.test("messages of all servers are received in one order by each reader", { ignore: cannot }, async () => {
  await using chat = await startServers(3);
  const COUNT = 200, speakers: Peer[] = [], readers: Peer[] = [];
  for (const [i, server] of chat.all.entries()) {
    readers.push(await server.join(`reader ${i}`));
    speakers.push(await server.join(`speaker ${i}`));
  }
  await Promise.all(speakers.map(async (speaker, i) => {
    for (let k = 0; k < COUNT; k += 10) {
      await speaker.say(...Array.from({ length: 10 }, (_, j) => msg(`${i}: ${k + j}`)));
    }
  }));
  const heard = await Promise.all(readers.map((reader) => reader.hearAll(3 * COUNT)));
  for (const each of heard) {
    assert.deepEqual(each, heard[0]);
    const ids = each.map(({ id }) => id);
    assert.deepEqual(ids, [...new Set(ids)].sort((a, b) => a - b));
    for (const i of [0, 1, 2]) {
      const own = texts(each).filter((text) => text.startsWith(`${i}:`));
      assert.deepEqual(own, Array.from({ length: COUNT }, (_, k) => `${i}: ${k}`));
    }
  }
  for (const server of chat.all) {
    const asker = await server.join("asker");
    assert.deepEqual(texts(await asker.ask(history("#all"))), texts(heard[0]!).slice(-500));
  }
});

Deno.test("each dialect gets what another server relays in its own way", { ignore: cannot }, async () => {
  await using chat = await startServers(2);
  const [one, two] = chat.all;
  const ann = await one!.join("ann"), bare = await two!.bare(), prefixed = await two!.prefixed();
  await bare.say({ action: "presence", time: 1, type: "status", user: { client_name: "bob", status: "" } });
  await bare.expect({ response: 200 });
  await prefixed.enter("eve");
  await ann.sayOk(msg("hello"));
  await bare.expect({ action: "msg", to: "#", from: "ann", message: "hello" });
  await prefixed.expect({ action: "msg", to: "#all", from: "ann", message: "hello" });
  for (const each of [bare, prefixed]) await each.silence();
  await prefixed.sayOk(msg("hi"));
  await ann.expect({ from: "eve", message: "hi" });
  await bare.expect({ from: "eve", message: "hi" });
});

Deno.test(
  "a room's message is received by its members on every server, with the spelling of each",
  { ignore: cannot },
  async () => {
    await using chat = await startServers(2, { accounts: ["ann", "bob"] });
    const [one, two] = chat.all;
    const ann = await one!.login("ann"),
      bob = await two!.login("bob"),
      zoe = await two!.join("zoe"),
      eve = await two!.join("eve");
    await ann.say(join("#Cats"));
    await ann.expect({ response: 201 });
    await bob.sayOk(join("#CATS"));
    await zoe.sayOk(join("#cats"));
    await ann.sayOk(msg("meow", "#Cats"));
    await bob.expect({ to: "#CATS", from: "ann", message: "meow" });
    await zoe.expect({ to: "#cats", from: "ann", message: "meow" });
    await bob.sayOk(msg("purr", "#CATS"));
    await ann.expect({ to: "#Cats", from: "bob", message: "purr" });
    await zoe.expect({ to: "#cats", from: "bob", message: "purr" });
    for (const each of [ann, bob, zoe, eve]) await each.silence();
    for (const [each, name] of [[ann, "#Cats"], [bob, "#CATS"], [zoe, "#cats"]] as const) {
      assert.deepEqual(texts(await each.ask(history(name))), ["meow", "purr"]);
    }
  },
);

Deno.test(
  "a message to an account reaches its connections on all servers, and the sender's others",
  { ignore: cannot },
  async () => {
    await using chat = await startServers(2, { accounts: ["ann", "bob"] });
    const [one, two] = chat.all;
    const ann = await one!.login("ann"),
      beside = await two!.login("ann"),
      bobs = [await one!.login("bob"), await two!.login("bob")];
    const eves = [await one!.join("eve"), await two!.join("eve")];
    await ann.sayOk(msg("psst", "BOB"));
    for (const each of [...bobs, beside]) {
      await each.expect({
        to: "bob",
        from: "ann",
        role: "account",
        message: "psst",
      });
    }
    await eves[0]!.sayOk(msg("from a guest", "bob"));
    for (const each of bobs) await each.expect({ from: "eve", message: "from a guest" });
    await bobs[0]!.sayOk(msg("to both", "EVE"));
    for (const each of eves) await each.expect({ to: "eve", from: "bob", message: "to both" });
    await bobs[1]!.expect({ from: "bob", message: "to both" });
    for (const each of [ann, beside, ...bobs, ...eves]) await each.silence();
    const withAnn = { action: "history", time: 1, with: "bob", limit: 500 };
    assert.deepEqual(texts(await beside.ask(withAnn)), ["psst"]);
    assert.deepEqual(texts(await beside.ask({ ...withAnn, action: "search", text: "PSST" })), ["psst"]);
  },
);

Deno.test(
  "guests of different servers write to each other, and nothing of it is stored",
  { ignore: cannot },
  async () => {
    await using chat = await startServers(3);
    const [one, two, three] = chat.all;
    const ann = await one!.join("ann"),
      bob = await two!.join("Bob"),
      bobs = [await three!.join("bob"), await one!.join("bob")];
    const eve = await two!.join("eve");
    await ann.sayOk(msg("before"));
    await ann.sayOk(msg("psst", "BOB"));
    for (const each of [bob, ...bobs, eve]) await each.expect({ message: "before" });
    const ids = new Set<number>();
    for (const [each, name] of [[bob, "Bob"], [bobs[0]!, "bob"], [bobs[1]!, "bob"]] as const) {
      ids.add((await each.expect({ to: name, from: "ann", message: "psst" })).id);
    }
    assert.equal(ids.size, 1);
    await ann.sayOk(msg("after"));
    for (const each of [bob, ...bobs, eve]) {
      ids.add((await each.expect({ message: "after" })).id);
      await each.silence();
    }
    assert.equal(ids.size, 2);
    await ann.say(msg("psst", "nobody"));
    await ann.expect({ response: 404 });
    for (const record of chat.log.records()) assert.ok(record.kind !== "message" || record.conversation === "#all");
  },
);

Deno.test("what an account has missed comes once, on whichever server it is back", { ignore: cannot }, async () => {
  await using chat = await startServers(2, { accounts: ["bob"] });
  const [one, two] = chat.all;
  const ann = await one!.join("ann");
  await ann.say(msg("one", "bob"), msg("two", "bob"));
  for (let i = 0; i < 2; i++) await ann.expect({ response: 202 });
  const bob = await two!.login("bob");
  for (const message of ["one", "two"]) await bob.expect({ message, replayed: true });
  await ann.sayOk(msg("three", "bob"));
  await bob.expect({ message: "three" });
  await bob.silence();
});

Deno.test("what another server has said while an account is let in is among what it has missed, and comes once", {
  ignore: cannot,
}, async () => {
  await using chat = await startServers(2, { accounts: ["ann", "bob"] });
  const [one, two] = chat.all as [OneServer, OneServer];
  const ann = await one.login("ann"), carol = await two.join("carol"), bob = await two.connect();
  const held: (() => void)[] = chat.log.hub.held = [];
  await bob.say(authenticate("bob"));
  await until("the entrance on its way", () => held.length === 1);
  const received = two.meter.bytes.in;
  await carol.say(msg("from here"));
  await until("carol's message", () => two.meter.bytes.in > received);
  held[0]!(); // what bob has missed is looked up when carol's message is back
  await until("carol's message on its way", () => held.length === 2);
  await ann.say(msg("from there", "bob"));
  await until("ann's message on its way", () => held.length === 3);
  chat.log.hub.held = undefined;
  held[2]!();
  await bob.expect({ response: 200 });
  held[1]!();
  await carol.expect({ response: 200 });
  const [first, second] = await bob.hearAll(2);
  assert.deepEqual([first, second].map(({ message }) => message).sort(), ["from here", "from there"]);
  await bob.silence();
});

Deno.test("an account that was registered on one server is known on the other, and its name is taken", {
  ignore: cannot,
}, async () => {
  await using chat = await startServers(2);
  const [one, two] = chat.all;
  const ann = await one!.join("ann"), rival = await two!.connect();
  await ann.say(register("ann"));
  await ann.expect({ response: 201 });
  await rival.say(register("Ann"));
  await rival.expect({ response: 409 });
  await (await two!.connect()).sayOk(authenticate("ann"));
});

Deno.test("a server that starts later has the history, and relays nothing old", { ignore: cannot }, async () => {
  await using chat = await startServers(1, { accounts: ["bob"] });
  const [one] = chat.all, ann = await one!.join("ann");
  await ann.sayOk(msg("old"));
  const two = await chat.add(), eve = await two.join("eve");
  await eve.silence();
  assert.deepEqual(texts(await eve.ask(history("#all"))), ["old"]);
  await ann.sayOk(msg("new"));
  await eve.expect({ message: "new" });
});

Deno.test(
  "what is said while an account goes from server to server reaches it under one id",
  { ignore: cannot },
  async () => {
    await using chat = await startServers(2, { accounts: ["ann", "bob"], rules: { replay: 500 } });
    const [one, two] = chat.all, speakers = [await one!.login("ann"), await two!.login("ann")];
    const room = await one!.login("bob");
    await room.say(join("#cats"));
    await room.expect({ response: 201 });
    await room.end();
    await speakers[0]!.sayOk(join("#cats"));
    const said: string[] = [];
    let isOver = false;
    const talks = speakers.map(async (speaker, i) => {
      for (let k = 0; !isOver; k++) {
        const message = `${i} ${k}`;
        said.push(message);
        await speaker.say(msg(message, k % 2 === 0 ? "bob" : "#cats"));
        while (((await speaker.hear()).response ?? 300) >= 300);
      }
    });
    const heard: { id: number; message: string }[] = [];
    for (let i = 0; i < 20; i++) {
      if (i === 19) {
        isOver = true;
        await Promise.all(talks);
      }
      const bob = await chat.all[i % 2]!.login("bob");
      await bob.say({ action: "probe", time: 1 }, { action: "quit" });
      heard.push(...(await bob.end()).filter(({ action }) => action === "msg"));
    }
    // The other server may not know yet what was sent last; a client knows by its id what it has already.
    assert.deepEqual([...new Map(heard.map(({ id, message }) => [id, message])).values()].sort(), said.sort());
  },
);
