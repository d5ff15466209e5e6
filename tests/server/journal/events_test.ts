// What was said about messages, in a database: it survives, it goes with its messages, and of a deleted text no byte is left.
import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { verify } from "../../../server/journal/verify.ts";
import { clocks, DAY, MINUTE } from "./clocks.ts";
import { filesWith, logged, on, tamper, WITHOUT_RUN_INDEX } from "./disk.ts";
import { type Driver, maintainAll, toAll } from "./driver.ts";
import { until } from "../../chat/within.ts";

const about = (of: number) => ({ conversation: "#all", of, to: "#all", from: "ann", time: 7 });
const edit = (of: number, text: string) => ({ kind: "edit", ...about(of), text }) as const;
const deletion = (of: number) => ({ kind: "deletion", ...about(of) }) as const;
const SECRET = "xylophone";

function textsIn(driver: Driver): Promise<string[]> {
  return driver.messages();
}

on("an edit and a deletion survive, and the database is whole", async (open, path) => {
  let driver = open();
  const one = await driver.keep(...toAll("one", "two", "three"));
  await driver.keep(edit(one, "ONE"));
  await driver.keep(deletion(one + 1));
  await driver.journal.close();
  driver = open();
  assert.deepEqual(driver.journal.snapshot(), []);
  assert.deepEqual(await textsIn(driver), ["ONE", "", "three"]);
  assert.deepEqual((await driver.journal.events("#all", {})).map(({ kind }) => kind), ["edit", "deletion"]);
  await driver.keep(...toAll("four"));
  assert.deepEqual(await textsIn(driver), ["ONE", "", "three", "four"]);
  await driver.journal.close();
  const { messages, records, unknown, faults } = verify(path);
  assert.deepEqual([messages, records, unknown, faults], [4, 2, 0, []]);
  const db = new DatabaseSync(path);
  db.exec("UPDATE events SET sum = sum + 1 WHERE kind = 'edit'");
  db.close();
  assert.deepEqual(verify(path).faults.map(({ kind }) => kind), ["record"]);
  driver = open();
  assert.deepEqual((await driver.journal.events("#all", {})).map(({ kind }) => kind), ["deletion"]);
  assert.equal(driver.journal.skipped.damaged, 1);
});

on("of a deleted text no byte is left in a file of the journal", async (open, path) => {
  const driver = open(), { journal } = driver;
  const one = await driver.keep(...toAll("one", `the ${SECRET}`));
  await driver.keep(edit(one + 1, `the ${SECRET}, once more`));
  for (let i = 0; i < 50; i++) { // rows move within the file
    await driver.keep(...toAll(`other ${i} ${"x".repeat(i * 10)}`));
    maintainAll(journal, 1);
  }
  const hasText = () => filesWith(path, SECRET).filter((name) => name.startsWith("hanita.db"));
  assert.notDeepEqual(hasText(), []);
  await driver.keep(deletion(one + 1));
  await until("the text to be gone", () => {
    journal.maintain(1);
    return hasText().length === 0;
  });
  assert.deepEqual((await textsIn(driver)).slice(0, 2), ["one", ""]);
});

on("nor where the server was killed just after the deletion", async (open, path) => {
  const driver = open(), killed = path.replace(/[^/]+$/, "killed/hanita.db");
  const one = await driver.keep(...toAll("one", `the ${SECRET}`));
  await driver.keep(deletion(one + 1)); // and no maintenance, which empties the log
  Deno.mkdirSync(path.replace(/[^/]+$/, "killed"));
  for (const ending of ["", "-wal", "-lock"]) Deno.copyFileSync(`${path}${ending}`, `${killed}${ending}`);
  assert.deepEqual(filesWith(killed, `the ${SECRET}`), ["hanita.db-wal"]);
  const next = open({ path: killed });
  await until("the text to be gone", () => {
    next.journal.maintain(1);
    return filesWith(killed, `the ${SECRET}`).length === 0;
  });
  assert.deepEqual(await textsIn(next), ["one", ""]);
});

on(
  "of an edited and a deleted text no word is left in the search index, which is made anew without a word",
  async (open, path) => {
    const { wall, now, pass } = clocks(), OTHER = "quixotic";
    let driver = open({ wall, now });
    const one = await driver.keep(...toAll("one", `the ${SECRET}`, `the ${OTHER}`));
    for (let i = 0; i < 200; i++) await driver.keep(...toAll(`other ${i} ${"abcdefgh".slice(i % 8)}`));
    const inIndex = (text: string) => filesWith(path, text).filter((name) => name.startsWith("hanita-search.db"));
    maintainAll(driver.journal, 1000);
    assert.notDeepEqual(inIndex(SECRET), []);
    assert.notDeepEqual(inIndex(OTHER), []);
    await driver.keep(deletion(one + 1));
    const told = await logged(async () => {
      await until("the word to be gone", () => {
        pass(1000);
        driver.journal.maintain(1000);
        return inIndex(SECRET).length === 0;
      });
    }, "info");
    assert.doesNotMatch(told, /search index/);
    const found = (text: string) => driver.messages({ text });
    assert.deepEqual(await Promise.all([SECRET, OTHER].map(found)), [[], [`the ${OTHER}`]]);
    assert.equal((await found("other")).length, 200);

    // A server that stops before the index is made anew does so after its next start.
    maintainAll(driver.journal, 1000);
    await driver.keep(edit(one + 2, "gone"));
    driver.journal.maintain(1000);
    assert.notDeepEqual(inIndex(OTHER), []);
    await driver.journal.close();
    driver = open({ wall, now });
    driver.journal.snapshot();
    await until("the word to be gone", () => {
      pass(1000);
      driver.journal.maintain(1000);
      return inIndex(OTHER).length === 0;
    });
    assert.deepEqual(await Promise.all([OTHER, "gone"].map(found)), [[], ["gone"]]);
  },
);

on("the index follows an edit, also of a message that it had before", async (open) => {
  const start = open();
  const one = await start.keep(...toAll("an apple", "a plum", "a fig"));
  for (let i = 0; i < 10; i++) await start.keep(...toAll(`other ${i}`));
  maintainAll(start.journal, 1);
  await start.keep(edit(one, "a pear"));
  await start.keep(deletion(one + 1));
  let driver = start;
  const found = (text: string) => driver.messages({ text });
  for (const step of [() => {}, () => maintainAll(driver.journal, 1), reopen]) {
    await step();
    assert.deepEqual(await Promise.all(["apple", "pear", "plum", "fig"].map(found)), [[], ["a pear"], [], ["a fig"]]);
    assert.equal((await found("other")).length, 10);
  }

  async function reopen(): Promise<void> {
    await driver.journal.close();
    driver = open();
    driver.journal.snapshot();
  }
});

/** A database from before reactions had columns. */
const WITHOUT_REACTIONS = `${WITHOUT_RUN_INDEX}; DROP INDEX events_reactions; ` +
  ["emoji", "is_there", "person"].map((column) => `ALTER TABLE events DROP COLUMN ${column}`).join("; ");
const reaction = (of: number, emoji: string, from: string, is = true) =>
  ({ kind: "reaction", conversation: "#all", of, to: "#all", from, time: 7, emoji, is }) as const;

on("reactions are counted without being read, in an older database too", async (open, path) => {
  let driver = open();
  const one = await driver.keep(...toAll("one", "two"));
  await driver.keep(edit(one, "ONE"), reaction(one, "b", "zoe"), reaction(one, "a", "Ann"), reaction(one, "a", "bob"));
  await driver.keep(reaction(one, "a", "bob", false), reaction(one, "c", "bob"), reaction(one, "c", "bob", false));
  const asked = { emoji: "a", person: "ann 1" };
  const about = async () => {
    const { kinds, ...counts } = await driver.journal.eventsAbout("#all", one, asked);
    return { ...counts, kinds: kinds.toSorted() };
  };
  const { former, ...counts } = await about();
  assert.deepEqual([counts, former?.is], [{ edits: 1, there: 2, kept: 4, kinds: ["a", "b"] }, true]);
  const shown = await driver.journal.reactionsTo("#all", [one, one + 1]);
  assert.deepEqual([...shown.keys(), ...shown.get(one)!.map(({ emoji, names }) => `${emoji} ${names}`)], [
    one,
    "b zoe",
    "a Ann",
  ]);
  await driver.journal.close();
  tamper(path, (db) => db.exec(`${WITHOUT_REACTIONS}; PRAGMA user_version = 102`));
  driver = open();
  assert.deepEqual(await about(), { ...counts, former });
  assert.deepEqual(await driver.journal.reactionsTo("#all", [one]), shown);
  await driver.journal.close();
  tamper(path, (db) => db.exec("UPDATE events SET sum = sum + 1"));
  driver = open();
  assert.deepEqual([await about(), driver.journal.skipped.damaged], [{ ...counts, former }, 0]);
});

on("a database from before there were events gets them, and what it has stays", async (open, path) => {
  let driver = open();
  const one = await driver.keep(...toAll("one", "two"), { kind: "motd", text: "hello" });
  await driver.journal.close();
  tamper(path, (db) => db.exec(`${WITHOUT_RUN_INDEX}; DROP TABLE events; DROP TABLE files; PRAGMA user_version = 100`));
  driver = open();
  await driver.keep(edit(one, "ONE"));
  assert.deepEqual(await textsIn(driver), ["ONE", "two"]);
  await driver.journal.close();
  const { messages, records, faults } = verify(path);
  assert.deepEqual([messages, records, faults], [2, 2, []]);
});

const file = (key: string) => ({
  conversation: "#all",
  message: "look",
  file: { name: "a", size: 1, type: "text/plain", sha256: key.repeat(64), key },
});

on("files are forgotten with their messages, and an older database gets them", async (open, path) => {
  const { wall, now, pass } = clocks(), options = { keepDays: 2, wall, now };
  let driver = open(options);
  const keys = () => ["a", "b", "c"].filter((key) => driver.journal.fileLine(key) !== undefined);
  await driver.keep(file("a"));
  pass(DAY);
  await driver.keep(...toAll("one"), file("b"));
  await driver.journal.close();
  driver = open(options);
  assert.deepEqual([keys(), await driver.journal.filesAmong(["b".repeat(64)])], [["a", "b"], ["b".repeat(64)]]);
  pass(1.5 * DAY);
  maintainAll(driver.journal, 1);
  pass(20 * MINUTE); // the clock is believed
  maintainAll(driver.journal, 1);
  assert.deepEqual(keys(), ["b"]);
  await driver.journal.close();
  tamper(path, (db) => db.exec(`${WITHOUT_REACTIONS}; DROP TABLE files; PRAGMA user_version = 101`));
  driver = open(options);
  await driver.keep(file("c"));
  assert.deepEqual(keys(), ["c"]);
});

on("events are removed with the messages that they are about", async (open) => {
  const { wall, now, pass } = clocks(), driver = open({ keepDays: 2, wall, now });
  const old = await driver.keep(...toAll("old"));
  await driver.keep(edit(old, "OLD"));
  pass(DAY);
  const young = await driver.keep(...toAll("young"));
  await driver.keep(edit(old, "very old"), edit(young, "YOUNG"));
  pass(1.5 * DAY);
  maintainAll(driver.journal, 1);
  pass(20 * MINUTE); // the clock is believed
  maintainAll(driver.journal, 1);
  assert.deepEqual(await textsIn(driver), ["YOUNG"]);
  const events = await driver.journal.events("#all", {});
  assert.deepEqual(events.map(({ of }) => of), [young]);
});
