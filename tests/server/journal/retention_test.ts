// How long messages are kept: days on the calendar, and nothing is removed because a clock is wrong.
import assert from "node:assert/strict";
import type { Journal } from "../../../server/journal/contract.ts";
import { makeFolder } from "../../log/folder.ts";
import { may } from "../../may.ts";
import { clocks, DAY, MINUTE } from "./clocks.ts";
import { on, tamper } from "./disk.ts";
import { maintainAll, toAll } from "./driver.ts";

const YEAR = 365 * DAY;

/** Lets time pass, in which the journal has its turn. */
function pass(journal: Journal, clock: ReturnType<typeof clocks>, ms: number): void {
  for (let left = ms; left > 0; left -= Math.max(1000, ms / 50)) {
    clock.pass(Math.max(1000, ms / 50));
    maintainAll(journal, 100);
  }
}

for (const [how, jump] of [["a year ahead", YEAR], ["a day ahead", DAY], ["a year back", -YEAR]] as const) {
  on(`maintain removes nothing while the clock is wrong for a moment: ${how}`, async (open) => {
    const clock = clocks(), driver = open({ keepDays: 1, ...clock }), { journal } = driver;
    await driver.keep(...toAll("before"));
    pass(journal, clock, 30 * MINUTE);
    clock.set(jump);
    pass(journal, clock, 5 * MINUTE);
    await driver.keep(...toAll("meanwhile"));
    clock.set(-jump);
    pass(journal, clock, 5 * MINUTE);
    await driver.keep(...toAll("after"));
    pass(journal, clock, 20 * MINUTE);
    assert.deepEqual(await driver.messages(), ["before", "meanwhile", "after"]);
    pass(journal, clock, 2 * DAY);
    assert.deepEqual(await driver.messages(), [], "a time that lies far ahead keeps nothing for ever");
  });
}

on("maintain keeps what was said when a clock that was behind at the start is set right", async (open) => {
  const clock = clocks(10 * DAY), driver = open({ keepDays: 7, ...clock });
  await driver.keep(...toAll("before the network was there"));
  clock.set(YEAR);
  pass(driver.journal, clock, 30 * MINUTE);
  assert.deepEqual(await driver.messages(), ["before the network was there"]);
  pass(driver.journal, clock, 7 * DAY);
  assert.deepEqual(await driver.messages(), []);
});

on("maintain comes to an end when another program has removed what it should index", async (open, path) => {
  const driver = open();
  await driver.keep(...toAll("a"));
  tamper(path, (db) => db.exec("DELETE FROM runs"));
  for (let rounds = 0; driver.journal.maintain(0); rounds++) assert.ok(rounds < 10);
});

Deno.test("the journal counts days on the calendar, over a change to summer time", {
  ignore: !may("read", "write", "run"),
}, async () => {
  using folder = makeFolder();
  const [module, driver] = ["../../../server/journal/sqlite.ts", "./driver.ts"].map((file) =>
    new URL(file, import.meta.url).href
  );
  // On 29 March 2026 Berlin has no time from 2 to 3: noon to noon is 23 hours.
  Deno.writeTextFileSync(
    `${folder.path}/days.ts`,
    `import { openJournal } from "${module}"; import { Driver, maintainAll, toAll } from "${driver}";
     let now = new Date(2026, 2, 28, 12).getTime(); const left = [], HOUR = 3_600_000;
     const path = "${folder.path}/hanita.db", clocks = { wall: () => now, now: () => now };
     const driver = new Driver(() => openJournal({ path, keepDays: 1, ...clocks }));
     await driver.keep(...toAll("noon"));
     for (const hours of [22, 1]) {
       now += hours * HOUR;
       maintainAll(driver.journal, 1);
       left.push((await driver.page()).length);
     }
     console.log(new Date(now).getHours(), left.join());
     await driver.journal.close();`,
  );
  const config = new URL("../../../deno.json", import.meta.url).pathname;
  const args = ["run", "-q", "--no-prompt", "--config", config, "-P=test", `${folder.path}/days.ts`];
  const { stdout } = await new Deno.Command("deno", { args, env: { TZ: "Europe/Berlin" }, stderr: "inherit" }).output();
  assert.equal(new TextDecoder().decode(stdout), "12 1,0\n");
});
