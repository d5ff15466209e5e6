// What every journal must do with records and messages, asked of each of them. What it does with events and files is in
// events_contract_test.ts.
import assert from "node:assert/strict";
import fc from "fast-check";
import { accountSide, between, guestSide } from "../../../server/journal/conversation.ts";
import type { Journal, PageQuery } from "../../../server/journal/contract.ts";
import { FIRST_ID } from "../../../server/journal/ids.ts";
import type { StateProposal } from "../../../server/journal/records.ts";
import { batchOf, changesIn, Driver, type Kept, toAll } from "./driver.ts";
import { each } from "./each_journal.ts";
import { FakeJournal } from "./fake.ts";

/** Ids of a shared log have gaps between batches. */
function assertNext({ isShared, next }: Journal, expected: number): void {
  if (isShared) assert.ok(next >= expected);
  else assert.equal(next, expected);
}

const MOTD: StateProposal = { kind: "motd", text: "hello" };
const ANN: StateProposal = { kind: "account", name: "ann", password: "hash", operator: true, seen: 0 };

each("begins empty, with ids of 16 digits that are ahead of the clock", async (driver) => {
  const { journal } = driver;
  assert.deepEqual(journal.take(), []);
  assert.deepEqual(await driver.page(), []);
  assert.ok(journal.next > Date.now() * 1000 - 60e6 && journal.next > FIRST_ID);
  assert.deepEqual([journal.skipped.damaged, journal.skipped.unknown], [0, 0]);
});

each("gives a batch back once, with its records and their ids as they were appended", async (driver) => {
  const { journal } = driver, { next } = journal;
  const committed = await driver.append([...toAll("one"), MOTD, ...toAll("two")]) as Kept;
  assert.equal(committed.outcome, "kept");
  assert.equal(committed.shift, 0);
  assert.deepEqual(committed.records, committed.own!.records);
  assert.deepEqual(changesIn(committed.records), [{ id: next + 1, ...MOTD }]);
  assert.deepEqual(await driver.page(), [{ id: next, message: "one" }, { id: next + 2, message: "two" }]);
  assert.deepEqual(journal.take(), []);
  assertNext(journal, next + 3);
  assert.equal(journal.busy, false);
});

each("gives the ids between to nothing else where a batch takes more than it has records", async (driver) => {
  const { next } = driver.journal, last = next + 4;
  assert.equal(
    (await driver.appendBatch({ first: next, end: next + 5, records: [{ id: last, ...MOTD }] })).outcome,
    "kept",
  );
  assertNext(driver.journal, next + 5);
  assert.equal((await driver.appendBatch({ first: next + 5, end: next + 7, records: [] })).outcome, "kept");
  const behind = await driver.keep(...toAll("behind"));
  if (driver.journal.isShared) assert.ok(behind >= next + 7);
  else assert.equal(behind, next + 7);
});

each("gives no id again, that of a discarded record either", async (driver) => {
  const id = await driver.keep(ANN);
  driver.journal.discard([id]);
  driver.journal.discard([id, 1]);
  assert.ok(await driver.keep(MOTD) > id);
});

each("gives a page oldest first: the latest, those before, those after", async (driver) => {
  const a = await driver.keep(...toAll("a", "b", "c"));
  const e = await driver.keep(...toAll("d", "e")) + 1;
  assert.deepEqual(await driver.messages({ limit: 4 }), ["b", "c", "d", "e"]);
  assert.deepEqual(await driver.messages({ limit: 2, before: e }), ["c", "d"]);
  assert.deepEqual(await driver.messages({ limit: 2, after: 0 }), ["a", "b"]);
  assert.deepEqual(await driver.messages({ limit: 2, after: a + 1 }), ["c", "d"]);
  assert.deepEqual(await driver.messages({ limit: 2, after: a, before: e }), ["b", "c"]);
  assert.deepEqual(await driver.messages({ after: e }), []);
  assert.deepEqual(await driver.page({ limit: 1 }), [{ id: e, message: "e" }]);
});

each("keeps conversations apart, and says which one side has had", async (driver) => {
  const [ann, bob, zed] = [accountSide(1), accountSide(2), guestSide("zed")];
  const first = await driver.keep(
    ...toAll("one"),
    { conversation: between(bob, ann), message: "two" },
    ...toAll("three"),
    { conversation: "#7", message: "four" },
    { conversation: between(bob, zed), message: "five" },
  );
  assert.deepEqual(await driver.messages(), ["one", "three"]);
  assert.deepEqual(await driver.messages({ before: first + 2 }), ["one"]);
  assert.deepEqual(await driver.messages({ conversation: between(ann, bob) }), ["two"]);
  assert.deepEqual(await driver.messages({ conversation: "#8" }), []);
  assert.deepEqual(await driver.messages({ text: "two" }), []);
  assert.deepEqual(
    [...await driver.journal.conversations(bob, 0)].sort(),
    [between(ann, bob), between(bob, zed)].sort(),
  );
  assert.deepEqual(await driver.journal.conversations(bob, first + 1), [between(bob, zed)]);
  assert.deepEqual(await driver.journal.conversations(ann, first + 1), []);
});

each("forgets conversations, and keeps what is said in them later", async (driver) => {
  const secret = between(accountSide(1), accountSide(2));
  await driver.keep(
    { conversation: secret, message: "word" },
    { conversation: "#7", message: "word" },
    ...toAll("word"),
  );
  driver.journal.forget([secret, "#7", "#8"]);
  driver.journal.forget([secret]);
  for (const conversation of [secret, "#7"]) {
    assert.deepEqual(await driver.messages({ conversation }), []);
    assert.deepEqual(await driver.messages({ conversation, text: "word" }), []);
  }
  assert.deepEqual(await driver.journal.conversations(accountSide(1), 0), []);
  assert.deepEqual(await driver.messages({ text: "word" }), ["word"]);
  await driver.keep({ conversation: "#7", message: "new word" });
  assert.deepEqual(await driver.messages({ conversation: "#7", text: "word" }), ["new word"]);
});

each("finds what was said a moment ago, in any script, and takes no text for a query", async (driver) => {
  const said = ["Привет, мир", "Café OR bar", "你好世界", "snow ☃ man", "a-b NEAR c*", "'; DROP TABLE search;--"];
  await driver.keep(...toAll(...said));
  const found = async (text: string) => (await driver.messages({ text })).map((message) => said.indexOf(message));
  assert.deepEqual(await found("МИР привет"), [0]);
  assert.deepEqual(await found("cafe"), [1]);
  assert.deepEqual(await found("caf*"), [1]);
  assert.deepEqual(await found("nothing OR bar"), []);
  assert.deepEqual(await found("世界"), [2]);
  assert.deepEqual(await found("☃"), [3]);
  assert.deepEqual(await found('NEAR("a" c)'), [4]);
  assert.deepEqual(await found("drop table search"), [5]);
  assert.deepEqual(await found("§1"), []);
  assert.deepEqual(await found(""), []);
  assert.deepEqual(await found("bar ".repeat(10_000)), [1]);
});

each("reads nothing where there is no such message", async (driver) => {
  const id = await driver.keep(...toAll("one"));
  const [none, one, after] = await driver.journal.read("#all", [id - 1, id, id + 1]);
  assert.deepEqual([none === undefined, one === undefined, after === undefined], [true, false, true]);
  assert.deepEqual(await driver.journal.read("#7", [id]), [undefined]);
});

each(
  "gives what others append in the order of the log, and an own batch the ids behind it",
  async (driver, other) => {
    const { journal } = driver, own = toAll("mine", "mine too");
    const begun = journal.next;
    await other(MOTD, ANN);
    const committed = await driver.append([...own, { kind: "room", name: "#cats" }]) as Kept;
    const [first, second] = driver.taken as Kept[];
    assert.equal(first!.own, undefined);
    assert.deepEqual(first!.records.map(({ kind }) => kind), ["motd", "account"]);
    assert.equal(second, committed);
    const ids = [first!, second!].flatMap(({ records }) => records.map(({ id }) => id));
    assert.deepEqual(ids, ids.toSorted((a, b) => a - b), "ascending");
    assert.ok(ids[0]! >= begun || committed.shift === 0);
    assert.deepEqual(await driver.messages(), ["mine", "mine too"]);
    const room = changesIn(committed.records)[0]!;
    assert.equal(room.id, committed.own!.first + committed.shift + 2);
    assert.ok(journal.next > room.id);
    const [run] = committed.records;
    const lines = new TextDecoder().decode((run as { lines: Uint8Array }).lines).trim().split("\n");
    assert.deepEqual(
      lines.map((line) => JSON.parse(line).id),
      [run!.id, run!.id + 1],
      "the bytes have the ids that it got",
    );
  },
  true,
);

each("appends a batch only if it knows all of the log, where it is asked to", async (driver, other) => {
  await other(MOTD);
  const refused = await driver.append([ANN], true);
  assert.equal(refused.outcome, "overtaken");
  assert.deepEqual(driver.taken.map(({ outcome, own }) => [outcome, own === undefined]), [
    ["kept", true],
    ["overtaken", false],
  ]);
  assert.equal((await driver.append([ANN], true)).outcome, "kept");
}, true);

each("gives what others append without an own batch, when it is looked for", async (driver, other) => {
  await driver.keep(...toAll("before"));
  await other(MOTD);
  driver.journal.poll();
  driver.journal.poll();
  const taken = driver.journal.take() as readonly Kept[];
  assert.deepEqual(taken.map(({ own, records }) => [own, records.map(({ kind }) => kind)]), [[undefined, ["motd"]]]);
  driver.journal.poll();
  assert.deepEqual(driver.journal.take(), []);
}, true);

each(
  "gives a batch ids behind what others have appended since it was begun, whether that was taken or not",
  async (driver, other) => {
    const { journal } = driver;
    await driver.keep(...toAll("known"));
    for (const isTaken of [true, false]) {
      const { next } = journal, batch = batchOf(next, toAll(`begun at ${next}`));
      await other(MOTD, MOTD);
      journal.poll();
      if (isTaken) driver.taken.push(...journal.take());
      const own = await driver.appendBatch(batch) as Kept;
      const others = (driver.taken as Kept[]).at(-2)!;
      assert.deepEqual([own.outcome, others.own], ["kept", undefined]);
      assert.ok(own.records[0]!.id > others.records[1]!.id);
      await other(MOTD);
      journal.poll();
      const [{ records: [motd] }] = journal.take() as [Kept];
      assert.ok(journal.next > motd!.id, "the next one is begun behind them");
    }
  },
  true,
);

each("interleaves two processes without the loss or repetition of a record", async (driver, other) => {
  const names: string[] = [];
  for (let i = 0; i < 5; i++) {
    await other({ kind: "room", name: `#other${i}` });
    await driver.keep({ kind: "room", name: `#own${i}` }, ...toAll(`${i}`));
    names.push(`#other${i}`, `#own${i}`);
  }
  const rooms = (driver.taken as Kept[]).flatMap(({ records }) => changesIn(records)) as { name: string; id: number }[];
  assert.deepEqual(rooms.map(({ name }) => name), names);
  assert.equal(new Set(rooms.map(({ id }) => id)).size, names.length);
  assert.deepEqual(await driver.messages(), ["0", "1", "2", "3", "4"]);
}, true);

Deno.test("FakeJournal says that a batch has failed, in its place, and keeps the next one", async () => {
  const driver = new Driver((ready) => new FakeJournal({ ready })), fake = driver.journal as FakeJournal;
  fake.failNext("the broker is gone");
  const failed = await driver.append(toAll("lost"));
  assert.equal(failed.outcome === "failed" && failed.failure.message, "the broker is gone");
  await driver.keep(...toAll("kept"));
  assert.deepEqual(await driver.messages(), ["kept"]);
});

Deno.test("FakeJournal answers when it is told to, and takes no second batch meanwhile", async () => {
  const answers: (() => void)[] = [];
  const driver = new Driver((ready) => new FakeJournal({ ready, later: (answer) => answers.push(answer) }));
  const fake = driver.journal as FakeJournal, pending = driver.append(toAll("late"));
  assert.ok(fake.busy);
  assert.deepEqual(fake.take(), []);
  assert.throws(() => fake.append({ first: fake.next, end: fake.next, records: [] }), /a batch is under way/);
  fake.others(...toAll("between"));
  answers.shift()!();
  assert.equal((await pending as Kept).shift, 1);
  assert.deepEqual(await driver.messages(), ["between", "late"]);
});

// Law: a journal and the plainest model agree, whatever was said and is asked.

const CONVERSATIONS = ["#all", "#7", between("ann", "bob")];
const WORDS = ["red", "green", "blue", "Синий"];

const message = fc.record({
  conversation: fc.constantFrom(...CONVERSATIONS),
  message: fc.array(fc.constantFrom(...WORDS), { maxLength: 3 }).map((some) => some.join(", ")),
});
const batches = fc.array(
  fc.array(fc.oneof({ weight: 4, arbitrary: message }, { weight: 1, arbitrary: fc.constant(MOTD) }), { maxLength: 8 }),
  { minLength: 1, maxLength: 8 },
);
const bound = fc.option(fc.nat({ max: 60 }), { nil: undefined });
const queries = fc.array(
  fc.record({
    conversation: fc.constantFrom(...CONVERSATIONS),
    before: bound,
    after: bound,
    limit: fc.integer({ min: 1, max: 20 }),
    text: fc.option(fc.subarray(WORDS, { minLength: 1 }).map((some) => some.join(" ").toUpperCase()), {
      nil: undefined,
    }),
  }),
  { minLength: 1, maxLength: 10 },
);

each("answers every query as the plainest model does", async (driver) => {
  let round = 0;
  await fc.assert(
    fc.asyncProperty(batches, queries, fc.boolean(), async (batches, queries, maintained) => {
      const base = driver.journal.next, step = driver.journal.isShared ? 1000 : 1, apart = `/${round++}`; // conversations that no other round has
      const all: { id: number; conversation: string; message: string }[] = [];
      for (const batch of batches) {
        const said = batch.map((each) => "kind" in each ? each : { ...each, conversation: each.conversation + apart });
        const first = await driver.keep(...said);
        for (const [i, each] of said.entries()) if (!("kind" in each)) all.push({ id: first + i, ...each });
        if (maintained) driver.journal.maintain(0);
      }
      for (const { before, after, text, conversation, limit } of queries) {
        const query = {
          conversation: conversation + apart,
          limit,
          ...(before === undefined ? {} : { before: base + before * step }),
          ...(after === undefined ? {} : { after: base + after * step }),
          ...(text === undefined ? {} : { text }),
        };
        assert.deepEqual(await driver.page(query), model(all, query));
      }
    }),
    { numRuns: 40 },
  );
});

function model(
  all: readonly { id: number; conversation: string; message: string }[],
  { conversation, before, after, limit, text }: PageQuery & { text?: string },
): { id: number; message: string }[] {
  const wanted = text?.toLowerCase().split(" ") ?? [];
  const fits = all.filter((said) =>
    said.conversation === conversation && said.id < (before ?? Infinity) && said.id > (after ?? -1) &&
    wanted.every((word) => said.message.toLowerCase().split(", ").includes(word))
  );
  const page = after === undefined ? fits.slice(-limit) : fits.slice(0, limit);
  return page.map(({ id, message }) => ({ id, message }));
}

each("finds words by their beginnings, and messages by the names of their senders", async (driver) => {
  const { journal } = driver, [one] = [journal.next], encoder = new TextEncoder();
  const said = [["ann", "homework for Monday"], ["Bob", "Home, sweet home"], ["bob", "мой дом"], [
    "eve",
    "home office",
  ]];
  const lines = said.map(([from, message], at) =>
    `${JSON.stringify({ action: "msg", from, message, id: one! + at })}\n`
  );
  const run = { kind: "message" as const, id: one!, last: one! + 3, count: 4, conversation: "#all" };
  await driver.appendBatch({
    first: one!,
    end: one! + 4,
    records: [{ ...run, lines: encoder.encode(lines.join("")) }],
  });
  const first = one! + (driver.taken.at(-1) as Kept).shift;
  const find = async (text: string, more: object = {}) =>
    (await journal.search({ conversation: "#all", limit: 10, text, ...more })).map((id) => id - first);
  for (let round = 0; round < 2; round++) {
    assert.deepEqual(await find("home*"), [0, 1, 3]);
    assert.deepEqual(await find("home"), [1, 3]);
    assert.deepEqual(await find("HOM* off*"), [3]);
    assert.deepEqual(await find("h* home"), [], "of one letter it is a word");
    assert.deepEqual(await find("мой"), [2]);
    assert.deepEqual(await find("мои"), []);
    assert.deepEqual(await find("мои*"), []);
    assert.deepEqual(await find("home*", { from: "BOB" }), [1]);
    assert.deepEqual(await find("", { from: "bob" }), [1, 2]);
    assert.deepEqual(await find("", { from: "bob", limit: 1, after: 0 }), [1]);
    assert.deepEqual(await find("?", { from: "bob" }), []);
    assert.deepEqual(await find(""), []);
    assert.deepEqual((await find("home*", { floor: first + 1 })).filter((at) => at > 1), [3]);
    while (journal.maintain(100));
  }
});
