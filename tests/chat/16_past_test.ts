// What was said: page by page, by its words, and by nobody who was not there.

import assert from "node:assert/strict";
import { authenticate } from "./accounts.ts";
import { cannot, type Peer, start } from "./start.ts";
import { guest, stranger, ways } from "./ways.ts";

const msg = (message: string, to?: string) => ({ action: "msg", time: 1, to, message });
const history = (more: object = {}) => ({ action: "history", time: 1, ...more });
const search = (text: string, more: object = {}) => ({ action: "search", time: 1, text, ...more });
const texts = (rows: { message: string }[]) => rows.map(({ message }) => message);

/** Says numbered messages. */
async function sayMany(peer: Peer, count: number, to?: string): Promise<void> {
  await peer.say(...Array.from({ length: count }, (_, i) => msg(`${i}`, to)));
  await peer.hearAll(count);
}

const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => `${from + i}`);

for (const way of ways) {
  Deno.test(`${way}: history gives what was said as it was relayed, the latest first asked for and oldest first`, {
    ignore: cannot,
  }, async () => {
    await using chat = await start();
    const ann = await chat.join("ann"), bob = await chat.join("bob");
    await sayMany(ann, 60);
    const heard = await bob.hearAll(60);
    const eve = await guest(chat, way, "eve");
    const rows = await eve.ask(history());
    assert.deepEqual(rows, heard.slice(10), "fifty, unless asked otherwise");
    const [first] = heard, [tenth] = rows;
    assert.deepEqual(await eve.ask(history({ room: "#all", before: tenth.id, limit: 3 })), heard.slice(7, 10));
    assert.deepEqual(await eve.ask(history({ after: 0, limit: 2 })), heard.slice(0, 2));
    assert.deepEqual(await eve.ask(history({ after: first.id, before: tenth.id })), heard.slice(1, 10));
    assert.deepEqual(await eve.ask(history({ before: first.id })), []);
    assert.deepEqual(await eve.ask(history({ after: heard.at(-1).id })), []);
  });

  Deno.test(`${way}: an empty page is a 202 of quantity 0`, { ignore: cannot }, async () => {
    await using chat = await start();
    const ann = await guest(chat, way, "ann");
    for (const words of [history(), search("hello")]) {
      await ann.say(words);
      await ann.expect({ response: 202, quantity: 0 });
      await ann.silence();
    }
  });

  Deno.test(
    `${way}: search finds all the words, in any case, and nothing where it may not look`,
    { ignore: cannot },
    async () => {
      await using chat = await start();
      const ann = await guest(chat, way, "ann"), eve = await guest(chat, way, "eve");
      await ann.say({ action: "join", time: 1, room: "#cats" });
      await ann.expect({ response: 201 });
      for (const text of ["Good Morning, all", "good night", "morning!"]) await ann.sayOk(msg(text));
      await ann.sayOk(msg("good morning, cats", "#cats"));
      await eve.hearAll(3);
      assert.deepEqual(texts(await eve.ask(search("good MORNING"))), ["Good Morning, all"]);
      assert.deepEqual(texts(await eve.ask(search("morning", { limit: 1 }))), ["morning!"]);
      assert.deepEqual(texts(await eve.ask(search("morning", { after: 0, limit: 1 }))), ["Good Morning, all"]);
      assert.deepEqual(texts(await ann.ask(search("good", { room: "#cats" }))), ["good morning, cats"]);
      await eve.say(search("good", { room: "#cats" }));
      await eve.expect({ response: 403, error: 'room: expected a room that you are in, so join "#cats" first' });
      await eve.say(history({ room: "#cats" }));
      await eve.expect({ response: 403 });
      await eve.say(history({ room: "#dogs" }));
      await eve.expect({ response: 404, error: 'room: there is no room "#dogs"; the first join makes it' });
      await eve.say(history({ with: "ann" }));
      await eve.expect({
        response: 401,
        error: 'with: what was said with "ann" is kept for accounts only, so authenticate or register',
      });
      await eve.silence();
    },
  );

  Deno.test(`${way}: what two said to each other is theirs, from both sides`, { ignore: cannot }, async () => {
    await using chat = await start({ accounts: ["ann", "bob", "eve"] });
    const [ann, bob, eve] = [await stranger(chat, way), await stranger(chat, way), await stranger(chat, way)];
    for (const [peer, name] of [[ann, "ann"], [bob, "bob"], [eve, "eve"]] as const) {
      await peer.sayOk(authenticate(name));
    }
    await ann.sayOk(msg("hello, bob", "bob"));
    await bob.expect({ message: "hello, bob" });
    await bob.sayOk(msg("hello, ann", "ann"));
    await ann.expect({ message: "hello, ann" });
    const both = ["hello, bob", "hello, ann"];
    assert.deepEqual(texts(await ann.ask(history({ with: "bob" }))), both);
    assert.deepEqual(texts(await bob.ask(history({ with: "ann" }))), both);
    assert.deepEqual(texts(await bob.ask(search("HELLO ann", { with: "ann" }))), ["hello, ann"]);
    for (const other of ["ann", "bob", "nobody"]) assert.deepEqual(await eve.ask(history({ with: other })), []);
    assert.deepEqual(await eve.ask(history()), []);
  });
}

Deno.test("limit is brought into 1 to 500", { ignore: cannot }, async () => {
  await using chat = await start();
  const ann = await chat.join("ann");
  await sayMany(ann, 510);
  for (
    const [limit, quantity] of [[-5, 1], [0, 1], [0.5, 1], [2.9, 2], [500, 500], [501, 500], [1e300, 500], [null, 50]]
  ) {
    const rows = await ann.ask(history({ limit }));
    assert.deepEqual(texts(rows), numbers(510 - quantity!, 510), `${limit}`);
  }
});

Deno.test("page by page, forwards and backwards, all is there exactly once", { ignore: cannot }, async () => {
  await using chat = await start();
  const ann = await chat.join("ann");
  await ann.say({ action: "join", time: 1, room: "#cats" });
  await ann.hear();
  await sayMany(ann, 23, "#cats");
  await sayMany(ann, 5); // of another conversation, between
  await sayMany(ann, 12, "#cats");
  const all = texts(await ann.ask(history({ room: "#cats", limit: 500 })));
  assert.deepEqual(all, [...numbers(0, 23), ...numbers(0, 12)]);
  const forwards: string[] = [], backwards: string[] = [];
  for (let after = 0;;) {
    const page = await ann.ask(history({ room: "#cats", after, limit: 7 }));
    if (page.length === 0) break;
    forwards.push(...texts(page));
    after = page.at(-1).id;
  }
  for (let before = Number.MAX_SAFE_INTEGER;;) {
    const page = await ann.ask(history({ room: "#cats", before, limit: 7 }));
    if (page.length === 0) break;
    backwards.unshift(...texts(page));
    before = page[0].id;
  }
  assert.deepEqual([forwards, backwards], [all, all]);
});

Deno.test(
  "what was asked for comes in its place among the answers, and is as of then",
  { ignore: cannot },
  async () => {
    await using chat = await start();
    const ann = await chat.join("ann");
    await ann.say(msg("one"), history(), msg("two"), search("two"), { action: "probe", time: 1 });
    const codes = (await ann.hearAll(7)).map(({ response, message }) => response ?? message);
    assert.deepEqual(codes, [200, 202, "one", 200, 202, "two", 200]);
  },
);

Deno.test("a guest's private words are kept for the account that they were for, and not for who takes the name", {
  ignore: cannot,
}, async () => {
  await using chat = await start({ accounts: ["ann"] });
  const ann = await chat.login("ann"), zoe = await chat.join("zoe"), guest = await chat.join("guest");
  await zoe.sayOk(msg("from zoe the guest", "ann"));
  await ann.expect({ message: "from zoe the guest" });
  await zoe.sayOk(msg("between guests", "guest"));
  await guest.expect({ message: "between guests" });
  assert.deepEqual(texts(await ann.ask(history({ with: "zoe" }))), ["from zoe the guest"]);
  await zoe.end();
  const newcomer = await chat.connect();
  await newcomer.say({ action: "register", time: 1, user: { account_name: "zoe", password: "correct horse" } });
  await newcomer.expect({ response: 201 });
  assert.deepEqual(await newcomer.ask(history({ with: "ann" })), []);
});
