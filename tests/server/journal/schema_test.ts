// Databases from before there was a journal open as one: everything is there, and nothing twice. These are written by hand;
// old_databases_test.ts has some that older versions have made.
import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { accountSide, between, guestSide } from "../../../server/journal/conversation.ts";
import { State } from "../../../server/chat/state.ts";
import type { MessageRun } from "../../../server/journal/contract.ts";
import { migrate as migrateStore } from "../../../server/journal/store_schema.ts";
import { applyAll } from "../chat/dump.ts";
import { on, type Open } from "./disk.ts";
import { batchOf, type Driver, type Kept, maintainAll, toAll } from "./driver.ts";

const BASE = 1_764_000_000_000_000;

/** Writes an old database by hand, to which so many steps have brought it. */
function older(path: string, steps: number, fill: (db: DatabaseSync) => void): void {
  Deno.mkdirSync(path.replace(/\/[^/]+$/, ""), { recursive: true });
  const db = new DatabaseSync(path);
  migrateStore(db, path, steps);
  fill(db);
  db.close();
}

/** A test with a database of the last version of the store. */
function filled(name: string, act: (open: Open, path: string) => void | Promise<void>): void {
  on(name, async (open, path) => {
    older(path, 7, fill);
    await act(open, path);
  });
}

/** The lines of one message. */
function lineOf(id: number, message: string): Uint8Array {
  return (batchOf(id, toAll(message)).records as [MessageRun])[0].lines;
}

function fill(db: DatabaseSync): void {
  const insert = (table: string, ...rows: (string | number | Uint8Array | null)[][]) => {
    for (const row of rows) db.prepare(`INSERT INTO ${table} VALUES (${row.map(() => "?")})`).run(...row);
  };
  // An account with the id 2 was removed.
  insert("accounts", [1, "ann", "ann", "hash of ann", 1, BASE + 7, BASE]);
  insert("accounts", [3, "Zoë", "zoë", "hash of zoe", 0, BASE + 1, BASE + 1]);
  insert("guest_periods", [1, "an", 5, 7]);
  insert("rooms", ["#cats"], ["#4"], ["#dogs"]);
  insert("members", ["#cats", 1, null], ["#cats", 3, "#CATS"], ["#4", 3, null]);
  insert("contacts", [3, "ann"], [3, "bob"]);
  insert("bans", ["name", "eve", null, "ann", "spam", 5], ["address", "10.0.0.7", 1_900_000_000.5, null, null, null]);
  insert("texts", ["motd", "Привет"]);
  insert("session_tokens", ["hash of a token", 3, 5, 6]);
  insert("conversations", [1, "#all", ""], [2, "#cats", ""], [3, "#4", ""], [4, "@1", "@3"], [5, "@1", "~zed"]);
  insert("conversations", [6, null, null]);
  const said: [conversation: number, message: string][] = [
    [1, "first to all"],
    [2, "in cats"],
    [3, "in four"],
    [4, "in private"],
    [5, "to a guest"],
    [1, "second to all"],
    [2, "not indexed cats"],
    [6, "to one that was removed"],
  ];
  for (const [i, [conversation, message]] of said.entries()) {
    const id = BASE + 1 + i;
    insert("turns", [id, id, 1, conversation, 0, lineOf(id, message)]);
    if (i < 6) insert("search (rowid, words)", [id, `§${conversation} ${message.toUpperCase()}`]);
  }
  insert("marks", ["account", 3], ["indexed", BASE + 6], ["last", BASE + 8]);
}

filled("a database of the store becomes a journal: its state", (open) => {
  const driver = open();
  const records = driver.journal.snapshot();
  assert.deepEqual(driver.journal.take(), [], "it stands as it was");
  const [ann, zoe, four, cats, dogs, ...rest] = records;
  assert.deepEqual(ann, {
    id: 1,
    kind: "account",
    name: "ann",
    password: "hash of ann",
    operator: true,
    seen: BASE + 7,
    since: BASE,
    guestPeriods: [{ name: "an", after: 5, last: 7 }],
    contacts: [],
  });
  assert.deepEqual(zoe, {
    id: 3,
    kind: "account",
    name: "Zoë",
    password: "hash of zoe",
    operator: false,
    seen: BASE + 1,
    since: BASE + 1,
    guestPeriods: [],
    contacts: ["ann", "bob"],
  });
  assert.deepEqual([four, cats, dogs], [
    { id: 4, kind: "room", name: "#4" },
    { id: 5, kind: "room", name: "#cats" },
    { id: 6, kind: "room", name: "#dogs" },
  ]);
  assert.deepEqual(rest, [
    { id: 7, kind: "member", account: 3, room: 4, is: true },
    { id: 8, kind: "member", account: 1, room: 5, is: true },
    { id: 9, kind: "member", account: 3, room: 5, is: true, spelling: "#CATS" },
    { id: 10, kind: "ban", what: "address", who: "10.0.0.7", is: true, until: 1_900_000_000.5 },
    { id: 11, kind: "ban", what: "name", who: "eve", is: true, by: "ann", reason: "spam", since: 5 },
    { id: 12, kind: "motd", text: "Привет" },
    { id: 13, kind: "session", account: 3, hash: "hash of a token", is: true, since: 5, used: 6 },
  ]);
});

filled("a database of the store becomes a journal: its messages, pages and searches", async (open) => {
  const driver = open();
  const sides = between(accountSide(1), accountSide(3)), guest = between(accountSide(1), guestSide("zed"));
  assert.deepEqual(await driver.page(), [
    { id: BASE + 1, message: "first to all" },
    { id: BASE + 6, message: "second to all" },
  ]);
  // A room's conversation is called by the room's id, also where another room is called so.
  assert.deepEqual(await driver.messages({ conversation: "#4" }), ["in four"]);
  assert.deepEqual(await driver.messages({ conversation: "#5" }), ["in cats", "not indexed cats"]);
  assert.deepEqual(await driver.messages({ conversation: "#cats" }), []);
  assert.deepEqual(await driver.messages({ conversation: sides }), ["in private"]);
  assert.deepEqual(await driver.messages({ conversation: "#5", text: "cats" }), ["in cats", "not indexed cats"]);
  assert.deepEqual(await driver.messages({ text: "second" }), ["second to all"]);
  assert.deepEqual([...await driver.journal.conversations(accountSide(1), 0)].sort(), [sides, guest].sort());
  assert.ok(driver.journal.next > BASE + 8);
  await driver.keep(...toAll("new"), { conversation: "#5", message: "new cats" });
  assert.deepEqual(await driver.messages({ conversation: "#5", text: "cats" }), [
    "in cats",
    "not indexed cats",
    "new cats",
  ]);
});

filled("a journal that was a store's opens again, and no old Hanita opens it", async (open, path) => {
  const driver = open();
  driver.journal.snapshot();
  const room = await driver.keep({ kind: "room", name: "#new" });
  await driver.journal.close();
  const db = new DatabaseSync(path);
  assert.throws(() => migrateStore(db, path), /written by a newer Hanita/);
  db.close();
  const { journal } = open();
  assert.equal(journal.snapshot().length, 12);
  assert.deepEqual((journal.take() as Kept[]).flatMap(({ records }) => records.map(({ id }) => id)), [room]);
});

filled("an old message without a checksum is left out where its line is damaged", async (open, path) => {
  const driver = open();
  const db = new DatabaseSync(path), at = BASE + 7;
  const lines = db.prepare("SELECT lines FROM runs WHERE first = ?").get(at)!.lines as Uint8Array;
  lines[5] = 7;
  db.prepare("UPDATE runs SET lines = ? WHERE first = ?").run(lines, at);
  db.close();
  maintainAll(driver.journal, 100);
  assert.deepEqual(await driver.messages({ conversation: "#5", text: "cats" }), ["in cats"]);
  assert.deepEqual(await driver.journal.read("#5", [BASE + 7]), [undefined]);
  assert.equal(driver.journal.skipped.damaged, 1);
});

on("openJournal opens databases of each old version of the store, the empty ones too", async (open, path) => {
  await open().journal.close(); // for the folder
  for (let steps = 0; steps <= 7; steps++) {
    const at = path.replace(".db", `${steps}.db`), db = new DatabaseSync(at);
    migrateStore(db, at, steps);
    db.close();
    assert.deepEqual(open({ path: at }).journal.snapshot(), []);
  }
});

filled("the account tool does not change a database that an older server has open", (open, path) => {
  const lock = Deno.openSync(`${path}-lock`, { create: true, write: true });
  assert.ok(lock.tryLockSync(true)); // as an older server does
  const says = { message: `Cannot open "${path}": a server of an older version is using it; stop that one first` };
  assert.throws(() => open({ beside: true }), says);
  lock.close();
  assert.equal(open({ beside: true }).journal.snapshot().length, 12);
  open(); // the lock is free again
});

filled("openJournal leaves a database of the store as it was when the step fails", (open, path) => {
  const db = new DatabaseSync(path);
  const shape = () => db.prepare("SELECT group_concat(sql) AS all_of_it FROM sqlite_schema").get();
  db.exec("CREATE TABLE records (in_the_way)");
  const before = shape();
  assert.throws(() => open(), /records/);
  assert.deepEqual(shape(), before);
  db.close();
});

/** Opens a journal with its state. */
function opened(open: Open): { readonly driver: Driver; readonly state: State } {
  const driver = open(), state = new State();
  assert.deepEqual(applyAll(state, driver.journal.snapshot(), true), []);
  return { driver, state };
}

on("a database of the first version becomes a journal with its messages", async (open, path) => {
  older(path, 1, (db) => {
    const { lines } = (batchOf(1, toAll("old message 1", "old message 2")).records as [MessageRun])[0];
    db.exec("INSERT INTO conversations VALUES (1, '#all', '')");
    db.prepare("INSERT INTO turns VALUES (1, 2, 2, 1, 0, ?)").run(lines);
  });
  const driver = open();
  assert.deepEqual(await driver.messages(), ["old message 1", "old message 2"]);
  assert.deepEqual(await driver.messages({ text: "2" }), ["old message 2"]);
});

on("a journal knows since when a guest was alone by the name that it registered", (open, path) => {
  older(path, 5, (db) => {
    const account = db.prepare("INSERT INTO accounts VALUES (?, ?, ?, 'hash', 0, 9, 9, ?)");
    account.run(1, "ann", "ann", null);
    account.run(2, "Zoe", "zoe", 4);
  });
  const { state } = opened(open);
  assert.deepEqual([...state.accounts()].map(({ name, guestPeriods }) => [name, guestPeriods]), [
    ["ann", []],
    ["Zoe", [{ name: "Zoe", after: 4, last: 9 }]],
  ]);
});

/** A database of the third version: names are keys there, and a guest's has a `~` before it. */
function fillOld(path: string, conversations: readonly (readonly [one: string, other: string])[]): void {
  older(path, 3, (db) => {
    const account = db.prepare("INSERT INTO accounts VALUES (?, 'hash', ?, ?)");
    for (const [index, name] of ["Ann", "ann", "bob", "zoe", "~zoe", "@1"].entries()) {
      account.run(name, name === "ann" ? 1 : 0, index);
    }
    for (const room of ["#Lesson7", "#lesson7"]) db.prepare("INSERT INTO rooms VALUES (?)").run(room);
    for (const who of ["ann", "removed"]) db.prepare("INSERT INTO members VALUES ('#lesson7', ?)").run(who);
    for (const who of ["bob", "removed"]) db.prepare("INSERT INTO contacts VALUES (?, 'Ann')").run(who);
    const ban = db.prepare("INSERT INTO bans VALUES (?, ?, ?)");
    ban.run("name", "EVE", null);
    ban.run("name", "eve", 5);
    ban.run("mute", "Eve", 5);
    ban.run("address", "FE80::1", 5);
    for (const [index, [one, other]] of conversations.entries()) {
      const id = index + 1, lines = lineOf(id, `secret ${id}`);
      db.prepare("INSERT INTO conversations VALUES (?, ?, ?)").run(id, one, other);
      db.prepare("INSERT INTO turns VALUES (?, ?, 1, ?, 0, ?)").run(id, id, id, lines);
      db.prepare("INSERT INTO search (rowid, words) VALUES (?, ?)").run(id, `§${id} SECRET ${id}`);
    }
    db.prepare("INSERT INTO marks VALUES ('indexed', ?)").run(conversations.length);
  });
}

on("a journal gives old accounts ids, and each account what was its own", async (open, path) => {
  const pairs = [["@1", "bob"], ["Ann", "bob"], ["ann", "bob"], ["ann", "ann"], ["bob", "removed"]] as const;
  fillOld(path, [["#Lesson7", ""], ["#lesson7", ""], ...pairs]);
  const { driver, state } = opened(open), account = (name: string) => state.account(name)!;
  assert.deepEqual([...state.accounts()].map(({ name, operator, cursor }) => [name, operator, cursor]), [
    ["@1", false, 5],
    ["Ann", false, 0],
    ["ann", true, 1],
    ["bob", false, 2],
    ["zoe", false, 3],
    ["~zoe", false, 4],
  ]);
  const rooms = ["#Lesson7", "#lesson7"].map((name) => state.room(name)!);
  assert.deepEqual(rooms.map(({ members }) => [...members].map(({ name }) => name)), [[], ["ann"]]);
  assert.deepEqual([...account("bob").contacts.values()], ["Ann"]);
  const bans = [...state.bans()].map(({ kind, who, until }) => [kind, who, until]);
  assert.deepEqual(bans, [["address", "FE80::1", 5], ["mute", "eve", 5], ["name", "eve", Infinity]]);
  for (const [index, { conversation }] of rooms.entries()) {
    assert.deepEqual(await driver.messages({ conversation }), [`secret ${index + 1}`]);
    assert.deepEqual(await driver.messages({ conversation, text: "secret" }), [`secret ${index + 1}`], "indexed");
  }
  for (const [index, [one, other]] of pairs.slice(0, 4).entries()) {
    const conversation = between(account(one).side, account(other).side);
    assert.deepEqual(await driver.messages({ conversation }), [`secret ${index + 3}`]);
  }
  const ofBob = await driver.journal.conversations(account("bob").side, 0);
  assert.equal(ofBob.length, 3, "nobody reads the removed one's");
  const ids = new Set([...state.accounts(), ...rooms].map(({ id }) => id));
  assert.equal(ids.size, 8);
  const next = await driver.keep({ kind: "account", name: "new", password: "x", operator: false, seen: 0 });
  assert.ok(next > Math.max(...ids));
});

on("a journal takes a conversation of ~zoe for the guest's, and joins those that are one now", async (open, path) => {
  fillOld(path, [["bob", "~Zoe"], ["bob", "~zoe"], ["bob", "zoe"], ["~ZOE", "~zoe"]]);
  const { driver, state } = opened(open), bob = state.account("bob")!.side, guest = between(bob, guestSide("zoe"));
  assert.deepEqual(await driver.messages({ conversation: guest }), ["secret 1", "secret 2"]);
  const with_ = (name: string) => driver.messages({ conversation: between(bob, state.account(name)!.side) });
  assert.deepEqual([await with_("zoe"), await with_("~zoe")], [["secret 3"], []]);
  maintainAll(driver.journal, 10);
  assert.deepEqual(await driver.messages({ conversation: guest, text: "secret" }), ["secret 1", "secret 2"]);
  assert.deepEqual(await driver.messages({ conversation: guest, text: "2" }), ["secret 2"]);
});

on("openJournal leaves an old database as it was when a step fails", (open, path) => {
  fillOld(path, []);
  const db = new DatabaseSync(path);
  const shape = () => db.prepare("SELECT group_concat(sql) AS all_of_it FROM sqlite_schema").get();
  db.exec("CREATE TABLE old_accounts (in_the_way)");
  const before = shape();
  assert.throws(() => open(), /old_accounts/);
  assert.deepEqual(shape(), before);
  assert.equal(db.prepare("PRAGMA user_version").get()!.user_version, 3);
  db.close();
});
