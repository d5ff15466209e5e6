// How what was appended gets from the write-ahead log into the database, and onto the disk.
import assert from "node:assert/strict";
import { JournalFailure } from "../../../server/journal/contract.ts";
import { on } from "./disk.ts";
import { clocks, MINUTE } from "./clocks.ts";
import { toAll } from "./driver.ts";
import { until } from "../../chat/within.ts";

on("a log that another program has removed is reported, and all is there after the end", async (open, path) => {
  let now = 0, driver = open({ now: () => now });
  await driver.keep(...toAll("before"));
  driver.journal.maintain(1); // from here on it has its log open
  await new Promise((done) => setTimeout(done, 0));
  // As SQLite before 3.51 does when it leaves: it takes the database for nobody else's.
  if (Deno.build.os !== "windows") Deno.removeSync(`${path}-wal`);
  await driver.keep(...toAll("after"));
  await until("the journal's failure", () => {
    now += 1000;
    try {
      driver.journal.maintain(1);
    } catch (error) {
      assert.ok(error instanceof JournalFailure);
      assert.match(error.message, /another program has opened .* and removed its log: stop the server/);
      return true;
    }
    return Deno.build.os === "windows";
  });
  await driver.journal.close();
  driver = open();
  assert.deepEqual(await driver.messages(), ["before", "after"]);
});

on("what is appended gets into the database while the loop goes on, and the log stays small", async (open, path) => {
  const driver = open(), large = "x".repeat(400_000), sizes: number[] = [];
  for (let i = 1; i <= 200; i++) {
    await driver.keep(...toAll(`${i} ${large}`));
    if (i % 5 === 0) await new Promise((done) => setTimeout(done));
    sizes.push(Deno.statSync(`${path}-wal`).size);
  }
  await until("the database to grow", () => Deno.statSync(path).size > 60_000_000); // not by closing it
  assert.ok(Math.max(...sizes) < 80_000_000, `The log had ${Math.max(...sizes)} bytes`);
  await driver.journal.close();
  assert.deepEqual(await open().messages({ limit: 1 }), [`200 ${large}`]);
});

on("maintain brings what little was said to the disk within a second or so", async (open, path) => {
  let now = 0;
  const driver = open({ now: () => now });
  driver.journal.maintain(1);
  const before = content(path);
  await driver.keep(...toAll("x"));
  now += 1000;
  driver.journal.maintain(1);
  await until("a write into the database", () => content(path) !== before);
});

on("maintain syncs while the clock on the wall goes back by an hour", async (open, path) => {
  const clock = clocks(), driver = open(clock);
  clock.pass(2000);
  driver.journal.maintain(1);
  clock.set(-60 * MINUTE);
  const before = content(path);
  await driver.keep(...toAll("x"));
  clock.pass(1000);
  driver.journal.maintain(1);
  await until("a write into the database", () => content(path) !== before);
});

/** What is in the database, and not in its log. The time of a file is too coarse: two writes may have the same. */
function content(path: string): string {
  return Deno.readTextFileSync(path);
}
