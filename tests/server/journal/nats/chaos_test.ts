// All that can happen to a link, in an order by chance: after it every server has the same entries, each that was acknowledged
// once, and none that was refused.

import assert from "node:assert/strict";
import { until } from "../../../chat/within.ts";
import { LossyProxy } from "../../../lossy_proxy.ts";
import { type Broker, hasBroker, startBroker } from "../../../nats_server.ts";
import { random } from "../../../../tools/fuzz/random.ts";
import { Member } from "./member.ts";

const FAULTS = 5, MEMBERS = 3;

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** What can happen to the broker or to the network of one server, and passes. */
const faults: ((broker: Broker, proxy: LossyProxy, chance: (below: number) => number) => Promise<void>)[] = [
  async (broker) => {
    await broker.kill();
    await broker.start();
  },
  async (broker, _, chance) => {
    broker.pause();
    await pause(chance(4000));
    broker.resume();
  },
  async (_, proxy, chance) => {
    proxy.treat("swallow");
    await pause(chance(4000));
    proxy.treat("pass");
  },
  async (_, proxy, chance) => {
    proxy.treat("pass", "swallow");
    await pause(chance(4000));
    proxy.treat("pass");
  },
  async (_, proxy, chance) => {
    proxy.treatPresent("hold", "swallow");
    await pause(chance(4000));
    proxy.treat("pass");
  },
  (_, proxy) => Promise.resolve(proxy.cut()),
];

async function torment(seed: number, count: number): Promise<void> {
  const { below: chance } = random(seed, "faults"), proxies: LossyProxy[] = [], members: Member[] = [];
  await using broker = await startBroker();
  await using stack = new AsyncDisposableStack();
  for (let i = 0; i < MEMBERS; i++) {
    proxies.push(stack.use(new LossyProxy(broker.port)));
    members.push(stack.use(await (await Member.open(proxies[i]!.url)).up()));
  }
  let isOver = false;
  const outcomes = new Map<string, "kept" | "refused">();
  const writing = members.map(async (member, i) => {
    for (let at = 0; !isOver; at++) {
      outcomes.set(`${i}:${at}`, await member.appended(`${i}:${at}`));
      if (!member.log.isUp) await pause(5);
    }
  });
  try {
    for (let round = 0; round < count; round++) {
      const target = proxies[chance(MEMBERS)]!;
      await faults[chance(faults.length)]!(broker, target, chance);
      await pause(chance(300));
    }
  } finally {
    isOver = true;
  }
  await Promise.all(writing);
  for (const member of members) {
    await member.up();
    assert.equal(await member.appended("the end"), "kept");
  }
  await until(
    "all ends everywhere",
    () => members.every(({ texts }) => texts.filter((text) => text === "the end").length === MEMBERS),
  );
  const [first, ...others] = members;
  for (const other of others) assert.deepEqual(other.entries, first!.entries);
  const kept = new Set(first!.texts);
  assert.equal(kept.size, first!.entries.length - MEMBERS + 1, "an entry is there twice");
  for (const [text, outcome] of outcomes) assert.equal(kept.has(text), outcome === "kept", `${text} was ${outcome}`);
  for (const [i, member] of members.entries()) {
    const own = member.texts.filter((text) => text.startsWith(`${i}:`)).map((text) => Number(text.split(":")[1]));
    assert.deepEqual(own, own.toSorted((one, other) => one - other));
    assert.equal(member.count("setBack"), 0);
  }
}

Deno.test(
  "whatever happens to links and to the broker, all servers have the same entries",
  { ignore: !hasBroker },
  async () => {
    const seed = Math.floor(Math.random() * 1e6);
    console.log(`seed ${seed}`);
    await torment(seed, FAULTS);
  },
);
