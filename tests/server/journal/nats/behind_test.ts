// A server that cannot keep in its view what comes, since its disk is full or its database locked.
import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import type { SharedOptions } from "../../../../server/journal/nats/journal.ts";
import { JournalFailure } from "../../../../server/journal/failure.ts";
import { makeFolder } from "../../../log/folder.ts";
import { may } from "../../../may.ts";
import { batchOf, toAll } from "../driver.ts";
import { FakeLog, type FakeMember } from "./fake_log.ts";
import { openMember } from "./shared.ts";

Deno.test(
  "what a view cannot keep waits at the broker, and comes when there is room; what is said meanwhile is refused",
  {
    ignore: !may("read", "write"),
  },
  async () => {
    using folder = makeFolder();
    const hub = new FakeLog({ later: (arrive) => arrive() }), path = `${folder.path}/two/hanita.db`;
    let link: FakeMember, taken = 0, moment = 0;
    const openLog: SharedOptions["openLog"] = async (options) => {
      const { log, peers } = await hub.open(options), take = log.take.bind(log);
      link = log;
      log.take = () => {
        const events = take();
        taken += events.length;
        return events;
      };
      return { log, peers };
    };
    const one = await openMember(hub, `${folder.path}/one/hanita.db`);
    const two = await openMember(hub, path, () => {}, { openLog, now: () => moment });
    const say = (count: number) => {
      for (let i = 0; i < count; i++) {
        one.append(batchOf(one.next, toAll("said")));
        one.take();
      }
    };
    two.take();
    taken = 0;
    using other = new DatabaseSync(path);
    other.exec("BEGIN IMMEDIATE");
    say(1000);
    assert.deepEqual(two.take(), []);
    assert.equal(taken, 1000);
    say(5);
    assert.deepEqual(two.take(), []);
    assert.equal(taken, 1000);
    assert.ok(!two.isUp && link!.isUp);
    for (const wait of [3000, 0]) { // first the one that has waited, and then one that comes too late for that
      two.append(batchOf(two.next, toAll("refused, and not sent when there is room")));
      if (wait > 0) assert.deepEqual(two.take(), []);
      moment += wait;
      assert.deepEqual(two.take().map(({ outcome }) => outcome), ["failed"]);
    }
    other.exec("ROLLBACK");
    assert.equal(two.take().length, 1005);
    assert.ok(two.isUp);
    assert.deepEqual(two.take(), []);
    for (const each of [one, two]) await each.close();
  },
);

Deno.test(
  "a log that begins anew while a view cannot keep anything begins when there is room; what is said meanwhile is refused",
  {
    ignore: !may("read", "write"),
  },
  async () => {
    using folder = makeFolder();
    const hub = new FakeLog({ later: (arrive) => arrive() }), path = `${folder.path}/one/hanita.db`;
    let moment = 0;
    // The only server, which cannot put all entries back.
    const one = await openMember(hub, path, () => {}, { now: () => moment, keepEntries: 1 });
    for (const text of ["one", "two", "three"]) {
      one.append(batchOf(one.next, toAll(text)));
      one.take();
    }
    const before = await one.page({ conversation: "#all", limit: 9 });
    using other = new DatabaseSync(path);
    other.exec("BEGIN IMMEDIATE");
    hub.delete();
    assert.deepEqual(one.take(), []);
    assert.ok(!one.isUp && hub.last === 0);
    one.append(batchOf(one.next, toAll("refused")));
    moment = 3000;
    assert.deepEqual(one.take().map(({ outcome }) => outcome), ["failed"]);
    assert.throws(() => one.maintain(1), JournalFailure);
    other.exec("ROLLBACK");
    for (let i = 0; i < 9; i++) one.take();
    assert.ok(one.isUp && hub.last > 0);
    one.append(batchOf(one.next, toAll("four")));
    assert.deepEqual(one.take().map(({ outcome }) => outcome), ["kept"]);
    const after = await one.page({ conversation: "#all", limit: 9 });
    assert.deepEqual(after.slice(0, -1), before);
    assert.equal(after.length, 4);
    await one.close();
  },
);
