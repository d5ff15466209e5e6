// Logins that wait: for a hash, behind others. What happens meanwhile counts when they are served.

import assert from "node:assert/strict";
import type { Connection } from "../../server/net/connection.ts";
import { memoryStore, type Store } from "./store.ts";
import { authenticate, PASSWORD, register } from "./accounts.ts";
import { breakOff } from "./break_off.ts";
import { handHasher } from "./hasher.ts";
import { cannot, type Chat, type Peer, start } from "./start.ts";
import { type OneServer, startServers } from "./two_servers.ts";
import { until, within } from "./within.ts";

const msg = (message: string, more: object = {}) => ({ action: "msg", time: 1, message, ...more });
const line = (object: object) => `${JSON.stringify(object)}\n`;

/** Accounts for a {@linkcode handHasher}, to which a hash is the password itself. */
function storeOf(...names: string[]): Store {
  const store = memoryStore();
  for (const name of names) store.putAccount({ name, password: PASSWORD, operator: name === "op", seen: 0 });
  return store;
}

/** Waits until the server has seen that so many peers have ended their streams. */
function ended(chat: Chat, count: number): Promise<void> {
  return until("the end of a stream", () => [...chat.meter.connections].filter(({ ended }) => ended).length === count);
}

function connected(chat: Chat, count: number): Promise<void> {
  return until(`${count} connections`, () => [...chat.meter.connections].length === count);
}

async function online(peer: Peer): Promise<string[]> {
  return (await peer.ask({ action: "who_online", time: 1 })).map(({ user_id }) => user_id);
}

/** Waits until the server has applied a change of another program: first the log has it, then the server has what is behind it. */
async function applied(chat: Chat, isLogged: () => boolean): Promise<void> {
  await until("a change in the log", isLogged);
  chat.maintenance();
  await (await chat.join("zoe")).silence();
}

async function watcher(chat: Chat): Promise<Peer> {
  const peer = await chat.connect();
  await peer.enter("watcher", { watch: true });
  return peer;
}

Deno.test("a registration makes no account if its socket closes or its stream ends while it waits", {
  ignore: cannot,
}, async () => {
  const hasher = handHasher(), store = memoryStore();
  await using chat = await start({ store, hasher });
  const stays = await chat.connect(), ends = await chat.connect(), closes = await chat.connect();
  await ends.say(register("ends"));
  const rest = ends.end();
  await ended(chat, 1);
  await closes.say(register("closes"));
  closes.close();
  await ended(chat, 2);
  await stays.say(register("stays"));
  hasher.goOn();
  await stays.expect({ response: 201 });
  const [{ response, error }] = await rest as [{ response: number; error: string }];
  assert.deepEqual([response, /so no account was made$/.test(error)], [400, true]);
  await connected(chat, 1);
  assert.deepEqual(store.snapshot().accounts.map(({ name }) => name), ["stays"]);
});

Deno.test("what was sent behind a login is answered, although the stream ends while it waits for the rate", {
  ignore: cannot,
}, async () => {
  const hasher = handHasher(), probe = { action: "probe", time: 1 }, probes = Array(40).fill(probe);
  await using chat = await start({ store: storeOf("ann"), hasher, rateLimit: { rate: 10, burst: 20 }, frozen: true });
  const ann = await chat.connect();
  await ann.say(authenticate("ann"), ...probes);
  const all = probes.length * line(probe).length;
  await until("all of it is read", () => [...chat.meter.connections].some(({ framer }) => framer.unreadBytes >= all));
  await hasher.finish();
  await until("it waits", () => [...chat.meter.connections].some(({ paused }) => paused));
  let isOver = false;
  const rest = ann.end().finally(() => isOver = true);
  await until("its end is seen", () => [...chat.meter.connections].every(({ ended }) => ended));
  for (; !isOver; await new Promise((resolve) => setTimeout(resolve, 1))) chat.pass(100);
  assert.deepEqual((await rest).map(({ response }) => response), Array(1 + probes.length).fill(200));
});

Deno.test("a login never enters the chat if its connection is reset while it waits", { ignore: cannot }, async () => {
  const hasher = handHasher();
  await using chat = await start({ store: storeOf("ann"), hasher, rules: { devices: 1 } });
  const bob = await watcher(chat);
  const presence = { action: "presence", time: 1, user: { account_name: "zoe", status: "" } };
  await breakOff(chat.port, line(presence), line(authenticate("ann")));
  await bob.expect({ user: { account_name: "zoe", status: "online" } });
  await connected(chat, 1);
  await bob.expect({ user: { account_name: "zoe", status: "offline" } });
  hasher.goOn();
  const ann = await chat.login("ann");
  await bob.expect({ user: { account_name: "ann", status: "online" } });
  await ann.end();
  await bob.expect({ user: { account_name: "ann", status: "offline" } });
  await bob.silence();
});

Deno.test("a login never enters the chat if its connection is closed while it waits", { ignore: cannot }, async () => {
  const hasher = handHasher();
  await using chat = await start({ store: storeOf("ann"), hasher, rules: { devices: 1 } });
  const bob = await watcher(chat);
  for (const gone of [await chat.connect(), await chat.connect()]) { // one is under way, one waits
    await gone.say(authenticate("ann"));
    await until("the hash", () => hasher.underWay === 1);
    gone.close();
  }
  await ended(chat, 2);
  hasher.goOn();
  await connected(chat, 1);
  await bob.silence();
  assert.deepEqual(await online(bob), ["watcher"]);
});

Deno.test(
  "a login never enters the chat if its connection is sent away while it waits",
  { ignore: cannot },
  async () => {
    const hasher = handHasher();
    await using chat = await start({ store: storeOf("ann", "op"), hasher });
    const bob = await watcher(chat), op = await chat.connect();
    await op.say(authenticate("op"));
    await hasher.finish();
    await op.expect({ response: 200 });
    await bob.expect({ user: { account_name: "op", status: "online" } });
    const zoe = await chat.join("zoe");
    await bob.expect({ user: { account_name: "zoe", status: "online" } });
    await zoe.say(authenticate("ann"), msg("I am in"));
    await until("the hash", () => hasher.underWay === 1);
    await op.sayOk({ action: "kick", time: 1, user_id: "zoe" });
    await zoe.expect({ response: 403, error: "An operator has put you out" });
    hasher.goOn();
    await zoe.expectEnd();
    await bob.expect({ user: { account_name: "zoe", status: "offline" } });
    await bob.silence();
    assert.deepEqual(await online(bob), ["op", "watcher"]);
  },
);

Deno.test("a peer that ends its stream behind a login gets its answers", { ignore: cannot }, async () => {
  const hasher = handHasher();
  await using chat = await start({ store: storeOf("ann"), hasher });
  const bob = await chat.join("bob"), first = await chat.connect(), second = await chat.connect();
  await first.say(authenticate("ann", "wrong"));
  await until("the hash", () => hasher.underWay === 1);
  await second.say(authenticate("ann"), msg("hello"), { action: "who_online", time: 1 });
  const answers = second.end();
  await ended(chat, 1);
  hasher.goOn();
  const [welcome, said, quantity, ...names] = await answers;
  assert.deepEqual([welcome.response, said.response, quantity.quantity], [200, 200, 2]);
  assert.deepEqual(names.map(({ user_id }) => user_id), ["ann", "bob"]);
  await bob.expect({ from: "ann", message: "hello" });
  await first.expect({ response: 402 });
  assert.deepEqual(await online(bob), ["bob"]);
});

Deno.test("a WebSocket that ends while its login waits is gone at once", { ignore: cannot }, async () => {
  const hasher = handHasher();
  await using chat = await start({ store: storeOf("ann"), hasher });
  const port = await chat.web(), page = new WebSocket(`ws://127.0.0.1:${port}/jim`);
  await within("the open page", new Promise((resolve) => page.onopen = resolve));
  page.send(JSON.stringify(authenticate("ann")));
  await until("the hash", () => hasher.underWay === 1);
  const closed = new Promise((resolve) => page.onclose = resolve);
  page.close();
  await within("the page's end", closed);
  await connected(chat, 0);
  hasher.goOn();
});

Deno.test("a ban that comes while a login or a registration waits holds for it", { ignore: cannot }, async () => {
  const hasher = handHasher();
  await using chat = await start({ store: storeOf("op", "eve"), hasher });
  const op = await chat.connect(), login = await chat.join("zoe"), registration = await chat.connect();
  await op.say(authenticate("op"));
  await hasher.finish();
  await op.expect({ response: 200 });
  await login.say(authenticate("eve"));
  await registration.say(register("mallory"));
  await until("the hash", () => hasher.underWay === 1);
  for (const name of ["eve", "mallory"]) await op.sayOk({ action: "ban", time: 1, user_id: name });
  hasher.goOn();
  for (const peer of [login, registration]) {
    await peer.expect({ response: 403, error: "You may not come in here" });
  }
  assert.deepEqual(await online(op), ["op", "zoe"]);
  for (const name of ["eve", "mallory"]) await op.sayOk({ action: "unban", time: 1, user_id: name });
  await registration.say(register("mallory")); // nothing of it was kept
  await registration.expect({ response: 201 });
});

Deno.test("a password that is changed while a login waits is the one that counts", { ignore: cannot }, async () => {
  const hasher = handHasher(), store = storeOf("ann", "bob");
  await using chat = await start({ store, hasher });
  const ann = await chat.connect(), bob = await chat.connect();
  await ann.say(authenticate("ann"));
  await until("the hash", () => hasher.underWay === 1);
  await bob.say(authenticate("bob"));
  for (const { id, name } of store.snapshot().accounts) {
    store.changeAccount(id, { password: name === "ann" ? "another one" : "battery staple", operator: false });
  }
  await applied(chat, () => store.snapshot().accounts.every(({ password }) => password !== PASSWORD));
  hasher.goOn();
  await ann.expect({ response: 402 }); // it was right when it was looked at
  await bob.expect({ response: 402 });
  await bob.say(authenticate("bob", "battery staple"));
  await bob.expect({ response: 200 });
});

Deno.test("of two that log in at the same time as the last device, one enters", { ignore: cannot }, async () => {
  const hasher = handHasher();
  await using chat = await start({ store: storeOf("ann"), hasher, rules: { devices: 1 } });
  const devices = [await chat.connect(), await chat.connect()];
  for (const device of devices) await device.say(authenticate("ann"));
  hasher.goOn();
  const codes = [];
  for (const device of devices) codes.push((await device.hear()).response);
  assert.deepEqual(codes.sort(), [200, 409]);
});

Deno.test("the time in which presence must be said stands still while a login waits", { ignore: cannot }, async () => {
  const hasher = handHasher();
  await using chat = await start({
    store: storeOf("ann"),
    hasher,
    frozen: true,
    presenceWithin: 30_000,
    probeAfter: 1e9,
  });
  const ann = await chat.connect(), bob = await chat.join("bob");
  await ann.say(authenticate("ann", "a slip"));
  await until("the hash", () => hasher.underWay === 1);
  chat.pass(60_000);
  chat.maintenance();
  await bob.silence();
  hasher.goOn();
  await ann.expect({ response: 402 });
  chat.pass(29_000);
  chat.maintenance();
  await ann.say(authenticate("ann"));
  await ann.expect({ response: 200 });
});

Deno.test("a connection that was hung up while its login waits takes no place", { ignore: cannot }, async () => {
  const hasher = handHasher();
  await using chat = await start({ store: storeOf("ann"), hasher, connections: 3 });
  const first = await chat.connect();
  await first.say(authenticate("ann", "wrong"));
  await until("the hash", () => hasher.underWay === 1);
  for (let i = 0; i < 20; i++) {
    const peer = await chat.connect();
    await peer.say(authenticate("ann", "wrong"));
    peer.close();
    await ended(chat, Math.min(i + 1, 16)); // more of one network do not wait
  }
  await connected(chat, 17); // the last ones are refused, and gone
  const bob = await chat.join("bob"), zoe = await chat.join("zoe");
  const fourth = await chat.connect();
  await fourth.expect({ response: 403, error: "The server is full: 3 are connected, so try again later" });
  fourth.close();
  hasher.goOn();
  await first.expect({ response: 402 });
  await connected(chat, 3);
  assert.deepEqual(await online(bob), ["bob", "zoe"]);
  await zoe.silence();
});

Deno.test(
  "a connection that sends much behind its login, which hides its end, is served last",
  { ignore: cannot },
  async () => {
    const hasher = handHasher();
    await using chat = await start({ store: storeOf("ann"), hasher });
    const first = await chat.connect();
    await first.say(authenticate("ann", "wrong"));
    await until("the hash", () => hasher.underWay === 1);
    const crowd: Peer[] = [];
    for (let i = 0; i < 16; i++) {
      crowd.push(await chat.connect());
      await crowd[i]!.say(authenticate("ann", "wrong"), " ".repeat(20_000), msg("hello"));
    }
    await until("the crowd", () => [...chat.meter.connections].filter(({ isDeferred }) => isDeferred).length === 16);
    const ann = await chat.connect();
    await ann.say(authenticate("ann"));
    await (await chat.join("bob")).silence();
    await hasher.finish();
    await first.expect({ response: 402 });
    await hasher.finish();
    await ann.expect({ response: 200 });
    hasher.goOn();
    for (const peer of crowd) {
      await peer.expect({ response: 402 });
      await peer.expect({ response: 401 }); // nothing of what is behind is lost
    }
  },
);

Deno.test("a login that is queued late is served last, too, if its connection hides its end", {
  ignore: cannot,
}, async () => {
  const hasher = handHasher();
  await using chat = await startServers(1, { accounts: ["ann"], hasher });
  const [server] = chat.all as [OneServer], { log: { hub } } = chat, first = await server.connect();
  await first.say(authenticate("ann", "wrong"));
  await until("the hash", () => hasher.underWay === 1);
  const zoe = await server.join("zoe"), held: (() => void)[] = hub.held = [];
  // The login is queued when the message before it has come back.
  await zoe.say(
    msg("hello", { to: "#all" }),
    authenticate("ann", "wrong"),
    " ".repeat(20_000),
    msg("there", { to: "#all" }),
  );
  const some = (is: (connection: Connection) => boolean) => [...server.meter.connections].some(is);
  await until("a hidden end", () => some(({ isEndHidden }) => isEndHidden));
  assert.ok(!some(({ login, isEndHidden }) => isEndHidden && login !== undefined));
  hub.held = undefined;
  for (const arrive of held) arrive();
  await zoe.expect({ response: 200 });
  await until("a deferred login", () => some(({ isDeferred }) => isDeferred));
  hasher.goOn();
  await first.expect({ response: 402 });
  await zoe.expect({ response: 402 });
  await zoe.expect({ response: 200 }); // nothing of what is behind is lost
});

/** Logins that wait for their hash, or are being hashed. */
function loginsOf({ meter }: Chat): number {
  return [...meter.connections].filter(({ login }) => login !== undefined).length;
}

Deno.test("too many passwords that wait are refused at once, and told what to do", { ignore: cannot }, async () => {
  for (
    const [language, error] of [
      [
        "en",
        "user: 64 passwords from your network wait to be looked at, which is as many as may be: try again in a minute",
      ],
      ["ru", "user: из вашей сети уже ждут проверки 64 паролей, больше нельзя: попробуйте снова через минуту"],
    ] as const
  ) {
    const hasher = handHasher();
    await using chat = await start({ store: storeOf("ann"), hasher, language });
    const peers: Peer[] = [];
    for (let i = 0; i < 65; i++) { // one is under way
      peers.push(await chat.connect());
      await peers.at(-1)!.say(authenticate("ann", "wrong"));
      await until("the login in the queue", () => loginsOf(chat) === i + 1);
    }
    await until("the hash", () => hasher.underWay === 1);
    const last = await chat.connect();
    await last.say(authenticate("ann"));
    await last.expect({ response: 409, error });
    hasher.goOn();
    for (const peer of peers.slice(0, 40)) await peer.expect({ response: 402 });
  }
});

Deno.test("a class logs in at once from an address from which somebody guesses", { ignore: cannot }, async () => {
  const names = Array.from({ length: 60 }, (_, i) => `student ${i}`);
  const hasher = handHasher();
  hasher.goOn();
  await using chat = await start({ store: storeOf(...names, "teacher"), hasher, frozen: true });
  const eve = await chat.connect();
  for (let i = 0; i < 38; i++) {
    await eve.say(authenticate("teacher", `guess ${i}`));
    await eve.expect({ response: 402 });
  }
  const peers = await Promise.all(names.map(() => chat.connect()));
  await Promise.all(peers.map((peer, i) => peer.say(authenticate(names[i]!))));
  for (const peer of peers) await peer.expect({ response: 200 }); // the clock stands still: right ones cost nothing
});

Deno.test("a server that stops waits for no login", { ignore: cannot }, async () => {
  const hasher = handHasher();
  await using chat = await start({ store: storeOf("ann"), hasher, frozen: true });
  const peers = [await chat.connect(), await chat.connect(), await chat.connect()];
  for (const peer of peers) await peer.say(authenticate("ann"));
  await until("the hash", () => hasher.underWay === 1);
  chat.stop();
  for (const peer of peers) {
    await peer.expect({ response: 100, alert: "the server is stopping" });
    await peer.expectEnd();
    peer.close();
  }
  await hasher.finish(); // what is under way cannot be called off
  await within("the stop", chat.over);
  assert.equal(hasher.underWay, 0);
});

Deno.test(
  "a page of history that comes after its reader has been put out is not sent",
  { ignore: cannot },
  async () => {
    const store = storeOf("op");
    const pages: (() => void)[] = [];
    const { journal } = store, page = journal.page.bind(journal);
    journal.page = (query) => new Promise((resolve) => pages.push(() => resolve(page(query))));
    const hasher = handHasher();
    hasher.goOn();
    await using chat = await start({ store, hasher, rules: { replay: 0 } });
    const op = await chat.login("op"), zoe = await chat.join("zoe");
    await zoe.say({ action: "history", time: 1, room: "#all" });
    await until("the page", () => pages.length === 1);
    await op.sayOk({ action: "kick", time: 1, user_id: "zoe" });
    pages[0]!();
    await zoe.expect({ response: 403 });
    await zoe.expectEnd();
  },
);

Deno.test("a password that is changed while it is checked lets nobody in any more", { ignore: cannot }, async () => {
  const hasher = handHasher(), store = storeOf("ann");
  await using chat = await start({ store, hasher });
  const ann = await chat.connect();
  await ann.say(authenticate("ann"));
  await until("the hash", () => hasher.underWay === 1);
  store.changeAccount(store.snapshot().accounts[0]!.id, { password: "another one" });
  await applied(chat, () => store.snapshot().accounts[0]!.password === "another one");
  hasher.goOn();
  await ann.expect({ response: 402 });
  await ann.sayOk(authenticate("ann", "another one"));
});

Deno.test("connections with deferred logins do not count to the limit of their address", {
  ignore: cannot,
}, async () => {
  const hasher = handHasher();
  await using chat = await start({ store: storeOf("ann"), hasher, perAddress: 3 });
  const deferred: Peer[] = [];
  for (let i = 0; i < 3; i++) {
    deferred.push(await chat.connect());
    await deferred[i]!.say(authenticate("ann", "wrong"), " ".repeat(20_000));
    if (i === 0) await until("the hash", () => hasher.underWay === 1);
  }
  const isFull = () => [...chat.meter.connections].filter(({ isDeferred }) => isDeferred).length === 2;
  await until("two deferred logins", isFull);
  const bob = await chat.join("bob"), eve = await chat.join("eve");
  await (await chat.connect()).expect({ response: 403 }); // the first login, bob and eve
  hasher.goOn();
  for (const each of deferred) await each.expect({ response: 402 });
  for (const each of [bob, eve]) await each.silence();
});
