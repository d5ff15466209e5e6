// The page's port: JIM over WebSocket beside JIM over TCP, and what ends a WebSocket.

import assert from "node:assert/strict";
import { embeddedStore, memoryStore } from "./store.ts";
import { authenticate, cheaply, PASSWORD } from "./accounts.ts";
import { bystanders } from "./bystanders.ts";
import { frame, openPage, openRaw, type RawPage, UPGRADE } from "./page.ts";
import { cannot, start } from "./start.ts";
import { inspect, TOKEN } from "../token.ts";
import { until, within } from "./within.ts";

const TEXT = 1, BINARY = 2, CLOSE = 8, PING = 9, PONG = 10;

function presence(name: string): string {
  return JSON.stringify({ action: "presence", time: 1, user: { account_name: name } });
}

/** Hears the next answer. */
async function expectResponse(page: RawPage, response: number): Promise<void> {
  for (;;) {
    const { kind, text } = await page.hear();
    assert.equal(kind, TEXT);
    if (JSON.parse(text).action === "msg") continue; // of the bystanders
    return assert.equal(JSON.parse(text).response, response);
  }
}

Deno.test("a page, a line speaker and a bare one chat with each other", { ignore: cannot }, async () => {
  await using chat = await start();
  await using page = await openPage(await chat.web());
  await page.enter("page");
  const ann = await chat.join("ann"), bare = await chat.bare();
  await bare.enter("bare");
  await page.sayOk({ action: "msg", time: 1, to: "#all", message: "привет 👋" });
  await ann.expect({ from: "page", message: "привет 👋" });
  await bare.expect({ from: "page", message: "привет 👋" });
  await ann.sayOk({ action: "msg", time: 2, to: "page", message: "to you" });
  await page.expect({ from: "ann", to: "page", message: "to you" });
  await bare.sayOk({ action: "msg", time: 3, to: "#all", message: "to all" });
  await page.expect({ from: "bare", message: "to all" });
  await ann.expect({ from: "bare", message: "to all" });
});

Deno.test("a page is sent all from its first moment on: nothing is held back, whatever it has shown", {
  ignore: cannot,
}, async () => {
  await using chat = await start({ frozen: true });
  await using page = await openPage(await chat.web());
  await page.enter("page");
  const ann = await chat.join("ann");
  for (const message of ["one", "two"]) await ann.sayOk({ action: "msg", time: 1, message });
  for (const message of ["one", "two"]) await page.expect({ message }); // no gap between them either
});

Deno.test("a frame is an object: several in one, or newlines inside, are understood; each answer is a frame", {
  ignore: cannot,
}, async () => {
  await using chat = await start();
  await using page = await openPage(await chat.web());
  page.say(
    JSON.stringify(JSON.parse(presence("page")), null, 2) +
      '{"action":"probe","time":1}\n[7] {"action":"probe",\r\n"time":1}',
  );
  for (const response of [200, 200, 400, 200]) await page.expect({ response });
});

Deno.test("a page is told exactly what it said wrong, and chats on", { ignore: cannot }, async () => {
  await using chat = await start();
  await using page = await openPage(await chat.web());
  for (const words of ["hello", "\0\0\0\x02{}", '{"action":"fly","time":1}', '{"action":"msg","time":1']) {
    page.say(words);
    const { response, error } = await page.hear();
    assert.equal(response, 400, words);
    assert.match(error, /xpected/);
  }
  await page.enter("page");
});

Deno.test("a WebSocket that is faster than its rate is read later, as a peer on TCP; nobody else notices", {
  ignore: cannot,
}, async () => {
  await using chat = await start({ rateLimit: { rate: 20, burst: 200 }, frozen: true });
  const port = await chat.web();
  await using page = await openPage(port);
  await page.enter("page");
  for (let i = 1; i < 200; i++) page.say({ action: "probe", time: i });
  for (let i = 1; i < 200; i++) await page.expect({ response: 200 }); // a burst, to its last token
  chat.pass(10_000);
  {
    await using _ = await bystanders(chat);
    for (let i = 0; i < 210; i++) page.say({ action: "history", limit: 1, time: i });
    const pages = async (count: number) => {
      for (let heard = 0; heard < count;) { // what the bystanders say comes between
        const { response, quantity } = await page.hear();
        if (response === undefined) continue;
        assert.equal(response, 202);
        for (let row = 0; row < quantity; row++) assert.equal((await page.hear()).action, "msg");
        heard++;
      }
    };
    await pages(190);
    chat.pass(10_000); // for the others to be heard on, too
    await pages(20);
  }
});

Deno.test("a WebSocket that never reads is dropped at the limit, and so is its socket; the others get exactly all", {
  ignore: cannot,
}, async () => {
  const LONG = "x".repeat(3900);
  await using chat = await start({ outbox: 64 * 1024, logged: true });
  const port = await chat.web();
  using stalled = await openRaw(port);
  await stalled.send(frame(TEXT, presence("stalled")));
  await chat.logged(/perform 127\.0\.0\.1:\d+: .*presence/);
  const ann = await chat.join("ann");
  await using bob = await openPage(port);
  await bob.enter("bob");
  const dropped = () => chat.log().some((line) => / close "stalled" .* dropped: it reads too slowly/.test(line));
  let count = 0;
  for (; count % 50 > 0 || !dropped(); count++) {
    assert.ok(count < 20_000, "nobody is dropped");
    await ann.sayOk({ action: "msg", time: count, message: LONG });
    await bob.expect({ time: count, message: LONG });
  }
  await stalled.expectBreak();
  await bob.sayOk({ action: "probe", time: 1 });
});

const endings: [what: string, bytes: Uint8Array, code: number, reason: RegExp][] = [
  ["sends a binary frame", frame(BINARY, "{}"), 1003, /^expected text frames, got a binary one$/],
  [
    "announces 10 MB",
    new Uint8Array([0x81, 0xff, 0, 0, 0, 0, 0, 0x98, 0x96, 0x80, 1, 2, 3, 4, 5]),
    1009,
    /^expected a message of at most 65536 bytes, got 10000000$/,
  ],
  ["masks nothing", frame(TEXT, "{}", { masked: false }), 1002, /^expected masked frames/],
];
for (const [what, bytes, code, reason] of endings) {
  Deno.test(`a page that ${what} is told in JIM and in the close frame, ${code}; nobody else notices`, {
    ignore: cannot,
  }, async () => {
    await using chat = await start();
    await using _ = await bystanders(chat);
    using page = await openRaw(await chat.web());
    await page.send(frame(TEXT, presence("page")));
    await expectResponse(page, 200);
    await page.send(bytes);
    await expectResponse(page, 400);
    const ending = await page.ending();
    assert.equal(ending.code, code);
    assert.match(ending.reason, reason);
    await page.expectBreak();
  });
}

Deno.test("a browser that sends 10 MB gets to read why it is closed", { ignore: cannot }, async () => {
  await using chat = await start();
  await using page = await openPage(await chat.web());
  await page.enter("page");
  page.say("x".repeat(10_000_000));
  await page.expect({ response: 400 });
  assert.equal((await page.ended()).code, 1009);
});

Deno.test("a page without presence in time is refused, and closed with 1008", { ignore: cannot }, async () => {
  await using chat = await start({ frozen: true, presenceWithin: 30_000 });
  await using page = await openPage(await chat.web());
  page.say({ action: "probe", time: 1 });
  await page.expect({ response: 401 });
  chat.pass(30_000);
  chat.maintenance();
  const { error } = await page.expect({ response: 401 });
  const { code, reason } = await page.ended();
  assert.deepEqual([code, reason], [1008, error.slice(0, 123)]);
});

Deno.test("a page that finds the chat full is refused, and closed with 1008", { ignore: cannot }, async () => {
  await using chat = await start({ connections: 1 });
  const port = await chat.web();
  const ann = await chat.join("ann");
  await using page = await openPage(port);
  await page.expect({ response: 403, error: "The server is full: 1 are connected, so try again later" });
  assert.equal((await page.ended()).code, 1008);
  await ann.silence();
});

Deno.test("a page that quits is closed with 1000, and one that is put out with 1008", { ignore: cannot }, async () => {
  const store = memoryStore();
  store.putAccount({ name: "boss", password: await cheaply(PASSWORD), operator: true, seen: 0 });
  await using chat = await start({ store });
  const port = await chat.web();
  await using page = await openPage(port), other = await openPage(port);
  await page.enter("page");
  await other.enter("other");
  page.say({ action: "quit" });
  await page.expect({ alert: "goodbye" });
  assert.deepEqual(await page.ended(), { code: 1000, reason: "" });
  const boss = await chat.login("boss");
  await boss.sayOk({ action: "kick", time: 1, user_id: "other" });
  await other.expect({ response: 403 });
  assert.equal((await other.ended()).code, 1008);
});

Deno.test("a page that closes is answered what it asked, and its close frame", { ignore: cannot }, async () => {
  await using chat = await start({ store: embeddedStore() }); // with a shared one it would close before it has entered
  using page = await openRaw(await chat.web());
  await page.send(new Uint8Array([...frame(TEXT, presence("page")), ...frame(CLOSE, Uint8Array.of(3, 0xe9))]));
  await expectResponse(page, 200);
  assert.deepEqual(await page.ending(), { code: 1001, reason: "" });
  await page.expectBreak();
});

Deno.test("a page is told that the server stops, and closed with 1001", { ignore: cannot }, async () => {
  await using chat = await start();
  await using page = await openPage(await chat.web());
  await page.enter("page");
  chat.stop();
  await page.expect({ response: 100, alert: "the server is stopping" });
  assert.deepEqual(await page.ended(), { code: 1001, reason: "The server is stopping" });
  await within("the server's stop", chat.over);
});

Deno.test("a page that comes amid a stop is closed with 1001, too", { ignore: cannot }, async () => {
  await using chat = await start();
  const port = await chat.web();
  using slow = await openRaw(port); // the stop waits for its close frame
  await slow.send(new Uint8Array(frame(TEXT, presence("slow"))));
  await expectResponse(slow, 200);
  chat.stop();
  await expectResponse(slow, 100);
  assert.equal((await slow.ending()).code, 1001);
  await using late = await openPage(port);
  assert.deepEqual(await late.ended(), { code: 1001, reason: "The server is stopping" });
});

Deno.test("a ping is answered, and a page that answers none is closed", { ignore: cannot }, async () => {
  await using chat = await start({ frozen: true, probeAfter: 60_000 });
  const port = await chat.web();
  using asleep = await openRaw(port);
  await using awake = await openPage(port);
  await awake.enter("awake");
  await asleep.send(frame(TEXT, presence("asleep")));
  await expectResponse(asleep, 200);
  await asleep.send(frame(PING, "are you there?"));
  assert.deepEqual(await asleep.hear(), { kind: PONG, text: "are you there?" });
  const minute = async () => {
    chat.pass(60_000);
    chat.maintenance();
    await awake.sayOk({ action: "probe", time: 1 }); // behind the pong that its WebSocket has sent by itself
  };
  await minute();
  assert.deepEqual(await asleep.hear(), { kind: PING, text: "" });
  await asleep.send(new Uint8Array([...frame(PONG, ""), ...frame(PING, "heard?")]));
  assert.deepEqual(await asleep.hear(), { kind: PONG, text: "heard?" });
  await minute();
  assert.deepEqual(await asleep.hear(), { kind: PING, text: "" });
  await minute();
  assert.deepEqual(await asleep.ending(), { code: 1011, reason: "Given up: nothing was received" });
  await awake.sayOk({ action: "probe", time: 1 });
});

Deno.test("two tabs of one account receive the same, and what one missed comes when it is back", {
  ignore: cannot,
}, async () => {
  const store = memoryStore();
  await using first = await start({ store, accounts: ["page"] });
  const port = await first.web();
  await using one = await openPage(port), two = await openPage(port);
  await one.sayOk(authenticate("page"));
  await two.sayOk(authenticate("page"));
  const ann = await first.join("ann");
  await ann.sayOk({ action: "msg", time: 1, to: "page", message: "to both" });
  await one.expect({ message: "to both" });
  const { id } = await two.expect({ message: "to both" });
  first.stop();
  for (const tab of [one, two]) {
    await tab.expect({ response: 100 });
    assert.equal((await tab.ended()).code, 1001);
  }
  await within("the server's stop", first.over);

  await using second = await start({ store });
  const bob = await second.join("bob");
  await bob.say({ action: "msg", time: 2, to: "page", message: "while it was away" });
  await bob.expect({ response: 202 });
  await using back = await openPage(await second.web());
  await back.sayOk(authenticate("page"));
  const missed = await back.expect({ message: "while it was away" });
  assert.ok(missed.id > id);
  await back.sayOk({ action: "probe", time: 1 }); // nothing comes twice
});

Deno.test("no name of the server and no address is a login: a page inspects with the token only", {
  ignore: cannot,
}, async () => {
  await using chat = await start();
  const port = await chat.web();
  for (const host of [`localhost:${port}`, `127.0.0.1:${port}`, `evil.example:${port}`]) {
    for (const [token, response] of [[undefined, 403], [TOKEN, 200]] as const) {
      using page = await openRaw(port, undefined, host);
      await page.send(frame(TEXT, JSON.stringify({ ...inspect, token })));
      await expectResponse(page, response);
    }
  }
});

Deno.test("an inspector sees how a page speaks, and what it gets wrong", { ignore: cannot }, async () => {
  await using chat = await start();
  const port = await chat.web();
  const teacher = await chat.connect();
  await teacher.sayOk(inspect);
  using page = await openRaw(port);
  await teacher.expect({ way: "here", framing: "websocket" });
  await page.send(frame(TEXT, presence("page")));
  await teacher.expect({ way: "in", framing: "websocket", dialect: "plain", text: presence("page") });
  await teacher.expect({ way: "out", name: "page" });
  await page.send(frame(BINARY, "{}"));
  const text = "Cannot read on from this WebSocket: expected text frames, got a binary one";
  await teacher.expect({ way: "refused", code: 400, text });
});

Deno.test("a browser's page of another origin may not come in, unless it was named", { ignore: cannot }, async () => {
  await using chat = await start();
  const port = await chat.web(["https://chat.example.org"]);
  await using named = await openPage(port, { origin: "https://chat.example.org" });
  await named.enter("named");
  await assert.rejects(openPage(port, { origin: "http://evil.example" }));
  using refused = await openRaw(port, [...UPGRADE, "Origin: http://evil.example"]);
  assert.match(refused.head, /^HTTP\/1\.1 403 Forbidden\r\n/);
});

Deno.test("one guest too many, and the oldest that has asked for nothing is cut off", { ignore: cannot }, async () => {
  await using chat = await start();
  const port = await chat.web();
  const connect = () => Deno.connect({ hostname: "127.0.0.1", port });
  using first = await connect();
  const others = await Promise.all(Array.from({ length: 500 }, connect));
  const end = first.read(new Uint8Array(1)).catch(() => {});
  await within("the first guest's end", end, 20_000); // its time would be up later
  await using page = await openPage(port);
  await page.enter("page");
  for (const other of others) other.close();
});

Deno.test("/healthz says that the server stops, as long as it does", { ignore: cannot }, async () => {
  await using chat = await start({ frozen: true });
  const url = `http://127.0.0.1:${await chat.web()}/healthz`;
  await chat.join("ann"); // and stays, so that the server waits for it
  const look = async () => {
    const response = await fetch(url);
    return [response.status, await response.text()];
  };
  assert.deepEqual(await look(), [200, "ok\n"]);
  chat.stop();
  await until("the server's stop", async () => (await look())[0] === 503);
  assert.deepEqual(await look(), [503, "stopping\n"]);
});
