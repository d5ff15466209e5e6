// The clock of the wall jumps: somebody sets it, or a machine wakes up. What is counted in time goes by the clock that never
// goes back, and only what people read as a date follows the jump.

import assert from "node:assert/strict";
import { fakeServer, msg, presence, quiet } from "./fake.ts";

const DAY = 86_400_000;

for (const [way, jump] of [["forward", DAY], ["back", -DAY]] as const) {
  Deno.test(`serve gives growing ids, keeps gaps and deadlines when the clock jumps a day ${way}`, async () => {
    await using server = fakeServer({ presenceWithin: 30_000, bareGap: 50, idle: 60_000, probeAfter: 40_000 });
    const ann = server.connect(), bob = server.connect(), bare = server.connect(), silent = server.connect();
    ann.give(`${presence("ann")}\n`);
    bob.give(`${presence("bob")}\n`);
    bare.give(presence("bare"));
    await quiet();
    server.pass(1_000); // bare might have been a writer, which must get no relays
    ann.give(`${msg("one")}\n${msg("two")}\n`);
    await quiet();

    const before = server.clock.wall;
    server.clock.wall += jump;
    server.select.post({ kind: "maintenance" });
    await quiet();
    assert.deepEqual([ann, bare, silent].map(({ shut, closed }) => shut || closed), [false, false, false]);
    assert.equal(bare.writes.length, 2, "the gap is not over");
    server.pass(50);
    await quiet();
    assert.deepEqual(bare.objects.slice(1).map(({ message }) => message), ["one", "two"]);

    ann.give(`${msg("three")}\n`);
    await quiet();
    const ids = bob.objects.slice(1).map(({ id }) => id as number);
    assert.deepEqual(ids, [ids[0]!, ids[0]! + 1, ids[0]! + 2]);
    const times = ann.objects.slice(1).map(({ time }) => time);
    assert.deepEqual(times, [before, before, before + jump].map((ms) => ms / 1000));

    server.pass(28_949);
    server.select.post({ kind: "maintenance" });
    await quiet();
    assert.equal(silent.shut, false, "a millisecond before it is late");
    server.pass(1);
    server.select.post({ kind: "maintenance" });
    await quiet();
    assert.deepEqual([silent.objects.map(({ response }) => response), silent.shut], [[401], true]);
  });
}
