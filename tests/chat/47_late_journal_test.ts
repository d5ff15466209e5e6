// A journal that is late, as one across a network may be: it delays only what depends on it. At a limit what waits is refused,
// and nothing is lost or doubled when the answer is there after all.

import assert from "node:assert/strict";
import { authenticate } from "./accounts.ts";
import { distant } from "./failing.ts";
import { cannot, start } from "./start.ts";
import { embeddedStore } from "./store.ts";
import { until, within } from "./within.ts";

const WAIT = 5_000;
const UNDECIDED = {
  response: 500,
  error:
    "The server does not know yet whether this will be kept and sent, so look into the history before you send it again",
};
const REFUSED = {
  response: 500,
  error: "The server cannot write to its disk just now: nothing was kept or sent, so try again later",
};
const probe = { action: "probe", time: 1 };
const history = { action: "history", time: 1, limit: 500 };
const msg = (message: string, to?: string) => ({ action: "msg", time: 1, to, message });
const texts = (rows: { message: string }[]) => rows.map(({ message }) => message);
const heard = (all: { response?: number; message?: string; action?: string }[]) =>
  all.map(({ response, message, action }) => response ?? message ?? action);

/** A server with a late journal, and what decides about each batch. */
async function late() {
  // What the server notes each second of its own accord is kept at once: no test waits for it.
  const { store, commits } = distant(embeddedStore(), ({ records }) => records.some(({ kind }) => kind !== "cursor"));
  const chat = await start({ store, accounts: ["ann", "bob"], frozen: true, journalWait: WAIT });
  let taken = 0;
  /** Waits for the next batch: the server has appended it, and the journal has not answered. */
  const batch = () => next();
  return { chat, batch, hasAppended: () => commits.length > taken, [Symbol.asyncDispose]: end };

  async function next(): Promise<(works: boolean) => void> {
    await until("a batch", () => commits.length > taken);
    return commits[taken++]!;
  }

  function end(): PromiseLike<void> {
    return chat[Symbol.asyncDispose]();
  }
}

Deno.test(
  "while a message waits for the journal, all that does not depend on it is answered",
  { ignore: cannot },
  async () => {
    await using server = await late();
    const { chat, batch } = server;
    const ann = await chat.join("ada"), bob = await chat.login("bob"), eve = await chat.join("eve");
    await ann.say(msg("one"));
    (await batch())(true);
    await ann.expect({ response: 200 });
    for (const each of [bob, eve]) await each.expect({ message: "one" });
    await ann.say(msg("two"), probe);
    const commit = await batch();
    for (const each of [bob, eve]) {
      await each.silence();
      assert.equal((await each.ask({ action: "who_online", time: 1 })).length, 3);
      assert.equal((await each.ask({ action: "rooms", time: 1 })).length, 1);
      assert.deepEqual(texts(await each.ask(history)), ["one"]);
      assert.deepEqual(texts(await each.ask({ ...history, action: "search", text: "one" })), ["one"]);
    }
    assert.deepEqual(await bob.ask({ action: "get_contacts", time: 1 }), []);
    const zoe = await chat.join("zoe");
    assert.equal((await zoe.ask({ action: "who_online", time: 1 })).length, 4);
    await eve.say({ action: "quit" });
    assert.deepEqual(heard(await eve.end()), [200]);
    await bob.silence();
    assert.equal((await bob.ask({ action: "who_online", time: 1 })).length, 3);
    assert.equal(chat.writesTo(ann).length, 2, "welcome, and the answer to the first message");
    commit(true);
    assert.deepEqual(heard(await ann.hearAll(2)), [200, 200]);
    for (const each of [bob, zoe]) await each.expect({ message: "two" });
    for (const each of [ann, bob, zoe]) await each.silence();
    assert.deepEqual(texts(await zoe.ask(history)), ["one", "two"]);
  },
);

for (const works of [true, false]) {
  const name = works ? "kept: it is heard once" : "not kept: nobody hears it";
  Deno.test(`at the limit all that waits is answered 500, once; what was under way is later ${name}`, {
    ignore: cannot,
  }, async () => {
    await using server = await late();
    const { chat, batch, hasAppended } = server;
    const ann = await chat.join("ada"), bob = await chat.join("ben"), eve = await chat.join("eve");
    await ann.say(msg("under way"), probe);
    const commit = await batch();
    await ann.say(msg("gathered"));
    await bob.say(msg("gathered"), msg("between guests", "eve"), { action: "join", time: 1, room: "#cats" });
    await eve.silence();
    chat.pass(WAIT - 1);
    await eve.silence();
    assert.deepEqual([chat.writesTo(ann).length, chat.writesTo(bob).length], [1, 1], "only welcome");
    chat.pass(1);
    await ann.expect(UNDECIDED);
    await ann.expect({ response: 200, alert: "ok" });
    await ann.expect(REFUSED);
    await bob.expect(REFUSED);
    await bob.expect({ response: 200 });
    await bob.expect(REFUSED);
    await eve.expect({ message: "between guests" });
    // It is still late: what has to be kept is refused at once, and the rest is as it always is.
    await bob.say(msg("too late"));
    await bob.expect(REFUSED);
    for (const each of [ann, bob, eve]) {
      await each.silence();
      assert.deepEqual(await each.ask(history), []);
    }
    assert.ok(!hasAppended());
    commit(works);
    if (works) { for (const each of [bob, eve]) await each.expect({ message: "under way", from: "ada" }); }
    for (const each of [ann, bob, eve]) await each.silence();
    await ann.say(msg("after"));
    (await batch())(true);
    await ann.expect({ response: 200 });
    for (const each of [bob, eve]) await each.expect({ message: "after" });
    for (const each of [ann, bob, eve]) {
      await each.silence();
      const rows = await each.ask(history);
      assert.deepEqual(texts(rows), works ? ["under way", "after"] : ["after"]);
      assert.equal(new Set(rows.map(({ id }) => id)).size, rows.length);
    }
  });
}

Deno.test(
  "a record that comes back after the limit changes the state, and answers nobody again",
  { ignore: cannot },
  async () => {
    await using server = await late();
    const { chat, batch } = server;
    const ada = await chat.join("ada"), eve = await chat.join("eve");
    await ada.say({ action: "join", time: 1, room: "#cats" }, probe);
    const commit = await batch();
    await eve.silence();
    chat.pass(WAIT);
    await ada.expect(UNDECIDED);
    await ada.expect({ response: 200, alert: "ok" });
    const rooms = async () => (await ada.ask({ action: "rooms", time: 1 })).map(({ room }) => room);
    assert.deepEqual(await rooms(), ["#all"]);
    commit(true);
    await eve.silence();
    assert.deepEqual(await rooms(), ["#all", "#cats"]);
    await ada.sayOk({ action: "join", time: 1, room: "#cats" });
    await ada.silence();
  },
);

Deno.test("an account that enters while a message to it is under way gets it, once", { ignore: cannot }, async () => {
  await using server = await late();
  const { chat, batch } = server;
  const ada = await chat.join("ada");
  await ada.say(msg("first", "bob"));
  const first = await batch();
  await ada.say(msg("second", "bob"));
  const eve = await chat.join("eve");
  await eve.silence();
  const bob = await chat.connect();
  await bob.say(authenticate("bob"));
  await bob.expect({ response: 200 });
  await bob.say(probe);
  await eve.silence();
  first(true);
  (await batch())(true);
  assert.deepEqual(heard(await bob.hearAll(3)), ["first", "second", 200]);
  await ada.expect({ response: 202 });
  await ada.expect({ response: 202 });
  await bob.silence();
});

Deno.test("an account that leaves while a message to it is under way gets it when it is back, once", {
  ignore: cannot,
}, async () => {
  await using server = await late();
  const { chat, batch } = server;
  const ada = await chat.join("ada"), bob = await chat.login("bob");
  await ada.say(msg("psst", "bob"));
  const commit = await batch();
  await bob.say({ action: "quit" });
  assert.deepEqual(heard(await bob.end()), [200]);
  commit(true);
  await ada.expect({ response: 200 });
  for (let cycle = 0; cycle < 2; cycle++) {
    const back = await chat.login("bob");
    if (cycle === 0) await back.expect({ message: "psst" });
    await back.silence();
    await back.say({ action: "quit" });
    assert.deepEqual(heard(await back.end()), [200]);
  }
});

Deno.test("a server stops when it is told to, though its journal never answers", { ignore: cannot }, async () => {
  await using server = await late();
  const { chat, batch } = server;
  const ada = await chat.join("ada");
  await ada.say(msg("under way"));
  await batch();
  chat.stop();
  chat.pass(WAIT);
  assert.deepEqual(heard(await ada.end()).slice(0, 1), [500]);
  chat.pass(WAIT);
  await within("the stop", chat.over);
});

Deno.test(
  "a connection that floods while the journal is late waits without work for the loop",
  { ignore: cannot },
  async () => {
    await using server = await late();
    const { chat, batch } = server;
    const ada = await chat.join("ada"), eve = await chat.join("eve"), COUNT = 2_000;
    await ada.say(msg("0"));
    const first = await batch();
    await ada.say(...Array.from({ length: COUNT - 1 }, (_, i) => msg(String(i + 1))));
    await eve.silence();
    const before = chat.meter.turns.count;
    await new Promise((resolve) => setTimeout(resolve, 300));
    await eve.silence();
    const turns = chat.meter.turns.count - before;
    assert.ok(turns < 50, `${turns} turns in 300 ms; a loop that posts again takes hundreds`);
    let over = false;
    first(true);
    const answered = ada.hearAll(COUNT).finally(() => over = true);
    const goOn = (async () => {
      while (!over) {
        if (server.hasAppended()) (await batch())(true);
        else await new Promise((resolve) => setTimeout(resolve, 1));
      }
    })();
    assert.deepEqual(texts(await eve.hearAll(COUNT)), Array.from({ length: COUNT }, (_, i) => String(i)));
    assert.ok((await answered).every(({ response }) => response === 200));
    await goOn;
    await eve.silence();
  },
);
