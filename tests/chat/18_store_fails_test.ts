// A disk that is full: what must be kept is refused with 500 and neither kept nor heard, all else goes on, and so does
// everything when there is room again. And a store far away, which takes its time.

import assert from "node:assert/strict";
import { embeddedStore } from "./store.ts";
import { authenticate, register } from "./accounts.ts";
import { distant, failing } from "./failing.ts";
import { cannot, start } from "./start.ts";
import { guest, ways } from "./ways.ts";
import { until } from "./within.ts";

const msg = (message: string, to?: string) => ({ action: "msg", time: 1, to, message });
const history = { action: "history", time: 1, limit: 500 };
const texts = (rows: { message: string }[]) => rows.map(({ message }) => message);
const FAILED = {
  response: 500,
  error: "The server cannot write to its disk just now: nothing was kept or sent, so try again later",
};

for (const way of ways) {
  Deno.test(`${way}: a message that cannot be kept is answered 500 and relayed to nobody; later ones are again`, {
    ignore: cannot,
  }, async () => {
    const { store, disk } = failing(embeddedStore());
    await using chat = await start({ store, accounts: ["bob"] });
    const ann = await guest(chat, way, "ann"), bob = await chat.login("bob"), eve = await guest(chat, way, "eve");
    await ann.say({ action: "join", time: 1, room: "#cats" });
    await ann.expect({ response: 201 });
    await ann.sayOk(msg("kept"));
    for (const each of [bob, eve]) await each.expect({ message: "kept" });
    disk.full = true;
    for (const to of [undefined, "bob", "#cats"]) {
      await ann.say(msg("lost", to));
      await ann.expect(FAILED);
    }
    // Between two guests nothing is kept, so nothing is in the way.
    await ann.sayOk(msg("never kept", "eve"));
    await eve.expect({ message: "never kept" });
    for (const each of [ann, bob, eve]) await each.silence();
    disk.full = false;
    await ann.sayOk(msg("kept again"));
    for (const each of [bob, eve]) await each.expect({ message: "kept again" });
    assert.deepEqual(texts(await eve.ask(history)), ["kept", "kept again"]);
    assert.deepEqual(await bob.ask({ ...history, with: "ann" }), []);
  });
}

Deno.test("what changes nothing that must last is done while the disk is full, all else is 500 and undone", {
  ignore: cannot,
}, async () => {
  const { store, disk } = failing(embeddedStore());
  await using chat = await start({ store, accounts: ["ann", "bob"] });
  const ann = await chat.login("ann");
  await ann.say({ action: "join", time: 1, room: "#cats" });
  await ann.expect({ response: 201 });
  await ann.sayOk({ action: "add_contact", time: 1, user_id: "bob" });
  disk.full = true;
  const refused = [
    { action: "join", time: 1, room: "#dogs" },
    { action: "leave", time: 1, room: "#cats" },
    { action: "add_contact", time: 1, user_id: "ann" },
    { action: "del_contact", time: 1, user_id: "bob" },
    { action: "history", time: 1 },
    { action: "search", time: 1, text: "meow" },
  ];
  for (const words of refused) {
    await ann.say(words);
    await ann.expect(FAILED);
  }
  const eve = await chat.connect();
  await eve.say(register("eve"));
  await eve.expect(FAILED);
  await eve.sayOk({ action: "presence", time: 1, user: { account_name: "eve", status: "" } });
  const rooms = () => ann.ask({ action: "rooms", time: 1 });
  assert.deepEqual((await rooms()).map(({ room }) => room), ["#all", "#cats"]);
  assert.deepEqual((await ann.ask({ action: "get_contacts", time: 1 })).map(({ user_id }) => user_id), ["bob"]);
  const online = await ann.ask({ action: "who_online", time: 1 });
  assert.deepEqual(online.map(({ user_id }) => user_id), ["ann", "eve"]);
  await eve.say(authenticate("bob", "battery staple"));
  await eve.expect({ response: 402 });
  await eve.sayOk(authenticate("bob"));
  await eve.silence();
  await eve.say({ action: "quit" });
  await eve.expect({ alert: "goodbye" });
  disk.full = false;
  await ann.say({ action: "join", time: 1, room: "#dogs" });
  await ann.expect({ response: 201, alert: "created #dogs" });
});

/** What the log says of the store. */
const about = (log: string[]) =>
  log.filter((line) => line.includes("server/journal_guard")).map((line) => line.replace(/Cannot \w+: /, ""));
const BEGINS = "error server/journal_guard attempt disk full; until it works again, what must be kept is answered 500";
const ENDS = "info server/journal_guard review The journal works again";
/** Milliseconds in which nothing fails before it is said that the store works. */
const QUIET = 3000;

Deno.test("the log has one line when the store fails, however often, and one when it works again", {
  ignore: cannot,
}, async () => {
  const { store, disk } = failing(embeddedStore());
  await using chat = await start({ store, logged: true });
  const ann = await chat.join("ann");
  for (let round = 0; round < 2; round++) {
    disk.full = true;
    for (let i = 0; i < 5; i++) {
      await ann.say(msg("lost"));
      await ann.expect({ response: 500 });
    }
    chat.maintenance();
    await ann.silence();
    disk.full = false;
    await ann.sayOk(msg("kept"));
    chat.maintenance();
    await ann.silence();
    chat.pass(QUIET);
    chat.maintenance();
    await ann.silence();
  }
  assert.deepEqual(about(chat.log()), [BEGINS, ENDS, BEGINS, ENDS]);
});

Deno.test("the log has one line of a full disk that can be read, and that takes a message now and then", {
  ignore: cannot,
}, async () => {
  const { store, disk } = failing(embeddedStore(), ["append"]);
  await using chat = await start({ store, logged: true, accounts: ["ann"] });
  const ann = await chat.login("ann");
  for (let second = 0; second < 10; second++) {
    disk.full = true;
    await ann.say(msg("lost"));
    await ann.expect(FAILED);
    assert.equal((await ann.ask(history)).length, second >> 1);
    if (second % 2 === 1) {
      disk.full = false;
      await ann.sayOk(msg("kept"));
    }
    chat.pass(1000);
    chat.maintenance();
    await ann.silence();
  }
  assert.deepEqual(about(chat.log()), [BEGINS]);
  chat.pass(QUIET);
  chat.maintenance();
  await ann.silence();
  assert.deepEqual(about(chat.log()), [BEGINS, ENDS], "the last one was kept");
});

Deno.test("the log has one line of a full disk to which nobody writes, until it is written to again", {
  ignore: cannot,
}, async () => {
  const { store, disk } = failing(embeddedStore(), ["append"]);
  await using chat = await start({ store, logged: true });
  const ann = await chat.join("ann");
  disk.full = true;
  await ann.say(msg("lost"));
  await ann.expect(FAILED);
  disk.full = false;
  for (let second = 0; second < 10; second++) {
    chat.pass(1000);
    chat.maintenance();
    await ann.ask(history);
  }
  assert.deepEqual(about(chat.log()), [BEGINS], "nobody knows that there is room");
  await ann.sayOk(msg("kept"));
  chat.maintenance();
  await ann.silence();
  assert.deepEqual(about(chat.log()), [BEGINS], "it may fail when it is copied into the database");
  chat.pass(QUIET);
  chat.maintenance();
  await ann.silence();
  assert.deepEqual(about(chat.log()), [BEGINS, ENDS]);
});

Deno.test("no message is acknowledged or relayed before it is kept, and all that was said meanwhile keeps its order", {
  ignore: cannot,
}, async () => {
  const { store, commits } = distant(embeddedStore());
  await using chat = await start({ store, logged: true });
  const ann = await chat.join("ann"), bob = await chat.join("bob");
  await ann.say(msg("one"));
  await until("a batch", () => commits.length > 0);
  await bob.say(msg("two"), { action: "probe", time: 1 });
  await chat.logged(/perform "bob" .*probe/);
  await ann.say(msg("three"), msg("psst", "bob"), { action: "probe", time: 1 });
  await chat.logged(/perform "ann" .*probe/);
  assert.deepEqual([chat.writesTo(ann).length, chat.writesTo(bob).length], [1, 1], "only welcome");
  commits[0]!(true);
  await ann.expect({ response: 200 });
  await bob.expect({ from: "ann", message: "one" });
  await until("a batch", () => commits.length > 1);
  assert.deepEqual([chat.writesTo(ann).length, chat.writesTo(bob).length], [2, 2]);
  commits[1]!(true);
  assert.deepEqual((await bob.hearAll(4)).map(({ response, message }) => response ?? message), [
    200,
    200,
    "three",
    "psst",
  ]);
  assert.deepEqual((await ann.hearAll(4)).map(({ response, message }) => response ?? message), ["two", 200, 200, 200]);
  await ann.say(msg("lost"));
  await until("a batch", () => commits.length > 2);
  commits[2]!(false);
  await ann.expect(FAILED);
  await bob.silence();
  // A client that leaves meanwhile is answered first.
  await bob.say(msg("four"));
  await until("a batch", () => commits.length > 3);
  await ann.say(msg("five"), { action: "quit" });
  await chat.logged(/perform "ann" .*quit/);
  commits[3]!(true);
  await bob.expect({ response: 200 });
  await until("a batch", () => commits.length > 4);
  commits[4]!(true);
  assert.deepEqual((await ann.end()).map(({ message, alert }) => message ?? alert), ["four", "ok", "goodbye"]);
  await bob.expect({ message: "five" });
});
