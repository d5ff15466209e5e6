// Who is writing: told to those who can read the message and know of it, once in three seconds, and kept nowhere.

import assert from "node:assert/strict";
import { authenticate } from "./accounts.ts";
import { cannot, type Chat, type Peer, start } from "./start.ts";
import { startServers } from "./two_servers.ts";
import { embeddedStore } from "./store.ts";

const features = ["typing"];
const typing = (to?: string, is?: boolean) => ({ action: "typing", time: 1, to, is });
const join = (room: string) => ({ action: "join", time: 1, room });

async function modern(chat: Chat, name: string): Promise<Peer> {
  const peer = await chat.connect();
  await peer.enter(name, { features });
  return peer;
}

async function device(chat: Chat, name: string): Promise<Peer> {
  const peer = await chat.connect();
  await peer.sayOk({ ...authenticate(name), features });
  return peer;
}

Deno.test("a writer is told to programs that know of it, and to nobody else", { ignore: cannot }, async () => {
  let now = 1_764_000_000_000;
  await using chat = await start({ accounts: ["ann", "bob"], wall: () => now, store: embeddedStore() });
  const ann = await device(chat, "ann"), phone = await device(chat, "ann"), bob = await device(chat, "bob");
  const zoe = await modern(chat, "zoe"), plain = await chat.join("plain"), bare = await chat.bare();
  await bare.enter("bare");
  await ann.sayOk(typing());
  const notice = { action: "typing", time: now / 1000, to: "#all", from: "ann", role: "account", is: true };
  for (const each of [bob, zoe]) assert.deepEqual(await each.hear(), notice);
  await ann.sayOk(typing());
  now += 2_000;
  await ann.sayOk(typing());
  for (const each of [bob, zoe]) await each.silence();
  await ann.sayOk(typing("#all", false));
  for (const each of [bob, zoe]) await each.expect({ from: "ann", is: false });
  await ann.sayOk(typing("#all", false));
  await ann.sayOk(typing());
  now += 1_000;
  await ann.sayOk(typing());
  for (const each of [bob, zoe]) await each.expect({ from: "ann", is: true });
  await zoe.sayOk(typing("ann"));
  for (const each of [ann, phone]) await each.expect({ action: "typing", to: "ann", from: "zoe", is: true });
  await plain.sayOk(typing("zoe")); // a program may send what it does not read
  await zoe.expect({ from: "plain", to: "zoe" });
  await ann.say(join("#cats"));
  await ann.expect({ response: 201 });
  await bob.sayOk(join("#CATS"));
  await ann.sayOk(typing("#cats"));
  await bob.expect({ to: "#CATS", from: "ann" });
  await zoe.say(typing("#cats"));
  await zoe.expect({ response: 403, error: 'to: expected a room that you are in, so join "#cats" first' });
  await zoe.sayOk(typing("nobody"));
  assert.deepEqual((await plain.ask({ action: "history", time: 1 })).length, 0);
  for (const each of [ann, phone, bob, zoe, plain, bare]) await each.silence();
});

Deno.test("a muted person writes nothing, and a crowd is told nothing", { ignore: cannot }, async () => {
  await using chat = await start({ operators: ["op"] });
  const op = await chat.login("op"), zoe = await modern(chat, "zoe"), ann = await modern(chat, "ann");
  for (let i = 0; i < 99; i++) await modern(chat, `guest ${i}`);
  await zoe.sayOk(typing());
  await ann.expect({ from: "zoe" });
  await modern(chat, "one more");
  await ann.sayOk(typing());
  await zoe.silence();
  await op.sayOk({ action: "mute", time: 1, user_id: "zoe" });
  await zoe.say(typing());
  await zoe.expect({ response: 403 });
});

Deno.test("a writer is told on the other servers", { ignore: cannot }, async () => {
  await using chat = await startServers(2, { accounts: ["ann"] });
  const [one, two] = chat.all, ann = await device(one!, "ann"), phone = await device(two!, "ann");
  const bob = await modern(two!, "bob"), plain = await two!.join("plain");
  await ann.sayOk(typing());
  await bob.expect({ action: "typing", from: "ann", role: "account", to: "#all", is: true });
  await bob.say(join("#cats"));
  await bob.expect({ response: 201 });
  await ann.sayOk(join("#Cats"));
  await ann.sayOk(typing("#cats"));
  await bob.expect({ to: "#cats" });
  await bob.sayOk(typing("ann"));
  for (const each of [ann, phone]) await each.expect({ from: "bob", to: "ann" });
  for (const each of [ann, phone, bob, plain]) await each.silence();
});

Deno.test(
  "a notice of another server that comes behind its message is told to nobody",
  { ignore: cannot },
  async () => {
    await using chat = await startServers(2, { accounts: ["ann"] });
    const [one, two] = chat.all, ann = await chat.all[0]!.connect(), bob = await modern(two!, "bob");
    await ann.sayOk({ ...authenticate("ann"), features: ["id"] });
    const zoe = await one!.connect();
    await zoe.enter("zoe", { features: ["id"] });
    const tell = (from: string, after: number, more: object = {}) => {
      const notice = {
        conversation: "#all",
        to: "#all",
        from,
        side: `of ${from}`,
        is: true,
        unknown: 1,
        ...more,
        after,
      };
      one!.link.peers.send("all", "typing", new TextEncoder().encode(JSON.stringify(notice)));
    };
    const { id } = await ann.sayOk({ action: "msg", time: 1, to: "#all", message: "first" });
    for (const each of [bob, zoe]) await each.expect({ message: "first" });
    const later = await zoe.sayOk({ action: "msg", time: 1, to: "#all", message: "second" });
    await bob.expect({ message: "second" });
    tell("ann", id - 1, { role: "account" });
    tell("zoe", id);
    tell("ann", id, { role: "account" });
    const { time: _, ...heard } = await bob.hear();
    assert.deepEqual(heard, { action: "typing", to: "#all", from: "ann", role: "account", is: true });
    tell("zoe", later.id - 1, { is: false }); // the writing is over in any case
    await bob.expect({ from: "zoe", is: false });
    tell("zoe", later.id);
    await bob.expect({ from: "zoe", is: true });
  },
);

Deno.test(
  "a guest is told that another one writes to it, on its server and on another one",
  { ignore: cannot },
  async () => {
    await using chat = await startServers(2);
    const [one, two] = chat.all, eve = await modern(one!, "eve"), zoe = await modern(one!, "zoe");
    const max = await modern(two!, "max");
    for (const [from, name, to, reader] of [[eve, "eve", "zoe", zoe], [zoe, "zoe", "Eve", eve]] as const) {
      await from.sayOk(typing(to));
      await reader.expect({ action: "typing", from: name, to, is: true });
      await from.sayOk(typing("max"));
      await max.expect({ action: "typing", from: name, to: "max", is: true });
    }
    for (const each of [eve, zoe, max]) await each.silence();
  },
);
