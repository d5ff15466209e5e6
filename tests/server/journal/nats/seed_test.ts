// From one server to many and back, and entries that cannot be used.
import assert from "node:assert/strict";
import { State } from "../../../../server/chat/state.ts";
import { accountSide, between } from "../../../../server/journal/conversation.ts";
import { type BeginEntry, decodeEntry, encodeEntry, itemsOf } from "../../../../server/journal/nats/entry.ts";
import type { SharedJournal, SharedOptions } from "../../../../server/journal/nats/journal.ts";
import { LogState } from "../../../../server/journal/nats/log_state.ts";
import { openJournal } from "../../../../server/journal/sqlite.ts";
import { until, within } from "../../../chat/within.ts";
import { makeFolder } from "../../../log/folder.ts";
import { may } from "../../../may.ts";
import { applyAll, dump } from "../../chat/dump.ts";
import { logged, tamper } from "../disk.ts";
import { clocks, DAY, MINUTE } from "../clocks.ts";
import { batchOf, Driver, maintainAll, toAll } from "../driver.ts";
import { FakeLog, type FakeMember } from "./fake_log.ts";
import { driverOf, openMember } from "./shared.ts";

const SECRET = between(accountSide(1), accountSide(2));

/** A test over one log, with a path for the database of each server. */
function over(name: string, act: (hub: FakeLog, path: (server: string) => string) => Promise<void>): void {
  Deno.test({
    name,
    ignore: !may("read", "write"),
    fn: async () => {
      using folder = makeFolder();
      await act(new FakeLog({ maxBytes: 64 * 1024 }), (server) => `${folder.path}/${server}/hanita.db`);
    },
  });
}

/** A server joins, and is asked for what it has. */
async function joined(
  hub: FakeLog,
  path: string,
  options: Partial<SharedOptions> = {},
): Promise<Driver & { readonly state: State }> {
  const opened = driverOf((ready) => openMember(hub, path, ready, options));
  const driver = await within("a server that joins", opened), state = new State();
  applyAll(state, driver.journal.snapshot(), true);
  for (const each of driver.journal.take()) if (each.outcome === "kept") applyAll(state, each.records);
  return Object.assign(driver, { state });
}

/** A server alone says some things. */
async function fill(path: string, messages = 40): Promise<object> {
  const driver = new Driver(() => openJournal({ path })), state = new State();
  applyAll(state, driver.journal.snapshot(), true);
  const ann = { kind: "account", name: "ann", password: "hash", operator: true, seen: 0 } as const;
  const id = await driver.keep(ann, { kind: "room", name: "#cats" }, { conversation: SECRET, message: "secret" });
  await driver.keep({ kind: "cursor", account: id, last: id }, { kind: "motd", text: "hello" });
  for (let n = 0; n < messages; n++) await driver.keep(...toAll(`${n} ${"x".repeat(10_000)}`));
  for (const each of driver.taken) if (each.outcome === "kept") applyAll(state, each.records);
  await driver.journal.close();
  return dump(state);
}

over(
  "a chat goes from one server to several with its accounts, rooms and messages, and their ids",
  async (hub, path) => {
    const before = await fill(path("one"));
    const one = await joined(hub, path("one")), two = await joined(hub, path("two"));
    assert.deepEqual([dump(one.state), dump(two.state)], [before, before]);
    for (const conversation of ["#all", SECRET]) {
      assert.deepEqual(await two.page({ conversation }), await one.page({ conversation }));
    }
    assert.equal((await two.messages()).length, 40);
    assert.deepEqual(await two.messages({ conversation: SECRET, text: "secret" }), ["secret"]);
    const id = await two.keep(...toAll("from two"));
    one.journal.take();
    assert.deepEqual((await one.page({ limit: 1 })).map(({ id }) => id), [id]);
    for (const { journal } of [one, two]) await journal.close();
  },
);

over("the step to several servers can be interrupted anywhere, and repeated", async (hub, path) => {
  const before = await fill(path("one"));
  let at = 0;
  for (let whole = false; !whole; at++) {
    const faults = [...Array.from<undefined>({ length: at }), "refuse" as const];
    const openLog: typeof hub.open = async (options) => {
      const opened = await hub.open(options);
      opened.log.failNext(...faults);
      return opened;
    };
    try {
      await (await openMember(hub, path("one"), () => {}, { openLog })).close();
      whole = true;
    } catch (error) {
      assert.match((error as Error).message, /full/);
    }
  }
  assert.ok(at > 5, `${at} entries`);
  const one = await joined(hub, path("one")), two = await joined(hub, path("two"));
  assert.deepEqual([dump(one.state), dump(two.state)], [before, before]);
  assert.deepEqual(await two.page(), await one.page());
  for (const { journal } of [one, two]) await journal.close();
});

over("a server that is stopped while it joins begins anew", async (hub, path) => {
  const before = await fill(path("one"));
  await (await joined(hub, path("one"))).journal.close();
  const all = hub.entries;
  hub.entries = all.slice(0, -1);
  hub.last--;
  const logs: FakeMember[] = [];
  const opening = openMember(hub, path("two"), () => {}, {
    settle: 5,
    openLog: async (options) => {
      const opened = await hub.open(options);
      logs.push(opened.log);
      return opened;
    },
  });
  // It waits for the end, which a server that is gone has not appended; another one of its chat has a log of another chat.
  await until("the log to be opened", () => logs.length > 0);
  const closed = assert.rejects(opening, /is not there any more/);
  logs[0]!.give({ kind: "refused", failure: new Error("is not there any more") as never });
  await closed;
  hub.entries = all;
  hub.last++;
  const two = await joined(hub, path("two"));
  assert.deepEqual(dump(two.state), before);
  assert.equal((await two.messages()).length, 40);
  await two.journal.close();
});

over("a database of a chat by another name is refused, though that chat is not there yet", async (hub, path) => {
  const one = await joined(hub, path("one"), { chat: "lesson" });
  await one.keep(...toAll("hello"));
  await one.journal.close();
  const misspelt = openMember(new FakeLog(), path("one"), () => {}, { chat: "leson" });
  await assert.rejects(misspelt, /belongs to a chat of another name than leson; give its --chat/);
  const again = await joined(hub, path("one"), { chat: "lesson" });
  assert.equal((await again.messages()).length, 1);
  await again.journal.close();
});

over("a database that is not of the chat is refused, and stays as it is", async (hub, path) => {
  await (await joined(hub, path("one"))).journal.close();
  await fill(path("two"), 1);
  await assert.rejects(openMember(hub, path("two")), /the chat at the broker began without it; give another --data/);
  const two = new Driver(() => openJournal({ path: path("two") }));
  assert.equal((await two.messages()).length, 1);
  await two.journal.close();
});

over(
  "a server in memory has nothing on the disk, and takes all from the log when it starts again",
  async (hub, path) => {
    const before = await fill(path("one"));
    const one = await joined(hub, path("one")), options = { inMemory: true };
    let two = await joined(hub, path("two"), options);
    for (const round of ["first", "second"]) {
      assert.deepEqual(dump(two.state), before);
      await two.keep(...toAll(round));
      one.journal.take();
      assert.deepEqual(await two.page(), await one.page());
      assert.deepEqual(await two.messages({ text: round }), [round]);
      maintainAll(two.journal, 1);
      await two.journal.close();
      two = await joined(hub, path("two"), options);
    }
    assert.throws(() => Deno.statSync(path("two")), Deno.errors.NotFound);
    for (const { journal } of [one, two]) await journal.close();
  },
);

over(
  "servers have the same messages under ids that ascend, though their clocks are an hour apart",
  async (hub, path) => {
    const apart = [-1, 0, 1].map((hours) => ({ wall: () => Date.now() + 60 * MINUTE * hours }));
    const servers = [];
    for (const [at, options] of apart.entries()) servers.push(await joined(hub, path(`${at}`), options));
    const ids: number[] = [];
    for (let round = 0; round < 3; round++) {
      for (const [at, server] of servers.entries()) {
        for (const { journal } of servers) journal.take();
        ids.push(await server.keep(...toAll(`${at} ${round}`)));
      }
    }
    assert.deepEqual(ids, ids.toSorted((one, other) => one - other));
    for (const { journal } of servers) journal.take();
    for (const server of servers) assert.deepEqual((await server.page()).map(({ id }) => id), ids);
    for (const { journal } of servers) await journal.close();
  },
);

over("without the log the view is the database, which says so, and is no view any more", async (hub, path) => {
  const one = await joined(hub, path("one"));
  const id = await one.keep({ kind: "motd", text: "hello" }, ...toAll("shared"));
  await one.journal.close();
  assert.throws(() => openJournal({ path: path("one"), beside: true }), /it belongs to a chat of several servers/);
  let alone!: Driver;
  const said = await logged(() => {
    alone = new Driver(() => openJournal({ path: path("one") }));
  });
  assert.match(said, /has all of a chat of several servers; what follows is in this database alone/);
  assert.equal(alone.journal.snapshot().length + alone.journal.take().length, 1);
  assert.deepEqual(await alone.messages(), ["shared"]);
  assert.ok(await alone.keep(...toAll("alone")) > id + 1);
  await alone.journal.close();
  await assert.rejects(openMember(hub, path("one")), /began without it/);
  const anew = await joined(new FakeLog(), path("one"));
  assert.deepEqual(await anew.messages(), ["shared", "alone"]);
  await anew.journal.close();
});

over("entries that are damaged or of a newer Hanita are counted, and others go on behind them", async (hub, path) => {
  const one = await joined(hub, path("one")), two = await joined(hub, path("two"));
  const damaged = encodeEntry({ kind: "end", attempt: 1 });
  damaged[damaged.length - 1]! ^= 1;
  const newer = encodeEntry({ kind: "end", attempt: 1 });
  newer[0] = 2;
  hub.append("w9", damaged);
  hub.append("w9", newer.fill(0, 2, 6)); // its checksum is wrong too
  hub.append("w9", new Uint8Array(3));
  const { base, items } = entryOf(hub, one.journal, "whole");
  const later = { ...items[0]!, kind: "later", body: new Uint8Array(2) };
  hub.append(
    "w9",
    encodeEntry({ kind: "batch", base, first: one.journal.next, ifAfter: Infinity, items: [later, ...items] }),
  );
  await one.keep(...toAll("behind"));
  two.journal.take();
  for (const { journal } of [one, two]) assert.deepEqual([journal.skipped.damaged, journal.skipped.unknown], [3, 1]);
  assert.deepEqual(await one.messages(), ["whole", "behind"]);
  assert.deepEqual(await two.page(), await one.page());
  for (const { journal } of [one, two]) await journal.close();
});

/** What an entry with one message has. */
function entryOf({ entries }: FakeLog, journal: SharedJournal | Driver["journal"], message: string) {
  const begin = decodeEntry(entries[0]!.bytes) as BeginEntry;
  return { base: begin.base, items: itemsOf(batchOf(journal.next, toAll(message)).records) };
}

over(
  "a server that was away while the log was begun anew puts nothing of the old one into it, however short it is",
  async (hub, path) => {
    const options = { keepEntries: 3 }, one = await joined(hub, path("one"), options);
    let two = await joined(hub, path("two"), options);
    for (let n = 0; n < 8; n++) await one.keep(...toAll(`${n}`));
    two.journal.take();
    await two.journal.close();
    const before = hub.last;
    hub.delete();
    await one.keep(...toAll("anew"));
    await one.keep(...toAll("and again"));
    const { entries } = hub;
    assert.ok(hub.last < before && hub.last >= before - 3, "the old log's entries would fit behind these");
    two = await joined(hub, path("two"), options);
    assert.deepEqual(hub.entries, entries);
    await two.keep(...toAll("from two"));
    one.journal.take();
    assert.equal((await one.messages()).length, 11);
    assert.deepEqual(await two.page(), await one.page());
    for (const { journal } of [one, two]) await journal.close();
  },
);

for (const lost of [1, 2]) {
  over(
    `a server that starts waits until another one has put back what the log has lost, ${lost} of its entries`,
    async (hub, path) => {
      let moment = 0, isOpen = false;
      const now = () => moment, one = await joined(hub, path("one")), before = await joined(hub, path("two"));
      await one.keep(...toAll("both have it"));
      before.journal.take();
      await before.journal.close();
      await one.keep(...toAll("one has it"));
      hub.lose(hub.last - lost);
      const opening = joined(hub, path("two"), { settle: 20, now }).finally(() => isOpen = true);
      await new Promise((resolve) => setTimeout(resolve, 30));
      assert.equal(isOpen, false, "others are waited for");
      hub.members[0]!.up();
      one.journal.take();
      await new Promise((resolve) => setTimeout(resolve, 30));
      moment += 20;
      const two = await opening;
      await two.keep(...toAll("from two"));
      one.journal.take();
      assert.deepEqual(await one.messages(), ["both have it", "one has it", "from two"]);
      assert.deepEqual(await two.page(), await one.page());
      for (const { journal } of [one, two]) await journal.close();
    },
  );
}

over(
  "a server that was away while entries were removed that it has not applied ends, and gives out nothing behind them",
  async (hub, path) => {
    let ends = 0;
    const one = await joined(hub, path("one")), two = await joined(hub, path("two"), { onDiffers: () => ends++ });
    await one.keep(...toAll("both have it"));
    two.journal.take();
    hub.members[1]!.down();
    for (const text of ["removed", "still there"]) await one.keep(...toAll(text));
    hub.purge(hub.last);
    hub.members[1]!.up();
    assert.deepEqual([two.journal.take(), ends], [[], 1]);
    assert.deepEqual(await two.messages(), ["both have it"]);
    for (const { journal } of [one, two]) await journal.close();
  },
);

over(
  "an entry of several parts counts where its last one is, also for a server that was stopped between",
  async (hub, path) => {
    const one = await joined(hub, path("one"));
    let two = await joined(hub, path("two"));
    const large = encodeEntry({
      kind: "batch",
      first: one.journal.next,
      ifAfter: Infinity,
      ...entryOf(hub, one.journal, "large"),
    });
    const middle = large.length >> 1, parts = [large.subarray(0, middle), large.subarray(middle)];
    const part = (index: number) => encodeEntry({ kind: "part", entry: 1, index, count: 2, bytes: parts[index]! });
    hub.append("w8", part(0)); // it is gone
    hub.append("w9", part(0));
    two.journal.take();
    await two.journal.close();
    two = await joined(hub, path("two"));
    await one.keep(...toAll("between"));
    hub.append("w9", part(1));
    hub.append("w7", part(1)); // it has no beginning
    await two.keep(...toAll("behind"));
    one.journal.take();
    assert.deepEqual(await one.messages(), ["between", "large", "behind"]);
    assert.deepEqual(await two.page(), await one.page());
    for (const { journal } of [one, two]) await journal.close();
  },
);

over("a view that cannot be written waits, and loses nothing", async (hub, path) => {
  const one = await joined(hub, path("one")), two = await joined(hub, path("two"));
  tamper(
    path("one"),
    (db) => db.exec("CREATE TRIGGER stop BEFORE INSERT ON runs BEGIN SELECT raise(ABORT, 'stopped'); END"),
  );
  const id = await two.keep({ kind: "motd", text: "hello" }, ...toAll("meanwhile"));
  assert.deepEqual(one.journal.take(), []);
  assert.throws(() => one.journal.maintain(1), /Cannot keep what other servers have appended: stopped/);
  assert.equal((one.journal as SharedJournal).isUp, false);
  one.journal.append(batchOf(one.journal.next, toAll("own")));
  tamper(path("one"), (db) => db.exec("DROP TRIGGER stop"));
  one.journal.maintain(1);
  await one.until(({ own }) => own !== undefined);
  assert.deepEqual(await one.messages(), ["meanwhile", "own"]);
  assert.equal((await one.page())[0]!.id, id + 1);
  two.journal.take();
  assert.deepEqual(await two.page(), await one.page());
  for (const { journal } of [one, two]) await journal.close();
});

over(
  "old entries are removed from the log, and a server that joins or was away has what the others have",
  async (_, path) => {
    const { wall, now, pass } = clocks(), hub = new FakeLog({ wall });
    const options = { keepDays: 2, wall, now, purgeFrom: 20 };
    const open = (server: string) => joined(hub, path(server), options);
    const one = await open("one"), away = await open("away");
    const ann = { kind: "account", name: "ann", password: "hash", operator: true, seen: 0 } as const;
    const id = await one.keep(ann, ...toAll("first"));
    away.journal.take();
    await away.journal.close();
    for (let n = 0; n < 30; n++) await one.keep({ kind: "motd", text: `${n}` }, ...toAll(`${n}`));
    pass(3 * DAY);
    await one.keep({ kind: "cursor", account: id, last: id }, ...toAll("kept"));
    maintainAll(one.journal, 1);
    pass(20 * MINUTE); // the clock is believed
    maintainAll(one.journal, 1);
    assert.deepEqual(await one.messages(), ["kept"]);
    pass(20 * MINUTE);
    for (let turn = 0; turn < 100 && hub.first < 30; turn++) {
      one.journal.maintain(1);
      await one.keep(...toAll(`turn ${turn}`)); // what is said meanwhile
      pass(1000);
    }
    assert.ok(hub.first >= 30, `${hub.first}`);
    for (const each of one.taken) if (each.outcome === "kept") applyAll(one.state, each.records);
    const two = await open("two"), back = await open("away");
    for (const server of [two, back]) {
      assert.deepEqual(dump(server.state), dump(one.state));
      assert.deepEqual(await server.page({ after: id + 1 }), await one.page());
    }
    assert.deepEqual(await two.page(), await one.page());
    const read = new LogState();
    for (const entry of hub.entries) read.read(entry);
    assert.deepEqual(dump(read.state), dump(one.state));
    const last = await two.keep(...toAll("from two"));
    for (const server of [one, back]) {
      server.journal.take();
      assert.deepEqual((await server.page({ limit: 1 }))[0]!.id, last);
    }
    for (const { journal } of [one, two, back]) await journal.close();
  },
);

over("a chat of which all messages are too old keeps its state in the log", async (_, path) => {
  const { wall, now, pass } = clocks(), hub = new FakeLog({ wall });
  const one = await joined(hub, path("one"), { keepDays: 2, wall, now, purgeFrom: 20 });
  for (let n = 0; n < 30; n++) await one.keep(...toAll(`${n}`));
  pass(3 * DAY);
  await one.keep({ kind: "motd", text: "hello" });
  for (let turn = 0; turn < 3; turn++) {
    maintainAll(one.journal, 1);
    pass(20 * MINUTE); // the clock is believed
  }
  assert.deepEqual(await one.messages(), []);
  for (let turn = 0; turn < 10; turn++) {
    one.journal.maintain(1);
    await one.keep({ kind: "motd", text: `hello ${turn}` });
    pass(1000);
  }
  assert.ok(hub.first >= 30, `${hub.first}`);
  const two = await joined(hub, path("two"));
  assert.equal(two.state.motd, "hello 9");
  for (const { journal } of [one, two]) await journal.close();
});

over(
  "a server that was away takes all from a beginning, of which the copy before it was removed",
  async (hub, path) => {
    const one = await joined(hub, path("one"), { keepEntries: 1 }), away = await joined(hub, path("away"));
    await one.keep(...toAll("first"));
    away.journal.take();
    await away.journal.close();
    const { last } = hub;
    for (const text of ["second", "third"]) await one.keep(...toAll(text));
    hub.setBack(last + 1); // the last one that `one` can put back is not there
    await one.keep(...toAll("fourth"));
    assert.equal(hub.first, last + 2);
    const back = await joined(hub, path("away"));
    assert.deepEqual(await back.messages(), ["first", "second", "third", "fourth"]);
    assert.deepEqual(await back.page(), await one.page());
    for (const { journal } of [one, back]) await journal.close();
  },
);
