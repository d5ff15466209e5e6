// What is forgotten is erased: messages, edits and files of a room that is gone, and of a private conversation.
import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { accountSide, between } from "../../../server/journal/conversation.ts";
import { verify } from "../../../server/journal/verify.ts";
import { until } from "../../chat/within.ts";
import { makeFolder } from "../../log/folder.ts";
import { may } from "../../may.ts";
import { clocks } from "./clocks.ts";
import { filesWith, on } from "./disk.ts";
import { type Driver, maintainAll, toAll } from "./driver.ts";
import { FakeLog } from "./nats/fake_log.ts";
import { driverOf, openMember } from "./nats/shared.ts";

const SECRET = "xylophone", HASH = "a".repeat(64), ROOM = "#7", PRIVATE = between(accountSide(1), accountSide(2));
const file = { name: "plan.txt", size: 5, type: "text/plain", sha256: HASH, key: "the key" };
const countsIn = (path: string) => {
  using db = new DatabaseSync(path, { readOnly: true });
  return ["conversations", "runs", "events", "files"].map((table) =>
    db.prepare(`SELECT count(*) AS count FROM ${table}`).get()!.count
  );
};

/** Two conversations that are to be forgotten, and another one. */
async function fill(driver: Driver): Promise<void> {
  await driver.keep(...toAll("kept"));
  for (let i = 0; i < 20; i++) {
    const first = await driver.keep({ conversation: ROOM, message: `the ${SECRET} ${i}` }, ...toAll(`kept ${i}`));
    const about = { conversation: ROOM, of: first, to: "#room", from: "ann", time: 7 };
    await driver.keep({ kind: "edit", ...about, text: `another ${SECRET}` });
  }
  await driver.keep({ conversation: ROOM, message: SECRET, file });
  await driver.keep({ conversation: PRIVATE, message: SECRET }, { conversation: PRIVATE, message: SECRET });
}

on("what is forgotten is erased, from the search index and the log of the database too", async (open, path) => {
  const { wall, now, pass } = clocks(), driver = open({ wall, now }), { journal } = driver;
  await fill(driver);
  maintainAll(journal, 1000);
  assert.deepEqual(filesWith(path, SECRET).includes("hanita.db-wal"), true);
  assert.notEqual(journal.fileLine(file.key), undefined);
  const before = journal.next;
  journal.forget([ROOM, PRIVATE]);
  assert.equal(journal.fileLine(file.key), undefined);
  assert.deepEqual(await journal.filesAmong([HASH]), [HASH], "its bytes are needed until the message is erased");
  await until("the texts to be gone", () => {
    pass(1000);
    maintainAll(journal, 1);
    return filesWith(path, SECRET).length === 0;
  });
  assert.deepEqual(countsIn(path), [1, 21, 0, 0]);
  assert.deepEqual(await journal.filesAmong([HASH]), []);
  assert.equal((await driver.messages()).length, 21);
  assert.equal((await driver.messages({ text: "kept" })).length, 21);
  assert.deepEqual(await driver.messages({ conversation: ROOM }), []);
  await driver.keep({ conversation: ROOM, message: "new" });
  assert.deepEqual(await driver.messages({ conversation: ROOM, text: "new" }), ["new"]);
  await journal.close();
  const next = open({ wall, now });
  assert.ok(next.journal.next > before, "no id is given again");
  assert.deepEqual(verify(path).faults, []);
});

on("a server that was killed in the middle goes on after its start", async (open, path) => {
  const { wall, now, pass } = clocks(), driver = open({ wall, now });
  await fill(driver);
  driver.journal.forget([ROOM, PRIVATE]);
  driver.journal.maintain(0);
  const [conversations, runs] = countsIn(path);
  assert.ok(conversations === 3 && (runs as number) > 21 && (runs as number) < 43, `${conversations}, ${runs}`);
  const killed = path.replace(/[^/]+$/, "killed/hanita.db");
  Deno.mkdirSync(path.replace(/[^/]+$/, "killed"));
  for (const ending of ["", "-wal", "-lock"]) Deno.copyFileSync(`${path}${ending}`, `${killed}${ending}`);
  const next = open({ path: killed, wall, now });
  await until("the texts to be gone", () => {
    pass(1000); // an index that took long to make is made anew late
    maintainAll(next.journal, 1);
    return filesWith(killed, SECRET).length === 0;
  });
  assert.deepEqual(countsIn(killed), [1, 21, 0, 0]);
});

on("what the account tool forgets is erased by the server", async (open, path) => {
  const driver = open();
  await fill(driver);
  maintainAll(driver.journal, 1);
  const tool = open({ beside: true });
  tool.journal.forget([PRIVATE]);
  await tool.journal.close();
  maintainAll(driver.journal, 1);
  assert.equal(countsIn(path)[0], 2);
});

Deno.test("a server of several puts back nothing of what is forgotten", {
  ignore: !may("read", "write"),
}, async () => {
  using folder = makeFolder();
  const path = `${folder.path}/one/hanita.db`,
    driver = await driverOf((ready) => openMember(new FakeLog(), path, ready));
  driver.journal.snapshot();
  await fill(driver);
  driver.journal.forget([ROOM, PRIVATE]);
  maintainAll(driver.journal, 1);
  await until("the texts to be gone", () => {
    maintainAll(driver.journal, 1);
    return filesWith(path, SECRET).every((name) => name.startsWith("hanita-search"));
  });
  assert.equal((await driver.messages()).length, 21);
  await driver.journal.close();
});
