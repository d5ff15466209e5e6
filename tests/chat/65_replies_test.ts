// A message that answers another one: a program that knows replies gets the other's id, all others get its first words.

import assert from "node:assert/strict";
import { authenticate } from "./accounts.ts";
import { cannot, type Chat, type Peer, start } from "./start.ts";
import { embeddedStore } from "./store.ts";
import { startServers } from "./two_servers.ts";
import { guest, ways } from "./ways.ts";

const features = ["replies", "id"];
const msg = (message: string, more: object = {}) => ({ action: "msg", time: 1, to: "#all", message, ...more });
const history = (more: object = {}) => ({ action: "history", time: 1, ...more });
const texts = (all: { message: string }[]) => all.map(({ message }) => message);

/** A program that knows replies. */
async function modern(chat: Chat, name: string): Promise<Peer> {
  const peer = await chat.connect();
  await peer.enter(name, { features });
  return peer;
}

for (const way of ways) {
  Deno.test(`${way}: a reply is a message with an id to one program, and with a quote to another`, {
    ignore: cannot,
  }, async () => {
    await using chat = await start();
    const ann = await modern(chat, "ann"), bob = await modern(chat, "bob"), plain = await guest(chat, way, "plain");
    const { id } = await ann.sayOk(msg("Tea, or coffee?\nThere is no milk."));
    for (const each of [bob, plain]) await each.expect({ id });
    const { id: replyId } = await bob.sayOk(msg("Tea!", { reply_to: id }));
    const { time: _, ...relay } = await ann.hear();
    const rest = { action: "msg", to: "#all", from: "bob", encoding: "utf-8", id: replyId };
    assert.deepEqual(relay, { ...rest, message: "Tea!", reply_to: id });
    const { time: __, ...quoted } = await plain.hear();
    assert.deepEqual(quoted, { ...rest, message: "> ann: Tea, or coffee?\nTea!" });
    await plain.sayOk(msg("Coffee", { reply_to: replyId })); // a program may send what it does not read
    const last = await ann.expect({ from: "plain", message: "Coffee", reply_to: replyId });
    await bob.expect({ message: "Coffee" });
    assert.deepEqual((await ann.ask(history())).map(({ message, reply_to }) => [message, reply_to]), [
      ["Tea, or coffee?\nThere is no milk.", undefined],
      ["Tea!", id],
      ["Coffee", replyId],
    ]);
    const page = await plain.ask(history());
    assert.deepEqual(texts(page), [
      "Tea, or coffee?\nThere is no milk.",
      "> ann: Tea, or coffee?\nTea!",
      "> bob: Tea!\nCoffee",
    ]);
    assert.deepEqual(page.map((row) => "reply_to" in row), [false, false, false]);
    assert.ok(last.id > replyId);
    for (const each of [ann, bob, plain]) await each.silence();
  });
}

Deno.test("a reply is found by its own words alone", { ignore: cannot }, async () => {
  await using chat = await start();
  const ann = await modern(chat, "ann");
  const { id } = await ann.sayOk(msg("an unusual word"));
  await ann.sayOk(msg("a reply", { reply_to: id }));
  const found = (text: string) => ann.ask({ action: "search", time: 1, text });
  assert.deepEqual(texts(await found("unusual")), ["an unusual word"]);
  assert.deepEqual((await found("reply")).map(({ reply_to }) => reply_to), [id]);
});

Deno.test(
  "replies and messages to all of one write keep their order, on every page too",
  { ignore: cannot },
  async () => {
    await using chat = await start({ store: embeddedStore() });
    const ann = await modern(chat, "ann"), bob = await modern(chat, "bob"), plain = await chat.join("plain");
    const { id } = await ann.sayOk(msg("first"));
    await bob.say(msg("a"), msg("b"), msg("c", { reply_to: id }), msg("d"), msg("e", { reply_to: id }), msg("f"));
    assert.deepEqual((await bob.hearAll(7)).slice(1).map(({ response }) => response), [200, 200, 200, 200, 200, 200]);
    await ann.hearAll(6).then((all) => assert.deepEqual(texts(all), ["a", "b", "c", "d", "e", "f"]));
    const quoted = ["first", "a", "b", "> ann: first\nc", "d", "> ann: first\ne", "f"];
    assert.deepEqual(texts(await plain.hearAll(7)), quoted);
    assert.deepEqual(texts(await plain.ask(history())), quoted);
    for (let after = 0, i = 0; i < quoted.length; i++) {
      const [row] = await plain.ask(history({ after, limit: 1 }));
      assert.equal(row.message, quoted[i]);
      after = row.id;
    }
  },
);

Deno.test("many write to all in one turn, some of them replies: each page is whole", { ignore: cannot }, async () => {
  await using chat = await start({ store: embeddedStore() });
  const ann = await modern(chat, "ann"), { id } = await ann.sayOk(msg("0"));
  const others = await Promise.all([1, 2, 3, 4].map((i) => modern(chat, `guest ${i}`)));
  await Promise.all(
    others.map((each, i) =>
      each.say(...Array.from({ length: 20 }, (_, k) => msg(`${i} ${k}`, (i + k) % 3 === 0 ? { reply_to: id } : {})))
    ),
  );
  const heard = await ann.hearAll(80);
  const ids = heard.map(({ id }) => id);
  assert.deepEqual(ids, [...ids].sort((one, other) => one - other));
  const page = await ann.ask(history({ after: id, limit: 500 }));
  assert.deepEqual(page, heard);
  for (const { id, message } of heard.filter((_, i) => i % 7 === 0)) {
    assert.deepEqual(texts(await ann.ask(history({ before: id + 1, limit: 1 }))), [message]);
  }
});

Deno.test("a reply in a room and to a person is for its members and that person", { ignore: cannot }, async () => {
  await using chat = await start({ accounts: ["ann", "bob"] });
  const ann = await chat.connect(), bob = await chat.connect(), plain = await chat.join("plain");
  await ann.sayOk({ ...authenticate("ann"), features });
  await bob.sayOk({ ...authenticate("bob"), features });
  await ann.say({ action: "join", time: 1, room: "#cats" });
  await ann.expect({ response: 201 });
  await plain.sayOk({ action: "join", time: 1, room: "#CATS" });
  const { id } = await ann.sayOk(msg("meow?", { to: "#cats" }));
  await plain.expect({ to: "#CATS", message: "meow?" });
  await ann.sayOk(msg("meow!", { to: "#cats", reply_to: id }));
  await plain.expect({ to: "#CATS", message: "> ann: meow?\nmeow!" });
  assert.deepEqual(texts(await plain.ask(history({ room: "#CATS" }))), ["meow?", "> ann: meow?\nmeow!"]);
  const { id: secret } = await ann.sayOk(msg("psst", { to: "bob" }));
  await bob.expect({ id: secret });
  await bob.sayOk(msg("yes?", { to: "ann", reply_to: secret }));
  await ann.expect({ from: "bob", message: "yes?", reply_to: secret });
  for (const each of [ann, bob, plain]) await each.silence();
});

Deno.test("an account that was away gets a reply as its program reads it", { ignore: cannot }, async () => {
  await using chat = await start({ accounts: ["ann", "bob"] });
  const ann = await chat.connect();
  await ann.sayOk({ ...authenticate("ann"), features });
  await ann.say(msg("are you there?", { to: "bob" }));
  const { id } = await ann.expect({ response: 202 });
  await ann.say(msg("tell me later", { to: "bob", reply_to: id }));
  await ann.expect({ response: 202 });
  const bob = await chat.connect();
  await bob.sayOk(authenticate("bob"));
  await bob.expect({ message: "are you there?", replayed: true });
  await bob.expect({ message: "> ann: are you there?\ntell me later", replayed: true });
  await bob.silence();
});

Deno.test("a reply to what is not there is refused, and says why", { ignore: cannot }, async () => {
  await using chat = await start({ accounts: ["op"] });
  const ann = await modern(chat, "ann"), bob = await modern(chat, "bob"), op = await chat.login("op");
  await ann.say({ action: "join", time: 1, room: "#cats" });
  await ann.expect({ response: 201 });
  const { id } = await ann.sayOk(msg("of the room", { to: "#cats" }));
  const missing = (id: number) =>
    `reply_to: expected the id of a message of this conversation, got ${id}; history has the ids`;
  for (const reply_to of [id, 0, 7, Number.MAX_SAFE_INTEGER]) { // that of the room is none of #all
    await bob.say(msg("?", { reply_to }));
    await bob.expect({ response: 404, error: missing(reply_to) });
  }
  for (const [reply_to, got] of [["7", '"7"'], [-1, "-1"], [1.5, "1.5"], [{}, "{}"], [true, "true"]] as const) {
    await bob.say(msg("?", { reply_to }));
    await bob.expect({
      response: 400,
      error: `reply_to: expected the id of a message, a whole number from 0 to 9007199254740991, got ${got}`,
    });
  }
  await bob.say(msg("?", { to: "#cats", reply_to: id }));
  await bob.expect({ response: 403, error: 'to: expected a room that you are in, so join "#cats" first' });
  await ann.sayOk(msg("psst", { to: "bob" }));
  const { id: secret } = await bob.hear();
  await bob.say(msg("yes?", { to: "ann", reply_to: secret }));
  await bob.expect({
    response: 404,
    error: "reply_to: what guests say to each other is kept nowhere, so no message of it can be found; " +
      "register to have it kept",
  });
  await bob.sayOk(msg("null is none", { reply_to: null }));
  await ann.expect({ message: "null is none" });
  await op.expect({ message: "null is none" });
  await bob.say(msg("a slip", { reply_too: id }));
  await bob.expect({
    response: 200,
    alert: 'ok; "reply_too" is no field of msg and was ignored, did you mean "reply_to"?',
  });
});

Deno.test("a long original is quoted by its first words", { ignore: cannot }, async () => {
  await using chat = await start();
  const ann = await modern(chat, "ann"), plain = await chat.join("plain");
  const cases = [
    ["x".repeat(61), `${"x".repeat(60)}\u2026`],
    ["x".repeat(60), "x".repeat(60)],
    [`\n\n  ${"\u{1F600}".repeat(100)}`, `${"\u{1F600}".repeat(60)}\u2026`],
    ["one\u2028two", "one"],
    ["", ""],
  ] as const;
  for (const [original, words] of cases) {
    const { id } = await ann.sayOk(msg(original));
    await plain.hear();
    await ann.sayOk(msg("yes", { reply_to: id }));
    await plain.expect({ message: `> ann: ${words}\nyes` });
  }
});

Deno.test("another server relays a reply as each of its readers takes it", { ignore: cannot }, async () => {
  await using chat = await startServers(2);
  const [one, two] = chat.all;
  const ann = await modern(one!, "ann"), bob = await modern(two!, "bob"), plain = await two!.join("plain");
  const lesson = await two!.bare();
  await lesson.say({ action: "presence", time: 1, user: { account_name: "lesson" } });
  await lesson.expect({ response: 200 });
  const { id } = await ann.sayOk(msg("Tea?"));
  for (const each of [bob, plain]) await each.expect({ id });
  await lesson.expect({ mess_text: "Tea?" });
  await ann.say(msg("before"), msg("Yes", { reply_to: id }), msg("behind"));
  const answers = await ann.hearAll(3);
  assert.deepEqual(texts(await plain.hearAll(3)), ["before", "> ann: Tea?\nYes", "behind"]);
  const heard = await bob.hearAll(3);
  assert.deepEqual(heard.map(({ message, reply_to }) => [message, reply_to]), [
    ["before", undefined],
    ["Yes", id],
    ["behind", undefined],
  ]);
  assert.deepEqual(heard.map(({ id }) => id), answers.map(({ id }) => id));
  assert.deepEqual((await lesson.hearAll(3)).map(({ mess_text }) => mess_text), [
    "before",
    "> ann: Tea?\nYes",
    "behind",
  ]);
  assert.deepEqual(await bob.ask(history({ after: id })), heard);
  assert.deepEqual(texts(await plain.ask(history({ limit: 2 }))), ["> ann: Tea?\nYes", "behind"]);
  await bob.say({ action: "join", time: 1, room: "#cats" });
  await bob.expect({ response: 201 });
  await plain.sayOk({ action: "join", time: 1, room: "#cats" });
  await ann.sayOk({ action: "join", time: 1, room: "#cats" });
  const { id: meow } = await ann.sayOk(msg("meow", { to: "#cats" }));
  for (const each of [bob, plain]) await each.expect({ id: meow });
  await ann.sayOk(msg("meow meow", { to: "#cats", reply_to: meow }));
  await bob.expect({ message: "meow meow", reply_to: meow });
  await plain.expect({ message: "> ann: meow\nmeow meow" });
});
