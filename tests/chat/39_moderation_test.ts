// An order of an operator takes effect, or it is refused with the reason.

import assert from "node:assert/strict";
import { memoryStore, openStore, type Store } from "./store.ts";
import { TOKEN } from "../token.ts";
import { authenticate, cheaply, PASSWORD } from "./accounts.ts";
import { cannot, type Chat, type Peer, start } from "./start.ts";
import { until } from "./within.ts";

const time = 1_764_000_000;

async function withOperators(store = memoryStore() as Store): Promise<Store> {
  for (const name of ["op", "second"]) {
    store.putAccount({ name, password: await cheaply(PASSWORD), operator: true, seen: 0 });
  }
  return store;
}

function presence(name: string): object {
  return { action: "presence", time, user: { account_name: name, status: "" } };
}

async function banned(peer: Peer, name: string, error: string): Promise<void> {
  await peer.say(presence(name));
  await peer.expect({ response: 403, error });
}

/** The rows of the list of bans. */
async function listed(op: Peer): Promise<Record<string, unknown>[]> {
  await op.say({ action: "bans", time });
  const { quantity } = await op.expect({ response: 202 });
  return await op.hearAll(quantity as number);
}

Deno.test("a range of addresses is banned and unbanned, in whatever spelling", { ignore: cannot }, async () => {
  await using chat = await start({ store: await withOperators() });
  const op = await chat.login("op"), eve = await chat.from("127.0.9.1");
  await eve.enter("eve");
  await op.say({ action: "ban", time, address: "::ffff:127.0.9.77/120" });
  await op.expect({ response: 200 });
  await eve.expect({ response: 403, kicked: true });
  await eve.expectEnd();
  await banned(await chat.from("127.0.9.200"), "eve2", "You may not come in here");
  await (await chat.from("127.0.8.1")).enter("bob");
  assert.deepEqual((await listed(op)).map(({ address }) => address), ["127.0.9.0/24"]);
  await op.sayOk({ action: "unban", time, address: "127.0.9.0/24" });
  await (await chat.from("127.0.9.200")).enter("eve3");
});

Deno.test("an IPv6 network is unbanned as the list of bans shows it", { ignore: cannot }, async () => {
  await using chat = await start({ store: await withOperators() });
  const op = await chat.login("op");
  await op.sayOk({ action: "ban", time, address: "2001:db8::7" });
  const [row] = await listed(op);
  assert.equal(row?.address, "2001:db8:0:0::/64");
  await op.sayOk({ action: "unban", time, address: row!.address });
  assert.deepEqual(await listed(op), []);
});

Deno.test("a mute stays with the person by another name and in capitals", { ignore: cannot }, async () => {
  await using chat = await start({ store: await withOperators() });
  const op = await chat.login("op"), eve = await chat.join("Eve");
  await op.sayOk({ action: "mute", time, user_id: "eVE" });
  await eve.sayOk(presence("zoe"));
  await eve.say({ action: "msg", time, message: "hello" });
  await eve.expect({ response: 403 });
  const again = await chat.join("EVE");
  await again.say({ action: "msg", time, message: "hello" });
  await again.expect({ response: 403 });
});

Deno.test("an operator cannot keep itself out, by its name, its address or a range", { ignore: cannot }, async () => {
  await using chat = await start({ store: await withOperators() });
  const op = await chat.login("op");
  for (const action of ["kick", "ban", "mute"]) {
    await op.say({ action, time, user_id: "OP" });
    await op.expect({ response: 400, error: 'user_id: expected somebody else, for "OP" includes yourself' });
  }
  for (const address of ["127.0.0.1", "127.0.0.0/8", "0.0.0.0/0"]) {
    await op.say({ action: "ban", time, address });
    await op.expect({ response: 400, error: `address: expected somebody else, for "${address}" includes yourself` });
  }
  assert.deepEqual(await listed(op), []);
});

Deno.test("an operator cannot put out its other session, by an address or a range", { ignore: cannot }, async () => {
  await using chat = await start({ store: await withOperators() });
  const op = await chat.login("op"), other = await chat.from("127.0.9.1");
  await other.sayOk(authenticate("op"));
  for (const address of ["127.0.9.1", "127.0.9.0/24"]) {
    await op.say({ action: "ban", time, address });
    await op.expect({
      response: 400,
      error: `address: expected addresses that you are not connected from, for "${address}" includes another ` +
        "session of yours, from 127.0.9.1",
    });
  }
  assert.deepEqual(await listed(op), []);
  await other.say({ action: "bans", time });
  await other.expect({ response: 202 }); // it is still here
  await op.sayOk({ action: "ban", time, address: "127.0.8.0/24" });
});

Deno.test("the token puts out no address that every operator here is connected from", { ignore: cannot }, async () => {
  await using chat = await start({ store: await withOperators() });
  const holder = await chat.from("127.0.8.1");
  await holder.sayOk({ action: "inspect", time, token: TOKEN });
  const op = await chat.from("127.0.9.1"), second = await chat.from("127.0.9.2");
  await op.sayOk(authenticate("op"));
  await second.sayOk(authenticate("second"));
  const ban = { action: "ban", time, address: "127.0.9.0/24" };
  const { error } = await answerTo(holder, ban);
  assert.equal(
    error,
    'address: expected addresses that leave an operator here, for "127.0.9.0/24" includes all that are connected: "op", ' +
      '"second"',
  );
  assert.deepEqual(await listed(op), []);
  assert.equal((await answerTo(holder, { ...ban, address: "127.0.9.2" })).response, 200);
  await second.expect({ kicked: true });
  const online = async () => (await op.ask({ action: "who_online", time })).map(({ user_id }) => user_id);
  await until("second has left", async () => !(await online()).includes("second")); // a shared log says so later
  assert.equal((await answerTo(holder, { ...ban, address: "127.0.9.1" })).response, 400, "op alone is left");
});

Deno.test("an order that can match nothing is refused", { ignore: cannot }, async () => {
  await using chat = await start({ store: await withOperators() });
  const op = await chat.login("op");
  await op.say({ action: "kick", time, user_id: "nobody" });
  await op.expect({ response: 404 });
  for (const order of [{ action: "unban" }, { action: "unmute" }]) {
    await op.say({ ...order, time, user_id: "eve" });
    await op.expect({
      response: 404,
      error: 'user_id: there is no such ban or mute of "eve"; the action bans lists them',
    });
  }
  await op.say({ action: "unban", time, address: "10.0.0.0/8" });
  await op.expect({ response: 404 });
  const useless: [field: string, order: object][] = [
    ["until", { action: "kick", user_id: "eve", until: 4_000_000_000 }],
    ["for", { action: "unmute", user_id: "eve", for: "10m" }],
    ["address", { action: "mute", address: "10.0.0.7" }],
    ["address", { action: "ban", user_id: "eve", address: "10.0.0.7" }],
  ];
  for (const [field, order] of useless) {
    await op.say({ ...order, time });
    const { error } = await op.expect({ response: 400 });
    assert.ok((error as string).startsWith(`${field}: expected none in this order, got`), error as string);
  }
  await op.say({ action: "ban", time, user_id: "eve", until: time });
  await op.expect({ response: 400, error: `until: expected a time to come, got ${time}` });
});

Deno.test("all sessions of a name are put out, and told why", { ignore: cannot }, async () => {
  await using chat = await start({ store: await withOperators() });
  const op = await chat.login("op"), second = [await chat.login("second"), await chat.login("second")];
  const guests = [await chat.join("eve"), await chat.join("EVE")];
  await op.sayOk({ action: "kick", time, user_id: "second", reason: "go home" });
  await op.sayOk({ action: "kick", time, user_id: "eve", reason: "no\u202espam" });
  for (const each of second) {
    await each.expect({ response: 403, error: "An operator has put you out: go home", kicked: true });
    await each.expectEnd();
  }
  for (const each of guests) await each.expect({ error: "An operator has put you out: no\\u202espam" });
});

Deno.test("a reason and a duration are told, and the operator is listed", { ignore: cannot }, async () => {
  const data = await Deno.makeTempDir();
  const store = openStore({ path: `${data}/hanita.db` });
  try {
    {
      await using chat = await start({ store: await withOperators(store) });
      const op = await chat.login("op"), eve = await chat.join("eve");
      await op.sayOk({ action: "mute", time, user_id: "eve", for: "10m", reason: "spam" });
      const { alert } = await eve.expect({ response: 100 });
      assert.match(alert as string, /^You may not write here until 20.*Z: spam$/);
      await eve.say({ action: "msg", time, message: "hello" });
      await eve.expect({ response: 403, error: alert });
      await op.sayOk({ action: "ban", time, user_id: "zoe", reason: "spam" });
    }
    await using chat = await start({ store });
    await banned(await chat.connect(), "zoe", "You may not come in here: spam");
    const [zoe, eve] = await listed(await chat.login("op"));
    assert.deepEqual({ ...zoe, since: 0 }, {
      action: "ban_list",
      kind: "ban",
      user_id: "zoe",
      by: "op",
      reason: "spam",
      since: 0,
    });
    assert.equal(eve?.kind, "mute");
    assert.equal(Math.round((eve!.until as number) - (eve!.since as number)), 600);
  } finally {
    await store.close();
    await Deno.remove(data, { recursive: true });
  }
});

Deno.test(
  "a wrong duration or reason is refused by its name, and the list is for operators",
  { ignore: cannot },
  async () => {
    await using chat: Chat = await start({ store: await withOperators() });
    const op = await chat.login("op"), eve = await chat.join("eve");
    for (const duration of ["10", "0m", "10 minutes", "521w", 10, "-1d"]) {
      await op.say({ action: "ban", time, user_id: "bob", for: duration });
      const { error } = await op.expect({ response: 400 });
      assert.match(error as string, /^for: expected a duration/);
    }
    await op.say({ action: "ban", time, user_id: "bob", for: "10m", until: 4_000_000_000 });
    await op.expect({ response: 400 });
    await op.say({ action: "kick", time, user_id: "eve", reason: "x".repeat(201) });
    await op.expect({ response: 400, error: "reason: expected at most 200 characters, got 201" });
    await eve.say({ action: "bans", time });
    await eve.expect({ response: 403, error: 'action: "bans" is for operators, so authenticate as one' });
  },
);

Deno.test(
  "sessions that are there gain and lose an operator's rights and role at the next look",
  { ignore: cannot },
  async () => {
    const folder = await Deno.makeTempDir(), path = `${folder}/hanita.db`;
    const store = openStore({ path }), tool = openStore({ path, beside: true });
    try {
      await withOperators(store);
      await using chat = await start({ store });
      const op = await chat.login("op"), second = await chat.login("second"), bob = await chat.join("bob");
      const message = { action: "msg", time, to: "bob", message: "hello" };
      await second.say(message);
      await bob.expect({ role: "operator" });
      await second.expect({ response: 200 });
      await second.sayOk({ action: "inspect", time });
      const { id, password } = tool.snapshot().accounts.find(({ name }) => name === "second")!;
      tool.changeAccount(id, { password, operator: false });
      chat.maintenance();
      await op.sayOk({ action: "probe", time }); // which it does behind the round
      await second.say({ action: "kick", time, user_id: "bob" });
      const { error } = await nextAnswer(second);
      assert.equal(error, 'action: "kick" is for operators, so authenticate as one');
      await second.say(message);
      await bob.expect({ role: "account" });
      assert.equal((await second.hear()).response, 200);
      await op.say(message);
      await bob.expect({ role: "operator" });
      await op.expect({ response: 200 });
      await second.silence();
      tool.changeAccount(id, { password, operator: true });
      chat.maintenance();
      await op.sayOk({ action: "probe", time });
      await second.sayOk({ action: "kick", time, user_id: "bob" });
    } finally {
      await tool.close();
      await store.close();
      await Deno.remove(folder, { recursive: true });
    }
  },
);

async function answerTo(peer: Peer, order: object): Promise<Record<string, unknown>> {
  await peer.say(order);
  return await nextAnswer(peer);
}

/** What a connection that has inspected hears next but traces. */
async function nextAnswer(peer: Peer): Promise<Record<string, unknown>> {
  for (;;) {
    const heard = await peer.hear();
    if (heard.action !== "trace") return heard;
  }
}

Deno.test("a ban or a mute that has ended is listed no more", { ignore: cannot }, async () => {
  let wall = 1_764_000_000_000;
  await using chat = await start({ store: await withOperators(), wall: () => wall });
  const op = await chat.login("op");
  await op.sayOk({ action: "ban", time, user_id: "eve", for: "60s" });
  await op.sayOk({ action: "mute", time, user_id: "bob", for: "2m" });
  assert.deepEqual((await listed(op)).map(({ user_id }) => user_id), ["eve", "bob"]);
  wall += 90_000;
  assert.deepEqual((await listed(op)).map(({ user_id }) => user_id), ["bob"]);
  wall += 90_000;
  assert.deepEqual(await listed(op), []);
});
