// Operators make others operators, and take that back; the server's token moderates as an operator does, and appoints nobody.

import assert from "node:assert/strict";
import type { Batch } from "../../server/journal/contract.ts";
import { embeddedStore, memoryStore, openStore, type Store } from "./store.ts";
import { makeFolder } from "../log/folder.ts";
import { inspect } from "../token.ts";
import { cheaply, PASSWORD } from "./accounts.ts";
import { distant } from "./failing.ts";
import { cannot, type Chat, type Peer, start } from "./start.ts";
import { until } from "./within.ts";

const time = 1_764_000_000;

async function withAccounts(store: Store = memoryStore()): Promise<Store> {
  for (const [name, operator] of [["op", true], ["ann", false]] as const) {
    store.putAccount({ name, password: await cheaply(PASSWORD), operator, seen: 0 });
  }
  return store;
}

/** A page of the class, which has shown the token and has no name. */
async function byToken(chat: Chat): Promise<Peer> {
  const teacher = await chat.connect();
  await teacher.sayOk(inspect);
  return teacher;
}

/** What answers an order, past all that is inspected. */
async function order(peer: Peer, fields: object): Promise<Record<string, unknown>> {
  await peer.say({ time, ...fields });
  for (;;) {
    const heard = await peer.hear();
    if (heard.action !== "trace") return heard;
  }
}

Deno.test("a guest with the token gives no order about its own name, which would have no effect", {
  ignore: cannot,
}, async () => {
  await using chat = await start({ store: await withAccounts() });
  const eve = await chat.join("eve");
  await eve.sayOk(inspect);
  for (const action of ["kick", "ban", "mute"]) {
    const { response, error } = await order(eve, { action, user_id: "EVE" });
    assert.deepEqual([response, error], [400, 'user_id: expected somebody else, for "EVE" includes yourself']);
  }
  assert.equal((await order(eve, { action: "ban", user_id: "zoe" })).response, 200);
});

Deno.test("an account is made an operator's and is told, and what it was is as it was after that is taken back", {
  ignore: cannot,
}, async () => {
  using folder = makeFolder();
  const store = openStore({ path: `${folder.path}/hanita.db` });
  try {
    {
      await using chat = await start({ store: await withAccounts(store) });
      const op = await chat.login("op"), ann = await chat.login("ann"), bob = await chat.join("bob");
      await op.sayOk({ action: "promote", time, user_id: "ANN" });
      await ann.expect({ response: 100, alert: "You are an operator now", role: "operator" });
      await ann.sayOk({ action: "inspect", time });
      assert.equal((await order(ann, { action: "kick", user_id: "bob" })).response, 200);
      await bob.expect({ response: 403, kicked: true });
      const own = await order(ann, { action: "demote", user_id: "ann" });
      assert.equal(own.error, 'user_id: expected somebody else, for "ann" includes yourself');
      await op.sayOk({ action: "demote", time, user_id: "ann" });
      let told = await ann.hear();
      while (told.action === "trace") told = await ann.hear();
      assert.deepEqual([told.response, told.alert, told.role], [100, "You are no operator any more", "account"]);
      await ann.say({ action: "kick", time, user_id: "op" });
      await ann.expect({ response: 403, error: 'action: "kick" is for operators, so authenticate as one' });
      await op.sayOk({ action: "probe", time });
      await ann.silence(); // it sees nothing more of what passes
      await op.sayOk({ action: "promote", time, user_id: "ann" });
    }
    await using chat = await start({ store });
    const ann = await chat.login("ann");
    await ann.sayOk({ action: "demote", time, user_id: "op" });
  } finally {
    await store.close();
  }
});

Deno.test("an order that appoints nobody is refused with the reason", { ignore: cannot }, async () => {
  await using chat = await start({ store: await withAccounts() });
  const op = await chat.login("op"), ann = await chat.login("ann"), teacher = await byToken(chat);
  await chat.join("bob");
  const refused: [peer: Peer, fields: object, code: number, error: string][] = [
    [
      op,
      { action: "promote", user_id: "bob" },
      404,
      'user_id: "bob" has no account; only a registered name can be an operator',
    ],
    [op, { action: "demote", user_id: "ann" }, 409, 'user_id: "ann" is no operator'],
    [op, { action: "promote", user_id: "op" }, 400, 'user_id: expected somebody else, for "op" includes yourself'],
    [ann, { action: "promote", user_id: "ann" }, 403, 'action: "promote" is for operators, so authenticate as one'],
  ];
  for (const [peer, fields, code, error] of refused) {
    const answer = await order(peer, fields);
    assert.deepEqual([answer.response, answer.error], [code, error]);
  }
  for (const user_id of ["ann", "op"]) {
    assert.equal((await order(teacher, { action: "promote", user_id })).response, 401);
    assert.equal((await order(teacher, { action: "demote", user_id })).response, 401);
  }
  await op.say({ action: "promote", time, user_id: "ann", for: "10m" });
  await op.expect({ response: 400 });
});

Deno.test("the server's token moderates, without a name of its own", { ignore: cannot }, async () => {
  await using chat = await start({ store: await withAccounts() });
  const eve = await chat.from("127.0.9.1");
  await eve.say({ action: "mute", time, user_id: "eve" });
  await eve.expect({ response: 401 });
  await eve.enter("eve");
  const teacher = await byToken(chat);
  const accepted = async (fields: object) => assert.equal((await order(teacher, fields)).response, 200);
  await accepted({ action: "mute", user_id: "eve", for: "10m", reason: "spam" });
  await eve.expect({ response: 100 });
  await accepted({ action: "unmute", user_id: "eve" });
  await accepted({ action: "kick", user_id: "eve", reason: "go home" });
  await eve.expect({ response: 403, error: "An operator has put you out: go home" });
  await accepted({ action: "ban", address: "127.0.9.1" });
  assert.equal((await order(teacher, { action: "bans" })).quantity, 1);
  await teacher.expect({ action: "ban_list", address: "127.0.9.1", by: "#token" });
  await teacher.say({ action: "probe", time });
  await teacher.expect({ response: 401 }); // it is not in the chat by this
});

Deno.test("the token keeps out no last operator, and not its own address", { ignore: cannot }, async () => {
  await using chat = await start({ store: await withAccounts() });
  const teacher = await byToken(chat), op = await chat.login("op");
  const answer = await order(teacher, { action: "ban", user_id: "OP" });
  assert.equal(answer.error, 'user_id: expected somebody else, for "OP" is the last operator that may come in');
  assert.equal((await order(teacher, { action: "ban", address: "127.0.0.0/8" })).response, 400);
  await op.sayOk({ action: "promote", time, user_id: "ann" });
  assert.equal((await order(teacher, { action: "ban", user_id: "op" })).response, 200);
  assert.equal((await order(teacher, { action: "ban", user_id: "ann" })).response, 400);
});

Deno.test("of two who promote one account at the same time, the second is told that it is an operator already", {
  ignore: cannot,
}, async () => {
  const inner = await withAccounts(embeddedStore());
  inner.putAccount({ name: "second", password: await cheaply(PASSWORD), operator: true, seen: 0 });
  const { journal } = inner, discard = journal.discard.bind(journal), discarded: number[] = [];
  journal.discard = (ids) => (discarded.push(...ids), discard(ids));
  const isOrder = ({ records }: Batch) => records.some(({ kind }) => kind === "operator");
  const { store, commits } = distant(inner, isOrder);
  await using chat = await start({ store });
  const op = await chat.login("op"), second = await chat.login("second"), third = await chat.join("third");
  await op.say({ action: "promote", time, user_id: "ann" });
  await until("the first order in the journal", () => commits.length === 1);
  // Both are read at once, so with the answer to the first the second order is under way, or will be when another is answered.
  await second.say({ action: "probe", time }, { action: "promote", time, user_id: "ann" });
  await second.expect({ response: 200 });
  await third.sayOk({ action: "probe", time });
  commits[0]!(true);
  await op.expect({ response: 200 });
  await until("the second order in the journal", () => commits.length === 2);
  commits[1]!(true);
  await second.expect({ response: 409 });
  assert.equal(discarded.length, 1, "the second order is not kept");
});
