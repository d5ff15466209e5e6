// What a peer makes the server do: each request is charged for what it has caused, all that comes is paced, and what has begun
// and does not end is bounded. A charge makes the next request wait; it closes nobody, and normal use costs nothing.

import assert from "node:assert/strict";
import type { Connection } from "../../server/net/connection.ts";
import { authenticate, PASSWORD } from "./accounts.ts";
import { handHasher } from "./hasher.ts";
import { frame, openPage, openRaw } from "./page.ts";
import type { Peer } from "./peer.ts";
import { cannot, type Chat, start } from "./start.ts";
import { embeddedStore, memoryStore } from "./store.ts";
import { until } from "./within.ts";

const PACE = { rate: 10, burst: 100 };
const probe = { action: "probe", time: 1 };
const presence = (account_name: string, more: object = {}) => ({
  action: "presence",
  time: 1,
  user: { account_name, status: "" },
  ...more,
});
const TEXT = 1, PING = 9, CONTINUED = 0;

/** Bytes that were read of all. */
const read = (chat: Chat) => chat.meter.bytes.in;

/** A later arrival has had its answer: the loop has turned. What an earlier one has sent may still not be read. */
async function settled(chat: Chat): Promise<void> {
  using witness = await chat.connect();
  await witness.say(probe);
  await witness.expect({ response: 401 });
}

/** Waits until the server has so many bytes of an object that has begun, or has closed its connection. */
async function begun(chat: Chat, name: string, bytes: number): Promise<void> {
  await until(`${name} has begun`, () => {
    const connection = [...chat.meter.connections].find((each) => each.name === name);
    return connection?.closeState !== "open" || connection.pendingBytes === bytes;
  });
}

/** Pours bytes in, as long as the server takes them. */
async function pour(chat: Chat, peer: Peer, bytes: Uint8Array): Promise<number> {
  const before = read(chat);
  peer.say(bytes).catch(() => {}); // it is not taken to its end
  for (let i = 0; i < 50; i++) await settled(chat);
  return read(chat) - before;
}

const kinds: Record<string, { first: string; bytes: Uint8Array }> = {
  "white space": { first: "", bytes: new TextEncoder().encode(" \t".repeat(1 << 22)) },
  "newlines": { first: "", bytes: new TextEncoder().encode("\n".repeat(1 << 23)) },
  "bytes behind a fault": { first: "x", bytes: new TextEncoder().encode("y".repeat(1 << 23)) },
};

for (const [kind, { first, bytes }] of Object.entries(kinds)) {
  Deno.test(`${kind} cost as much as objects, and then wait`, { ignore: cannot }, async () => {
    await using chat = await start({ rateLimit: PACE, frozen: true });
    const eve = await chat.join("eve"), ann = await chat.join("ann");
    if (first !== "") {
      await eve.say(first);
      await eve.expect({ response: 400 });
    }
    const taken = await pour(chat, eve, bytes);
    assert.ok(taken < PACE.burst * 512 + (1 << 17), `${taken} bytes`);
    await ann.silence();
    eve.close();
  });
}

for (
  const [kind, bytes] of Object.entries({ pings: frame(PING, ""), fragments: frame(CONTINUED, "", { last: false }) })
) {
  Deno.test(`empty ${kind} cost tokens, and then wait`, { ignore: cannot }, async () => {
    await using chat = await start({ rateLimit: PACE, frozen: true });
    const ann = await chat.join("ann");
    const page = await openRaw(await chat.web());
    await page.send(frame(TEXT, JSON.stringify(presence("page"))));
    await page.hear();
    await page.send(frame(TEXT, "", { last: false }));
    const many = new Uint8Array(Array.from({ length: 50_000 }, () => [...bytes]).flat());
    let sent = 0;
    const sending = (async () => {
      for (; sent < 100; sent++) await page.send(many);
    })().catch(() => {});
    for (let i = 0; i < 50; i++) await settled(chat);
    assert.ok(sent < 100, "the network is full, for the server does not read");
    await ann.silence();
    page[Symbol.dispose]();
    await sending;
  });
}

Deno.test("pings behind a request that is under way are read no further than requests are", {
  ignore: cannot,
}, async () => {
  const hasher = handHasher(), store = memoryStore();
  store.putAccount({ name: "page", password: PASSWORD, operator: false, seen: 0 });
  await using chat = await start({ store, hasher });
  using _hash = { [Symbol.dispose]: () => hasher.goOn() }; // the server does not stop before it is over
  using page = await openRaw(await chat.web());
  await page.send(frame(TEXT, JSON.stringify(authenticate("page"))));
  await until("the hash", () => hasher.underWay === 1);
  for (let i = 0; i < 1_000; i++) await page.send(frame(PING, ""));
  await page.send(frame(TEXT, JSON.stringify(probe)));
  const [connection] = chat.meter.connections;
  await until("it reads no more", () => connection!.isEndHidden && !connection!.reads.armed, 10_000);
  hasher.goOn();
  let text = "";
  while (!text.includes('"alert":"ok"')) text += (await page.hear()).text;
});

Deno.test("who types letter by letter, ends lines as Windows does or answers pings pays nothing that it would notice", {
  ignore: cannot,
}, async () => {
  await using chat = await start({ rateLimit: { rate: 10, burst: 20 }, frozen: true });
  const crlf = await chat.join("crlf");
  for (let i = 0; i < 19; i++) {
    await crlf.say(`${JSON.stringify(probe)}\r\n`);
    await crlf.expect({ response: 200 });
  }
  const typist = await chat.connect();
  for (const letter of `${JSON.stringify(presence("typist"))}\n`) {
    await typist.say(letter);
    await settled(chat);
    chat.pass(10); // a hundred letters a second
  }
  await typist.expect({ response: 200 });
});

Deno.test("notices are charged to the network too, so that no new connection has them for nothing", {
  ignore: cannot,
}, async () => {
  // With a shared log the answer to a presence may be later than one to another connection.
  await using chat = await start({ store: embeddedStore(), rateLimit: { rate: 2, burst: 20 }, frozen: true });
  for (let i = 0; i < 20; i++) await (await chat.from("127.0.0.3")).enter(`watcher ${i}`, { watch: true });
  const long = presence("eve", { user: { account_name: "eve", status: "x".repeat(3_900) } });
  /** Comes with a long status, and asks something. Returns itself, and whether that has been answered. */
  const come = async (address: string) => {
    const peer = await chat.from(address);
    await peer.say(long, probe);
    await settled(chat);
    return { peer, isServed: peer.segments.join("").split("\n").length > 2 };
  };
  let served = 0, eve = await come("127.0.0.2");
  for (; eve.isServed; eve = await come("127.0.0.2")) {
    served++;
    await eve.peer.end();
  }
  const cost = 20 * 3_900 / (32 * 1024);
  assert.ok(served > 80 / cost - 5 && served < 80 / cost, `${served} were served`);
  assert.equal((await come("127.0.0.4")).isServed, true, "another network pays nothing for it");
  await eve.peer.expect({ response: 200 });
  chat.pass(10_000);
  await eve.peer.expect({ response: 200 });
});

Deno.test("a list costs more than a probe, each is served, and the next request waits for no more than a burst", {
  ignore: cannot,
}, async () => {
  await using chat = await start({ rateLimit: { rate: 10, burst: 50 }, rules: { rooms: 5_000 }, frozen: true });
  const ann = await chat.join("ann");
  const rooms = Array.from({ length: 4_000 }, (_, i) => ({ action: "join", time: 1, room: `#${"😀".repeat(20)}${i}` }));
  const joining = ann.say(...rooms);
  for (let joined = 0; joined < rooms.length;) {
    chat.pass(10_000);
    joined += (await ann.hearAll(Math.min(50, rooms.length - joined))).length;
  }
  await joining;
  const eve = await chat.join("eve"), list = { action: "rooms", time: 1 };
  const all = 1 + rooms.length, cost = Math.ceil(all * 130 / (32 * 1024)); // 130 bytes a row
  await eve.say(...Array(10).fill(list), probe);
  let heard = 0;
  await eve.expect({ response: 202 });
  assert.equal((await eve.hearAll(all)).length, all);
  heard++;
  while (heard < Math.floor(49 / (1 + cost)) - 1) {
    await eve.expect({ response: 202, quantity: all });
    await eve.hearAll(all);
    heard++;
  }
  assert.ok(heard < 9);
  for (; heard < 10; heard++) {
    chat.pass(5_100 + 100); // a debt is at most a burst
    await eve.expect({ response: 202 });
    await eve.hearAll(all);
  }
  chat.pass(10_000);
  await eve.expect({ response: 200, alert: "ok" });
});

Deno.test(
  "a rename is charged for all that are told of it, and one notice is in memory once",
  { ignore: cannot },
  async () => {
    const WATCHERS = 40, STATUS = "s".repeat(4_000);
    await using chat = await start({ rateLimit: { rate: 10, burst: 50 }, frozen: true });
    const watchers: Peer[] = [];
    for (let i = 0; i < WATCHERS; i++) {
      watchers.push(await chat.connect());
      await watchers[i]!.say(presence(`w${i}`, { watch: true }));
      await watchers[i]!.expect({ response: 200 });
    }
    const eve = await chat.join("eve"), last = watchers.at(-1)!;
    await last.expect({ action: "presence" });
    const rename = (i: number) => ({ action: "presence", time: 1, user: { account_name: `e${i}`, status: STATUS } });
    await eve.say(...Array.from({ length: 30 }, (_, i) => rename(i)));
    const answers = () => chat.writesTo(eve).map(({ text }) => text).join("").split('"response":200').length - 2;
    while (answers() < 4) await settled(chat); // each costs 9 tokens, and 5 for its notices
    for (let i = 0; i < 20; i++) await settled(chat);
    assert.equal(answers(), 4);
    for (let renamed = 0; renamed < 30; renamed++) {
      chat.pass(5_000);
      await eve.expect({ response: 200 });
    }
    for (const { user: { status } } of await last.hearAll(60)) assert.ok(status === "offline" || status === STATUS);
    eve.close();
  },
);

Deno.test("the input of a connection with much to read waits until it has read, and then all of it is answered", {
  ignore: cannot,
}, async () => {
  const LONG = "x".repeat(3_900);
  await using chat = await start({ outbox: 1 << 20 });
  const ann = await chat.join("ann"), late = await chat.staller();
  await late.say(presence("late"));
  const connection = () => [...chat.meter.connections].find(({ name }) => name === "late")!;
  await until("it is in the chat", () => connection() !== undefined); // a shared log says so a moment later
  await settled(chat);
  for (let i = 0; connection().outbox.bytes <= 1 << 19; i++) await ann.sayOk({ action: "msg", time: i, message: LONG });
  const { common } = chat.meter.messages;
  await late.say(...Array.from({ length: 10 }, (_, i) => ({ action: "msg", time: i, message: "late" })));
  await settled(chat);
  assert.equal(chat.meter.messages.common, common, "it is not heard");
  late.listen();
  for (let answers = 0; answers < 11;) if ((await late.hear()).response === 200) answers++;
  for (let i = 0; i < 10; i++) await ann.expect({ message: "late", time: i });
});

Deno.test("objects that have begun share one limit: the long and old one is refused, and the others chat on", {
  ignore: cannot,
}, async () => {
  const LIMIT = 256 * 1024, HALF = `{"action":"msg","message":"${"x".repeat(60_000)}`;
  await using chat = await start({ unfinished: LIMIT, logged: true });
  const ann = await chat.join("ann");
  const halves: Peer[] = [];
  for (let i = 0; i < 8; i++) {
    const peer = await chat.join(`half ${i}`);
    halves.push(peer);
    await peer.say(HALF);
    await begun(chat, `half ${i}`, HALF.length); // the server reads of two connections in any order
  }
  for (const peer of halves.slice(0, 4)) {
    const { response, error } = await peer.hear();
    assert.equal(response, 403);
    assert.match(error, /^Expected the end of an object: all that have begun may have 262144 bytes together/);
    await peer.expectBreak();
  }
  for (const peer of halves.slice(4)) {
    await peer.say('"}\n');
    await peer.expect({ response: 400 }); // a text is not that long
  }
  await ann.sayOk({ action: "msg", time: 1, message: "hello" });
});

Deno.test("senders that are closed for their half objects hold little memory while they linger", {
  ignore: cannot,
}, async () => {
  const LIMIT = 8 * 65_536, HALF = `{"action":"msg","message":"${"x".repeat(65_000)}`;
  await using chat = await start({ unfinished: LIMIT, frozen: true }); // without time, none of them is closed by its deadline
  for (let i = 0; i < 30; i++) {
    await (await chat.join(`half ${i}`)).say(HALF);
    await begun(chat, `half ${i}`, HALF.length);
  }
  const sizes = [...chat.meter.connections].map(({ framer }) => framer.grownBytes).filter((size) => size > 0);
  assert.ok(sizes.length >= 8 && sizes.length <= 10, `${sizes}`);
});

Deno.test("read buffers of connections that are silent after a burst are small where memory is short", {
  ignore: cannot,
}, async () => {
  await using chat = await start({ unfinished: 128 * 1024 });
  const peers: Peer[] = [];
  for (let i = 0; i < 40; i++) {
    const peer = await chat.join(`p${i}`);
    peers.push(peer);
    await peer.say("\n".repeat(200_000));
  }
  for (const peer of peers) await peer.silence();
  const sizes = [...chat.meter.connections].map(({ framer }) => framer.capacity);
  assert.ok(sizes.reduce((sum, size) => sum + size) < 128 * 1024 + 65_536 + 40 * 4_096, `${sizes}`);
});

Deno.test("a page that is over its rate is read later and is not closed", { ignore: cannot }, async () => {
  await using chat = await start({ rateLimit: { rate: 10, burst: 20 }, frozen: true });
  await using page = await openPage(await chat.web());
  await page.enter("page");
  for (let i = 0; i < 40; i++) page.say(probe);
  for (let i = 0; i < 19; i++) await page.expect({ response: 200 });
  await settled(chat);
  for (let i = 19; i < 40; i++) {
    chat.pass(100);
    await page.expect({ response: 200 });
  }
  chat.pass(1_000); // its goodbye is read later, too
});

Deno.test("peers over their rate that may go on at the same moment share turns as all others do", {
  ignore: cannot,
}, async () => {
  const PEERS = 75, TURN = 256 * 1024, long = { action: "msg", time: 1, message: "x".repeat(3_800) };
  await using chat = await start({ store: embeddedStore(), rateLimit: { rate: 1, burst: 10 }, frozen: true });
  const peers = await Promise.all(Array.from({ length: PEERS }, (_, i) => chat.join(`p${i}`)));
  const { meter: { connections, messages, commits } } = chat;
  await Promise.all(peers.map((peer) => peer.say(long))); // costs 8 tokens, and makes a buffer that the next one fits in
  await until("the first messages", () => messages.common === PEERS);
  await Promise.all(peers.map((peer) => peer.say(probe, long))); // the probe takes the last token
  const waits = ({ paused, framer }: Connection) => paused && framer.unreadBytes > long.message.length;
  await until("all wait", () => [...connections].every(waits), 10_000);
  const before = commits.count;
  chat.pass(5_000);
  await until("the second messages", () => messages.common === 2 * PEERS, 10_000);
  assert.ok(commits.count - before > PEERS * long.message.length / TURN, `${commits.count - before} turns`);
});

Deno.test("a page of the past is charged for its bytes, and the next request waits", { ignore: cannot }, async () => {
  await using chat = await start({ rateLimit: { rate: 10, burst: 20 }, frozen: true });
  const ann = await chat.join("ann"), eve = await chat.join("eve"), COUNT = 200;
  for (let i = 0; i < COUNT; i++) {
    await ann.sayOk({ action: "msg", time: i, message: "x".repeat(3_900) });
    chat.pass(2_000);
  }
  await eve.hearAll(COUNT);
  await eve.say({ action: "history", time: 1, limit: COUNT }, probe);
  await eve.expect({ response: 202 });
  await eve.hearAll(COUNT); // 800 KB: 25 tokens, of which 20 were there
  for (let i = 0; i < 5; i++) await settled(chat);
  const written = chat.writesTo(eve).map(({ text }) => text).join("");
  assert.doesNotMatch(written, /"response":202.*"response":200/s, "the probe is not answered yet");
  chat.pass(2_000);
  await eve.expect({ response: 200, alert: "ok" });
});

Deno.test(
  "an object that comes byte by byte costs more than its bytes, and then waits",
  { ignore: cannot },
  async () => {
    await using chat = await start({ rateLimit: { rate: 10, burst: 10 }, frozen: true });
    const eve = await chat.join("eve");
    await eve.say('{"action":"msg","time":1,"message":"');
    for (let i = 0; i < 300; i++) {
      await eve.say("x");
      await settled(chat); // each byte is read by itself
    }
    const { pendingBytes: pending } = [...chat.meter.connections].find(({ name }) => name === "eve")!;
    assert.ok(pending > 100 && pending < 250, `${pending} bytes are read of 336`);
    eve.close();
  },
);

Deno.test("a connection that has quit and sends on without end is closed", { ignore: cannot }, async () => {
  await using chat = await start({ frozen: true, logged: true });
  const eve = await chat.join("eve");
  await eve.say({ action: "quit" });
  await eve.expect({ alert: "goodbye" });
  eve.say(new Uint8Array(20 << 20).fill(32)).catch(() => {}); // it is not taken to its end
  await chat.logged(/close "eve" .* closed, having sent 16777216 bytes that were discarded/);
  await eve.expectBreak();
});
