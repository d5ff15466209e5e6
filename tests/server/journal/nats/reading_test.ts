// A log that has what the chat's earlier logs had: what of it counts, for servers and for a program that reads the state alone.
import assert from "node:assert/strict";
import { State } from "../../../../server/chat/state.ts";
import { type BeginEntry, decodeEntry, encodeEntry } from "../../../../server/journal/nats/entry.ts";
import type { SharedOptions } from "../../../../server/journal/nats/journal.ts";
import { LogState } from "../../../../server/journal/nats/log_state.ts";
import { makeFolder } from "../../../log/folder.ts";
import { may } from "../../../may.ts";
import { applyAll, dump } from "../../chat/dump.ts";
import { type Driver, toAll } from "../driver.ts";
import { FakeLog } from "./fake_log.ts";
import { driverOf, openMember } from "./shared.ts";

const motd = (text: string) => ({ kind: "motd", text }) as const;

async function joined(hub: FakeLog, path: string, options: Partial<SharedOptions> = {}): Promise<Driver> {
  const driver = await driverOf((ready) => openMember(hub, path, ready, { keepEntries: 3, ...options }));
  driver.journal.snapshot();
  driver.journal.take();
  return driver;
}

/** The log's store is a copy of what it was. */
function putBack(hub: FakeLog, entries: FakeLog["entries"]): void {
  hub.lose(0);
  hub.entries = [...entries];
  hub.last = entries.at(-1)!.sequence;
  for (const member of hub.members) member.up();
}

for (const isLive of [true, false]) {
  Deno.test({
    name: `a copy of the log before the last one is void, for a server that ${isLive ? "lives" : "starts"}`,
    ignore: !may("read", "write"),
    fn: async () => {
      using folder = makeFolder();
      const hub = new FakeLog(), path = (server: string) => `${folder.path}/${server}/hanita.db`;
      hub.purge = () => {}; // what is void stays
      let one = await joined(hub, path("one"));
      for (let n = 0; n < 8; n++) await one.keep(motd(`${n}`), ...toAll(`${n}`));
      const first = hub.entries;
      for (const text of ["second", "third"]) {
        hub.delete();
        await one.keep(motd(text), ...toAll(text));
      }
      if (!isLive) await one.journal.close();
      putBack(hub, first);
      if (!isLive) one = await joined(hub, path("one"));
      await one.keep(motd("fourth"), ...toAll("fourth"));
      const late = await joined(hub, path("late")), state = new State();
      assert.deepEqual(await late.messages(), ["0", "1", "2", "3", "4", "5", "6", "7", "second", "third", "fourth"]);
      assert.deepEqual(await late.page(), await one.page());
      for (const { journal } of [one, late]) await journal.close();
      const again = await driverOf((ready) => openMember(hub, path("late"), ready)), read = new LogState();
      applyAll(state, again.journal.snapshot(), true);
      for (const each of again.journal.take()) if (each.outcome === "kept") applyAll(state, each.records);
      for (const entry of hub.entries) read.read(entry);
      assert.deepEqual([read.isBegun, dump(read.state)], [true, dump(state)]);
      await again.journal.close();
    },
  });
}

for (const isLive of [true, false]) {
  Deno.test({
    name: `a beginning that was not ended is void in a copy, too, for a server that ${isLive ? "lives" : "starts"}`,
    ignore: !may("read", "write"),
    fn: async () => {
      using folder = makeFolder();
      const hub = new FakeLog(), path = `${folder.path}/one/hanita.db`;
      let one = await joined(hub, path);
      await one.keep(...toAll("first"));
      const { chat, base } = decodeEntry(hub.entries[0]!.bytes) as BeginEntry;
      const head = { attempt: 1, chat, base: base + 1, behind: 0, before: hub.last, of: [base] };
      hub.append("w9", encodeEntry({ kind: "begin", ...head })); // it is gone
      one.journal.take();
      await one.keep(...toAll("second"));
      const copy = hub.entries.slice();
      for (let n = 0; n < 8; n++) await one.keep(...toAll(`${n}`));
      if (!isLive) await one.journal.close();
      putBack(hub, copy);
      if (!isLive) one = await joined(hub, path);
      await one.keep(...toAll("last"));
      assert.deepEqual(await one.messages(), ["first", "second", "0", "1", "2", "3", "4", "5", "6", "7", "last"]);
      const late = await joined(hub, `${folder.path}/late/hanita.db`);
      assert.deepEqual(await late.page(), await one.page());
      for (const { journal } of [one, late]) await journal.close();
    },
  });
}

Deno.test({
  name: "a server that starts beside others waits for their answers, and for no time",
  ignore: !may("read", "write"),
  fn: async () => {
    using folder = makeFolder();
    let moment = 0;
    const hub = new FakeLog(), options = { now: () => moment, settle: 1000 };
    const one = await joined(hub, `${folder.path}/one/hanita.db`, { now: () => moment });
    for (let n = 0; n < 4; n++) {
      moment += 1000;
      await one.keep(...toAll(`${n}`));
    }
    let isOpen = false;
    const opening = joined(hub, `${folder.path}/two/hanita.db`, options).finally(() => isOpen = true);
    for (let n = 0; n < 100 && !isOpen; n++) {
      one.journal.take();
      await new Promise((resolve) => setTimeout(resolve));
    }
    assert.equal(isOpen, true);
    const two = await opening;
    assert.deepEqual(await two.messages(), ["0", "1", "2", "3"]);
    for (const { journal } of [one, two]) await journal.close();
  },
});
