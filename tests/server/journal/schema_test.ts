// A database of the store, as it is before there was a journal, opens as one: everything is there, and nothing twice.
import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { accountSide, between, guestSide } from "../../../server/chat/conversation.ts";
import { type Store, StoreRefused } from "../../../server/store/contract.ts";
import { migrate as migrateStore } from "../../../server/store/schema.ts";
import { openStore } from "../../../server/store/sqlite.ts";
import { turn } from "../store/said.ts";
import { on, type Open } from "./disk.ts";
import { type Kept, toAll } from "./driver.ts";

const BASE = 1_764_000_000_000_000;

/** A test with a database that the store has filled. */
function filled(name: string, act: (open: Open, path: string) => void | Promise<void>): void {
  on(name, async (open, path) => {
    const store = openStore({ path });
    fill(store);
    await store.close();
    await act(open, path);
  });
}

function fill(store: Store): void {
  const periods = [{ name: "an", after: 5, last: 7 }];
  store.putAccount({ name: "ann", password: "hash of ann", operator: true, seen: BASE, guestPeriods: periods });
  store.putAccount({ name: "removed", password: "x", operator: false, seen: BASE });
  store.putAccount({ name: "Zoë", password: "hash of zoe", operator: false, seen: BASE + 1 });
  store.removeAccount(2);
  for (const room of ["#cats", "#4", "#dogs"]) store.putRoom(room);
  store.putMember("#cats", 1);
  store.putMember("#cats", 3, "#CATS");
  store.putMember("#4", 3);
  store.putContact(3, "ann");
  store.putContact(3, "bob");
  store.putBan({ kind: "name", who: "eve", until: Infinity, by: "ann", reason: "spam", since: 5 });
  store.putBan({ kind: "address", who: "10.0.0.7", until: 1_900_000_000.5 });
  store.putMotd("Привет");
  store.putToken({ hash: "hash of a token", account: 3, since: 5, used: 6 });
  store.putSeen(new Map([[1, BASE + 7]]));
  const sides = between(accountSide(1), accountSide(3)), guest = between(accountSide(1), guestSide("zed"));
  store.commit(turn([
    { id: BASE + 1, conversation: "#all", message: "first to all" },
    { id: BASE + 2, conversation: "#cats", message: "in cats" },
    { id: BASE + 3, conversation: "#4", message: "in four" },
    { id: BASE + 4, conversation: sides, message: "in private" },
    { id: BASE + 5, conversation: guest, message: "to a guest" },
    { id: BASE + 6, conversation: "#all", message: "second to all" },
  ]));
  while (store.tend(100));
  store.commit(turn([{ id: BASE + 7, conversation: "#cats", message: "not indexed cats" }]));
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
  assert.ok(driver.journal.next > BASE + 7);
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
  assert.throws(() => openStore({ path }), (error: Error) => {
    assert.ok(error instanceof StoreRefused);
    assert.match(error.message, /written by a newer Hanita/);
    return true;
  });
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
  while (driver.journal.maintain(100));
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

filled("the account tool does not change a database that an older server has open", async (open, path) => {
  const older = openStore({ path });
  const says = { message: `Cannot open "${path}": a server of an older version is using it; stop that one first` };
  assert.throws(() => open({ beside: true }), says);
  older.putRoom("#still");
  await older.close();
  assert.ok(open({ beside: true }).journal.snapshot().some((record) => "name" in record && record.name === "#still"));
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
