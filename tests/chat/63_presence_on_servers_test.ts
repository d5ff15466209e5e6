// Who is in a chat of several servers: the same on each, told once, and gone with the server that is gone.

import assert from "node:assert/strict";
import { authenticate, PASSWORD, register } from "./accounts.ts";
import type { Heard, Peer } from "./peer.ts";
import { cannot } from "./start.ts";
import { type OneServer, type Servers, startServers } from "./two_servers.ts";
import { until } from "./within.ts";

const msg = (message: string, to = "#all") => ({ action: "msg", time: 1, to, message });
const join = (room: string) => ({ action: "join", time: 1, room });
const leave = (room: string) => ({ action: "leave", time: 1, room });
const presence = (account_name: string) => ({ action: "presence", time: 1, user: { account_name, status: "" } });
const whoOnline = (room?: string) => ({ action: "who_online", time: 1, ...(room === undefined ? {} : { room }) });
const order = (action: string, user_id: string, more: object = {}) => ({ action, time: 1, user_id, ...more });

/** A list of who is there, each as `name role` with the number of guests. */
async function listed(peer: Peer, room?: string): Promise<string[]> {
  const rows = await peer.ask(whoOnline(room));
  return rows.map(({ user_id, role, guests }) => [user_id, role, ...(guests === undefined ? [] : [guests])].join(" "));
}

/** All servers list the same. */
async function expectOnline(askers: readonly Peer[], ...expected: string[]): Promise<void> {
  for (const asker of askers) {
    let online: string[] = [];
    for (let i = 0; i < 200 && online.join() !== expected.join(); i++) online = await listed(asker);
    assert.deepEqual(online, expected);
  }
}

async function watch(server: OneServer, name: string): Promise<Peer> {
  const peer = await server.connect();
  await peer.enter(name, { watch: true });
  return peer;
}

const nameOf = ({ action, state, user, room, role }: Heard) =>
  action === "presence" ? `${state} ${user.account_name}` : `${action} ${user.account_name} ${room} ${role}`;

/** Hears these notices, in this order. Whatever is told twice is heard before the next ones. */
async function told(peer: Peer, ...notices: string[]): Promise<void> {
  for (const notice of notices) assert.equal(nameOf(await peer.hear()), notice);
}

/** Nothing more is told of what has happened on another server. */
async function toldNothing(watcher: Peer, speaker: Peer): Promise<void> {
  await speaker.sayOk(msg("that is all"));
  await watcher.expect({ action: "msg", message: "that is all" });
}

Deno.test("who_online lists the sessions of all servers, and guests of one name once", { ignore: cannot }, async () => {
  await using chat = await startServers(2, { accounts: ["ann"], operators: ["op"] });
  const [one, two] = chat.all as [OneServer, OneServer];
  const askers = [await one.login("ann"), await two.login("op")];
  await expectOnline(askers, "ann account", "op operator");
  await one.join("Guest");
  const guest = await two.join("Guest");
  await expectOnline(askers, "Guest guest 2", "ann account", "op operator");
  await guest.end();
  await expectOnline(askers, "Guest guest", "ann account", "op operator");
});

Deno.test(
  "watchers are told once of who enters, renames itself and leaves on another server",
  { ignore: cannot },
  async () => {
    await using chat = await startServers(2);
    const [one, two] = chat.all as [OneServer, OneServer];
    const watcher = await watch(one, "watcher"), speaker = await two.join("speaker");
    await told(watcher, "online speaker");
    const bob = await two.connect();
    await bob.sayOk({ action: "presence", time: 1, user: { account_name: "bob", status: "busy" } });
    const { user, state, role } = await watcher.hear();
    assert.deepEqual([user, state, role], [{ account_name: "bob", status: "busy" }, "online", "guest"]);
    await bob.sayOk(presence("rob"));
    await told(watcher, "offline bob", "online rob");
    const namesake = await one.join("rob"); // nothing new to see
    await bob.end();
    await toldNothing(watcher, speaker);
    await namesake.end();
    await told(watcher, "offline rob");
    await toldNothing(watcher, speaker);
  },
);

Deno.test("watchers in a room are told of who joins and leaves it on another server", { ignore: cannot }, async () => {
  await using chat = await startServers(2, { accounts: ["ann"] });
  const [one, two] = chat.all as [OneServer, OneServer];
  const watcher = await watch(one, "watcher");
  await watcher.say(join("#Cats"));
  await watcher.expect({ response: 201 });
  const speaker = await two.join("speaker"), bob = await two.join("bob"), ann = await two.login("ann");
  await told(watcher, "online speaker", "online bob", "online ann");
  await bob.sayOk(join("#CATS"));
  await told(watcher, "join bob #Cats guest");
  await ann.sayOk(join("#cats"));
  await told(watcher, "join ann #Cats account");
  assert.deepEqual(await listed(watcher, "#cats"), ["ann account", "bob guest", "watcher guest"]);
  assert.deepEqual(await listed(bob, "#cats"), ["ann account", "bob guest", "watcher guest"]);
  await bob.sayOk(leave("#cats"));
  await told(watcher, "leave bob #Cats guest");
  await ann.sayOk(leave("#cats"));
  await told(watcher, "leave ann #Cats account");
  await bob.sayOk(join("#cats"));
  await told(watcher, "join bob #Cats guest");
  await bob.end();
  await told(watcher, "offline bob");
  await toldNothing(watcher, speaker);
  assert.deepEqual(await listed(watcher, "#cats"), ["watcher guest"]);
});

Deno.test("guests of one name on two servers are told apart by their numbers", { ignore: cannot }, async () => {
  await using chat = await startServers(2);
  const [one, two] = chat.all as [OneServer, OneServer];
  const reader = await one.join("reader"), zoe = await one.join("Zoe"), other = await two.join("zoe");
  await other.sayOk(msg("here"));
  await zoe.expect({ message: "here" });
  const { from, guest } = await reader.expect({ message: "here" });
  assert.deepEqual([from, guest], ["zoe", 2]);
  await zoe.sayOk(msg("there"));
  for (const each of [reader, other]) await each.expect({ message: "there", from: "Zoe", guest: 1 });
  await zoe.end();
  await expectOnline([other], "Zoe guest", "reader guest");
  await other.sayOk(msg("alone"));
  assert.equal((await reader.expect({ message: "alone" })).guest, undefined);
});

Deno.test("an account has no more devices than it may, whatever their servers", { ignore: cannot }, async () => {
  await using chat = await startServers(2, { accounts: ["ann"], rules: { devices: 2 } });
  const [one, two] = chat.all as [OneServer, OneServer];
  const first = await one.login("ann");
  await two.login("ann");
  for (const server of [one, two]) {
    const third = await server.connect();
    await third.say(authenticate("ann"));
    await third.expect({ response: 409 });
  }
  await first.end();
  await expectOnline([await two.join("asker")], "ann account", "asker guest");
  await one.login("ann");
});

Deno.test(
  "of two devices that log in at one moment on two servers, only one gets the last place",
  { ignore: cannot },
  async () => {
    await using chat = await startServers(2, { accounts: ["ann"], rules: { devices: 1 } });
    const held: (() => void)[] = chat.log.hub.held = [];
    const devices = await Promise.all(chat.all.map((server) => server.connect()));
    for (const device of devices) await device.say(authenticate("ann"));
    await until("both entrances", () => held.length === 2);
    chat.log.hub.held = undefined;
    for (const arrive of held) arrive();
    const answers = await Promise.all(devices.map((device) => device.hear()));
    assert.deepEqual(answers.map(({ response }) => response).sort(), [200, 409]);
  },
);

Deno.test(
  "a name is explained alike wherever its owner is: gone, unknown, a contact, suggested",
  { ignore: cannot },
  async () => {
    await using chat = await startServers(2);
    const [one, two] = chat.all as [OneServer, OneServer];
    const ann = await one.join("ann"), bob = await two.join("Bob");
    await ann.sayOk({ action: "add_contact", time: 1, user_id: "bob" });
    assert.deepEqual((await ann.ask({ action: "get_contacts", time: 1 })).map(({ user_id }) => user_id), ["Bob"]);
    await ann.say(msg("hi", "#bob"));
    assert.match((await ann.expect({ response: 404 })).error, /did you mean "Bob"/);
    await ann.sayOk(msg("hi", "bob"));
    await bob.expect({ from: "ann", message: "hi" });
    await bob.end();
    await expectOnline([ann], "ann guest");
    await ann.say(msg("hi", "bob"));
    await ann.expect({ response: 410, error: 'to: "bob" was a guest and has left' });
    await ann.say(msg("hi", "nobody"));
    await ann.expect({ response: 404 });
  },
);

Deno.test("a name that a guest of another server has is not registered", { ignore: cannot }, async () => {
  await using chat = await startServers(2);
  const [one, two] = chat.all as [OneServer, OneServer];
  await one.join("zoe");
  for (const name of ["zoe", "z\u043ee"]) { // the second one looks like it
    const stranger = await two.connect();
    await stranger.say(register(name));
    await stranger.expect({ response: 409 });
  }
  const eve = await two.join("eve");
  await eve.say(register("eve"));
  await eve.expect({ response: 201, role: "account" });
  await expectOnline([eve], "eve account", "zoe guest");
});

Deno.test("a guest that registers keeps its name, and those of other servers that have it by then are renamed", {
  ignore: cannot,
}, async () => {
  await using chat = await startServers(2);
  const [one, two] = chat.all as [OneServer, OneServer], asker = await two.join("asker");
  const ann = await one.join("ann"), held: (() => void)[] = chat.log.hub.held = [];
  await ann.say(register("ann"));
  await until("the account", () => held.length === 1);
  const namesake = await two.connect();
  await namesake.say(presence("ann"));
  await until("the namesake", () => held.length === 2);
  chat.log.hub.held = undefined;
  held[1]!(); // enters before the account is made
  await namesake.expect({ response: 200, alert: "welcome, ann" });
  held[0]!();
  await ann.expect({ response: 201, role: "account" });
  await namesake.expect({ response: 101, account_name: "ann (guest)" });
  await expectOnline([asker, ann], "ann account", "ann (guest) guest", "asker guest");
  await namesake.sayOk(msg("who am I?"));
  await ann.expect({ from: "ann (guest)", message: "who am I?" });
});

Deno.test("another password, a removal and another name of an account end its sessions on every server", {
  ignore: cannot,
}, async () => {
  await using chat = await startServers(2, { accounts: ["ann"] });
  const [one, two] = chat.all as [OneServer, OneServer],
    asker = await one.join("asker"),
    account = chat.log.state().account("ann")!;
  const both = async () => [await one.login("ann"), await two.login("ann")];
  const { password } = account;
  const changes = [
    { kind: "password", account: account.id, password },
    { kind: "name", account: account.id, name: "anna" },
    { kind: "removal", of: account.id },
  ] as const;
  for (const [i, change] of changes.entries()) {
    const sessions = i < 2 ? await both() : [await one.login("anna"), await two.login("anna")];
    chat.log.say(change);
    for (const each of sessions) {
      await each.expect({ response: 401 });
      await each.expectEnd();
    }
    await expectOnline([asker], "asker guest");
  }
});

Deno.test("a kick, a ban and a mute reach sessions on every server", { ignore: cannot }, async () => {
  await using chat = await startServers(2, { operators: ["op"], accounts: ["ann"] });
  const [one, two] = chat.all as [OneServer, OneServer], op = await one.login("op");
  const bob = await two.join("bob"), near = await one.join("bob");
  await op.sayOk(order("kick", "BOB", { reason: "enough" }));
  for (const each of [bob, near]) {
    const { error } = await each.expect({ response: 403, kicked: true });
    assert.match(error, /enough/);
    await each.expectEnd();
  }
  await expectOnline([op], "op operator");
  await op.say(order("kick", "bob"));
  await op.expect({ response: 404 });
  const ann = await two.login("ann");
  await op.sayOk(order("mute", "ann", { reason: "quiet" }));
  await ann.expect({ response: 100 });
  await ann.say(msg("hello"));
  await ann.expect({ response: 403 });
  await op.sayOk(order("unmute", "ann"));
  for (let response = 403; response === 403;) {
    await ann.say(msg("hello"));
    ({ response } = await ann.hear());
  }
  await op.expect({ from: "ann" });
  await op.sayOk(order("ban", "ann"));
  await ann.expect({ response: 403, kicked: true });
  await ann.expectEnd();
  const again = await two.connect();
  await again.say(authenticate("ann"));
  await again.expect({ response: 403 });
});

Deno.test("an appointment and a topic are told on every server", { ignore: cannot }, async () => {
  await using chat = await startServers(2, { operators: ["op"], accounts: ["ann"] });
  const [one, two] = chat.all as [OneServer, OneServer], op = await one.login("op"), ann = await two.login("ann");
  await op.sayOk(order("promote", "ann"));
  await ann.expect({ response: 100, role: "operator" });
  const reader = await two.connect();
  await reader.sayOk({ ...presence("reader"), features: ["topic"] });
  await reader.say(join("#cats"));
  await reader.expect({ response: 201 });
  await op.sayOk(join("#CATS"));
  await op.sayOk({ action: "topic", time: 1, room: "#cats", topic: "whiskers" });
  await reader.expect({ action: "topic", room: "#cats", topic: "whiskers", by: "op" });
  await ann.sayOk(order("ban", "nobody"));
});

Deno.test(
  "what an account missed is sent once: nothing when it is on another server already",
  { ignore: cannot },
  async () => {
    await using chat = await startServers(2, { accounts: ["ann", "bob"] });
    const [one, two] = chat.all as [OneServer, OneServer], ann = await one.login("ann");
    await (await two.login("bob")).end();
    await expectOnline([ann], "ann account");
    await ann.say(msg("for you", "bob"));
    await ann.expect({ response: 202 });
    const here = await one.login("bob");
    await here.expect({ message: "for you", replayed: true });
    const there = await two.login("bob");
    await ann.sayOk(msg("and this", "bob"));
    for (const each of [here, there]) await each.expect({ message: "and this" });
    await there.silence();
    for (const each of [here, there]) await each.end();
    await expectOnline([ann], "ann account");
    await chat.pass(2);
    const again = await two.login("bob");
    await again.silence();
  },
);

// Servers that are gone.

Deno.test("the sessions of a server that was killed are gone after seven seconds of silence, and told of once", {
  ignore: cannot,
}, async () => {
  await using chat = await startServers(3);
  const [one, two, three] = chat.all as [OneServer, OneServer, OneServer];
  const watcher = await watch(one, "watcher"), speaker = await two.join("speaker");
  await told(watcher, "online speaker");
  await three.join("zoe");
  await told(watcher, "online zoe");
  await two.join("zoe");
  await three.join("eve");
  await told(watcher, "online eve");
  await chat.pass(3);
  three.link.down();
  await chat.pass(10);
  await told(watcher, "offline eve"); // zoe is on the second server too
  await expectOnline([watcher, speaker], "speaker guest", "watcher guest", "zoe guest");
  await chat.pass(10);
  await toldNothing(watcher, speaker);
});

Deno.test("a server that lives and was taken for gone comes up again, with its sessions, numbers and rooms", {
  ignore: cannot,
}, async () => {
  await using chat = await startServers(2, { accounts: ["ann"] });
  const [one, two] = chat.all as [OneServer, OneServer];
  const watcher = await watch(one, "watcher"), ann = await two.login("ann");
  const guests = [await two.join("Guest"), await two.join("guest"), await two.join("Guest")];
  await told(watcher, "online ann", "online Guest");
  await guests[1]!.say(join("#Cats"));
  await guests[1]!.expect({ response: 201 });
  await guests[0]!.end();
  two.link.down();
  await chat.pass(9);
  await told(watcher, "offline ann", "offline Guest");
  await expectOnline([watcher], "watcher guest");
  await chat.pass(9); // the other one is not heard: that it is silent means nothing
  two.link.up();
  await chat.pass(3);
  await told(watcher, "online ann", "online guest");
  await expectOnline([watcher, ann], "ann account", "guest guest 2", "watcher guest");
  await watcher.sayOk(join("#cats"));
  assert.deepEqual(await listed(watcher, "#cats"), ["guest guest 2", "watcher guest"]);
  await guests[1]!.sayOk(msg("still here", "#cats"));
  await watcher.expect({ from: "guest", message: "still here", guest: 2 });
  await watcher.sayOk(msg("hello", "ann"));
  await ann.expect({ message: "hello" });
});

Deno.test("a server that was taken for gone lets nobody in until it is up again", { ignore: cannot }, async () => {
  await using chat = await startServers(2);
  const [one, two] = chat.all as [OneServer, OneServer], watcher = await watch(one, "watcher");
  await two.join("ann");
  await told(watcher, "online ann");
  two.link.down();
  await chat.pass(9);
  await told(watcher, "offline ann");
  two.link.up();
  const eve = await two.connect();
  await eve.say(presence("eve"));
  await eve.expect({ response: 503 });
  await chat.pass(3);
  await told(watcher, "online ann");
  await eve.enter("eve");
  await told(watcher, "online eve");
});

Deno.test(
  "a session of a server that was taken for gone ends with its account's password, and guests get free numbers",
  { ignore: cannot },
  async () => {
    await using chat = await startServers(2, { accounts: ["ann"] });
    const [one, two] = chat.all as [OneServer, OneServer], watcher = await watch(one, "watcher");
    const ann = await two.login("ann"), guests = [await two.join("zoe"), await two.join("zoe")];
    await told(watcher, "online ann", "online zoe");
    two.link.down();
    await chat.pass(9);
    await told(watcher, "offline ann", "offline zoe");
    const other = await one.join("zoe"); // it takes the number of the first one
    await told(watcher, "online zoe");
    const { id, password } = chat.log.state().account("ann")!;
    chat.log.say({ kind: "password", account: id, password });
    two.link.up();
    await ann.expect({ response: 401 });
    await ann.expectEnd();
    await chat.pass(4);
    await expectOnline([watcher, other, guests[0]!], "watcher guest", "zoe guest 3");
    await guests[0]!.sayOk(msg("one"));
    await guests[1]!.expect({ message: "one" });
    await guests[1]!.sayOk(msg("two"));
    const numbers = [await watcher.hear(), await watcher.hear()].map(({ guest }) => guest);
    assert.deepEqual(numbers.sort(), [2, 3]);
  },
);

Deno.test(
  "a guest is closed if its name became an account's while its server was taken for gone",
  { ignore: cannot },
  async () => {
    await using chat = await startServers(2);
    const [one, two] = chat.all as [OneServer, OneServer], watcher = await watch(one, "watcher");
    const guest = await two.join("zoe"), owner = await one.connect();
    await told(watcher, "online zoe");
    two.link.down();
    await chat.pass(9);
    await told(watcher, "offline zoe");
    await owner.say(register("zoe"));
    await owner.expect({ response: 201 });
    await told(watcher, "online zoe");
    two.link.up();
    await chat.pass(4);
    await guest.expect({ response: 401 });
    await guest.expectEnd();
    await expectOnline([watcher, owner], "watcher guest", "zoe account");
  },
);

Deno.test("a server that starts again under its name ends soon what it left", { ignore: cannot }, async () => {
  await using chat = await startServers(1);
  const [one] = chat.all as [OneServer], watcher = await watch(one, "watcher"), killed = await chat.add("b");
  await killed.join("zoe");
  await told(watcher, "online zoe");
  killed.link.down();
  const again = await chat.add("b");
  await chat.pass(4);
  await told(watcher, "offline zoe");
  const eve = await again.join("eve");
  await told(watcher, "online eve");
  await expectOnline([watcher, eve], "eve guest", "watcher guest");
});

Deno.test("a server of another data folder is not taken for an earlier life of one with its name", {
  ignore: cannot,
}, async () => {
  await using chat = await startServers(1);
  const [one] = chat.all as [OneServer], watcher = await watch(one, "watcher"), slow = await chat.add("host:7777", 1);
  await slow.join("zoe");
  await told(watcher, "online zoe");
  slow.link.down();
  await chat.add("host:7777", 2);
  await chat.pass(6);
  await expectOnline([watcher], "watcher guest", "zoe guest");
  await chat.pass(2);
  await told(watcher, "offline zoe");
});

Deno.test("a server that stops takes its sessions with it at once", { ignore: cannot }, async () => {
  await using chat = await startServers(2, { accounts: ["ann"] });
  const [one, two] = chat.all as [OneServer, OneServer], watcher = await watch(one, "watcher");
  const zoe = await two.join("zoe"), ann = await two.login("ann");
  await told(watcher, "online zoe", "online ann");
  two.stop();
  for (const each of [zoe, ann]) {
    await each.expect({ response: 100 });
    await each.expectEnd();
    each.close();
  }
  await told(watcher, "offline zoe", "offline ann");
  await two.over;
  await toldNothing(
    watcher,
    await one.join("speaker").then(async (speaker) => {
      await told(watcher, "online speaker");
      return speaker;
    }),
  );
  const leaves = chat.log.records().filter(({ kind }) => kind === "leave");
  assert.deepEqual(leaves, [], "one record removes them all");
});

/** Two strangers at once register each name, one on each server. Returns the names that were given, perhaps twice. */
async function registerPairs(chat: Servers, count: number): Promise<string[]> {
  const given: string[] = [];
  await Promise.all(chat.all.map(async (server) => {
    for (let i = 0; i < count; i++) {
      const peer = await server.connect();
      await peer.say(register(`name ${i}`, PASSWORD));
      const { response } = await peer.hear();
      assert.ok(response === 201 || response === 409, `${response}`);
      if (response === 201) given.push(`name ${i}`);
      await peer.end();
    }
  }));
  return given;
}

Deno.test("of two that register one name at one moment on two servers, one gets it", { ignore: cannot }, async () => {
  const COUNT = 60,
    hasher = { hash: (password: string) => Promise.resolve(password), check: () => Promise.resolve(true) };
  await using chat = await startServers(2, { hasher });
  const given = await registerPairs(chat, COUNT);
  assert.deepEqual(given.sort(), Array.from({ length: COUNT }, (_, i) => `name ${i}`).sort());
});
