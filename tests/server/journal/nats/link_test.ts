// The log of a chat over a real broker, as `server/journal/nats/log.ts` promises it.

import assert from "node:assert/strict";
import { isFull } from "../../../../server/journal/contract.ts";
import { until } from "../../../chat/within.ts";
import { LossyProxy } from "../../../lossy_proxy.ts";
import { hasBroker, startBroker } from "../../../nats_server.ts";
import { keptOnce } from "./kept_once.ts";
import { withManager } from "./manager.ts";
import { Member } from "./member.ts";

const ignore = !hasBroker;

Deno.test(
  "every server takes the entries of all in one order, and one that joins later takes them as well",
  { ignore },
  async () => {
    await using broker = await startBroker();
    await using one = await Member.open(broker.url), two = await Member.open(broker.url);
    await Promise.all([one.up(), two.up()]);
    assert.deepEqual(one.events, [{ kind: "up", first: 1 }]);
    const write = async (member: Member, name: string) => {
      for (let at = 0; at < 50; at++) assert.equal(await member.appended(`${name} ${at}`), "kept");
    };
    await Promise.all([write(one, "one"), write(two, "two")]);
    await until("all entries", () => one.entries.length === 100 && two.entries.length === 100);
    assert.deepEqual(one.entries, two.entries);
    assert.deepEqual(one.entries.map(({ sequence }) => sequence), Array.from({ length: 100 }, (_, at) => at + 1));
    assert.deepEqual(
      one.texts.filter((text) => text.startsWith("two")),
      Array.from({ length: 50 }, (_, at) => `two ${at}`),
    );
    assert.deepEqual(new Set(one.entries.map(({ writer }) => writer)), new Set([one.log.writer, two.log.writer]));
    for (const { time } of one.entries) assert.ok(Math.abs(time - Date.now()) < 3_600_000);

    await using three = await (await Member.open(broker.url)).up();
    assert.deepEqual(three.entries, one.entries);
    assert.equal(
      three.events.findIndex(({ kind }) => kind === "up"),
      100,
      "the link works when all has come, not before",
    );
    await using four = await (await Member.open(broker.url, { after: one.entries[89]! })).up();
    assert.deepEqual(four.entries, one.entries.slice(90));
    assert.deepEqual(four.kinds, ["up"]);
  },
);

Deno.test("an entry is kept once, though the broker is killed again and again", { ignore }, async () => {
  await using broker = await startBroker();
  await using one = await (await Member.open(broker.url)).up(), two = await (await Member.open(broker.url)).up();
  await keptOnce(one, two, async (more) => {
    for (let round = 1; round <= 5; round++) {
      await more("some entries");
      await broker.kill();
      await broker.start();
    }
  });
  assert.ok(one.count("down") >= 5 && one.count("setBack") === 0);
});

Deno.test(
  "an entry is kept once, whatever the network swallows, and however late a try arrives",
  { ignore },
  async () => {
    await using broker = await startBroker();
    await using proxy = new LossyProxy(broker.port);
    await using one = await (await Member.open(proxy.url)).up(), two = await (await Member.open(broker.url)).up();
    const faults = {
      "all is swallowed": () => proxy.treat("swallow"),
      "the answers are swallowed": () => proxy.treat("pass", "swallow"),
      "a try arrives late": () => proxy.treatPresent("hold", "swallow"),
      "the connection breaks": () => proxy.cut(),
    };
    for (const [name, fault] of Object.entries(faults)) {
      assert.equal(await one.appended(`before: ${name}`), "kept");
      fault();
      one.append(name);
      const downs = one.count("down");
      await until("the link is lost", () => one.count("down") > downs || !one.log.busy);
      if (name !== "a try arrives late") proxy.treat("pass");
      await until("the entry is back", () => !one.log.busy);
      proxy.treat("pass"); // now what was held goes on its way
      await one.up();
      assert.equal(await one.appended(`after: ${name}`), "kept");
    }
    const expected = Object.keys(faults).flatMap((name) => [`before: ${name}`, name, `after: ${name}`]);
    await until("all entries", () => two.entries.length >= expected.length);
    assert.deepEqual(one.texts, expected);
    assert.deepEqual(two.entries, one.entries);
    assert.equal(two.count("down"), 0);
    assert.ok(one.log.counts.retries >= 1, "what was swallowed was tried again");
  },
);

Deno.test("a broker that stands still loses and doubles nothing", { ignore }, async () => {
  await using broker = await startBroker();
  await using one = await (await Member.open(broker.url)).up();
  for (const isLong of [false, true]) {
    broker.pause();
    one.append(`${isLong}`);
    if (isLong) await until("the link is lost", () => one.count("down") > 0);
    else await new Promise((resolve) => setTimeout(resolve, 1500)); // the first try has had no answer
    broker.resume();
    await until("the entry is back", () => !one.log.busy);
    await one.up();
  }
  assert.deepEqual(one.texts, ["false", "true"]);
  const { own, others, losses } = one.log.counts;
  assert.deepEqual([own, others], [2, 0]);
  assert.ok(losses >= 1); // the second try may come before the link is lost, or never
});

Deno.test("without a link an entry is refused, and with a full stream as well", { ignore }, async () => {
  await using broker = await startBroker();
  await using one = await (await Member.open(broker.url)).up();
  const large = "x".repeat(8192);
  const limit = (bytes: number) =>
    withManager(broker.url, (manager) => manager.streams.update("hanita-test", { max_bytes: bytes }));
  await limit(100_000);
  let kept = 0;
  while (kept < 20 && await one.appended(large) === "kept") kept++;
  const failure = one.events.find(({ kind }) => kind === "refused");
  assert.ok(kept > 5 && kept < 20 && failure?.kind === "refused" && isFull(failure.failure));
  await limit(200_000);
  assert.equal(await one.appended(large), "kept");
  assert.equal(one.entries.length, kept + 1);

  await broker.stop();
  await until("the link is lost", () => !one.log.isUp);
  assert.equal(await one.appended("without a link"), "refused");
  await broker.start();
  await one.up();
  assert.equal(await one.appended("again"), "kept");
  assert.equal(one.texts.at(-1), "again");
  assert.deepEqual([one.log.counts.refused, one.log.counts.own], [2, kept + 2]);
});

Deno.test("what a store that was set back has lost is put back under the same sequences", { ignore }, async () => {
  await using broker = await startBroker();
  await using one = await (await Member.open(broker.url)).up(), two = await (await Member.open(broker.url)).up();
  for (let at = 1; at <= 20; at++) await (at % 2 === 0 ? one : two).appended(`${at}`);
  await broker.stop();
  broker.copyStore();
  await broker.start();
  await Promise.all([one.up(), two.up()]);
  for (let at = 21; at <= 300; at++) await (at % 2 === 0 ? one : two).appended(`${at}`);
  await until("all entries at both", () => one.entries.length === 300 && two.entries.length === 300);
  const entries = one.entries;
  await broker.kill();
  broker.putStoreBack();
  await broker.start();
  await until("both know", () => one.count("setBack") > 0 && two.count("setBack") > 0);
  for (const each of [one, two]) assert.deepEqual(each.events.at(-1), { kind: "setBack", last: 20 });
  one.peers.send("all", "applied", new Uint8Array());
  await until("a message to the other server", () => two.messages.length > 0);
  one.log.proceed(entries.slice(10));
  two.log.proceed(entries); // both may think that they have most
  await Promise.all([one.up(), two.up()]);
  assert.equal(await two.appended("301"), "kept");
  assert.equal(await one.appended("302"), "kept");
  await using three = await (await Member.open(broker.url)).up();
  assert.deepEqual(three.entries, one.entries);
  assert.deepEqual(three.entries.slice(0, 300), entries);
  const putBack = one.log.counts.putBack + two.log.counts.putBack;
  assert.ok(putBack > 0 && putBack <= 280, `${putBack}`);
  assert.equal(three.log.counts.behind, 0);
  assert.deepEqual(three.texts, Array.from({ length: 302 }, (_, at) => `${at + 1}`));
});

Deno.test("a stream that is deleted under a running broker is missed with the next entry", { ignore }, async () => {
  await using broker = await startBroker();
  await using one = await (await Member.open(broker.url)).up();
  assert.equal(await one.appended("1"), "kept");
  const { entries } = one;
  await withManager(broker.url, (manager) => manager.streams.delete("hanita-test"));
  assert.equal(await one.appended("2"), "refused");
  await until("it is known", () => one.count("setBack") > 0);
  one.log.proceed(entries);
  await one.up();
  assert.equal(await one.appended("3"), "kept");
  assert.deepEqual(one.texts, ["1", "3"]);
});

Deno.test("a store that was deleted is filled again, or begun anew", { ignore }, async () => {
  await using broker = await startBroker();
  await using one = await (await Member.open(broker.url)).up(), two = await (await Member.open(broker.url)).up();
  for (let at = 1; at <= 20; at++) await (at % 2 === 0 ? one : two).appended(`${at}`);
  await until("all entries", () => one.entries.length === 20 && two.entries.length === 20);
  const { entries } = one;
  const remove = async () => {
    const before = one.count("setBack");
    await broker.kill();
    Deno.removeSync(broker.store, { recursive: true });
    await broker.start();
    await until("it is known", () => one.count("setBack") > before);
    assert.deepEqual(one.events.at(-1), { kind: "setBack", last: 0 });
  };
  await remove();
  one.log.proceed(entries);
  await Promise.all([one.up(), two.up()]);
  assert.equal(await one.appended("21"), "kept");
  assert.equal(await two.appended("22"), "kept");
  await until("all entries", () => one.entries.length === 22);
  assert.deepEqual(one.entries.slice(0, 20), entries);

  const old = one.entries;
  await remove();
  one.log.restart();
  await one.up();
  assert.equal(await one.appended("anew"), "kept");
  assert.equal(one.entries.at(-1)!.sequence, 1);
  assert.equal(two.log.isUp, false);
  // The log is shorter than what was taken, and what another one has lost is not put into it.
  const found = two.count("setBack");
  two.log.proceed(old);
  await until("another log is found", () => two.count("setBack") > found);
  assert.equal(two.log.isUp, false);
  for (let at = 2; at <= 30; at++) await one.appended(`anew ${at}`);
  // The log is longer than what was taken, and another one all the same.
  const before = two.count("setBack");
  await broker.kill();
  await broker.start();
  await until("another log", () => two.count("setBack") > before);
  assert.deepEqual(two.events.at(-1), { kind: "setBack", last: 0 });
  two.log.restart();
  await two.up();
  assert.deepEqual(
    two.entries.slice(-30).map(({ sequence }) => sequence),
    Array.from({ length: 30 }, (_, at) => at + 1),
  );
  assert.equal(await two.appended("both"), "kept");
});

Deno.test(
  "entries are purged up to a sequence, and a server goes on of which no entry is left",
  { ignore },
  async () => {
    await using broker = await startBroker();
    await using one = await (await Member.open(broker.url)).up(), two = await (await Member.open(broker.url)).up();
    for (let at = 1; at <= 3; at++) assert.equal(await one.appended(`${at}`), "kept");
    for (let at = 4; at <= 6; at++) assert.equal(await two.appended(`${at}`), "kept");
    two.log.purge(5);
    await until(
      "they are gone",
      () =>
        withManager(broker.url, async (manager) => (await manager.streams.info("hanita-test")).state.first_seq === 5),
    );
    assert.equal(await one.appended("7"), "kept");
    assert.equal(await one.appended("8"), "kept");
    await until("all entries", () => two.entries.length === 8);
    await using three = await (await Member.open(broker.url)).up();
    assert.deepEqual(three.texts, ["5", "6", "7", "8"]);
    assert.deepEqual(three.events.at(-1), { kind: "up", first: 5 });
    await using four = await (await Member.open(broker.url, { after: one.entries[1]! })).up();
    assert.deepEqual(four.events.at(-1), { kind: "up", first: 5 });
    two.log.purge(9);
    two.log.purge(9);
    await until(
      "all are gone",
      () =>
        withManager(broker.url, async (manager) => (await manager.streams.info("hanita-test")).state.messages === 0),
    );
    for (const [at, each] of [one, two, one].entries()) assert.equal(await each.appended(`again ${at}`), "kept");
    await until("the last ones", () => two.entries.length === 11 && one.entries.length === 11);
    assert.deepEqual(two.entries, one.entries);
  },
);

Deno.test("messages between servers go to one of them or to all others", { ignore }, async () => {
  await using broker = await startBroker();
  await using one = await Member.open(broker.url),
    two = await Member.open(broker.url),
    three = await Member.open(broker.url);
  const bytes = new Uint8Array([1, 2, 3]);
  one.peers.send("all", "beat", bytes);
  one.peers.send(two.peers.self, "said", bytes);
  two.peers.send("all", "beat", bytes);
  await until("all messages", () => one.messages.length > 0 && two.messages.length > 1 && three.messages.length > 1);
  assert.deepEqual(one.messages, [{ from: two.peers.self, kind: "beat", bytes }]);
  assert.deepEqual(two.messages, [{ from: one.peers.self, kind: "beat", bytes }, {
    from: one.peers.self,
    kind: "said",
    bytes,
  }]);
  assert.deepEqual(new Set(three.messages.map(({ from }) => from)), new Set([one.peers.self, two.peers.self]));
});
