// What an account has read: the same on all its devices, on each server and after a restart, and counted at a login.

import assert from "node:assert/strict";
import { authenticate, register } from "./accounts.ts";
import { beside } from "./beside.ts";
import { cannot, type Chat, type Peer, start } from "./start.ts";
import { embeddedStore } from "./store.ts";
import { startServers } from "./two_servers.ts";
import { until } from "./within.ts";

const features = ["read", "id"];
const msg = (message: string, to = "#all") => ({ action: "msg", time: 1, to, message });
const read = (id: number, to = "#all") => ({ action: "read", time: 1, to, id });
const join = (room: string) => ({ action: "join", time: 1, room });
const unread = { action: "unread", time: 1 };

/** A session of an account that understands read marks; what it missed has been heard. */
async function device(chat: Chat, name: string, missed = 0): Promise<Peer> {
  const peer = await chat.connect();
  await peer.sayOk({ ...authenticate(name), features });
  await peer.hearAll(missed);
  return peer;
}

/** The list without what differs each time. */
async function counts(peer: Peer): Promise<[place: string, unread: number, mentions: number][]> {
  const rows = await peer.ask(unread);
  assert.ok(rows.every((row) => row.action === "unread_list" && row.last >= row.read));
  return rows.map(({ room, user_id, unread, mentions }) => [room ?? user_id, unread, mentions]);
}

/** Lets the server propose what it has noted. */
async function flush(chat: Chat): Promise<void> {
  for (let i = 0; i < 6; i++) chat.maintenance();
  await new Promise((resolve) => setTimeout(resolve, 0));
}

Deno.test("what is read on one device is read on the others, and after a restart", { ignore: cannot }, async () => {
  const store = embeddedStore();
  let last = 0;
  {
    await using chat = await start({ store, accounts: ["ann", "bob"] });
    const ann = await device(chat, "ann"), bob = await device(chat, "bob"), phone = await device(chat, "bob");
    const plain = await chat.login("bob"), zoe = await chat.join("zoe");
    assert.deepEqual(await counts(bob), [["#all", 0, 0]]);
    await ann.say(join("#cats"));
    await ann.expect({ response: 201 });
    await ann.sayOk(msg("before Bob is there", "#cats"));
    await bob.sayOk(join("#CATS"));
    assert.deepEqual(await counts(phone), [["#all", 0, 0], ["#CATS", 0, 0]], "what was said before a join is read");
    const { id: first } = await ann.sayOk(msg("one"));
    await ann.sayOk(msg("two, Bob?"));
    ({ id: last } = await ann.sayOk(msg("@bob!", "#cats")));
    await ann.sayOk(msg("psst", "bob"));
    await zoe.hearAll(2);
    await zoe.sayOk(msg("hello", "bob"));
    for (const each of [bob, phone, plain]) await each.hearAll(5);
    await bob.sayOk(msg("three"));
    for (const each of [ann, phone, plain, zoe]) await each.expect({ message: "three" });
    assert.deepEqual(
      (await counts(bob)).sort(),
      [["#CATS", 1, 1], ["#all", 2, 1], ["ann", 1, 1], ["zoe", 1, 1]].sort(),
    );
    await bob.sayOk(read(first));
    const { time, ...notice } = await phone.hear();
    assert.deepEqual(notice, { action: "read", to: "#all", id: first });
    assert.ok(Math.abs(time - Date.now() / 1000) < 100);
    await phone.sayOk(read(Number.MAX_SAFE_INTEGER, "#cats")); // what is not there yet cannot be read
    const { id: most } = await bob.expect({ action: "read", to: "#CATS" });
    assert.ok(most >= last && most < Number.MAX_SAFE_INTEGER);
    await phone.sayOk(read(first, "#cats")); // it never goes back
    await bob.sayOk(read(last, "ann"));
    await phone.expect({ action: "read", to: "ann" });
    for (const each of [ann, bob, phone, plain, zoe]) await each.silence();
    assert.deepEqual(
      (await counts(phone)).sort(),
      [["#cats", 0, 0], ["#all", 1, 1], ["ann", 1, 1], ["zoe", 1, 1]].sort(),
    );
  }
  await using chat = await start({ store });
  const bob = await device(chat, "bob");
  assert.deepEqual((await counts(bob)).sort(), [["#CATS", 0, 0], ["#all", 1, 1], ["ann", 1, 1], ["zoe", 1, 1]].sort());
  const [{ read: mark }] = await bob.ask(unread);
  assert.ok(mark > 0 && mark < last);
});

Deno.test("an account that is new to it has read what it was sent before, and not what it missed", {
  ignore: cannot,
}, async () => {
  await using chat = await start({ accounts: ["ann", "bob"], store: embeddedStore() });
  const ann = await chat.login("ann"), plain = await chat.login("bob");
  await ann.sayOk(msg("heard", "bob"));
  await plain.hear();
  chat.maintenance();
  await plain.end();
  await ann.say(msg("missed", "bob"));
  await ann.expect({ response: 202 });
  const bob = await device(chat, "bob", 1);
  assert.deepEqual(await counts(bob), [["#all", 0, 0], ["ann", 1, 1]]);
});

Deno.test(
  "what an account has written in private itself is not unread after it is renamed",
  { ignore: cannot },
  () =>
    beside(async (chat, tool) => {
      const ann = await device(chat, "ann"), bob = await device(chat, "bob");
      await counts(ann); // its marks begin
      await ann.sayOk(msg("one", "bob"));
      await bob.expect({ message: "one" });
      await bob.sayOk(msg("two", "ann"));
      await ann.expect({ message: "two" });
      await ann.sayOk(msg("three", "BOB"));
      await bob.expect({ message: "three" });
      chat.maintenance(); // what was sent is noted
      tool.changeAccount(tool.snapshot().accounts.find(({ name }) => name === "ann")!.id, { name: "eve" });
      chat.maintenance();
      const eve = await device(chat, "eve");
      assert.deepEqual(await counts(eve), [["#all", 0, 0], ["bob", 1, 1]]);
      assert.deepEqual(await counts(bob), [["#all", 0, 0], ["eve", 2, 2]]);
    }, ["ann", "bob"]),
);

Deno.test(
  "what a guest has said in private is read with the account that it registers, or nowhere if that is somebody else's",
  {
    ignore: cannot,
  },
  async () => {
    await using chat = await start({ accounts: ["ann"], store: embeddedStore() });
    const ann = await device(chat, "ann"), [zoe, eve] = [await chat.join("zoe"), await chat.join("eve")];
    for (const each of [zoe, eve]) {
      await each.sayOk(msg("as a guest", "ann"));
      await ann.expect({ message: "as a guest" });
    }
    assert.deepEqual((await counts(ann)).sort(), [["#all", 0, 0], ["eve", 1, 1], ["zoe", 1, 1]]);
    await eve.end();
    const other = await chat.join("other");
    for (const [each, name] of [[zoe, "zoe"], [other, "eve"]] as const) {
      await each.say(register(name));
      await each.expect({ response: 201 });
    }
    assert.deepEqual(await counts(ann), [["#all", 0, 0], ["zoe", 1, 1]]);
    await zoe.sayOk(msg("as an account", "ann"));
    const { id } = await ann.expect({ message: "as an account" });
    assert.deepEqual(await counts(ann), [["#all", 0, 0], ["zoe", 2, 2]]);
    await ann.sayOk(read(id, "zoe"));
    assert.deepEqual(await counts(ann), [["#all", 0, 0], ["zoe", 0, 0]]);
    const rows = await ann.ask({ action: "export", time: 1 });
    assert.deepEqual(rows.flatMap((row) => row.with ?? []), ["zoe"]);
  },
);

Deno.test("counts end at a hundred, leave out what was deleted, and begin again behind what was read", {
  ignore: cannot,
}, async () => {
  await using chat = await start({ accounts: ["ann", "bob"], store: embeddedStore() });
  const ann = await device(chat, "ann"), bob = await device(chat, "bob"), ids: number[] = [];
  for (let i = 0; i < 120; i++) ids.push((await ann.sayOk(msg(`${i}`))).id);
  await bob.hearAll(120);
  assert.deepEqual(await counts(bob), [["#all", 100, 0]]);
  await bob.sayOk(read(ids[99]!));
  await ann.sayOk({ action: "delete", time: 1, to: "#all", id: ids[110] });
  assert.deepEqual(await counts(bob), [["#all", 19, 0]]);
});

Deno.test(
  "of very many unread messages only the number is told, in turns that are short",
  { ignore: cannot },
  async () => {
    await using chat = await start({ accounts: ["ann", "bob"], rules: { rooms: 20 }, store: embeddedStore() });
    const ann = await device(chat, "ann"), bob = await device(chat, "bob");
    for (let room = 0; room < 12; room++) {
      await ann.say(join(`#room${room}`));
      await ann.expect({ response: 201 });
      await bob.sayOk(join(`#room${room}`));
      await ann.say(...Array.from({ length: 100 }, () => msg("Bob!", `#room${room}`)));
      await ann.hearAll(100);
      await bob.hearAll(100);
    }
    const rows = (await counts(bob)).filter(([place]) => place !== "#all");
    assert.deepEqual(rows.map(([, unread]) => unread), Array(12).fill(100));
    assert.deepEqual(rows.map(([, , mentions]) => mentions), [...Array(10).fill(100), 0, 0]);
  },
);

Deno.test("read marks are for accounts, and for conversations that one may read", { ignore: cannot }, async () => {
  await using chat = await start({ accounts: ["ann", "bob"] });
  const zoe = await chat.connect(), ann = await device(chat, "ann");
  await zoe.enter("zoe", { features });
  for (const request of [read(7), unread]) {
    await zoe.say(request);
    await zoe.expect({
      response: 401,
      error: `action: "${request.action}" is for accounts only, so authenticate or register`,
    });
  }
  await zoe.say(join("#cats"));
  await zoe.expect({ response: 201 });
  await ann.say(read(7, "#cats"));
  await ann.expect({ response: 403, error: 'to: expected a room that you are in, so join "#cats" first' });
  await ann.say(read(7, "#dogs"));
  await ann.expect({ response: 404 });
});

Deno.test("marks are written for many at once, some seconds later", { ignore: cannot }, async () => {
  const store = embeddedStore();
  await using chat = await start({ accounts: ["ann", "bob"], store });
  const ann = await device(chat, "ann"), bob = await device(chat, "bob");
  await flush(chat);
  await ann.sayOk(msg("hello"));
  await bob.hear();
  const { sum, count } = commits(chat);
  for (let i = 0; i < 50; i++) await bob.sayOk(read(Number.MAX_SAFE_INTEGER));
  assert.equal(commits(chat).count, count, "reading writes nothing");
  await flush(chat);
  await bob.sayOk({ action: "probe", time: 1 });
  assert.equal(commits(chat).count, count + 1, `${sum}`);
});

function commits({ meter }: Chat): { readonly sum: number; readonly count: number } {
  return meter.commits;
}

Deno.test("an account has its marks on each server", { ignore: cannot }, async () => {
  await using chat = await startServers(2, { accounts: ["ann", "bob"] });
  const [one, two] = chat.all, ann = await device(one!, "ann");
  const bob = await device(one!, "bob"), phone = await device(two!, "bob");
  await ann.say(join("#cats"));
  await ann.expect({ response: 201 });
  await bob.sayOk(join("#cats"));
  const { id } = await ann.sayOk(msg("meow", "#cats"));
  for (const each of [bob, phone]) await each.expect({ id });
  assert.deepEqual(await counts(phone), [["#all", 0, 0], ["#cats", 1, 0]]);
  await bob.sayOk(read(id, "#cats"));
  await chat.pass(6);
  await phone.expect({ action: "read", to: "#cats", id });
  assert.deepEqual(await counts(phone), [["#all", 0, 0], ["#cats", 0, 0]]);
  await phone.sayOk({ action: "presence", time: 1, features: ["notify"] });
  await bob.sayOk({ action: "notify", time: 1, to: "#cats", level: "none" });
  await phone.expect({ action: "notify", to: "#cats", level: "none" });
});

Deno.test(
  "what an account is told of is the same on its devices and servers, and after a restart",
  { ignore: cannot },
  async () => {
    const notify = (level: string, to = "#all") => ({ action: "notify", time: 1, to, level });
    const levels = async (peer: Peer) =>
      (await peer.ask(unread)).flatMap(({ room, user_id, level }) =>
        level === undefined ? [] : [[room ?? user_id, level]]
      );
    const store = embeddedStore();
    {
      await using chat = await start({ store, accounts: ["ann", "bob"] });
      const [ann, phone] = [await chat.login("ann"), await chat.login("ann")], plain = await device(chat, "ann");
      for (const each of [ann, phone]) await each.sayOk({ action: "presence", time: 1, features: ["notify"] });
      const bob = await chat.login("bob"), zoe = await chat.join("zoe");
      await ann.say(join("#cats"));
      await ann.expect({ response: 201 });
      await bob.say(notify("none", "#cats"));
      await bob.expect({ response: 403 }); // not in the room
      await zoe.say(notify("none"));
      await zoe.expect({ response: 401 });
      await ann.sayOk(notify("none", "#CATS"));
      const { time: _, ...notice } = await phone.hear();
      assert.deepEqual(notice, { action: "notify", to: "#cats", level: "none" });
      await ann.sayOk(notify("none", "#cats")); // nothing is new, and nobody is told
      await ann.sayOk(notify("all", "bob"));
      await phone.expect({ action: "notify", to: "bob", level: "all" });
      await ann.sayOk(notify("mentions"));
      await phone.expect({ to: "#all", level: "mentions" });
      await ann.sayOk(notify("default"));
      await phone.expect({ to: "#all", level: "default" });
      await ann.sayOk(msg("psst", "bob"));
      for (const each of [bob, phone, plain]) await each.expect({ message: "psst" });
      assert.deepEqual((await levels(phone)).sort(), [["#cats", "none"], ["bob", "all"]]);
      assert.deepEqual(await levels(plain), [], "its program does not know levels");
      assert.deepEqual(await levels(bob), [], "they are ann's own");
    }
    await using chat = await start({ store });
    const ann = await chat.login("ann");
    await ann.sayOk({ action: "presence", time: 1, features: ["notify"] });
    assert.deepEqual((await levels(ann)).sort(), [["#cats", "none"], ["bob", "all"]]);
  },
);

Deno.test("what another server said is read up to its end, though this one has something of its own under way", {
  ignore: cannot,
}, async () => {
  await using chat = await startServers(2, { accounts: ["bob"] });
  const [one, two] = chat.all,
    ann = await one!.join("ann"),
    eve = await two!.join("eve"),
    bob = await device(one!, "bob");
  await chat.pass(1);
  const held: (() => void)[] = chat.log.hub.held = [];
  await ann.say(msg("under way"));
  await until("a message on its way", () => held.length === 1);
  chat.log.hub.held = undefined; // what is said next is in the log before it
  await eve.say(msg("1", "bob"), msg("2", "bob"), msg("3", "bob"));
  const { id } = (await bob.hearAll(3)).at(-1)!;
  await bob.sayOk(read(id, "eve"));
  held[0]!();
  await bob.expect({ message: "under way" });
  assert.deepEqual(await counts(bob), [["#all", 1, 0], ["eve", 0, 0]]);
});
