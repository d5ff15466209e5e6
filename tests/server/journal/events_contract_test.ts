// What every journal must do with edits, deletions and reactions, and with the files of messages, asked of each of them.
import assert from "node:assert/strict";
import { changesIn, type Kept, toAll } from "./driver.ts";
import { each } from "./each_journal.ts";

/** What is said about a message to all. */
const about = (of: number) => ({ conversation: "#all", of, to: "#all", from: "ann", time: 7.5 });
const edit = (of: number, text: string) => ({ kind: "edit", ...about(of), text }) as const;
const deletion = (of: number) => ({ kind: "deletion", ...about(of) }) as const;

each("gives an edited message its new text, on each page and in a search, and keeps what it was", async (driver) => {
  const { journal } = driver, one = await driver.keep(...toAll("one apple", "two", "three")), two = one + 1;
  const first = await driver.keep(edit(two, "two pears")), { length } = driver.taken;
  assert.deepEqual(changesIn((driver.taken[length - 1] as Kept).records), [{ id: first, ...edit(two, "two pears") }]);
  assert.deepEqual(await driver.messages(), ["one apple", "two pears", "three"]);
  assert.deepEqual(await driver.messages({ text: "pears" }), ["two pears"]);
  assert.deepEqual(await driver.messages({ text: "two" }), ["two pears"]);
  const second = await driver.keep(edit(two, "2"));
  assert.deepEqual(await driver.messages({ text: "pears" }), []);
  const { line, time } = (await journal.find("#all", two))!;
  const { edited, message } = JSON.parse(new TextDecoder().decode(line));
  assert.deepEqual([edited, message], [7, "2"]);
  assert.ok(Math.abs(time - Date.now()) < 100_000);
  const events = [{ id: first, ...edit(two, "two pears"), former: "two" }, { id: second, ...edit(two, "2") }];
  assert.deepEqual(await journal.events("#all", { about: { first: one, last: two } }), events);
  assert.deepEqual(await journal.events("#all", { about: { first: one, last: one } }), []);
  assert.deepEqual(await journal.events("#all", { limit: 1 }), events.slice(1));
  assert.deepEqual(await journal.events("#all", { after: 0, limit: 1 }), events.slice(0, 1));
  assert.deepEqual(await journal.events("#all", { before: second }), events.slice(0, 1));
  assert.deepEqual(await journal.events("#7", {}), []);
  assert.equal(await journal.find("#7", two), undefined);
  assert.equal(await journal.find("#all", second), undefined);
});

each("keeps nothing of a deleted message but its place", async (driver) => {
  const { journal } = driver, one = await driver.keep(...toAll("one", "a secret", "three")), two = one + 1;
  await driver.keep(edit(two, "still a secret"));
  const id = await driver.keep(deletion(two));
  assert.deepEqual(await driver.messages(), ["one", "", "three"]);
  assert.deepEqual(await driver.messages({ text: "secret" }), []);
  assert.deepEqual(await journal.events("#all", {}), [{ id, ...deletion(two) }]);
  const { deleted, edited } = JSON.parse(new TextDecoder().decode((await journal.find("#all", two))!.line));
  assert.deepEqual([deleted, edited], [true, undefined]);
});

each("gives back no event that has no effect", async (driver) => {
  const { journal } = driver, one = await driver.keep(...toAll("one", "two"));
  await driver.keep(deletion(one));
  const batch = [
    edit(one, "late"),
    deletion(one),
    edit(one + 7, "of nothing"),
    edit(one + 1, "TWO"),
    ...toAll("three"),
  ];
  const committed = await driver.append(batch) as Kept;
  assert.equal(committed.outcome, "kept");
  const { own, shift, records } = committed, first = own!.first + shift;
  assert.deepEqual(changesIn(records), [{ id: first + 3, ...edit(one + 1, "TWO") }]);
  assert.deepEqual(await driver.messages(), ["", "TWO", "three"]);
  assert.deepEqual((await journal.events("#all", {})).map(({ kind }) => kind), ["deletion", "edit"]);
});

each("keeps a hundred edits of a message", async (driver) => {
  const one = await driver.keep(...toAll("0"));
  for (let i = 1; i <= 100; i++) await driver.keep(edit(one, `${i}`));
  const committed = await driver.append([edit(one, "101")]) as Kept;
  assert.deepEqual(committed.records, []);
  assert.deepEqual(await driver.messages(), ["100"]);
});

const reaction = (of: number, emoji: string, from: string, is = true) =>
  ({ kind: "reaction", ...about(of), from, emoji, is }) as const;

each("keeps the last reaction of each person and emoji, and twenty kinds of a message", async (driver) => {
  const { journal } = driver, one = await driver.keep(...toAll("one", "two"));
  await driver.keep(reaction(one, "a", "ann"), reaction(one, "a", "ANN"), reaction(one, "a", "bob"));
  await driver.keep(reaction(one, "a", "ann", false), reaction(one, "b", "bob", false));
  const kept = async () =>
    (await journal.events("#all", {})).map((event) =>
      event.kind === "reaction" ? `${event.from} ${event.emoji} ${event.is}` : event.kind
    );
  assert.deepEqual(await kept(), ["bob a true", "ann a false"]);
  await driver.keep(...Array.from({ length: 25 }, (_, i) => reaction(one, `${i}`, "zoe")));
  assert.equal((await kept()).length, 2 + 19);
  await driver.keep(reaction(one, "a", "eve"), reaction(one, "b", "eve"), reaction(one + 1, "b", "eve"));
  assert.deepEqual((await kept()).slice(-2), ["eve a true", "eve b true"]);
  await driver.keep(edit(one, "ONE"));
  await driver.keep(deletion(one));
  assert.deepEqual(await kept(), ["eve b true", "deletion"]);
});

each("sums up what was said about a message, and shows its reactions with the first names", async (driver) => {
  const { journal } = driver, one = await driver.keep(...toAll("one", "two"));
  const people = Array.from({ length: 12 }, (_, i) => `guest ${i}`);
  await driver.keep(edit(one, "ONE"), reaction(one, "b", "Zoe"), ...people.map((name) => reaction(one, "a", name)));
  await driver.keep(reaction(one, "a", "guest 3", false), edit(one, "1"));
  const { former, kinds, ...counts } = await journal.eventsAbout("#all", one, { emoji: "b", person: "zoe 1" });
  assert.deepEqual([counts, [...kinds].sort(), former?.is], [{ edits: 2, there: 12, kept: 13 }, ["a", "b"], true]);
  const none = { edits: 0, there: 0, kept: 0, kinds: [], former: undefined };
  assert.deepEqual(await journal.eventsAbout("#all", one + 1, { emoji: "b", person: "zoe 1" }), none);
  const [shown, ...others] = await journal.reactionsTo("#all", [one, one + 1]), names = people.toSpliced(3, 1);
  const a = { emoji: "a", count: 11, names: names.slice(0, 10) };
  assert.deepEqual([shown, others], [[one, [{ emoji: "b", count: 1, names: ["Zoe"] }, a]], []]);
  const edits = await journal.events("#all", { about: { first: one, last: one + 1 }, edits: true });
  assert.deepEqual(edits.map((event) => event.kind === "edit" && event.text), ["ONE", "1"]);
});

// Those with tables take seconds of a processor's time for a rule that all have from one function, which asks the tables for
// counts; that these are right is in the test above.
each(
  "keeps a thousand reactions to a message",
  async (driver) => {
    const one = await driver.keep(...toAll("one"));
    for (let i = 0; i < 1010; i += 101) {
      await driver.keep(...Array.from({ length: 101 }, (_, j) => reaction(one, "a", `guest ${i + j}`)));
    }
    assert.equal((await driver.journal.events("#all", {})).length, 1000);
  },
  false,
  ["memoryJournal", "FakeJournal"],
);

const HASHES = ["a", "b", "c"].map((letter) => letter.repeat(64));
const withFile = (hash: string, conversation = "#all") => ({
  conversation,
  message: "look",
  file: { name: "cat } .png", size: 70, type: "image/png", width: 1, height: 1, sha256: hash, key: `key of ${hash}` },
});
const keyOf = (hash: string) => `key of ${hash}`;

each("opens the file of a message by its key, as long as the message has it", async (driver) => {
  const { journal } = driver, [one, two, three] = HASHES as [string, string, string];
  const textOf = async (hash: string) => {
    const line = await journal.fileLine(keyOf(hash));
    return line === undefined ? undefined : JSON.parse(new TextDecoder().decode(line)).message;
  };
  assert.deepEqual([await textOf(one), await journal.filesAmong(HASHES)], [undefined, []]);
  const first = await driver.keep(...toAll("one"), withFile(one), withFile(two, "#7"));
  assert.deepEqual([await textOf(one), await textOf(two), await textOf(three)], ["look", "look", undefined]);
  assert.deepEqual([...await journal.filesAmong(HASHES)].sort(), [one, two]);
  await driver.keep(edit(first + 1, "look!"));
  assert.equal(await textOf(one), "look!");
  await driver.keep(deletion(first + 1));
  assert.deepEqual([await textOf(one), await journal.filesAmong(HASHES)], [undefined, [two]]);
  journal.forget(["#7"]);
  assert.equal(await textOf(two), undefined);
});

each("opens a file that another process has appended", async (driver, other) => {
  const { journal } = driver;
  await other(withFile(HASHES[0]!));
  journal.poll();
  await driver.keep(...toAll("one"));
  assert.deepEqual(await journal.filesAmong(HASHES), [HASHES[0]]);
  assert.notEqual(await journal.fileLine(keyOf(HASHES[0]!)), undefined);
}, true);
