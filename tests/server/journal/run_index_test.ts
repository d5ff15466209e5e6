// The index of runs follows behind the log: what a conversation has is found wherever the index has come to.
import assert from "node:assert/strict";
import { verify } from "../../../server/journal/verify.ts";
import { clocks, DAY, MINUTE } from "./clocks.ts";
import { type Driver, maintainAll, type Said } from "./driver.ts";
import { logged, on, tamper, WITHOUT_RUN_INDEX } from "./disk.ts";

/** Enough for the index to follow twice, and to have some left. */
const COUNT = 250;
const PLACES = ["#all", "@1\u0000@2", "#7"];

/** The conversation and the text of each message. */
const said: readonly { readonly conversation: string; readonly message: string }[] = Array.from(
  { length: COUNT },
  (_, i) => ({ conversation: PLACES[i % 7 % 3]!, message: `message ${i}` }),
);

/** Each message is a run of its own. Returns their ids. */
async function keepAll(driver: Driver, some: readonly Said[] = said): Promise<number[]> {
  const ids: number[] = [];
  for (const each of some) ids.push(await driver.keep(each));
  return ids;
}

/** Each conversation has its messages from one on, in pages of some sizes, in both directions, and around each bound. */
async function assertAll(driver: Driver, ids: readonly number[], from = 0): Promise<void> {
  for (const conversation of PLACES) {
    const all = ids.flatMap((id, i) => i >= from && said[i]!.conversation === conversation ? [id] : []);
    assert.deepEqual(driver.journal.page({ conversation, limit: 500 }), all);
    for (let at = 0; at < all.length; at += 7) {
      const bound = all[at]!, limit = 1 + at % 40;
      assert.deepEqual(driver.journal.page({ conversation, before: bound, limit }), all.slice(0, at).slice(-limit));
      assert.deepEqual(driver.journal.page({ conversation, after: bound, limit }), all.slice(at + 1).slice(0, limit));
    }
    const lines = await driver.journal.read(conversation, ids.slice(from));
    assert.equal(lines.filter((line) => line !== undefined).length, all.length, "and of no other one");
  }
}

/** How many runs the index has. */
function indexed(path: string): number {
  let count = 0;
  tamper(path, (db) => count = db.prepare("SELECT count(*) AS count FROM indexed_runs").get()!.count as number);
  return count;
}

on("each message is found, wherever the index has come to, and after a restart", async (open, path) => {
  const clock = clocks();
  let driver = open(clock), ids = await keepAll(driver);
  assert.equal(indexed(path), 200, "it follows a hundred at a time");
  await assertAll(driver, ids);
  assert.deepEqual(
    [...driver.journal.conversations("@1", ids.at(-50)!) as string[]],
    [PLACES[1]],
    "one with messages that are not in the index",
  );
  assert.deepEqual([...driver.journal.conversations("@1", ids.at(-1)!) as string[]], []);
  await driver.journal.close();
  assert.deepEqual(verify(path).faults, []);
  driver = open(clock);
  await assertAll(driver, ids);
  ids = [...ids, await driver.keep({ conversation: "#7", message: "one more" })];
  assert.equal(indexed(path), COUNT, "what an earlier process has left comes first");
  assert.deepEqual(driver.journal.page({ conversation: "#7", limit: 1 }), ids.slice(-1));
});

on("what is removed from the log leaves the index too", async (open, path) => {
  const { pass, ...clock } = clocks(), driver = open({ keepDays: 1, ...clock });
  const ids = await keepAll(driver, said.slice(0, 120));
  pass(20 * 60 * MINUTE);
  ids.push(...await keepAll(driver, said.slice(120)));
  pass(20 * MINUTE); // the clock is believed
  maintainAll(driver.journal, 1);
  pass(DAY - 20 * 60 * MINUTE);
  maintainAll(driver.journal, 1);
  await assertAll(driver, ids, 120);
  assert.equal(indexed(path), 200 - 120);
  driver.journal.forget(["#7"]);
  maintainAll(driver.journal, 1);
  await driver.journal.close();
  const left = said.slice(120, 200).filter(({ conversation }) => conversation !== "#7");
  assert.equal(indexed(path), left.length);
  assert.deepEqual(verify(path).faults, []);
});

on("a message is kept and found where the index cannot follow, which goes on later", async (open, path) => {
  const driver = open();
  tamper(path, (db) => db.exec("CREATE TRIGGER no BEFORE INSERT ON indexed_runs BEGIN SELECT RAISE(ABORT, 'no'); END"));
  let ids: number[] = [];
  const log = await logged(async () => {
    ids = await keepAll(driver, said.slice(0, 150));
  });
  assert.deepEqual(log.match(/Cannot index messages: no; [^\n]+/g), [
    "Cannot index messages: no; until that succeeds, the history takes longer",
  ], "told once, although tried twice");
  tamper(path, (db) => db.exec("DROP TRIGGER no"));
  assert.equal(indexed(path), 0);
  ids.push(...await keepAll(driver, said.slice(150)));
  assert.equal(indexed(path), 200);
  await assertAll(driver, ids);
});

on("a database without the index gets it", async (open, path) => {
  let driver = open();
  const ids = await keepAll(driver);
  await driver.journal.close();
  tamper(path, (db) => db.exec(`${WITHOUT_RUN_INDEX}; PRAGMA user_version = 103`));
  driver = open();
  assert.equal(indexed(path), COUNT);
  await assertAll(driver, ids);
});

on("verify says that messages are found by nobody", async (open, path) => {
  const driver = open();
  await keepAll(driver);
  await driver.journal.close();
  tamper(path, (db) => db.exec("DELETE FROM indexed_runs WHERE first IN (SELECT first FROM indexed_runs LIMIT 3)"));
  assert.deepEqual(verify(path).faults, [{
    kind: "file",
    detail: "3 runs of messages are in no conversation's index",
  }]);
});
