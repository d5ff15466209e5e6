// The search of the journal on a disk: whatever its index has, lacks or has lost, a search finds what the plainest look finds.
import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { JournalFailure } from "../../../server/journal/contract.ts";
import { isWanted, wantedOf } from "../../../server/journal/search_terms.ts";
import { logged, on, tamper } from "./disk.ts";
import { batchOf, type Driver, maintainAll, type Said, toAll } from "./driver.ts";

const indexOf = (path: string) => path.replace(".db", "-search.db");
/** How far the index has come. */
function markIn(path: string): number {
  const db = new DatabaseSync(indexOf(path), { readOnly: true });
  const { value = 0 } = db.prepare("SELECT value FROM marks WHERE name = 'run'").get() ?? {};
  db.close();
  return value as number;
}

/** The index takes in all that there is. */
function complete({ journal }: Driver): void {
  maintainAll(journal, 1000);
}

/** Overwrites the middle of a file, as a bad disk does. */
function tear(path: string): void {
  const file = Deno.openSync(path, { create: true, write: true }), { size } = file.statSync();
  file.seekSync(Math.floor(size / 4), Deno.SeekMode.Start);
  file.writeSync(new Uint8Array(Math.floor(size / 2)).fill(255));
  file.close();
}

// Law: a search finds what a look at each message finds.

const LONG = "a".repeat(16);
const WORDS = [
  "red",
  "green",
  "Blue",
  "синий",
  "Ёлка",
  "мой",
  "café",
  "你",
  "a_b",
  "7",
  `${LONG}b`,
  `${LONG}c`,
  "ⅷ",
  "\\",
  '"',
];
const message = fc.array(fc.constantFrom(...WORDS), { maxLength: 3 }).map((some) => some.join(", "));
const said = fc.record({ conversation: fc.constantFrom("#all", "#7"), message });
const steps = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.array(said, { minLength: 1, maxLength: 12 }) },
    { weight: 3, arbitrary: fc.constant("maintain" as const) },
    { weight: 1, arbitrary: fc.constantFrom("reopen" as const, "lose the index" as const, "tear the index" as const) },
  ),
  { minLength: 1, maxLength: 12 },
);
const bound = fc.option(fc.nat({ max: 60 }), { nil: undefined });
const query = fc.record({
  conversation: fc.constantFrom("#all", "#7"),
  text: fc.oneof(
    fc.subarray(WORDS, { minLength: 1, maxLength: 2 }).map((some) => some.join(" ")),
    fc.constantFrom(LONG, "elka", "мои", "viii", "a b", "CAFE", "gre*", "ел* caf*", "aaaa*", `${LONG}a*`, "мои*", "7*"),
  ),
  before: bound,
  after: bound,
  limit: fc.integer({ min: 1, max: 8 }),
});

on("search finds what a look at each message finds, whatever becomes of the index", async (open, path) => {
  let round = 0, driver = open();
  await fc.assert(
    fc.asyncProperty(steps, fc.array(query, { minLength: 1, maxLength: 6 }), async (steps, queries) => {
      const base = driver.journal.next,
        apart = `/${round++}`,
        all: { id: number; conversation: string; message: string }[] = [];
      for (const step of steps) {
        if (typeof step === "object") {
          const first = await driver.keep(
            ...step.map((each) => ({ ...each, conversation: each.conversation + apart })),
          );
          for (const [i, each] of step.entries()) all.push({ id: first + i, ...each });
        } else if (step === "maintain") driver.journal.maintain(0);
        else {
          await driver.journal.close();
          if (step === "lose the index") await Deno.remove(indexOf(path)).catch(() => {});
          if (step === "tear the index") tear(indexOf(path));
          driver = open();
        }
        for (const { conversation, text, before, after, limit } of queries) {
          const bounds = {
            ...(before === undefined ? {} : { before: base + before }),
            ...(after === undefined ? {} : { after: base + after }),
          };
          const wanted = wantedOf(text),
            fits = all.filter((each) =>
              each.conversation === conversation && each.id < base + (before ?? Infinity) &&
              each.id > base + (after ?? -1) && wanted !== undefined && isWanted(each, wanted)
            );
          const page = after === undefined ? fits.slice(-limit) : fits.slice(0, limit);
          const found = await driver.page({ conversation: conversation + apart, text, limit, ...bounds });
          assert.deepEqual(found, page.map(({ id, message }) => ({ id, message })));
        }
      }
    }),
    { numRuns: 20 },
  );
});

/** Many runs, in which two words never are in one message. */
const APART: Said[][] = Array.from({ length: 200 }, (_, i) => toAll(`red ${i}`, `green ${i}`));

on("a search with few matches goes on in slices, and the loop is free meanwhile", async (open) => {
  let moment = 0;
  const driver = open({ now: () => moment++ }); // each look at the clock takes a millisecond
  for (const some of [toAll("red green 1"), ...APART, toAll("red green 2")]) await driver.keep(...some);
  const query = { conversation: "#all", limit: 500 };
  for (const isIndexed of [false, true]) {
    if (isIndexed) complete(driver);
    const found = driver.journal.search({ ...query, text: "red green" });
    assert.ok(found instanceof Promise);
    const other = driver.journal.search({ ...query, text: "red 199" }), { next } = driver.journal;
    await driver.keep(...toAll("said meanwhile"));
    assert.deepEqual(await driver.messages({ limit: 1 }), ["said meanwhile"]);
    assert.equal((await found).length, 2);
    assert.equal((await other).length, 1);
    assert.ok((await found).every((id) => id < next));
    assert.deepEqual(await driver.messages({ text: "red green", after: 0, limit: 1 }), ["red green 1"]);
    assert.deepEqual(await driver.messages({ text: "red green", limit: 1 }), ["red green 2"]);
  }
});

on("a search under way ends when the journal is closed", async (open) => {
  let moment = 0;
  const { journal } = open({ now: () => moment++ });
  for (const some of APART) journal.append(batchOf(journal.next, some)), journal.take();
  const found = ["red green", "green red"].map((text) => journal.search({ conversation: "#all", limit: 5, text }));
  const ends = found.map((each) => assert.rejects(async () => void await each, JournalFailure));
  await journal.close();
  await Promise.all(ends);
});

on("the index follows in maintain, and a search needs none of it", async (open, path) => {
  const driver = open();
  await driver.keep(...toAll("red", "green"), { conversation: "#7", message: "red" });
  assert.deepEqual(await driver.messages({ text: "red" }), ["red"]);
  assert.equal(markIn(path), 0);
  complete(driver);
  assert.equal(markIn(path), driver.journal.next - 1, "the run in #7 is the newest one");
  assert.equal(driver.journal.maintain(1), false);
  const tool = open({ beside: true });
  await driver.keep(...toAll("red too"));
  assert.deepEqual(await tool.messages({ text: "red" }), ["red", "red too"]);
  tool.journal.maintain(1);
  assert.equal(markIn(path), driver.journal.next - 2, "the index is the server's");
});

on("an index that is damaged, lost or another journal's is made anew, and it is told once", async (open, path) => {
  let driver = open();
  for (let i = 0; i < 300; i++) await driver.keep(...toAll(`one ${i}`));
  complete(driver);
  await driver.journal.close();
  const before = [path, indexOf(path)].map((file) => Deno.readFileSync(file));
  const faults: Record<string, () => void> = {
    "torn": () => tear(indexOf(path)),
    "no database": () => Deno.writeTextFileSync(indexOf(path), "dear diary\n".repeat(1000)),
    "lost": () => Deno.removeSync(indexOf(path)),
    "of a newer Hanita": () => tamper(indexOf(path), (db) => db.exec("PRAGMA user_version = 1000")),
    "without its tables": () => tamper(indexOf(path), (db) => db.exec("DROP TABLE marks")),
    "ahead of a journal that was restored": () => Deno.writeFileSync(path, before[0]!),
    "another journal's": () => Deno.writeFileSync(indexOf(path), before[1]!),
  };
  for (const [fault, bring] of Object.entries(faults)) {
    driver = open();
    const last = await driver.keep(...toAll(`last: ${fault}`));
    complete(driver);
    await driver.journal.close();
    assert.equal(markIn(path), last);
    bring();
    if (fault === "another journal's") tamper(path, (db) => db.exec("UPDATE runs SET sum = sum + 1"));
    const log = await logged(() => {
      driver = open();
      complete(driver);
    }, "info");
    assert.match(log, /The search index is made anew/, `${fault}: ${log}`);
    assert.equal(log.match(/The search index is complete/g)?.length, 1, fault);
    if (fault === "another journal's") continue; // it is all damaged
    const has = fault !== "ahead of a journal that was restored";
    assert.deepEqual(await driver.messages({ text: "last" }).then((all) => all.includes(`last: ${fault}`)), has, fault);
    assert.equal((await driver.messages({ text: "one" })).length, 300, fault);
    await driver.journal.close();
  }
});

on("an index that fails while it is open is made anew", async (open, path) => {
  const driver = open();
  for (let i = 0; i < 50; i++) await driver.keep(...toAll(`one ${i}`));
  complete(driver);
  tamper(indexOf(path), (db) => db.exec("DROP TABLE search"));
  const log = await logged(async () => {
    assert.equal((await driver.messages({ text: "one" })).length, 50);
    await driver.keep(...toAll("one more"));
    complete(driver);
  });
  assert.match(log, /The search index is damaged, and is made anew: no such table: search/);
  assert.equal(markIn(path), driver.journal.next - 1);
  assert.equal((await driver.messages({ text: "one" })).length, 51);
});

on("a search goes on where no index can be made, which is told once and tried again", async (open, path) => {
  let moment = 0;
  const driver = open({ now: () => moment });
  Deno.mkdirSync(indexOf(path));
  const log = await logged(async () => {
    for (let i = 0; i < 3; i++) {
      await driver.keep(...toAll(`one ${i}`));
      assert.equal(driver.journal.maintain(1), false);
      assert.equal((await driver.messages({ text: "one" })).length, i + 1);
      moment += 10_000;
    }
  });
  assert.equal(log.match(/The search index does not follow/g)?.length, 1);
  Deno.removeSync(indexOf(path));
  complete(driver);
  assert.equal(markIn(path), driver.journal.next - 1);
});

on("a row of the index that begins with removed messages finds the others of it", async (open) => {
  const day = 24 * 60 * 60 * 1000;
  let now = 10 * day;
  const driver = open({ keepDays: 2, wall: () => now, now: () => now });
  await driver.keep(...toAll("tea 0"));
  complete(driver); // from now on it reads several runs at once
  const [after] = [await driver.keep(...toAll("tea 1")), await driver.keep(...toAll("tea 2"))];
  now += day;
  await driver.keep({ conversation: "#7", message: "tea 3" });
  await driver.keep(...toAll("tea 4"));
  await driver.keep(...toAll("tea 5"));
  complete(driver);
  assert.deepEqual(await driver.messages({ text: "tea", after }), ["tea 2", "tea 4", "tea 5"]);
  now += day;
  complete(driver);
  assert.deepEqual(await driver.messages(), ["tea 4", "tea 5"]);
  assert.deepEqual(await driver.messages({ text: "tea" }), ["tea 4", "tea 5"]);
  assert.deepEqual(await driver.messages({ text: "tea", after }), ["tea 4", "tea 5"]);
  assert.deepEqual(await driver.messages({ conversation: "#7", text: "tea" }), ["tea 3"]);
});

on("the index is nobody else's to read", async (open, path) => {
  const driver = open();
  await driver.keep(...toAll("secret"));
  complete(driver);
  await driver.journal.close();
  Deno.chmodSync(indexOf(path), 0o644); // a backup was copied back
  complete(open());
  if (Deno.build.os !== "windows") assert.equal(Deno.statSync(indexOf(path)).mode! & 0o077, 0);
});
