// Editing and deleting: who may, until when, and what every kind of program sees of it.

import assert from "node:assert/strict";
import { authenticate, PASSWORD } from "./accounts.ts";
import { cannot, type Chat, type Peer, start } from "./start.ts";
import { embeddedStore } from "./store.ts";
import { startServers } from "./two_servers.ts";
import { guest, ways } from "./ways.ts";

const features = ["edits", "replies", "id"];
const msg = (message: string, more: object = {}) => ({ action: "msg", time: 1, to: "#all", message, ...more });
const edit = (id: number, message: string, to = "#all") => ({ action: "edit", time: 2, to, id, message });
const remove = (id: number, to = "#all") => ({ action: "delete", time: 2, to, id });
const history = (more: object = {}) => ({ action: "history", time: 1, ...more });
const search = (text: string, more: object = {}) => ({ action: "search", time: 1, text, ...more });
const texts = (all: { message: string }[]) => all.map(({ message }) => message);
const DELETED = "(this message was deleted)";

async function modern(chat: Chat, name: string): Promise<Peer> {
  const peer = await chat.connect();
  await peer.enter(name, { features });
  return peer;
}

async function login(chat: Chat, name: string): Promise<Peer> {
  const peer = await chat.connect();
  await peer.sayOk({ ...authenticate(name), features });
  return peer;
}

for (const way of ways) {
  Deno.test(`${way}: an edit is an object to one program, and a message of its own to another`, {
    ignore: cannot,
  }, async () => {
    await using chat = await start();
    const ann = await modern(chat, "ann"), bob = await modern(chat, "bob"), plain = await guest(chat, way, "plain");
    const { id } = await ann.sayOk(msg("helo"));
    for (const each of [bob, plain]) await each.expect({ id, message: "helo" });
    const { id: of, alert } = await ann.sayOk(edit(id, "hello"));
    assert.ok(of > id);
    assert.equal(alert, "the message is edited");
    const { time, ...notice } = await bob.hear();
    assert.deepEqual(notice, { action: "edit", to: "#all", from: "ann", of: id, message: "hello", id: of });
    assert.ok(Math.abs(time - Date.now() / 1000) < 100);
    const { time: _, ...text } = await plain.hear();
    const rest = { action: "msg", to: "#all", from: "ann", encoding: "utf-8" };
    assert.deepEqual(text, { ...rest, message: "\u270e hello", id: of });
    const [row] = await bob.ask(history());
    assert.deepEqual(row, { ...rest, time: 1, message: "hello", id, edited: row.edited });
    assert.ok(Number.isInteger(row.edited) && Math.abs(row.edited - time) <= 1);
    assert.deepEqual(await plain.ask(history()), [{ ...rest, time: 1, message: "hello", id }]);
    for (const each of [ann, bob, plain]) await each.silence();
  });

  Deno.test(`${way}: what is deleted leaves a place without a text`, { ignore: cannot }, async () => {
    await using chat = await start();
    const ann = await modern(chat, "ann"), bob = await modern(chat, "bob"), plain = await guest(chat, way, "plain");
    const { id } = await ann.sayOk(msg("a secret, by mistake"));
    const { id: second } = await ann.sayOk(msg("an answer", { reply_to: id }));
    for (const each of [bob, plain]) await each.hearAll(2);
    await ann.sayOk(edit(id, "a secret"));
    for (const each of [bob, plain]) await each.hear();
    const { id: of, alert } = await ann.sayOk(remove(id));
    assert.equal(alert, "the message is deleted");
    const { time: _, ...notice } = await bob.hear();
    assert.deepEqual(notice, { action: "delete", to: "#all", from: "ann", of: id, id: of });
    await plain.silence();
    const rest = { action: "msg", time: 1, to: "#all", from: "ann", encoding: "utf-8" };
    assert.deepEqual(await bob.ask(history()), [
      { ...rest, message: "", id, deleted: true },
      { ...rest, message: "an answer", id: second, reply_to: id },
    ]);
    assert.deepEqual(texts(await plain.ask(history())), [DELETED, `> ${DELETED}\nan answer`]);
    assert.deepEqual(await plain.ask(search("secret")), []);
    await ann.say(edit(id, "again"), remove(id), msg("again", { reply_to: id }));
    const error = `id: the message ${id} was deleted`;
    await ann.expect({ response: 410, error });
    await ann.expect({ response: 410, error });
    await ann.expect({ response: 200 });
    await bob.expect({ message: "again" });
  });
}

Deno.test("a page of events says how messages became what they are", { ignore: cannot }, async () => {
  await using chat = await start({ store: embeddedStore() });
  const ann = await modern(chat, "ann");
  const { id: one } = await ann.sayOk(msg("one")), { id: two } = await ann.sayOk(msg("two"));
  const { id: first } = await ann.sayOk(edit(one, "ONE")), { id: three } = await ann.sayOk(msg("three"));
  const { id: second } = await ann.sayOk(edit(one, "One")), { id: gone } = await ann.sayOk(remove(two));
  const rows = await ann.ask(history({ events: true }));
  assert.deepEqual(rows.map(({ action, id, of, message }) => [action, id, of, message]), [
    ["msg", one, undefined, "one"],
    ["msg", two, undefined, ""],
    ["edit", first, one, "ONE"],
    ["msg", three, undefined, "three"],
    ["edit", second, one, "One"],
    ["delete", gone, two, undefined],
  ]);
  assert.deepEqual(rows.map(({ edited, deleted }) => edited ?? deleted), [
    undefined,
    true,
    ...Array(4).fill(undefined),
  ]);
  const ids = async (more: object) => (await ann.ask(history({ events: true, ...more }))).map(({ id }) => id);
  assert.deepEqual(await ids({ limit: 2 }), [second, gone]);
  assert.deepEqual(await ids({ limit: 2, before: second }), [first, three]);
  assert.deepEqual(await ids({ limit: 3, after: two }), [first, three, second]);
  assert.deepEqual(texts(await ann.ask(history())), ["One", "", "three"]);
});

Deno.test("a search finds the present text, and not the former one", { ignore: cannot }, async () => {
  await using chat = await start({ store: embeddedStore() });
  const ann = await modern(chat, "ann");
  const { id } = await ann.sayOk(msg("an apple")), { id: other } = await ann.sayOk(msg("a plum"));
  for (let i = 0; i < 3; i++) chat.maintenance();
  await ann.silence();
  await ann.sayOk(edit(id, "a pear"));
  await ann.sayOk(remove(other));
  const found = async (text: string) => texts(await ann.ask(search(text)));
  for (let i = 0; i < 2; i++) {
    assert.deepEqual([await found("apple"), await found("pear"), await found("plum")], [[], ["a pear"], []]);
    for (let i = 0; i < 3; i++) chat.maintenance(); // the index follows
    await ann.silence();
  }
});

Deno.test("nobody edits what another has said, and an operator deletes it", { ignore: cannot }, async () => {
  await using chat = await start({ accounts: ["ann", "bob"], operators: ["op"], logged: true });
  const ann = await login(chat, "ann"), bob = await login(chat, "bob"), op = await login(chat, "op");
  const { id } = await ann.sayOk(msg("mine"));
  for (const each of [bob, op]) await each.expect({ id });
  const error = `id: expected the id of a message of your own, got ${id}, which is of "ann"`;
  for (const [peer, words] of [[bob, edit(id, "yours")], [bob, remove(id)], [op, edit(id, "ours")]] as const) {
    await peer.say(words);
    await peer.expect({ response: 403, error });
  }
  await op.sayOk(remove(id));
  for (const each of [ann, bob]) await each.expect({ action: "delete", of: id, from: "op", role: "operator" });
  await chat.logged(new RegExp(`operator "op" .*: delete ${id} of "ann"$`));
  const { id: secret } = await ann.sayOk(msg("psst", { to: "op" }));
  await op.expect({ id: secret });
  await op.say(remove(secret, "ann"));
  await op.expect({ response: 403, error: error.replace(`${id}`, `${secret}`) });
  await ann.sayOk(edit(secret, "psst!", "op"));
  await op.expect({ action: "edit", of: secret, message: "psst!", to: "op" });
  for (const each of [ann, bob, op]) await each.silence();
});

Deno.test("a guest's messages are its own as long as it alone has the name", { ignore: cannot }, async () => {
  await using chat = await start();
  const ann = await modern(chat, "ann"), { id } = await ann.sayOk(msg("as the only ann"));
  const other = await modern(chat, "ann"), { id: shared } = await ann.sayOk(msg("as one of two"));
  await other.expect({ id: shared });
  await ann.sayOk(edit(id, "still mine"));
  await other.expect({ action: "edit", of: id, guest: 1 });
  const error = "id: expected a message that you have sent while no other guest had your name; " +
    "take another name, or register";
  for (const [peer, of] of [[ann, shared], [other, shared], [other, id]] as const) {
    await peer.say(remove(of));
    await peer.expect({ response: 403, error });
  }
  await ann.end();
  await other.end();
  const successor = await modern(chat, "ann");
  await successor.say(remove(id));
  await successor.expect({ response: 403, error });
});

Deno.test("an account keeps what its guest has said, and no successor inherits it", { ignore: cannot }, async () => {
  await using chat = await start({ rules: { registration: true } });
  const ann = await modern(chat, "ann"), { id } = await ann.sayOk(msg("as a guest"));
  await ann.say({ action: "register", time: 1, user: { account_name: "ann", password: PASSWORD } });
  await ann.expect({ response: 201 });
  await ann.sayOk(edit(id, "as an account"));
  const { id: own } = await ann.sayOk(msg("mine"));
  await ann.sayOk(edit(own, "mine too"));
  assert.deepEqual(texts(await ann.ask(history())), ["as an account", "mine too"]);
});

Deno.test("an own message can be changed for some time, and an operator's for ever", { ignore: cannot }, async () => {
  let now = 1_764_000_000_000;
  const wall = () => now, store = embeddedStore({ wall });
  await using chat = await start({ store, wall, accounts: ["ann"], operators: ["op"], rules: { editMinutes: 1 } });
  const ann = await login(chat, "ann"), op = await login(chat, "op");
  const { id } = await ann.sayOk(msg("of ann"));
  await op.expect({ id });
  const { id: ops } = await op.sayOk(msg("of op"));
  await ann.expect({ id: ops });
  now += 59_000;
  await ann.sayOk(edit(id, "in time"));
  await op.expect({ action: "edit" });
  now += 2_000;
  await ann.say(edit(id, "too late"));
  await ann.expect({
    response: 403,
    error: `id: expected a message of the last 1 minutes, got ${id}, which is older`,
  });
  await op.sayOk(edit(ops, "whenever"));
  await ann.expect({ action: "edit", of: ops });
});

Deno.test("where people may not edit, an operator may", { ignore: cannot }, async () => {
  await using chat = await start({ accounts: ["ann"], operators: ["op"], rules: { editMinutes: 0 } });
  const ann = await login(chat, "ann"), op = await login(chat, "op");
  const { id } = await ann.sayOk(msg("of ann"));
  await op.expect({ id });
  for (const words of [edit(id, "?"), remove(id)]) {
    await ann.say(words);
    await ann.expect({ response: 403, error: "action: messages are neither edited nor deleted here; ask an operator" });
  }
  await op.sayOk(remove(id));
  await ann.expect({ action: "delete", of: id });
});

Deno.test("an edit of what is not there is refused, and says why", { ignore: cannot }, async () => {
  await using chat = await start({ operators: ["op"] });
  const ann = await modern(chat, "ann"), bob = await modern(chat, "bob"), op = await login(chat, "op");
  await ann.say({ action: "join", time: 1, room: "#cats" });
  await ann.expect({ response: 201 });
  const { id } = await ann.sayOk(msg("meow", { to: "#cats" }));
  const refused = async (peer: Peer, words: object, response: number, error: string) => {
    await peer.say(words);
    await peer.expect({ response, error });
  };
  await refused(
    ann,
    edit(id, "?"),
    404,
    `id: expected the id of a message of this conversation, got ${id}; history has the ids`,
  );
  await refused(bob, edit(id, "?", "#cats"), 403, 'to: expected a room that you are in, so join "#cats" first');
  await refused(bob, remove(id, "#dogs"), 404, 'to: there is no room "#dogs"; the first join makes it');
  const noId = "id: expected the id of a message, a whole number from 0 to 9007199254740991, got ";
  await refused(bob, { action: "delete", time: 1 }, 400, `${noId}nothing`);
  await refused(bob, { ...edit(7, "x"), id: "7" }, 400, `${noId}"7"`);
  await refused(bob, { action: "edit", time: 1, id: 7 }, 400, 'message: expected a text, such as "hello", got nothing');
  await refused(bob, edit(7, "x".repeat(4001)), 400, "message: expected at most 4000 characters, got 4001");
  const unkept =
    "to: what guests say to each other is kept nowhere, so no message of it can be found; register to have it kept";
  await refused(bob, remove(7, "ann"), 404, unkept);
  await op.sayOk({ action: "mute", time: 1, user_id: "ann" });
  await refused(ann, edit(id, "?", "#cats"), 403, "message: others would read it, and you may not write here");
  await refused(ann, remove(id, "#cats"), 403, "id: others would read it, and you may not write here");
});

Deno.test("an edit to nothing is refused, and says how a message is taken away", { ignore: cannot }, async () => {
  await using chat = await start();
  const ann = await modern(chat, "ann"), bob = await modern(chat, "bob");
  const { id } = await ann.sayOk(msg("hello")), { id: empty } = await ann.sayOk(msg(""));
  await bob.hearAll(2);
  const error = "message: expected another text, got an empty one; to take the message away, send a delete";
  for (const nothing of ["", " ", "\n\t\u00a0"]) {
    await ann.say(edit(id, nothing));
    await ann.expect({ response: 400, error });
  }
  assert.equal((await ann.sayOk(edit(empty, ""))).id, undefined); // it is the same text
  await bob.silence();
  assert.deepEqual(texts(await bob.ask(history())), ["hello", ""]);
});

Deno.test("the same text is no edit, and a message is edited a hundred times at most", { ignore: cannot }, async () => {
  await using chat = await start();
  const ann = await modern(chat, "ann"), bob = await modern(chat, "bob");
  const { id } = await ann.sayOk(msg("0"));
  await bob.hear();
  assert.equal((await ann.sayOk(edit(id, "0"))).alert, "ok; the text is the same");
  for (let i = 1; i <= 100; i++) await ann.sayOk(edit(id, `${i}`));
  await ann.say(edit(id, "101"));
  await ann.expect({
    response: 409,
    error: `id: expected a message that was edited less than 100 times, got ${id}; delete it instead`,
  });
  assert.deepEqual((await bob.hearAll(100)).at(-1).message, "100");
  await ann.sayOk(remove(id));
});

Deno.test("an account that was away is not sent what was deleted meanwhile", { ignore: cannot }, async () => {
  await using chat = await start({ accounts: ["ann", "bob"] });
  const ann = await login(chat, "ann");
  const ids: number[] = [];
  for (const text of ["one", "two", "three"]) {
    await ann.say(msg(text, { to: "bob" }));
    ids.push((await ann.expect({ response: 202 })).id);
  }
  await ann.sayOk(remove(ids[1]!, "bob"));
  await ann.sayOk(edit(ids[2]!, "3", "bob"));
  const bob = await chat.connect();
  await bob.sayOk(authenticate("bob"));
  assert.deepEqual(texts(await bob.hearAll(2)), ["one", "3"]);
  await bob.silence();
});

Deno.test("edits and deletions reach the readers of another server, each in its way", { ignore: cannot }, async () => {
  await using chat = await startServers(2, { accounts: ["ann", "bob"] });
  const [one, two] = chat.all;
  const ann = await login(one!, "ann"), bob = await login(two!, "bob"), plain = await two!.join("plain");
  const lesson = await two!.bare();
  await lesson.say({ action: "presence", time: 1, user: { account_name: "lesson" } });
  await lesson.expect({ response: 200 });
  const { id } = await ann.sayOk(msg("helo"));
  for (const each of [bob, plain]) await each.expect({ id });
  await lesson.expect({ mess_text: "helo" });
  const { id: of } = await ann.sayOk(edit(id, "hello"));
  await bob.expect({ action: "edit", of: id, id: of, message: "hello", role: "account" });
  await plain.expect({ action: "msg", id: of, message: "\u270e hello" });
  await lesson.expect({ mess_text: "\u270e hello", from: "ann" });
  const { id: secret } = await ann.sayOk(msg("psst", { to: "bob" }));
  await bob.expect({ id: secret });
  await ann.sayOk(remove(secret, "bob"));
  await bob.expect({ action: "delete", of: secret, to: "bob", from: "ann" });
  assert.deepEqual(texts(await bob.ask(history())), ["hello"]);
  assert.deepEqual((await bob.ask(history({ with: "ann" }))).map(({ deleted }) => deleted), [true]);
  const three = await chat.add(), late = await login(three, "bob");
  assert.deepEqual(texts(await late.ask(history())), ["hello"]);
  assert.deepEqual((await late.ask(history({ events: true }))).map(({ message }) => message), ["helo", "hello"]);
  for (const each of [ann, plain]) await each.silence();
});
