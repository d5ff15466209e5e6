// What a connection has not asked for it is not sent: features are named on coming in. `id`: the answer to a message has the
// id under which others were sent it, wherever it went.

import assert from "node:assert/strict";
import { authenticate, PASSWORD, register } from "./accounts.ts";
import type { Peer } from "./peer.ts";
import { cannot, start } from "./start.ts";
import { stranger, ways } from "./ways.ts";

const features = ["id"];
const presence = (account_name: string) => ({ action: "presence", time: 1, user: { account_name, status: "" } });
const msg = (message: string, to = "#all") => ({ action: "msg", time: 1, to, message });
const history = (more: object) => ({ action: "history", time: 1, ...more });
/** A message to all in the form of its relay. */
const canonical = (from: string, message: string) =>
  `{"action":"msg","time":1,"to":"#all","from":"${from}","encoding":"utf-8","message":"${message}"}\n`;

/** Says a message, and returns the id in its answer. */
async function idOf(by: Peer, words: object | string): Promise<number> {
  const { id } = await by.sayOk(words);
  assert.match(String(id), /^\d{16}$/);
  return id;
}

/** Says a message that the reader is sent by the same id. */
async function told(by: Peer, words: object | string, reader: Peer): Promise<void> {
  await reader.expect({ id: await idOf(by, words) });
}

for (const way of ways) {
  Deno.test(`${way}: the answer to a message has its id for a connection that asks so, wherever it goes`, {
    ignore: cannot,
  }, async () => {
    await using chat = await start({ accounts: ["bob"] });
    const ann = await stranger(chat, way), bob = await chat.login("bob");
    await ann.enter("ann", { features });
    await bob.say({ action: "join", time: 1, room: "#cats" });
    await bob.expect({ response: 201 });
    await ann.sayOk({ action: "join", time: 1, room: "#cats" });
    for (const words of [msg("one"), canonical("ann", "two"), msg("three", "#cats"), msg("four", "bob")]) {
      await told(ann, words, bob);
    }
    await bob.end();
    await ann.say(msg("five", "bob"));
    const { id } = await ann.expect({ response: 202 });
    await (await chat.login("bob")).expect({ message: "five", id, replayed: true });
  });
}

Deno.test("a connection that asks for nothing gets the shortest answer there is, also beside one that does", {
  ignore: cannot,
}, async () => {
  await using chat = await start();
  const ann = await chat.join("ann"), bob = await chat.connect();
  await bob.enter("bob", { features });
  await idOf(bob, canonical("bob", "hello"));
  await ann.expect({ message: "hello" });
  const segments = ann.segments.length;
  await ann.sayOk(canonical("ann", "one"));
  assert.match(ann.segments.slice(segments).join(""), /^\{"response":200,"time":\d+\}\n$/);
  assert.equal("id" in await ann.sayOk(msg("two")), false);
  await bob.hearAll(2);
});

Deno.test("a message that is never kept has an id too, between those of its neighbours, and no past has it", {
  ignore: cannot,
}, async () => {
  await using chat = await start();
  const ann = await chat.connect(), bob = await chat.join("bob");
  await ann.enter("ann", { features });
  const ids = [await idOf(ann, msg("one")), await idOf(ann, msg("between us", "bob")), await idOf(ann, msg("two"))];
  assert.deepEqual(ids, ids.toSorted());
  assert.deepEqual((await bob.hearAll(3)).map(({ id }) => id), ids);
  assert.deepEqual((await bob.ask(history({}))).map(({ id }) => id), [ids[0], ids[2]]);
});

Deno.test("a message to one's own other devices has one id everywhere", { ignore: cannot }, async () => {
  await using chat = await start({ accounts: ["ann", "bob"] });
  const ann = await chat.connect(), phone = await chat.login("ann");
  await ann.sayOk({ ...authenticate("ann"), features });
  await told(ann, msg("noted", "ann"), phone);
  await told(ann, msg("hello"), phone);
  await ann.say(msg("hello", "bob"));
  const { id } = await ann.expect({ response: 202 });
  await phone.expect({ to: "bob", id });
  assert.deepEqual((await phone.ask(history({ with: "bob" }))).map(({ id }) => id), [id]);
});

Deno.test("features are named on coming in by any way, hold until the end, and more may be named later", {
  ignore: cannot,
}, async () => {
  await using chat = await start({ accounts: ["ann"] });
  const bob = await chat.join("bob"),
    tab = await chat.connect(),
    eve = await chat.connect(),
    zoe = await chat.connect();
  const { token } = await tab.sayOk({ ...authenticate("ann"), token: true });
  await eve.say({ ...register("eve"), features });
  await eve.expect({ response: 201 });
  await zoe.sayOk({ ...authenticate("zoe"), features }); // the name is nobody's
  const ann = await chat.connect();
  await ann.sayOk({ action: "authenticate", time: 1, token, features });
  for (const each of [eve, zoe, ann]) await told(each, msg("hello", "bob"), bob);
  // Other names, a probe, a feature more: what was named holds.
  await zoe.sayOk({ ...presence("zoe 2"), features: ["watch"] });
  await told(zoe, msg("hello", "bob"), bob);
  await bob.enter("bob 2", { features: ["video"] });
  await zoe.expect({ state: "offline", user: { account_name: "bob", status: "offline" } });
  await zoe.expect({ state: "online", user: { account_name: "bob 2", status: "online" } });
  assert.equal("id" in await bob.sayOk(msg("hello")), false);
});

Deno.test("what is refused names no feature, and neither does what is no list of names", {
  ignore: cannot,
}, async () => {
  await using chat = await start({ accounts: ["ann"] });
  const bob = await chat.join("bob");
  await bob.say({ ...presence("ann"), features });
  await bob.expect({ response: 401 });
  await bob.say({ ...authenticate("ann", `not ${PASSWORD}`), features });
  await bob.expect({ response: 402 });
  assert.equal("id" in await bob.sayOk(msg("hello")), false);
  await bob.say({ action: "presence", time: 1, features: "id" });
  await bob.expect({ response: 400, error: 'features: expected an array of names, such as ["id"], got "id"' });
  const { alert } = await bob.sayOk({ action: "presence", time: 1, feature: ["id"] });
  assert.equal(alert, 'ok; "feature" is no field of presence and was ignored, did you mean "features"?');
  assert.equal("id" in await bob.sayOk(msg("hello")), false);
});
