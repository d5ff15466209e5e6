// Moments of several servers: an order of events that a test with sockets cannot bring about.

import assert from "node:assert/strict";
import { makeFolder } from "../../log/folder.ts";
import { may } from "../../may.ts";
import { World } from "./world.ts";
import { type Received, WorldClient } from "./world_client.ts";

const ignore = !may("read", "write");
const presence = (account_name: string) => ({ action: "presence", user: { account_name, status: "" } });
const join = (room: string) => ({ action: "join", room });
const msg = (message: string, to = "#all") => ({ action: "msg", to, message });

/** Servers that are up, of a chat with these accounts. */
async function startWorld(path: string, count: number, ...accounts: string[]): Promise<World> {
  const world = new World(path, count);
  world.begin(
    ...accounts.map((name) => ({ kind: "account", name, password: "pw", seen: 0, operator: false }) as const),
  );
  for (const each of world.servers) await each.start();
  return world;
}

/** A guest that has entered. */
function guest(world: World, server: number, name: string): Promise<WorldClient> {
  return enter(world, server, presence(name));
}

/** A client that has logged in. */
function login(world: World, server: number, account_name: string): Promise<WorldClient> {
  return enter(world, server, { action: "authenticate", user: { account_name, password: "pw" } });
}

async function enter(world: World, server: number, request: Received): Promise<WorldClient> {
  const client = new WorldClient(world.servers[server]!.life!);
  client.say(request);
  await world.pass(100);
  assert.equal(client.isThere, true);
  return client;
}

/** What messages a client has received. */
function texts(client: WorldClient): string[] {
  client.take();
  return client.received.filter(({ action }) => action === "msg").map(({ message }) => message);
}

/** The server's link to the broker is down for so long that others take it for gone; then it is up again. */
async function whileTakenForGone(world: World, server: number, act: () => void): Promise<void> {
  const { link } = world.servers[server]!.life!;
  link.down();
  await world.pass(9_000, 250);
  act();
  await world.pass(100);
  link.up();
  await world.pass(3_000, 250);
}

Deno.test({
  name: "a message between guests does not wait for a batch of its reader's server that is behind it",
  ignore,
  fn: async () => {
    using folder = makeFolder();
    await using world = await startWorld(folder.path, 2);
    const eve = await guest(world, 0, "eve"), zoe = await guest(world, 0, "zoe"), gil = await guest(world, 1, "gil");
    const held: (() => void)[] = world.hub.held = [];
    eve.say(msg("to all"));
    await world.pass(100);
    gil.say(msg("psst", "zoe"));
    await world.pass(100);
    assert.equal(held.length, 2);
    held[1]!(); // the entry of gil's server is in the log first
    await world.pass(100);
    assert.deepEqual(texts(zoe), ["psst"]);
    world.hub.held = undefined;
    held[0]!();
    await world.pass(100);
    assert.deepEqual(texts(zoe), ["psst", "to all"]);
  },
});

Deno.test({
  name: "who joins a room is sent what is said there behind that, also if it was said before the server knew",
  ignore,
  fn: async () => {
    using folder = makeFolder();
    await using world = await startWorld(folder.path, 1);
    const eve = await guest(world, 0, "eve"), zoe = await guest(world, 0, "zoe");
    eve.say(join("#cats"));
    await world.pass(100);
    const held: (() => void)[] = world.hub.held = [];
    zoe.say(join("#cats"));
    await world.pass(100);
    eve.say(msg("meow", "#cats"));
    await world.pass(100);
    world.hub.held = undefined;
    held[0]!();
    await world.pass(100);
    assert.deepEqual(texts(zoe), ["meow"]);
  },
});

Deno.test({
  name:
    "a client that has left a room is not sent what is said there behind that, also if it was said before the server knew",
  ignore,
  fn: async () => {
    using folder = makeFolder();
    await using world = await startWorld(folder.path, 1);
    const eve = await guest(world, 0, "eve"), zoe = await guest(world, 0, "zoe");
    for (const each of [eve, zoe]) each.say(join("#cats"));
    await world.pass(100);
    const held: (() => void)[] = world.hub.held = [];
    zoe.say({ action: "leave", room: "#cats" });
    await world.pass(100);
    eve.say(msg("meow", "#cats"));
    await world.pass(100);
    world.hub.held = undefined;
    held[0]!();
    await world.pass(100);
    assert.deepEqual(texts(zoe), []);
  },
});

Deno.test({
  name: "an account is sent what was said behind the stop of its server, also if another server takes that late",
  ignore,
  fn: async () => {
    using folder = makeFolder();
    await using world = await startWorld(folder.path, 3, "ann", "bob");
    const ann = await login(world, 0, "ann"), bob = await login(world, 1, "bob"), zoe = await guest(world, 1, "zoe");
    for (const each of [ann, bob]) each.say(join("#cats"));
    await world.pass(2_000);
    zoe.socket.take = 0; // its server gives it five seconds to read
    world.servers[2]!.life!.isFrozen = true;
    world.servers[1]!.life!.beginStop();
    await world.pass(500);
    ann.say(msg("meow", "#cats"));
    await world.pass(2_000);
    world.servers[2]!.life!.isFrozen = false;
    await world.servers[1]!.stop();
    assert.deepEqual(texts(bob), []);
    await world.pass(2_000);
    assert.deepEqual(texts(await login(world, 0, "bob")), ["meow"]);
  },
});

Deno.test({
  name: "an account is sent what was said when its client quit at a server that others had taken for gone",
  ignore,
  fn: async () => {
    using folder = makeFolder();
    await using world = await startWorld(folder.path, 2, "ann", "bob");
    const ann = await login(world, 0, "ann"), bob = await login(world, 1, "bob");
    for (const each of [ann, bob]) each.say(join("#cats"));
    await world.pass(2_000);
    world.servers[1]!.life!.isFrozen = true;
    await world.pass(9_000, 250);
    const held: (() => void)[] = world.hub.held = [];
    ann.say(msg("meow", "#cats"));
    await world.pass(100);
    for (const request of [msg("woof", "#cats"), { action: "quit" }]) bob.say(request);
    world.servers[1]!.life!.isFrozen = false;
    await world.pass(100);
    world.hub.held = undefined;
    for (const arrive of held) arrive();
    await world.pass(5_000);
    assert.deepEqual([bob.isClosed, texts(bob)], [true, []]);
    assert.deepEqual(texts(await login(world, 0, "bob")), ["meow", "woof"]);
  },
});

Deno.test({
  name: "a guest in a room is sent what is said there while others take its server for gone",
  ignore,
  fn: async () => {
    using folder = makeFolder();
    await using world = await startWorld(folder.path, 2);
    const eve = await guest(world, 0, "eve"), zoe = await guest(world, 1, "zoe"), gil = await guest(world, 1, "gil");
    for (const each of [eve, zoe]) each.say(join("#cats"));
    await world.pass(2_000);
    await whileTakenForGone(world, 1, () => {
      for (const to of ["#cats", "#all"]) eve.say(msg(`to ${to}`, to));
    });
    assert.deepEqual(texts(gil), ["to #all"]);
    assert.deepEqual(texts(zoe), ["to #cats", "to #all"]);
  },
});

Deno.test({
  name: "a guest that is banned in a room while others take its server for gone is not in it any more",
  ignore,
  fn: async () => {
    using folder = makeFolder();
    await using world = await startWorld(folder.path, 2, "ann");
    const ann = await login(world, 0, "ann"), zoe = await guest(world, 1, "zoe");
    for (const each of [ann, zoe]) {
      each.say(join("#cats"));
      await world.pass(500);
    }
    await whileTakenForGone(world, 1, () => {
      ann.say({ action: "ban", room: "#cats", user_id: "zoe" });
      ann.say(msg("at last", "#cats"));
    });
    const refused = zoe.say(msg("hi", "#cats"));
    ann.say(msg("alone", "#cats"));
    await world.pass(500);
    assert.deepEqual(texts(zoe), []);
    assert.equal(refused.answer?.response, 403);
    assert.deepEqual(texts(ann), []);
  },
});
