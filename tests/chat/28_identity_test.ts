// Identity: one name is one account however it is spelt, nobody passes for another, and nothing that somebody says has a
// meaning for the server.

import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { memoryStore, openStore } from "./store.ts";
import { migrate } from "../../server/journal/store_schema.ts";
import { makeFolder } from "../log/folder.ts";
import { authenticate, cheaply, PASSWORD, register, withAccounts } from "./accounts.ts";
import type { Peer } from "./peer.ts";
import { code, history, join, msg, online, presence, search, texts } from "./requests.ts";
import { cannot, start } from "./start.ts";

// One name.

/** What a newcomer gets that comes in as a guest by each of these, while `Ann`, `zoë`, `paypal` and `straße` have accounts. */
const SPELLINGS: readonly (readonly [name: string, code: number, what: string])[] = [
  ["ANN", 401, "capitals"],
  ["ann", 401, "small letters"],
  ["aNn", 401, "both"],
  ["ANn", 401, "both"],
  ["zoe\u0308", 401, "decomposed"],
  ["ZOE\u0308", 401, "decomposed capitals"],
  ["ZOË", 401, "composed capitals"],
  ["STRASSE", 401, "ß in capitals"],
  ["STRAẞE", 401, "the capital ß"],
  ["strasse", 401, "ß as ss"],
  ["PAYPAL", 401, "capitals"],
  ["PAYPAI", 200, "in capitals an I is none"],
  ["ann\u034f", 400, "a grapheme joiner"],
  ["ann\u200b", 400, "a space of no width"],
  ["ann\ufe0f", 400, "a variation selector"],
  ["ann\u{e0100}", 400, "a variation selector far up"],
  ["ann\u00ad", 400, "a soft hyphen"],
  ["\u202eann", 400, "right to left"],
  ["ann ", 400, "a space behind"],
  ["an\u00a0n", 400, "a space that does not break"],
  ["\u0301\u0302", 400, "marks alone"],
  ["\u0430nn", 401, "a Cyrillic а"],
  ["\u0410nn", 401, "a Cyrillic А"],
  ["р\u0430ур\u0430l", 401, "Cyrillic letters"],
  ["Р\u0410УР\u0410L", 401, "Cyrillic capitals"],
  ["ρaypaℓ", 401, "a Greek rho"],
  ["ｐａｙｐａｌ", 401, "full width"],
  ["𝐩𝐚𝐲𝐩𝐚𝐥", 401, "mathematical letters"],
  ["paypa1", 401, "a digit"],
  ["paypaI", 401, "a capital I"],
  ["pаypal", 401, "one Cyrillic letter"],
  ["zo\u0451", 401, "a Cyrillic ё"],
  ["＃all", 400, "a # of full width"],
  ["＃server", 400, "a # of full width"],
  ["~ann", 200, "the mark of guests in keys"],
  ["@1", 200, "the mark of accounts in keys"],
  ["anna", 200, "another name"],
  ["an n", 200, "another name"],
  ["paypals", 200, "another name"],
  ["zoe", 200, "without its dots"],
  ["__proto__", 200, "a property of every object"],
  ["constructor", 200, "a property of every object"],
];

Deno.test("a spelling is an account's name, looks like it, or is another one", { ignore: cannot }, async () => {
  await using chat = await start({ accounts: ["Ann", "zoë", "paypal", "straße"] });
  const found: [string, number, string][] = [];
  for (const [name, , what] of SPELLINGS) {
    const peer = await chat.connect();
    found.push([name, await code(peer, presence(name)), what]);
    peer.close();
  }
  assert.deepEqual(found, SPELLINGS);
});

Deno.test("an account is logged in to by any spelling, and is shown as it was registered", {
  ignore: cannot,
}, async () => {
  await using chat = await start();
  const watcher = await chat.connect(), bob = await chat.join("bob"), phone = await chat.connect();
  await watcher.enter("watcher", { watch: true });
  await phone.say(register("Ann"));
  await phone.expect({ response: 201, alert: "created; welcome, Ann", role: "account" });
  await watcher.expect({ user: { account_name: "Ann", status: "online" }, state: "online", role: "account" });
  const desk = await chat.connect();
  await desk.say(authenticate("ANN"));
  await desk.expect({ response: 200, alert: "welcome, Ann", role: "account", account_name: "Ann" });
  await watcher.silence();
  await bob.sayOk(msg("to all devices", "aNN"));
  for (const each of [phone, desk]) await each.expect({ message: "to all devices", to: "Ann", from: "bob" });
  await desk.sayOk(msg("from the desk"));
  await bob.expect({ from: "Ann", role: "account" });
  await desk.sayOk(presence("ann"));
  const { account_name } = await desk.sayOk(presence("ANN"));
  assert.equal(account_name, "Ann");
  assert.equal(await code(await chat.connect(), register("ann", "battery staple")), 409);
});

Deno.test("guests of one name in several spellings are one name, and each is addressed in its own", {
  ignore: cannot,
}, async () => {
  await using chat = await start({ accounts: ["ann"] });
  const ann = await chat.login("ann"), zoe = await chat.join("zoe"), other = await chat.join("ZOE");
  await ann.sayOk(msg("both of you", "Zoe"));
  await zoe.expect({ to: "zoe", message: "both of you" });
  await other.expect({ to: "ZOE", message: "both of you" });
  assert.deepEqual(await ann.ask(online), [
    { action: "online_list", user_id: "ann", role: "account" },
    { action: "online_list", user_id: "zoe", role: "guest", guests: 2 },
  ]);
});

Deno.test("contacts are found by any spelling, and shown as the account is spelt", { ignore: cannot }, async () => {
  await using chat = await start({ accounts: ["Ann", "bob"] });
  const bob = await chat.login("bob");
  for (const user_id of ["ANN", "ann"]) await bob.sayOk({ action: "add_contact", time: 1, user_id });
  const contacts = () => bob.ask({ action: "get_contacts", time: 1 });
  assert.deepEqual(await contacts(), [{ action: "contact_list", user_id: "Ann" }]);
  await bob.sayOk({ action: "del_contact", time: 1, user_id: "aNN" });
  assert.deepEqual(await contacts(), []);
});

Deno.test("bans and mutes are of a name in every spelling, and a mute is not left behind with a name", {
  ignore: cannot,
}, async () => {
  await using chat = await start({ store: await withAccounts(memoryStore(), "op") });
  const op = await chat.login("op"), eve = await chat.join("Eve"), mallory = await chat.join("mallory");
  await op.sayOk({ action: "mute", time: 1, user_id: "MALLORY" });
  assert.equal(await code(mallory, msg("spam")), 403);
  await mallory.sayOk(presence("mallory2"));
  assert.equal(await code(mallory, msg("spam")), 403, "it is the same connection");
  await op.sayOk({ action: "unmute", time: 1, user_id: "mallory2" });
  await mallory.sayOk(presence("mallory2"));
  await mallory.sayOk(msg("sorry"));
  for (const each of [op, eve]) await each.expect({ message: "sorry" });
  await op.sayOk({ action: "ban", time: 1, user_id: "eve" });
  await eve.expect({ response: 403 });
  await eve.expectEnd();
  assert.equal(await code(await chat.connect(), presence("EVE")), 403);
  await op.sayOk({ action: "unban", time: 1, user_id: "EvE" });
  assert.equal(await code(await chat.connect(), presence("EVE")), 200);
});

// Rooms.

Deno.test("a room has one name however it is spelt, and each is sent it in its own spelling", {
  ignore: cannot,
}, async () => {
  await using chat = await start({ accounts: ["ann"] });
  const ann = await chat.login("ann"), bob = await chat.join("bob");
  assert.equal(await code(ann, join("#Lesson7")), 201);
  assert.equal(await code(bob, join("#lesson7")), 200);
  assert.equal(await code(bob, join("#lesson7")), 200);
  await bob.sayOk(msg("from bob", "#lesson7"));
  await ann.expect({ to: "#Lesson7", message: "from bob" });
  await ann.sayOk(msg("from ann", "#LESSON7"));
  await bob.expect({ to: "#lesson7", message: "from ann" });
  await bob.sayOk(msg("again", "#lesson7"));
  await ann.expect({ to: "#Lesson7", message: "again" });
  assert.deepEqual((await ann.ask(history({ room: "#LESSON7" }))).map(({ to }) => to), Array(3).fill("#LESSON7"));
  assert.deepEqual((await bob.ask(search("again", { room: "#lesson7" }))).map(({ to }) => to), ["#lesson7"]);
  const rooms = (peer: Peer) => peer.ask({ action: "rooms", time: 1 });
  const all = { action: "room_list", room: "#all", member: true };
  assert.deepEqual(await rooms(ann), [all, { action: "room_list", room: "#Lesson7", member: true }]);
  assert.deepEqual(await rooms(bob), [all, { action: "room_list", room: "#lesson7", member: true }]);
  assert.equal((await ann.ask({ ...online, room: "#lesson7" })).length, 2);
  await bob.sayOk({ action: "leave", time: 1, room: "#LESSON7" });
  assert.equal(await code(bob, msg("gone", "#lesson7")), 403);
});

Deno.test("#all is the common chat in any case, and no room looks like it", { ignore: cannot }, async () => {
  await using chat = await start();
  const ann = await chat.join("ann"), bob = await chat.join("bob");
  for (const to of ["#ALL", "#All", "#Chat", "#"]) {
    await ann.sayOk(msg("to everybody", to));
    await bob.expect({ to: "#all", message: "to everybody" });
    assert.equal(await code(ann, join(to)), 400);
  }
  for (const room of ["#\u0430ll", "#a\u0406l", "#ａｌｌ", "#a1l", "#ch\u0430t", "##all", "#＃all"]) {
    assert.equal(await code(ann, join(room)), 400, room);
    assert.equal(await code(ann, msg("to everybody", room)), 404, room);
  }
});

Deno.test("what an account missed comes in the spelling by which it joined, over a restart too", {
  ignore: cannot,
}, async () => {
  using folder = makeFolder();
  const path = `${folder.path}/hanita.db`;
  let store = await withAccounts(openStore({ path }), "ann", "bob");
  {
    await using chat = await start({ store });
    const bob = await chat.login("bob"), ann = await chat.login("ann");
    assert.equal(await code(bob, join("#Lesson7")), 201);
    assert.equal(await code(ann, join("#lesson7")), 200);
    chat.maintenance();
    await ann.silence();
    await ann.end();
    await bob.sayOk(msg("while you were away", "#Lesson7"));
    const again = await chat.login("ann");
    await again.expect({ message: "while you were away", to: "#lesson7" });
    await again.end();
    await bob.sayOk(msg("and once more", "#Lesson7"));
  }
  await store.close();
  store = openStore({ path });
  {
    await using chat = await start({ store });
    const ann = await chat.login("ann");
    const heard = await ann.hear();
    assert.equal(heard.to, "#lesson7");
  }
  await store.close();
});

// Becoming an account.

Deno.test("a guest that registers keeps its rooms, contacts and conversations, and so do the others", {
  ignore: cannot,
}, async () => {
  await using chat = await start({ accounts: ["bob"] });
  const bob = await chat.login("bob"), zoe = await chat.join("zoe");
  assert.equal(await code(zoe, join("#Cats")), 201);
  await bob.sayOk(join("#cats"));
  await zoe.sayOk({ action: "add_contact", time: 1, user_id: "bob" });
  await bob.sayOk(msg("one", "zoe"));
  await zoe.expect({ message: "one" });
  await zoe.sayOk(msg("two", "bob"));
  await bob.expect({ message: "two" });
  await zoe.say(register("Zoe"));
  await zoe.expect({ response: 201 });
  await bob.sayOk(msg("meow", "#cats"));
  await zoe.expect({ message: "meow", to: "#Cats" });
  await bob.sayOk(msg("three", "zoe"));
  await zoe.expect({ message: "three", to: "Zoe" });
  for (const [reader, other] of [[bob, "zoe"], [zoe, "bob"]] as const) {
    assert.deepEqual(texts(await reader.ask(history({ with: other }))), ["one", "two", "three"]);
    assert.deepEqual(texts(await reader.ask(history({ with: other, limit: 2 }))), ["two", "three"]);
    assert.deepEqual(texts(await reader.ask(history({ with: other, after: 0, limit: 2 }))), ["one", "two"]);
    assert.deepEqual(texts(await reader.ask(search("two", { with: other }))), ["two"]);
    const [, two, three] = await reader.ask(history({ with: other }));
    assert.deepEqual(texts(await reader.ask(history({ with: other, before: three.id, limit: 1 }))), ["two"]);
    assert.deepEqual(texts(await reader.ask(history({ with: other, after: two.id }))), ["three"]);
  }
  await zoe.end();
  const again = await chat.login("zoe");
  assert.deepEqual(await again.ask({ action: "get_contacts", time: 1 }), [{ action: "contact_list", user_id: "bob" }]);
  await bob.sayOk(msg("purr", "#cats"));
  await again.expect({ message: "purr" });
});

Deno.test("who registers a name is not shown what other guests by it said or heard", { ignore: cannot }, async () => {
  await using chat = await start({ accounts: ["bob"] });
  const bob = await chat.login("bob"), first = await chat.join("zoe");
  const talk = async (zoe: Peer, text: string, ...others: Peer[]) => {
    await zoe.sayOk(msg(`${text} to bob`, "bob"));
    await bob.expect({ message: `${text} to bob` });
    await bob.sayOk(msg(`${text} to zoe`, "zoe"));
    for (const each of [zoe, ...others]) await each.expect({ message: `${text} to zoe` });
  };
  await talk(first, "first");
  const second = await chat.join("ZOE");
  await talk(second, "second", first);
  await first.end();
  await talk(second, "alone");
  await second.say(register("Zoe"));
  await second.expect({ response: 201 });
  assert.deepEqual(texts(await second.ask(history({ with: "bob" }))), ["alone to bob", "alone to zoe"]);
  assert.deepEqual(texts(await second.ask(history({ with: "bob", after: 0 }))), ["alone to bob", "alone to zoe"]);
  assert.deepEqual(texts(await second.ask(search("first", { with: "bob" }))), []);
  assert.equal((await bob.ask(history({ with: "zoe" }))).length, 6, "bob has lost nothing");
});

Deno.test("a guest that registers keeps its past under each name that it had, and gets nobody else's", {
  ignore: cannot,
}, async () => {
  using folder = makeFolder();
  const path = `${folder.path}/hanita.db`;
  let store = await withAccounts(openStore({ path }), "bob");
  const hers = ["as zoe", "to zoe", "as zoe2", "to zoe2", "as mia", "to mia"];
  {
    await using chat = await start({ store });
    const bob = await chat.login("bob"), first = await chat.join("zoe");
    const talk = async (guest: Peer, name: string, what = name) => {
      await guest.sayOk(msg(`as ${what}`, "bob"));
      await bob.expect({ message: `as ${what}` });
      await bob.sayOk(msg(`to ${what}`, name));
      await guest.expect({ message: `to ${what}` });
    };
    await talk(first, "zoe", "another zoe");
    await first.end();
    const zoe = await chat.join("zoe");
    await talk(zoe, "zoe");
    await zoe.sayOk(presence("zoe2"));
    const next = await chat.join("zoe");
    await talk(zoe, "zoe2");
    await talk(next, "zoe", "the next zoe");
    await zoe.sayOk(presence("mia"));
    await talk(zoe, "mia");
    await zoe.say(register("maria"));
    await zoe.expect({ response: 201 });
    await talk(zoe, "maria");
    for (const [reader, other] of [[zoe, "bob"], [bob, "maria"]] as const) {
      assert.deepEqual(texts(await reader.ask(history({ with: other }))), [...hers, "as maria", "to maria"]);
      assert.deepEqual(texts(await reader.ask(history({ with: other, after: 0, limit: 3 }))), hers.slice(0, 3));
      assert.deepEqual(texts(await reader.ask(search("zoe", { with: other }))), ["as zoe", "to zoe"]);
    }
    assert.equal((await bob.ask(history({ with: "zoe" }))).length, 6, "bob has lost nothing");
    await next.say(register("zoe"));
    await next.expect({ response: 201 });
    assert.deepEqual(texts(await next.ask(history({ with: "bob" }))), ["as the next zoe", "to the next zoe"]);
  }
  await store.close();
  store = openStore({ path });
  {
    await using chat = await start({ store });
    const maria = await chat.login("maria");
    assert.deepEqual(texts(await maria.ask(history({ with: "bob" }))), [...hers, "as maria", "to maria"]);
  }
  await store.close();
});

Deno.test("a name is registered by nobody while another goes by it, looks like it, or programs use it by default", {
  ignore: cannot,
}, async () => {
  await using chat = await start({ accounts: ["paypal"] });
  const refused = async (name: string, code: number, error: RegExp) => {
    const peer = await chat.connect();
    await peer.say(register(name));
    const answer = await peer.hear();
    assert.equal(answer.response, code, name);
    assert.match(answer.error, error);
    peer.close();
  };
  for (const name of ["Guest", "GUEST", "john doe", "Gu\u0435st", "Anonymous", "User", "гость"]) {
    await refused(name, 403, /only the operator can make it an account$/);
    assert.equal(await code(await chat.connect(), presence(name)), 200, `${name} may still be shared`);
  }
  await refused("р\u0430ypal", 409, / looks like the account "paypal", so take/);
  await refused("PayPal", 409, /is somebody else's name already$/);
  await refused("＃all", 400, /does not begin with #/);
  await chat.join("mаry"); // a Cyrillic а
  await refused("mary", 409, /is somebody else's name already$/);
});

Deno.test("a connection that is logged in registers no other name", { ignore: cannot }, async () => {
  await using chat = await start({ accounts: ["ann"] });
  const ann = await chat.login("ann");
  for (const name of ["eve", "ann", "ANN"]) {
    await ann.say(register(name));
    const { response, error } = await ann.hear();
    assert.deepEqual([response, /you are logged in as "ann"/.test(error)], [409, true]);
  }
  assert.equal(await code(await chat.connect(), presence("eve")), 200);
});

Deno.test("watchers are told of a name in one spelling, and of a new spelling", { ignore: cannot }, async () => {
  await using chat = await start();
  const watcher = await chat.connect();
  await watcher.enter("watcher", { watch: true });
  const told = async (...notices: string[]) => {
    for (const notice of notices) {
      const { user, state } = await watcher.hear();
      assert.equal(`${user.account_name} ${state}`, notice);
    }
    await watcher.silence();
  };
  const zoe = await chat.join("zoe");
  await told("zoe online");
  await zoe.sayOk(presence("Zoe"));
  await told("zoe offline", "Zoe online");
  const other = await chat.join("ZOE");
  await zoe.sayOk(presence("zoe"));
  await zoe.end();
  await told();
  await other.sayOk(presence("eve"));
  await told("Zoe offline", "eve online");
});

// No text of a peer has a meaning.

Deno.test("an account called ~zoe reads nothing of the guest zoe", { ignore: cannot }, async () => {
  await using chat = await start();
  const bob = await chat.connect(), zoe = await chat.join("zoe");
  await bob.say(register("bob"));
  await bob.expect({ response: 201 });
  await zoe.sayOk(msg("a secret", "bob"));
  await bob.expect({ message: "a secret" });
  for (const name of ["~zoe", "@1", "~"]) {
    const eve = await chat.connect();
    await eve.say(register(name));
    await eve.expect({ response: 201 });
    assert.deepEqual(await eve.ask(history({ with: "bob" })), [], name);
    assert.deepEqual(await eve.ask(history({ with: "zoe" })), [], name);
    await eve.end();
    await zoe.sayOk(msg("a later secret", "bob"));
    await bob.expect({ message: "a later secret" });
    const again = await chat.login(name);
    await again.silence();
    await again.end();
  }
});

Deno.test("a guest whose status is offline is online, and its state says so", { ignore: cannot }, async () => {
  await using chat = await start();
  const watcher = await chat.connect();
  await watcher.enter("watcher", { watch: true });
  for (const [index, status] of ["offline", "OFFLINE", "offline ", "busy"].entries()) {
    await (await chat.connect()).enter("", { user: { account_name: `guest ${index}`, status } });
    const shown = status === "busy" ? "busy" : "online";
    await watcher.expect({ user: { account_name: `guest ${index}`, status: shown }, state: "online", role: "guest" });
  }
});

Deno.test("guests by one name are told apart in relays as long as they are several", { ignore: cannot }, async () => {
  await using chat = await start();
  const bob = await chat.join("bob"), guests = [await chat.join("Guest"), await chat.join("Guest")];
  const canonical = (from: string) =>
    `{"action":"msg","time":1,"to":"#all","from":"${from}","encoding":"utf-8","message":"hello"}\n`;
  const heard = async (peer: Peer, words: object | string) => {
    await peer.sayOk(words);
    const { guest, role, id, message } = await bob.hear();
    assert.deepEqual([typeof id, message, role], ["number", "hello", undefined]);
    for (const each of guests) if (each !== peer) await each.expect({ message: "hello" });
    return guest;
  };
  for (const words of [msg("hello"), canonical("Guest")]) {
    assert.deepEqual([await heard(guests[0]!, words), await heard(guests[1]!, words)], [1, 2]);
  }
  await guests.shift()!.end();
  assert.equal(await heard(guests[0]!, canonical("Guest")), undefined);
  guests.push(await chat.join("guest"));
  assert.deepEqual([await heard(guests[0]!, canonical("Guest")), await heard(guests[1]!, msg("hello"))], [2, 1]);
});

Deno.test("an account's message has its role, whichever way it is relayed", { ignore: cannot }, async () => {
  await using chat = await start({ store: await withAccounts(memoryStore(), "ann", "op") });
  const ann = await chat.login("ann"), op = await chat.login("op"), bob = await chat.join("bob");
  for (const [name, peer, role] of [["ann", ann, "account"], ["op", op, "operator"]] as const) {
    const asItIs = { action: "msg", time: 1, to: "#all", from: name, encoding: "utf-8", message: "hello" };
    for (const words of [asItIs, msg("hello"), { ...asItIs, role: "operator", guest: 7, id: 5 }]) {
      await peer.sayOk(words);
      const { id: _, ...relay } = await bob.hear();
      assert.deepEqual(relay, { ...asItIs, role });
      await (peer === ann ? op : ann).expect({ role });
    }
  }
  await bob.sayOk({ ...msg("fake"), role: "operator", guest: 1 });
  for (const each of [ann, op]) {
    const { role, guest } = await each.hear();
    assert.deepEqual([role, guest], [undefined, undefined]);
  }
  assert.deepEqual((await bob.ask(history({}))).map(({ role }) => role), [
    ...Array(3).fill("account"),
    ...Array(3).fill("operator"),
    undefined,
  ]);
});

Deno.test("names and rooms of before that are one now are listed at the start, and all of them are still found", {
  ignore: cannot,
}, async () => {
  using folder = makeFolder();
  const path = `${folder.path}/hanita.db`, hash = await cheaply(PASSWORD), other = await cheaply("battery staple");
  const old = new DatabaseSync(path);
  migrate(old, path, 3);
  const account = old.prepare("INSERT INTO accounts VALUES (?, ?, ?, 0)");
  account.run("Ann", hash, 0);
  account.run("ann", other, 1);
  for (const room of ["#Lesson7", "#lesson7"]) old.prepare("INSERT INTO rooms VALUES (?)").run(room);
  for (const name of ["Ann", "ann"]) old.prepare("INSERT INTO members VALUES (?, ?)").run("#lesson7", name);
  old.close();
  const store = openStore({ path });
  {
    await using chat = await start({ store, logged: true });
    await chat.logged(/^warning server\/names warnOfNames "ann", "Ann" are one name now/);
    await chat.logged(/^warning server\/names warnOfNames "#Lesson7", "#lesson7" are one name now/);
    const first = await chat.login("Ann"), second = await chat.connect(), third = await chat.connect();
    await second.say(authenticate("ann", "battery staple"));
    await second.expect({ response: 200, alert: "welcome, ann", role: "operator" });
    await third.say(authenticate("ANN", "battery staple"));
    await third.expect({ response: 200, account_name: "ann" });
    await second.sayOk(msg("to the other", "Ann"));
    await first.expect({ message: "to the other", from: "ann", to: "Ann" });
    await third.expect({ message: "to the other" });
    await first.sayOk(msg("in the room", "#lesson7"));
    for (const each of [second, third]) await each.expect({ message: "in the room", to: "#lesson7" });
    assert.equal(await code(first, msg("in the other", "#Lesson7")), 403);
    assert.equal(await code(await chat.connect(), presence("aNN")), 401);
  }
  await store.close();
});
