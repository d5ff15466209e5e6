// Answers that are larger than their reader's outbox may be: a list, a page of the past, what was missed. They come whole, and
// the server drops nobody for what it has decided to send itself.

import assert from "node:assert/strict";
import { memoryStore } from "./store.ts";
import { frame, openPage, openRaw } from "./page.ts";
import type { Heard, Peer } from "./peer.ts";
import { cannot, type Chat, start } from "./start.ts";
import { until } from "./within.ts";

const LIMIT = 16 * 1024, MANY = 200, LONG = "я".repeat(3_900);
/** 12 MB: more than the system keeps for a reader. */
const HUGE = 500, CONTROL = "\u0001".repeat(4_000);
const msg = (message: string, more: object = {}) => ({ action: "msg", time: 1, message, ...more });
const history = { action: "history", time: 1, limit: 500 };

/** A store with room for all that is said here. */
const roomy = () => memoryStore({ bytes: 1 << 26 });

/** Says long messages, each with its number. */
async function say(peer: Peer, count: number, text = LONG, more: object = {}): Promise<void> {
  for (let i = 0; i < count; i++) {
    await peer.say(msg(`${i} ${text}`.slice(0, 4_000), more));
    assert.ok((await peer.hear()).response < 300);
  }
}

const numbers = (rows: readonly Heard[]) => rows.map(({ message }) => parseInt(message));
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i);

Deno.test("a page of the past that is larger than an outbox comes whole, by lines, lengths and frames", {
  ignore: cannot,
}, async () => {
  await using chat = await start({ store: roomy(), outbox: LIMIT });
  const ann = await chat.join("ann");
  await say(ann, MANY);
  const bob = await chat.join("bob");
  assert.deepEqual(numbers(await bob.ask(history)), upTo(MANY));
  await bob.silence();
  const prefixed = await chat.prefixed();
  await prefixed.say({ action: "authenticate", time: 1, user: { account_name: "pre", password: "" } });
  await prefixed.hear();
  assert.deepEqual(numbers(await prefixed.ask(history)), upTo(MANY));
  await using page = await openPage(await chat.web());
  await page.enter("page");
  page.say(history, { action: "probe", time: 1 });
  const { quantity } = await page.expect({ response: 202 });
  for (let i = 0; i < quantity; i++) assert.equal(parseInt((await page.hear()).message), i);
  await page.expect({ response: 200, alert: "ok" });
});

Deno.test("a list that is larger than an outbox comes whole", { ignore: cannot }, async () => {
  await using chat = await start({ outbox: LIMIT, rules: { rooms: 1_000 } });
  const ann = await chat.join("ann"),
    names = Array.from({ length: 1_000 }, (_, i) => `#${"😀".repeat(20)}${1_000 + i}`);
  await ann.say(...names.map((room) => ({ action: "join", time: 1, room })));
  await ann.hearAll(names.length);
  const rows = await (await chat.join("bob")).ask({ action: "rooms", time: 1 });
  assert.deepEqual(rows.map(({ room }) => room), ["#all", ...names]);
});

Deno.test("an account gets all that it has missed, of many conversations, and is not locked out by it", {
  ignore: cannot,
}, async () => {
  await using chat = await start({ store: roomy(), outbox: LIMIT, accounts: ["op"], rules: { replay: 50 } });
  for (const name of ["ann", "bob", "eve"]) await say(await chat.join(name), 40, LONG, { to: "op" });
  const op = await chat.login("op");
  const missed = await op.hearAll(120);
  for (const name of ["ann", "bob", "eve"]) {
    assert.deepEqual(numbers(missed.filter(({ from }) => from === name)), upTo(40));
  }
  await op.silence();
  chat.maintenance();
  await op.silence();
  op.close();
  await (await chat.login("op")).silence();
});

Deno.test("an account in thousands of rooms gets what was said in one of them", { ignore: cannot }, async () => {
  const rooms = Array.from({ length: 3_000 }, (_, i) => ({ action: "join", time: 1, room: `#r${i}` }));
  await using chat = await start({ accounts: ["op"], rules: { rooms: rooms.length } });
  const op = await chat.login("op"), ann = await chat.join("ann"), last = rooms.at(-1)!;
  await op.say(...rooms);
  await op.hearAll(rooms.length);
  await op.end();
  await ann.say(last, msg("hello", { to: last.room }));
  await ann.hearAll(2);
  await (await chat.login("op")).expect({ message: "hello", to: last.room });
});

Deno.test(
  "what is said meanwhile comes behind the rows, and the next answer behind that",
  { ignore: cannot },
  async () => {
    await using chat = await start({ store: roomy() });
    const ann = await chat.join("ann");
    await say(ann, HUGE, CONTROL);
    const late = await chat.staller();
    await late.say({ action: "presence", time: 1, user: { account_name: "late" } });
    await late.say(history, { action: "probe", time: 7 });
    await until("a write", () => chat.writesTo(late).length > 1);
    await ann.sayOk(msg("meanwhile"));
    late.listen();
    await late.expect({ response: 200 });
    await late.expect({ response: 202, quantity: HUGE });
    assert.deepEqual(numbers(await late.hearAll(HUGE)), upTo(HUGE));
    await late.expect({ message: "meanwhile" });
    await late.expect({ response: 200, alert: "ok" });
  },
);

Deno.test(
  "rows that nobody reads cost one piece of memory, are nobody's reason to be dropped, and end with their reader",
  {
    ignore: cannot,
  },
  async () => {
    await using chat = await start({ store: roomy(), outbox: LIMIT, outboxes: LIMIT, frozen: true });
    const ann = await chat.join("ann");
    await say(ann, HUGE, CONTROL);
    const late = await chat.staller();
    await late.say({ action: "presence", time: 1, user: { account_name: "late" } }, history);
    const owed = () => [...chat.meter.connections].reduce((sum, connection) => sum + connection.unsentBytes, 0);
    await until("more than the limit", () => owed() > LIMIT);
    chat.maintenance();
    await ann.silence();
    assert.ok(owed() < 100_000, `${owed()}`);
    assert.deepEqual(chat.meter.dropped, { own: 0, all: 0 });
    chat.pass(20_000);
    chat.maintenance();
    await ann.silence();
    assert.deepEqual(chat.meter.dropped, { own: 0, all: 1 }, "memory is short, and it has not read for long");
    await until("all to be written", () => owed() === 0);
  },
);

Deno.test("a reader that breaks off in the middle, says goodbye or ends its stream harms nobody", {
  ignore: cannot,
}, async () => {
  await using chat = await start({ store: roomy() });
  const ann = await chat.join("ann");
  await say(ann, HUGE, CONTROL);
  const broken = await openRaw(await chat.web());
  await broken.send(frame(1, JSON.stringify({ action: "presence", time: 1, user: { account_name: "broken" } })));
  await broken.send(frame(1, JSON.stringify(history)));
  await broken.hear();
  broken[Symbol.dispose]();
  const polite = await chat.join("polite");
  await polite.say(history, { action: "quit", time: 1 });
  assert.equal((await polite.hear()).quantity, HUGE);
  assert.deepEqual(numbers(await polite.hearAll(HUGE)), upTo(HUGE));
  await polite.expect({ alert: "goodbye" });
  await polite.expectEnd();
  const piped = await chat.join("piped");
  await piped.say(history);
  const [answer, ...rows] = await piped.end();
  assert.deepEqual([answer.quantity, numbers(rows)], [HUGE, upTo(HUGE)]);
  await ann.silence();
});

Deno.test("a server that stops goes on with a page for a while, and then closes a client that does not read", {
  ignore: cannot,
}, async () => {
  const chat = await start({ store: roomy(), frozen: true });
  const ann = await chat.join("ann");
  await say(ann, HUGE, CONTROL);
  const reads = await chat.join("reads"), late = await chat.staller();
  await late.say({ action: "presence", time: 1, user: { account_name: "late" } }, history);
  await until("a write", () => chat.writesTo(late).length > 1);
  await reads.say(history);
  await reads.expect({ response: 202 });
  chat.stop();
  assert.deepEqual(numbers(await reads.hearAll(HUGE)), upTo(HUGE));
  await reads.expect({ response: 100 });
  await chat[Symbol.asyncDispose]();
});

Deno.test("a store that takes its time makes only the one wait that has asked", { ignore: cannot }, async () => {
  const store = roomy(), asked: (() => void)[] = [];
  const slow = <A extends unknown[], T>(work: (...args: A) => T) => (...args: A) =>
    new Promise<Awaited<T>>((resolve) => asked.push(async () => resolve(await work(...args))));
  await using chat = await start({ store, outbox: LIMIT });
  const ann = await chat.join("ann"), bob = await chat.join("bob");
  await say(ann, 100);
  await bob.hearAll(100);
  const { journal } = store;
  journal.page = slow(journal.page.bind(journal));
  journal.read = slow(journal.read.bind(journal));
  await bob.say(history, { action: "probe", time: 1 });
  let looks = 0, over = false;
  const answering = (async () => {
    while (!over) {
      if (asked.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
      else {
        if (looks++ < 5) await ann.sayOk(msg("undisturbed"));
        asked.shift()!();
      }
    }
  })();
  const heard: Heard[] = [];
  try {
    while (heard.at(-1)?.alert !== "ok") heard.push(await bob.hear());
  } finally {
    over = true;
    await answering;
  }
  assert.ok(looks > 3, "it is read by the slice");
  const at = heard.findIndex(({ response }) => response === 202), { quantity } = heard[at]!;
  const rows = heard.slice(at + 1, at + 1 + quantity); // what ann has said just before may be among them
  assert.deepEqual(numbers(rows.filter(({ message }) => message !== "undisturbed")), upTo(100));
});

Deno.test("a page keeps its promise when messages are removed while it is read", { ignore: cannot }, async () => {
  const store = roomy(), { journal } = store, read = journal.read.bind(journal);
  await using chat = await start({ store });
  const ann = await chat.join("ann");
  await say(ann, 100);
  let slices = 0;
  journal.read = (conversation, ids) => slices++ === 0 ? read(conversation, ids) : ids.map(() => undefined);
  const rows = await ann.ask(history);
  const lost = rows.filter(({ from }) => from === "#server");
  assert.equal(rows.length, 100);
  assert.ok(lost.length > 0 && lost.length < 100, `${lost.length}`);
  for (const row of lost) {
    assert.deepEqual([row.action, row.to, row.message], ["msg", "#all", "(this message is not kept any more)"]);
  }
  assert.deepEqual(rows.map(({ id }) => id), rows.map(({ id }) => id).toSorted((a, b) => a - b));
});

Deno.test("a reader that has taken all that was written before is not slow, however much is said in one turn", {
  ignore: cannot,
}, async () => {
  await using chat: Chat = await start({ outbox: 4_096 });
  const ann = await chat.join("ann"), bob = await chat.join("bob");
  await ann.say(...upTo(20).map((i) => msg(`${i} ${"x".repeat(900)}`)));
  assert.deepEqual(numbers(await bob.hearAll(20)), upTo(20));
  assert.deepEqual(chat.meter.dropped, { own: 0, all: 0 });
});
