// Databases that older versions have really made open as journals: everything is there, and each has what was its own. They
// were filled through the server's port and by its account tool, with the server killed in between; `store-7.db.gz` by the
// last version before there was a journal, `store-3.db.gz` by one that gave no ids to accounts.
import assert from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import { accountSide, between, guestSide } from "../../../server/journal/conversation.ts";
import { type Room, State } from "../../../server/chat/state.ts";
import { verify } from "../../../server/journal/verify.ts";
import { checkPassword } from "../../../server/auth/passwords.ts";
import { applyAll } from "../chat/dump.ts";
import { on, type Open } from "./disk.ts";
import { type Driver, toAll } from "./driver.ts";

interface Opened {
  readonly driver: Driver;
  readonly state: State;
  readonly open: Open;
  readonly path: string;
}

/** A test with a database of an older version, opened. */
function opened(version: number, name: string, act: (opened: Opened) => Promise<void>): void {
  on(`a database of version ${version} opens as a journal: ${name}`, async (open, path) => {
    const fixture = new URL(`../fixtures/store-${version}.db.gz`, import.meta.url);
    Deno.mkdirSync(path.replace(/\/[^/]+$/, ""));
    Deno.writeFileSync(path, gunzipSync(Deno.readFileSync(fixture)));
    const driver = open(), state = new State();
    assert.deepEqual(applyAll(state, driver.journal.snapshot(), true), [], "each record has an effect");
    assert.deepEqual(driver.journal.take(), []);
    await act({ driver, state, open, path });
  });
}

const LATER = 32_503_680_000;
const numbered = (count: number, texts: readonly string[]) =>
  Array.from({ length: count }, (_, i) => `to all ${i + 1}: ${texts[(i + 1) % texts.length]}`);

const members = ({ members }: Room) => [...members].map(({ name }) => name).sort();

/** What two sides have said to each other. */
function saidBetween({ driver, state }: Opened, one: string, other: string): Promise<string[]> {
  const side = (name: string) => state.account(name)?.side ?? guestSide(name);
  return driver.messages({ conversation: between(side(one), side(other)) });
}

opened(7, "accounts, rooms, bans and sessions", async ({ state }) => {
  assert.deepEqual([...state.accounts()].map(({ id, name, operator }) => [id, name, operator]), [
    [1, "Ann", true],
    [2, "bob", false],
    [3, "Zoë", false],
    [5, "second op", false],
    [6, "Renata", false],
    [7, "Gus", false],
  ]);
  const contacts = [...state.accounts()].map(({ contacts }) => [...contacts.values()].sort());
  assert.deepEqual(contacts, [["Zoë", "bob"], ["Ann", "Renata", "mallory"], ["bob"], [], [], ["bob"]]);
  assert.deepEqual(state.rooms().map((room) => [room.name, ...members(room)]), [
    ["#4", "Zoë"],
    ["#cats", "Ann", "Gus", "bob"],
    ["#dogs"],
    ["#guests only", "Gus"],
    ["#mallory's"],
  ]);
  assert.equal(state.account("BOB")!.rooms.get(state.room("#cats")!), "#CATS");
  const bans = [...state.bans()].map(({ kind, who, until, by, reason }) => [kind, who, until, by, reason]);
  assert.deepEqual(bans, [
    ["address", "10.0.0.0/8", LATER, "Ann", undefined],
    ["mute", "renata", LATER, "Ann", "loud"],
    ["name", "eve", Infinity, "Ann", "spam"],
  ]);
  assert.equal(state.motd, "Привет! Lesson 7 begins at ten");
  const { guestPeriods, since } = state.account("gus")!;
  assert.deepEqual(guestPeriods.map(({ name, last }) => [name, last]), [["gus", since]]);
  assert.deepEqual([...state.account("bob")!.tokens.keys()], ["vtvLQ6KtuPGwfhAT8NtJLuhNQ-QyH1xnVj5RiNN7DUQ"]);
  assert.equal(state.account("Zoë")!.tokens.size, 0, "a new password has ended hers");
  for (const [name, password] of [["bob", "hunter2 hunter2"], ["zoë", "zoe's new password"]] as const) {
    assert.ok(await checkPassword(password, state.account(name)!.password), name);
  }
});

opened(7, "history, search and cursors", async (opened) => {
  const { driver, state, open, path } = opened,
    greetings = [
      "good morning",
      "Доброе утро, мир",
      "Un café, s'il vous plaît!",
      "你好 👍",
      "x".repeat(200),
    ];
  const all = [...numbered(30, greetings), "gus has an account now", "bob has not seen this", "after a kill"];
  assert.deepEqual(await driver.messages(), all);
  for (let before = Infinity, left = all; left.length > 0;) {
    const page = await driver.page({ before: Math.min(before, Number.MAX_SAFE_INTEGER), limit: 7 });
    assert.deepEqual(page.map(({ message }) => message), left.slice(-7));
    before = page[0]!.id;
    left = left.slice(0, -7);
  }
  const room = (name: string) => driver.messages({ conversation: state.room(name)!.conversation });
  assert.deepEqual(await room("#cats"), ["meow in cats", "мяу", "a guest's meow", "the last one in cats"]);
  assert.deepEqual(await room("#4"), ["alone in four"]);
  assert.deepEqual(await room("#guests only"), ["only guests"]);
  assert.deepEqual(await room("#dogs"), []);
  const secrets = ["a secret between ann and bob", "a secret answer", "while bob is away"];
  assert.deepEqual(await saidBetween(opened, "ann", "bob"), secrets);
  assert.deepEqual(await saidBetween(opened, "zoë", "zoë"), ["a note to myself"]);
  assert.deepEqual(await driver.messages({ conversation: between(accountSide(1), guestSide("gus")) }), [
    "a guest's secret to ann",
    "ann's secret to a guest",
  ]);
  assert.deepEqual(await saidBetween(opened, "renata", "bob"), ["from the renamed one"]);
  assert.deepEqual(await saidBetween(opened, "mallory", "bob"), [], "that account was removed");
  assert.deepEqual((await driver.journal.conversations(accountSide(2), 0)).length, 2);

  assert.equal((await driver.messages({ text: "УТРО" })).length, 6);
  assert.deepEqual(await driver.messages({ text: "cafe 12" }), [all[11]]);
  assert.deepEqual(await driver.messages({ text: "kill" }), ["after a kill"]);
  const { conversation } = state.room("#cats")!;
  assert.deepEqual(await driver.messages({ conversation, text: "cats" }), ["meow in cats", "the last one in cats"]);

  const newest = (await driver.page({ conversation, limit: 1 }))[0]!.id;
  for (const name of ["ann", "bob"]) assert.equal(state.account(name)!.cursor, newest);
  assert.ok(state.account("zoë")!.cursor < newest);
  assert.ok(await driver.keep(...toAll("in the journal")) > newest);
  await driver.journal.close();
  assert.deepEqual(verify(path).faults, []);
  const again = open();
  assert.deepEqual(await again.messages(), [...all, "in the journal"]);
});

opened(3, "accounts with names of one key stay apart", async (opened) => {
  const { driver, state } = opened;
  const account = (name: string) => state.account(name)!;
  assert.deepEqual([...state.accounts()].map(({ name, operator }) => [name, operator]), [
    ["Ann", true],
    ["ann", false],
    ["bob", false],
    ["gus", false],
    ["zoe", false],
  ]);
  assert.deepEqual(state.collisions.map((names) => names.sort()), [["Ann", "ann"], ["#Lesson7", "#lesson7"]]);
  const rooms = ["#Lesson7", "#lesson7"].map((name) => state.room(name)!);
  assert.deepEqual(rooms.map(members), [["Ann"], ["bob"]]);
  assert.deepEqual(await driver.messages({ conversation: rooms[0]!.conversation }), ["in the first lesson"]);
  assert.deepEqual(await driver.messages({ conversation: rooms[1]!.conversation }), ["in the second lesson"]);
  assert.deepEqual([...account("bob").contacts.values(), ...account("Ann").contacts.values()], ["Ann", "bob"]);
  const bans = [...state.bans()].map(({ kind, who, until }) => [kind, who, until]);
  assert.deepEqual(bans, [["address", "10.0.0.7", LATER], ["mute", "gus", Infinity], ["name", "eve", Infinity]]);
  assert.equal(state.motd, "an old greeting");
  assert.deepEqual(await saidBetween(opened, "Ann", "bob"), ["a secret of the operator"]);
  assert.deepEqual(await saidBetween(opened, "ann", "bob"), ["a secret of the other ann"]);
  assert.deepEqual(await driver.messages({ conversation: between(account("bob").side, guestSide("gus")) }), [
    "a guest's secret",
  ]);
  assert.deepEqual(await saidBetween(opened, "mallory", "bob"), [], "that account was removed");
  const all = numbered(10, ["good morning", "Доброе утро, мир", "Un café, s'il vous plaît!"]);
  assert.deepEqual(await driver.messages(), all);
  assert.deepEqual(await driver.messages({ text: "café 5" }), [all[4]]);
  assert.ok(await checkPassword("correct horse", account("ann").password));
});
