// Clients that do harm, or look so: they send a byte at a time, vanish, connect and leave without end, or take all the memory
// there is. Two that chat beside them notice nothing, and in the end nothing of the others is left.

import assert from "node:assert/strict";
import { breakOff } from "./break_off.ts";
import { bystanders } from "./bystanders.ts";
import { only } from "./only.ts";
import { cannot, type Chat, start } from "./start.ts";
import { until } from "./within.ts";

const many = <T>(count: number, make: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => make(index)));

const presenceOf = (account_name: string) => ({ action: "presence", time: 1, user: { account_name, status: "" } });

Deno.test("a connection that sends a byte now and then, and never a whole object, is refused in time with 401", {
  ignore: cannot,
}, async () => {
  const WITHIN = 30_000, STEP = 1_000;
  await using chat = await start({ presenceWithin: WITHIN, frozen: true, logged: true });
  {
    await using _bystanders = await bystanders(chat);
    const slow = await many(100, () => chat.bare());
    const words = JSON.stringify(presenceOf("slow")).slice(0, -1);
    for (let at = 0; at < WITHIN / STEP; at++) {
      for (const peer of slow) await peer.say(words[at]!);
      await look(chat);
      assert.ok(slow.every((peer) => chat.writesTo(peer).length === 0), `after ${at} s`);
      chat.pass(STEP);
    }
    chat.maintenance();
    for (const peer of slow) {
      await peer.expect({ response: 401 });
      await peer.expectEnd();
    }
    chat.pass(5_000); // they never close, and are not waited for
  }
  await only(chat, 2);
});

/** Returns when the server has looked for late connections. */
async function look(chat: Chat): Promise<void> {
  chat.maintenance();
  using witness = await chat.connect();
  await witness.say({ action: "probe", time: 1 });
  await witness.expect({ response: 401 });
}

Deno.test("a connection that has vanished is probed, and closed when it has been idle for too long", {
  ignore: cannot,
}, async () => {
  const AFTER = 60_000, IDLE = 5 * AFTER, STEP = AFTER / 4;
  await using chat = await start({ probeAfter: AFTER, idle: IDLE, frozen: true, logged: true });
  {
    await using _bystanders = await bystanders(chat);
    const vanished = await many(20, () => chat.staller());
    await Promise.all(vanished.map((peer, i) => peer.say(presenceOf(`vanished ${i}`))));
    const entered = () => [...chat.meter.connections].filter(({ name }) => name?.startsWith("vanished")).length;
    await until("all are in the chat", () => entered() === vanished.length); // a shared log says so a moment later
    for (let passed = 0; passed < IDLE; passed += STEP) {
      chat.pass(STEP);
      const { common } = chat.meter.messages;
      await until("a message of each bystander", () => chat.meter.messages.common > common + 1);
      await look(chat);
    }
    await until(
      "a 403 for each that vanished",
      () => vanished.every((peer) => chat.writesTo(peer).some(({ text }) => text.includes('"response":403'))),
    );
    for (const peer of vanished) assert.ok(chat.writesTo(peer).some(({ text }) => text.includes('"action":"probe"')));
    chat.pass(5_000);
  }
  await only(chat, 2);
});

Deno.test("thousands that connect and leave, in peace or not, are all answered, and the chat goes on", {
  ignore: cannot,
}, async () => {
  const ROUNDS = 75, AT_ONCE = 40;
  await using chat = await start({ logged: true });
  {
    await using _bystanders = await bystanders(chat);
    for (let round = 0; round < ROUNDS; round++) await many(AT_ONCE, (i) => goings[i % goings.length]!(chat));
  }
  assert.equal(chat.meter.accepted, 2 + ROUNDS * AT_ONCE);
  await only(chat, 2);
});

/** The ways to go, each behind a presence that was answered, but for the last. */
const goings: readonly ((chat: Chat) => Promise<void>)[] = [
  async (chat) => {
    using peer = await chat.join("passer-by");
    await peer.say({ action: "quit" });
    assert.equal((await peer.end()).at(-1).alert, "goodbye");
  },
  async (chat) => {
    using peer = await chat.join("passer-by");
    await peer.end();
  },
  async (chat) => (await chat.join("passer-by")).close(),
  (chat) => breakOff(chat.port, `${JSON.stringify(presenceOf("passer-by"))}\n`, '{"action":"ms'),
  async (chat) => (await chat.connect()).close(),
];

Deno.test(
  "when memory is short the slowest readers are dropped, and none that reads",
  { ignore: cannot },
  async () => {
    const STALLERS = 4, LONG = "x".repeat(3900), ALL = 256 * 1024;
    await using chat = await start({ outboxes: ALL, logged: true });
    const ann = await chat.join("ann"), bob = await chat.join("bob");
    const stallers = await many(STALLERS, () => chat.staller());
    await Promise.all(stallers.map((peer, i) => peer.say(presenceOf(`stalled ${i}`))));
    for (let i = 0; i < STALLERS; i++) await chat.logged(new RegExp(`perform 127.0.0.1:${stallers[i]!.port}`));
    for (let time = 0; chat.meter.dropped.all < STALLERS; time++) {
      assert.ok(time < 20_000, "nobody is dropped");
      await ann.sayOk({ action: "msg", time, message: LONG });
      await bob.expect({ time, message: LONG });
      if (time % 10 === 0) chat.maintenance();
    }
    await ann.silence();
    await bob.silence();
    const dropped = chat.log().filter((line) => / close .* dropped: /.test(line));
    assert.equal(dropped.length, STALLERS);
    for (const line of dropped) assert.match(line, /"stalled \d" .* while memory is short, \d+ bytes not sent$/);
    await only(chat, 2);
  },
);
