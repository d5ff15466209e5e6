// The log of a chat over a real broker, as `server/journal/nats/log.ts` promises it.

import assert from "node:assert/strict";
import { until } from "../../../chat/within.ts";
import { hasBroker, startBroker } from "../../../nats_server.ts";
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
    await using four = await (await Member.open(broker.url, { after: one.entries[89]! })).up();
    assert.deepEqual(four.entries, one.entries.slice(90));
    assert.deepEqual(four.kinds, ["up"]);
  },
);

Deno.test("an entry is kept once, though the broker is killed again and again", { ignore }, async () => {
  await using broker = await startBroker();
  await using one = await (await Member.open(broker.url)).up(), two = await (await Member.open(broker.url)).up();
  const outcomes: ("kept" | "refused")[] = [];
  let isOver = false;
  const writing = (async () => {
    for (let at = 0; !isOver; at++) {
      await one.up();
      outcomes[at] = await one.appended(`${at}`);
    }
  })();
  for (let round = 1; round <= 5; round++) {
    const before = outcomes.length;
    await until("some entries", () => outcomes.length > before + 20);
    await broker.kill();
    await broker.start();
  }
  await until("some more", () => one.log.isUp && two.log.isUp);
  isOver = true;
  await writing;
  const kept = outcomes.flatMap((outcome, at) => outcome === "kept" ? [`${at}`] : []);
  assert.deepEqual(one.texts, kept);
  await until("the same at the other one", () => two.entries.length >= kept.length);
  assert.deepEqual(two.entries, one.entries);
  assert.ok(one.count("down") >= 5 && one.count("setBack") === 0);
});
