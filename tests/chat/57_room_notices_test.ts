// Watchers are told who enters and who leaves their rooms; nobody else is told anything.

import assert from "node:assert/strict";
import { PASSWORD } from "./accounts.ts";
import type { Peer } from "./peer.ts";
import { cannot, start } from "./start.ts";

const presence = (account_name: string) => ({ action: "presence", time: 1, user: { account_name, status: "" } });
const join = (room: string) => ({ action: "join", time: 1, room });
const leave = (room: string) => ({ action: "leave", time: 1, room });

async function create(peer: Peer, room: string): Promise<void> {
  await peer.say(join(room));
  await peer.expect({ response: 201 });
}

/** Hears these notices and nothing else, each as `action who room role`. */
async function told(peer: Peer, ...notices: string[]): Promise<void> {
  for (const notice of notices) {
    const { action, user, room, role, state } = await peer.hear();
    const what = action === "presence" ? [state, user.account_name] : [action, user.account_name, room, role];
    assert.equal(what.join(" "), notice);
  }
  await peer.silence();
}

Deno.test(
  "watchers in a room are told who joins it and leaves it, and others are not",
  { ignore: cannot },
  async () => {
    await using chat = await start();
    const plain = await chat.join("plain"), bob = await chat.join("bob"), watcher = await chat.connect();
    const outside = await chat.connect();
    await watcher.enter("watcher", { watch: true });
    await outside.enter("outside", { watch: true });
    await told(watcher, "online outside");
    await create(watcher, "#Cats");
    await plain.sayOk(join("#cats"));
    await told(watcher, "join plain #Cats guest");
    await bob.sayOk(join("#CATS"));
    await told(watcher, "join bob #Cats guest");
    await bob.sayOk(join("#cats")); // it is there already
    await told(watcher);
    await bob.sayOk(leave("#cats"));
    await told(watcher, "leave bob #Cats guest");
    await bob.sayOk(join("#cats"));
    await told(watcher, "join bob #Cats guest");
    await bob.end();
    await told(watcher, "offline bob");
    await told(outside, "offline bob");
    await plain.silence();
  },
);

Deno.test("a room's guests by one name are told of as one, and a name that changes leaves and enters", {
  ignore: cannot,
}, async () => {
  await using chat = await start();
  const guests = [await chat.join("Guest"), await chat.join("Guest"), await chat.join("Guest")] as const;
  const watcher = await chat.connect();
  await watcher.enter("watcher", { watch: true });
  await create(watcher, "#cats");
  await guests[0].sayOk(join("#cats"));
  await told(watcher, "join Guest #cats guest");
  await guests[1].sayOk(join("#cats"));
  await guests[0].sayOk(leave("#cats"));
  await told(watcher);
  await guests[1].sayOk(presence("zoe"));
  await told(watcher, "leave Guest #cats guest", "online zoe", "join zoe #cats guest");
  await guests[1].sayOk(presence("Zoe"));
  await told(watcher, "offline zoe", "online Zoe", "join Zoe #cats guest");
  await guests[2].sayOk(join("#cats"));
  await told(watcher, "join Guest #cats guest");
  await guests[2].end();
  await told(watcher, "leave Guest #cats guest");
});

Deno.test("an account enters its rooms by coming online, once however many devices it has", {
  ignore: cannot,
}, async () => {
  await using chat = await start({ accounts: ["bob"] });
  const bob = await chat.login("bob"), watcher = await chat.connect();
  await create(bob, "#cats");
  await bob.end();
  await watcher.enter("watcher", { watch: true });
  await watcher.sayOk(join("#cats"));
  const phone = await chat.login("bob"), laptop = await chat.login("bob");
  await told(watcher, "online bob", "join bob #cats account");
  await phone.end();
  await told(watcher);
  await laptop.sayOk(leave("#cats"));
  await told(watcher, "leave bob #cats account");
  const ann = await chat.join("ann");
  await ann.sayOk(join("#cats"));
  await told(watcher, "online ann", "join ann #cats guest");
  await ann.say({ action: "register", time: 1, user: { account_name: "ann", password: PASSWORD } });
  await ann.expect({ response: 201 });
  await told(watcher, "offline ann", "online ann", "join ann #cats account");
});

Deno.test("a bare program that watches is told nothing: it would take a notice for an answer", {
  ignore: cannot,
}, async () => {
  await using chat = await start();
  const bare = await chat.bare(), watcher = await chat.connect();
  await watcher.enter("watcher", { watch: true });
  await bare.enter("bare", { watch: true });
  await told(watcher, "online bare");
  await create(bare, "#cats");
  const ann = await chat.join("ann");
  await ann.sayOk(join("#cats"));
  await told(watcher, "online ann");
  await bare.silence();
});
