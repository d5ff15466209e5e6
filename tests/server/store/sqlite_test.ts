// What only the store on a disk has to show: restarts, kills, full disks, strange files.
import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { accountSide, between, guestSide } from "../../../server/chat/conversation.ts";
import { type Store, StoreFailure, StoreRefused } from "../../../server/store/contract.ts";
import { migrate } from "../../../server/store/schema.ts";
import { openStore, type StoreOptions } from "../../../server/store/sqlite.ts";
import { makeFolder } from "../../log/folder.ts";
import { may } from "../../may.ts";
import { idsOf, read, toAll, turn } from "./said.ts";

const COMMITTER = new URL("./endless_committer.ts", import.meta.url).href;
const DAY = 24 * 60 * 60 * 1000;

const encode = (text: string) => new TextEncoder().encode(text);

type Open = (options?: Partial<StoreOptions>) => Store;

/** A test with a folder; what it opens is closed at its end. */
function on(disk: string, act: (open: Open, path: string) => void | Promise<void>, needs: Parameters<typeof may> = []) {
  Deno.test({
    name: disk,
    ignore: !may("read", "write", ...needs),
    fn: async () => {
      using folder = makeFolder();
      const path = `${folder.path}/data/hanita.db`;
      const opened = new Set<Store>();
      const open: Open = (options) => {
        const store = openStore({ path, ...options });
        const { close } = store;
        store.close = () => {
          opened.delete(store);
          return close.call(store);
        };
        opened.add(store);
        return store;
      };
      try {
        await act(open, path);
      } finally {
        for (const store of opened) await store.close();
      }
    },
  });
}

/** Waits for what is expected to come. */
async function until(expected: () => boolean): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!expected()) {
    assert.ok(performance.now() < deadline, `It never came: ${expected}`);
    await new Promise((done) => setTimeout(done, 5));
  }
}

on(
  "a log that another program has removed is told of, and all that was said is there after the end",
  async (open, path) => {
    let now = 0;
    let store = open({ now: () => now });
    store.commit(toAll(1, "before"));
    store.tend(1); // from here on it has its log open
    await new Promise((done) => setTimeout(done, 0));
    // As SQLite before 3.51 does when it leaves: it takes the database for nobody else's.
    if (Deno.build.os !== "windows") Deno.removeSync(`${path}-wal`);
    store.commit(toAll(2, "after"));
    await until(() => {
      now += 1000;
      try {
        store.tend(1);
      } catch (error) {
        assert.ok(error instanceof StoreFailure);
        assert.match(error.message, /another program has opened .* and removed its log: stop the server/);
        return true;
      }
      return Deno.build.os === "windows";
    });
    await store.close();
    store = open();
    assert.deepEqual(await idsOf(store, {}), [1, 2]);
  },
);

on("openStore finds after a restart all that there was", async (open) => {
  let store = open();
  store.putAccount({ name: "ann", password: "x", operator: true, seen: 2 });
  store.putRoom("#one");
  store.putMember("#one", 1);
  store.putContact(1, "bob");
  store.putSeen(new Map([[1, 5]]));
  store.commit(turn([
    { id: 1, conversation: "#one", message: "in a room" },
    { id: 2, conversation: between("ann", "bob"), message: "in private" },
    { id: 3, conversation: "#one", message: "in the room" },
  ]));
  store.commit(toAll(4, "to all"));
  const before = store.snapshot();
  await store.close();
  store = open();
  assert.deepEqual(store.snapshot(), before);
  assert.equal(before.lastId, 4);
  assert.deepEqual(await idsOf(store, { conversation: "#one" }), [1, 3]);
  assert.deepEqual(await idsOf(store, { conversation: "#one", text: "room" }), [1, 3]);
  assert.deepEqual(await read(store, { conversation: between("bob", "ann"), limit: 5 }), [{
    id: 2,
    message: "in private",
  }]);
});

on("a page and a search give halves of surrogate pairs, kept by an older version, as U+FFFD", async (open) => {
  const store = open();
  store.commit(toAll(1, "cut \ud83d", "whole 😀"));
  assert.deepEqual(await read(store, { conversation: "#all", limit: 5 }), [
    { id: 1, message: "cut \ufffd" },
    { id: 2, message: "whole 😀" },
  ]);
  assert.deepEqual(await read(store, { conversation: "#all", limit: 5, text: "cut" }), [{
    id: 1,
    message: "cut \ufffd",
  }]);
});

on("openStore lets nobody else read the file", async (open, path) => {
  const store = open();
  store.commit(toAll(1, "a"));
  for (const { name } of Deno.readDirSync(path.replace(/[^/]+$/, ""))) {
    const { mode } = await Deno.stat(path.replace(/[^/]+$/, name));
    if (mode !== null) assert.equal(mode & 0o077, 0, name);
  }
});

on("openStore brings an older database to the newest version, with its messages", async (open, path) => {
  await open().close(); // for the folder
  Deno.removeSync(path);
  const old = new DatabaseSync(path);
  migrate(old, path, 1);
  const [lines] = toAll(1, "an old message", "another");
  old.exec("INSERT INTO conversations VALUES (1, '#all', '')");
  old.prepare("INSERT INTO turns VALUES (1, 2, 2, 1, 0, ?)").run(lines!.bytes);
  assert.equal(old.prepare("PRAGMA user_version").get()!.user_version, 1);
  old.close();

  const store = open();
  assert.equal(store.snapshot().lastId, 2);
  assert.deepEqual(await idsOf(store), [1, 2]);
  assert.deepEqual(await idsOf(store, { text: "old" }), [1]);
});

on("openStore keeps since when a guest was alone by the name that it registered", async (open, path) => {
  await open().close(); // for the folder
  Deno.removeSync(path);
  const old = new DatabaseSync(path);
  migrate(old, path, 5);
  const account = old.prepare("INSERT INTO accounts VALUES (?, ?, ?, 'hash', 0, 9, 9, ?)");
  account.run(1, "ann", "ann", null);
  account.run(2, "Zoe", "zoe", 4);
  old.close();
  const { accounts } = open().snapshot();
  assert.deepEqual(accounts.map(({ name, guestPeriods }) => [name, guestPeriods]), [
    ["ann", []],
    ["Zoe", [{ name: "Zoe", after: 4, last: 9 }]],
  ]);
});

/** A database of the third version: names are keys there, and a guest's has a `~` before it. */
function fillOld(path: string, conversations: readonly (readonly [one: string, other: string])[]): void {
  const old = new DatabaseSync(path);
  migrate(old, path, 3);
  const account = old.prepare("INSERT INTO accounts VALUES (?, 'hash', ?, ?)");
  for (const [index, name] of ["Ann", "ann", "bob", "zoe", "~zoe", "@1"].entries()) {
    account.run(name, name === "ann" ? 1 : 0, index);
  }
  for (const room of ["#Lesson7", "#lesson7"]) old.prepare("INSERT INTO rooms VALUES (?)").run(room);
  for (const who of ["ann", "removed"]) old.prepare("INSERT INTO members VALUES ('#lesson7', ?)").run(who);
  for (const who of ["bob", "removed"]) old.prepare("INSERT INTO contacts VALUES (?, 'Ann')").run(who);
  const ban = old.prepare("INSERT INTO bans VALUES (?, ?, ?)");
  ban.run("name", "EVE", null);
  ban.run("name", "eve", 5);
  ban.run("mute", "Eve", 5);
  ban.run("address", "FE80::1", 5);
  for (const [index, [one, other]] of conversations.entries()) {
    const id = index + 1;
    old.prepare("INSERT INTO conversations VALUES (?, ?, ?)").run(id, one, other);
    const [lines] = toAll(id, `secret ${id}`);
    old.prepare("INSERT INTO turns VALUES (?, ?, 1, ?, 0, ?)").run(id, id, id, lines!.bytes);
    old.prepare("INSERT INTO search (rowid, words) VALUES (?, ?)").run(id, `§${id} SECRET ${id}`);
  }
  old.prepare("INSERT INTO marks VALUES ('indexed', ?)").run(conversations.length);
  old.close();
}

on("openStore gives old accounts ids, and each account what was its own", async (open, path) => {
  await open().close(); // for the folder
  Deno.removeSync(path);
  fillOld(path, [["#Lesson7", ""], ["#lesson7", ""], ["@1", "bob"], ["Ann", "bob"], ["ann", "bob"], ["ann", "ann"], [
    "bob",
    "removed",
  ]]);
  const store = open();
  const { accounts, rooms, contacts, bans } = store.snapshot();
  const ids = new Map(accounts.map(({ id, name }) => [name, id]));
  assert.deepEqual(accounts.map(({ name, operator, seen }) => [name, operator, seen]), [
    ["@1", false, 5],
    ["Ann", false, 0],
    ["ann", true, 1],
    ["bob", false, 2],
    ["zoe", false, 3],
    ["~zoe", false, 4],
  ]);
  assert.deepEqual(rooms, [
    { name: "#Lesson7", members: [] },
    { name: "#lesson7", members: [{ account: ids.get("ann"), spelling: "#lesson7" }] },
  ]);
  assert.deepEqual(contacts, [{ owner: ids.get("bob"), name: "Ann" }]);
  assert.deepEqual(bans, [
    { kind: "address", who: "FE80::1", until: 5 },
    { kind: "mute", who: "eve", until: 5 },
    { kind: "name", who: "eve", until: Infinity },
  ]);
  const said = (one: string, other: string) =>
    idsOf(store, { conversation: between(accountSide(ids.get(one)!), accountSide(ids.get(other)!)) });
  assert.deepEqual(await idsOf(store, { conversation: "#Lesson7" }), [1]);
  assert.deepEqual(await idsOf(store, { conversation: "#lesson7" }), [2]);
  assert.deepEqual(await Promise.all([said("@1", "bob"), said("Ann", "bob"), said("ann", "bob"), said("ann", "ann")]), [
    [3],
    [4],
    [5],
    [6],
  ]);
  assert.deepEqual(
    (await store.conversations(accountSide(ids.get("bob")!), 0)).length,
    3,
    "nobody reads the removed one's",
  );
  const { id } = store.putAccount({ name: "new", password: "x", operator: false, seen: 0 })!;
  assert.equal(id, accounts.length + 1);
  assert.deepEqual(await idsOf(store, { conversation: "#Lesson7", text: "secret" }), [1], "the index is still right");
});

on("openStore takes a conversation of ~zoe for the guest's, and joins those that are one now", async (open, path) => {
  await open().close();
  Deno.removeSync(path);
  fillOld(path, [["bob", "~Zoe"], ["bob", "~zoe"], ["bob", "zoe"], ["~ZOE", "~zoe"]]);
  const store = open();
  const id = new Map(store.snapshot().accounts.map(({ id, name }) => [name, id]));
  const bob = accountSide(id.get("bob")!), guest = between(bob, guestSide("zoe"));
  assert.deepEqual(await idsOf(store, { conversation: guest }), [1, 2]);
  assert.deepEqual(await idsOf(store, { conversation: between(bob, accountSide(id.get("zoe")!)) }), [3]);
  assert.deepEqual(await idsOf(store, { conversation: between(bob, accountSide(id.get("~zoe")!)) }), []);
  while (store.tend(10));
  assert.deepEqual(await idsOf(store, { conversation: guest, text: "secret" }), [1, 2]);
  assert.deepEqual(await idsOf(store, { conversation: guest, text: "2" }), [2]);
});

on("openStore leaves an older database as it was when a step fails", async (open, path) => {
  await open().close();
  Deno.removeSync(path);
  fillOld(path, []);
  const db = new DatabaseSync(path);
  db.exec("CREATE TABLE old_accounts (in_the_way)");
  const before = db.prepare("SELECT group_concat(sql) AS all_of_it FROM sqlite_schema").get();
  assert.throws(() => migrate(db, path), /old_accounts/);
  assert.deepEqual(db.prepare("SELECT group_concat(sql) AS all_of_it FROM sqlite_schema").get(), before);
  assert.equal(db.prepare("PRAGMA user_version").get()!.user_version, 3);
  db.close();
});

const refused: Record<string, { make: (path: string) => void; says: RegExp }> = {
  "was written by a newer Hanita": {
    make: (path) => {
      const db = new DatabaseSync(path);
      migrate(db, path);
      db.exec("PRAGMA user_version = 99");
      db.close();
    },
    says: /: it was written by a newer Hanita \(schema 99, this one knows \d+\); run that one, or use another folder$/,
  },
  "is another program's": {
    make: (path) => {
      const db = new DatabaseSync(path);
      db.exec("CREATE TABLE cookies (name)");
      db.close();
    },
    says: /: it is a database of another program$/,
  },
  "is no database": {
    make: (path) => Deno.writeTextFileSync(path, "dear diary\n".repeat(1000)),
    says: /: file is not a database$/,
  },
  "is a folder": { make: (path) => Deno.mkdirSync(path), says: /: .+$/ },
};

for (const [what, { make, says }] of Object.entries(refused)) {
  on(`openStore refuses in one line what ${what}, and leaves it as it was`, async (open, path) => {
    Deno.mkdirSync(path.replace(/\/[^/]+$/, ""));
    make(path);
    const bytes = () => what === "is a folder" ? undefined : Deno.readFileSync(path);
    const before = bytes();
    const refusal = (error: Error) => {
      assert.ok(error instanceof StoreRefused, `${error}`);
      assert.ok(error.message.startsWith(`Cannot open "${path}": `) && !error.message.includes("\n"), error.message);
      assert.match(error.message, says);
      return true;
    };
    assert.throws(() => open(), refusal);
    assert.throws(() => open(), refusal); // nothing is left locked
    assert.deepEqual(bytes(), before);
    await Promise.resolve();
  });
}

on("openStore refuses a second server, but not the account tool, which the first one notices", async (open, path) => {
  const server = open();
  assert.throws(
    () => open(),
    (error: Error) => {
      assert.ok(error instanceof StoreRefused);
      assert.equal(error.message, `Cannot open "${path}": another server is using it`);
      return true;
    },
  );
  assert.equal(server.changed(), false);
  const tool = open({ beside: true });
  tool.putAccount({ name: "ann", password: "new", operator: false, seen: 0 });
  await tool.close();
  assert.equal(server.changed(), true);
  assert.equal(server.changed(), false);
  assert.deepEqual(server.snapshot().accounts.map(({ name }) => name), ["ann"]);
  server.putRoom("#own");
  assert.equal(server.changed(), false);
  server.commit(toAll(1, "goes on"));
  await server.close();
  assert.deepEqual(await idsOf(open()), [1]);
});

on(
  "openStore keeps each acknowledged commit exactly once when the program is killed at any time",
  async (open, path) => {
    const dir = path.replace(/\/data\/.*/, "");
    let acknowledged = 0;
    for (const enough of [1, 100, 5_000]) {
      const args = ["run", "-q", "--no-prompt", `--allow-read=${dir}`, `--allow-write=${dir}`, COMMITTER, path];
      const child = new Deno.Command("deno", { args, stdout: "piped", stderr: "inherit" }).spawn();
      let told = "";
      for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
        told += chunk;
        const said = Number(/(\d+)\n[^\n]*$/.exec(told)?.[1] ?? 0);
        if (said < acknowledged + enough) continue;
        child.kill("SIGKILL");
        break;
      }
      assert.equal((await child.status).signal, "SIGKILL");
      const began = Number(/^begins (\d+)/.exec(told)![1]);
      assert.ok(began >= acknowledged, `Ids begin at ${began}, ${acknowledged} were acknowledged`);
      acknowledged = Number(/(\d+)\n[^\n]*$/.exec(told)![1]);
    }
    const store = open();
    const found: number[] = [];
    for (const conversation of ["#all", "#room"]) {
      for (let after = 0;;) {
        const page = await read(store, { conversation, after, limit: 500 });
        if (page.length === 0) break;
        for (const { id, message } of page) assert.ok(message.startsWith(`message ${id} `));
        found.push(...page.map(({ id }) => id));
        after = page.at(-1)!.id;
      }
    }
    found.sort((one, other) => one - other);
    assert.ok(found.length >= acknowledged, `${found.length} on disk, ${acknowledged} acknowledged`);
    assert.deepEqual(found, found.map((_, index) => index + 1));
    assert.equal(store.snapshot().lastId, found.length);
  },
  ["run"],
);

on(
  "commit fails wholly when the disk is full, all else goes on, and so does commit when there is room",
  async (open, path) => {
    const store = open({ maxBytes: 400_000 });
    let id = 1;
    const large = "x".repeat(20_000);
    const fill = () => {
      for (;; id++) store.commit(toAll(id, large));
    };
    assert.throws(fill, StoreFailure);
    assert.ok(id > 5);
    const both = () =>
      store.commit(
        turn([{ id, conversation: "#new", message: "small" }, { id: id + 1, conversation: "#all", message: large }]),
      );
    assert.throws(both, { name: "StoreFailure", message: /^Cannot keep messages: database or disk is full/ });
    assert.deepEqual(await idsOf(store, { conversation: "#new" }), []);
    assert.deepEqual(await idsOf(store), Array.from({ length: id - 1 }, (_, index) => index + 1));
    assert.equal(store.snapshot().lastId, id - 1);

    const admin = new DatabaseSync(path);
    admin.exec("DELETE FROM turns WHERE first < 6");
    admin.close();
    both();
    assert.deepEqual(await idsOf(store, { conversation: "#new" }), [id]);
    assert.deepEqual(await idsOf(store, { after: id - 1 }), [id + 1]);
  },
);

on(
  "commit fails while another program has the database locked, and works as soon as it has not",
  async (open, path) => {
    const store = open();
    store.commit(toAll(1, "before"));
    const other = new DatabaseSync(path);
    other.exec("BEGIN IMMEDIATE");
    assert.throws(() => store.commit(toAll(2, "meanwhile")), {
      name: "StoreFailure",
      message: "Cannot keep messages: database is locked",
    });
    assert.throws(() => store.putRoom("#one"), StoreFailure);
    assert.throws(() => store.putSeen(new Map([[1, 1]])), StoreFailure);
    assert.throws(() => store.tend(1), StoreFailure);
    assert.deepEqual(await idsOf(store), [1]);
    assert.deepEqual(await idsOf(store, { text: "before" }), [], "not indexed yet, and no reason to fail");
    other.exec("ROLLBACK");
    other.close();
    store.commit(toAll(2, "after"));
    assert.deepEqual(await idsOf(store), [1, 2]);
    assert.deepEqual(await idsOf(store, { text: "before" }), [1]);
  },
);

/** What one byte of a disk may do to a line, and what the line is then. */
const DAMAGES: Record<string, (line: string) => Uint8Array> = {
  "a control character": (line) => encode(line.replace('"action"', '"act\u0000on"')),
  "no UTF-8": (line) => encode(line).map((byte) => byte === 0x62 ? 0xff : byte), // each b
  "no bracket": (line) => encode(line.replace("}\n", "\n")),
  "no id": (line) => encode(line.replace('"id"', '"ix"')),
};

for (const [what, damage] of Object.entries(DAMAGES)) {
  on(`a message that is damaged (${what}) is left out, and all others are found`, async (open, path) => {
    let store = open();
    store.commit(toAll(1, "whole"));
    store.commit(toAll(2, "broken"));
    store.commit(turn([3, 4, 5].map((id) => ({ id, conversation: id === 4 ? "#one" : "#all", message: "whole" }))));
    await store.close();
    const db = new DatabaseSync(path);
    const change = db.prepare("UPDATE turns SET lines = ? WHERE first = 2");
    change.run(
      damage(
        new TextDecoder().decode(db.prepare("SELECT lines FROM turns WHERE first = 2").get()!.lines as Uint8Array),
      ),
    );
    db.close();
    store = open();
    while (store.tend(1000));
    assert.deepEqual(await idsOf(store, { text: "whole" }), [1, 3, 5]);
    assert.deepEqual(await idsOf(store, { text: "broken" }), []);
    const lines = await store.read("#all", [1, 2, 3, 5]);
    assert.deepEqual(lines.map((line) => line !== undefined), [true, false, true, true]);
    assert.deepEqual((await store.find({ conversation: "#all", limit: 9 })).filter((id) => id !== 2), [1, 3, 5]);
  });
}

on("page fails where the file is damaged, and what is whole is still read", async (open, path) => {
  let store = open();
  for (let id = 1; id <= 100; id++) store.commit(toAll(id, "x".repeat(20_000)));
  store.putAccount({ name: "ann", password: "x", operator: false, seen: 0 });
  await store.close();
  const file = Deno.openSync(path, { write: true });
  const { size } = file.statSync();
  file.seekSync(size / 2, Deno.SeekMode.Start);
  file.writeSync(new Uint8Array(400_000).fill(255)); // twenty turns or so
  file.close();
  store = open();
  await assert.rejects(() => idsOf(store, { limit: 100 }), {
    name: "StoreFailure",
    message: "Cannot find messages: database disk image is malformed",
  });
  assert.deepEqual(await idsOf(store, { limit: 5 }), [96, 97, 98, 99, 100]);
  assert.deepEqual(store.snapshot().accounts.map(({ name }) => name), ["ann"]);
});

on(
  "commit gets its bytes into the database while the loop goes on, and the log does not grow for ever",
  async (open, path) => {
    const store = open();
    const large = "x".repeat(400_000);
    const sizes: number[] = [];
    for (let id = 1; id <= 200; id++) {
      store.commit(toAll(id, large));
      if (id % 5 === 0) await new Promise((done) => setTimeout(done));
      sizes.push(Deno.statSync(`${path}-wal`).size);
    }
    await until(() => Deno.statSync(path).size > 60_000_000); // not by closing it
    assert.ok(Math.max(...sizes) < 80_000_000, `The log had ${Math.max(...sizes)} bytes`);
    await store.close();
    const again = open();
    assert.equal(again.snapshot().lastId, 200);
    assert.deepEqual(await read(again, { conversation: "#all", limit: 1 }), [{ id: 200, message: large }]);
  },
);

on("tend brings what little was said to the disk within a second or so", async (open, path) => {
  let now = 0;
  const store = open({ now: () => now });
  store.tend(1);
  const before = Deno.statSync(path).mtime!.getTime();
  store.commit(toAll(1, "x"));
  now += 1000;
  store.tend(1);
  await until(() => Deno.statSync(path).mtime!.getTime() > before);
});

on("tend removes messages that are too old, from the index too, and ids never go back", async (open) => {
  let now = 10 * DAY;
  const clocks = { wall: () => now, now: () => now };
  let store = open({ keepDays: 2, ...clocks });
  store.commit(turn([
    { id: 1, conversation: "#one", message: "old words" },
    { id: 2, conversation: "#two", message: "old words" },
    { id: 3, conversation: "#one", message: "old words" },
  ]));
  while (store.tend(1));
  now += DAY;
  store.commit(turn([{ id: 4, conversation: "#one", message: "newer words" }]));
  while (store.tend(1));
  now += DAY;
  while (store.tend(1));
  assert.deepEqual(await idsOf(store, { conversation: "#one" }), [4]);
  assert.deepEqual(await idsOf(store, { conversation: "#two" }), []);
  assert.deepEqual(await idsOf(store, { conversation: "#one", text: "words", limit: 1, after: 0 }), [4]);
  now += 5 * DAY;
  while (store.tend(1));
  assert.deepEqual(await idsOf(store, { conversation: "#one" }), []);
  assert.equal(store.snapshot().lastId, 4);
  await store.close();
  store = open({ keepDays: 2, ...clocks });
  assert.equal(store.snapshot().lastId, 4);
  store.commit(turn([{ id: 5, conversation: "#one", message: "words" }]));
  assert.deepEqual(await idsOf(store, { conversation: "#one", text: "words" }), [5]);
});

/** Two clocks that run together, until somebody sets the one on the wall. */
function clocks(start: number) {
  let now = 0, ahead = start;
  return {
    wall: () => now + ahead,
    now: () => now,
    pass: (ms: number) => now += ms,
    set: (ms: number) => ahead += ms,
  };
}
const MINUTE = 60_000, YEAR = 365 * DAY;
/** Says one thing, and lets time pass in which the store has its turn each second. */
function passing(store: Store, clock: ReturnType<typeof clocks>, ms: number): void {
  for (let left = ms; left > 0; left -= Math.max(1000, ms / 50)) {
    clock.pass(Math.max(1000, ms / 50));
    while (store.tend(100));
  }
}

for (const [how, jump] of [["a year ahead", YEAR], ["a day ahead", DAY], ["a year back", -YEAR]] as const) {
  on(`tend removes nothing while the clock is wrong for a moment: ${how}`, async (open) => {
    const clock = clocks(1000 * DAY), store = open({ keepDays: 1, ...clock });
    store.commit(toAll(1, "before"));
    passing(store, clock, 30 * MINUTE);
    clock.set(jump);
    passing(store, clock, 5 * MINUTE);
    store.commit(toAll(2, "meanwhile"));
    clock.set(-jump);
    passing(store, clock, 5 * MINUTE);
    store.commit(toAll(3, "after"));
    passing(store, clock, 20 * MINUTE);
    assert.deepEqual(await idsOf(store), [1, 2, 3]);
    passing(store, clock, 2 * DAY);
    assert.deepEqual(await idsOf(store), [], "a time that lies far ahead keeps nothing for ever");
  });
}

on("tend keeps what was said when a clock that was behind at the start is set right", async (open) => {
  const clock = clocks(10 * DAY), store = open({ keepDays: 7, ...clock });
  store.commit(toAll(1, "before the network was there"));
  clock.set(YEAR);
  passing(store, clock, 30 * MINUTE);
  assert.deepEqual(await idsOf(store), [1]);
  passing(store, clock, 7 * DAY);
  assert.deepEqual(await idsOf(store), []);
});

on("tend syncs while the clock on the wall goes back by an hour", async (open, path) => {
  const clock = clocks(1000 * DAY), store = open(clock);
  clock.pass(2000);
  store.tend(1);
  clock.set(-60 * MINUTE);
  const before = Deno.statSync(path).mtime!.getTime();
  store.commit(toAll(1, "x"));
  clock.pass(1000);
  store.tend(1);
  await until(() => Deno.statSync(path).mtime!.getTime() > before);
});

Deno.test("the store counts days on the calendar, over a change to summer time", {
  ignore: !may("read", "write", "run"),
}, async () => {
  using folder = makeFolder();
  const module = new URL("../../../server/store/sqlite.ts", import.meta.url).href;
  const lines = new URL("./said.ts", import.meta.url).href;
  // On 29 March 2026 Berlin has no time from 2 to 3: noon to noon is 23 hours.
  Deno.writeTextFileSync(
    `${folder.path}/days.ts`,
    `import { openStore } from "${module}"; import { toAll } from "${lines}";
     let now = new Date(2026, 2, 28, 12).getTime(); const left = [], HOUR = 3_600_000;
     const store = openStore({ path: "${folder.path}/hanita.db", keepDays: 1, wall: () => now, now: () => now });
     store.commit(toAll(1, "noon"));
     for (const hours of [22, 1]) {
       now += hours * HOUR;
       while (store.tend(1));
       left.push(store.find({ conversation: "#all", limit: 1 }).length);
     }
     console.log(new Date(now).getHours(), left.join());
     await store.close();`,
  );
  const config = new URL("../../../deno.json", import.meta.url).pathname;
  const args = ["run", "-q", "--no-prompt", "--config", config, "-P=test", `${folder.path}/days.ts`];
  const { stdout } = await new Deno.Command("deno", { args, env: { TZ: "Europe/Berlin" }, stderr: "inherit" }).output();
  assert.equal(new TextDecoder().decode(stdout), "12 1,0\n");
});

on("tend comes to an end when somebody has removed what it should index", (open, path) => {
  const store = open();
  store.commit(toAll(1, "a"));
  const admin = new DatabaseSync(path);
  admin.exec("DELETE FROM turns");
  admin.close();
  for (let rounds = 0; store.tend(0); rounds++) assert.ok(rounds < 10);
});

on("commit keeps nothing of a turn of which one part cannot be kept", async (open) => {
  let store = open();
  store.commit(toAll(1, "a", "b"));
  const twice = [...turn([{ id: 3, conversation: "#new", message: "c" }]), ...toAll(1, "again")];
  assert.throws(() => store.commit(twice), StoreFailure);
  assert.deepEqual(await idsOf(store, { conversation: "#new" }), []);
  store.commit(turn([{ id: 3, conversation: "#new", message: "c" }, { id: 4, conversation: "#all", message: "d" }]));
  await store.close();
  store = open();
  assert.deepEqual(await idsOf(store, { conversation: "#new" }), [3]);
  assert.deepEqual(await idsOf(store), [1, 2, 4]);
});

on("the last id is the largest that was ever given, whatever is kept, pruned and reopened", async (open, path) => {
  let run = 0;
  const step = fc.oneof(
    fc.record({
      kind: fc.constant("commit" as const),
      rooms: fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 5 }),
    }),
    fc.record({ kind: fc.constant("days" as const), days: fc.nat({ max: 3 }) }),
    fc.record({ kind: fc.constant("restart" as const) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 15 }), async (steps) => {
      let now = 100 * DAY;
      let last = 0;
      const options = { path: path.replace("data", `data${run++}`), keepDays: 2, wall: () => now, now: () => now };
      let store = open(options);
      for (const step of steps) {
        if (step.kind === "commit") {
          await store.commit(turn(step.rooms.map((room) => ({ id: ++last, conversation: `#${room}`, message: "x" }))));
        } else if (step.kind === "days") {
          now += step.days * DAY;
          while (store.tend(1));
        } else {
          await store.close();
          store = open(options);
        }
        assert.equal(store.snapshot().lastId, last);
      }
      await store.close();
    }),
    { numRuns: 30 },
  );
});
