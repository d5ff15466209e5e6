// What was said about messages, on several servers: the same on all of them, and of a deleted text nothing is left to be put back.
import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { makeFolder } from "../../../log/folder.ts";
import { may } from "../../../may.ts";
import { clocks, DAY, MINUTE } from "../clocks.ts";
import { maintainAll, toAll } from "../driver.ts";
import { FakeLog } from "./fake_log.ts";
import { driverOf, openMember } from "./shared.ts";

const ignore = !may("read", "write");
const about = (of: number) => ({ conversation: "#all", of, to: "#all", from: "ann", time: 7 });
const edit = (of: number, text: string) => ({ kind: "edit", ...about(of), text }) as const;
const deletion = (of: number) => ({ kind: "deletion", ...about(of) }) as const;

/** The last entries of the log, as a server keeps them, as text. */
function entriesIn(path: string): string {
  const db = new DatabaseSync(path, { readOnly: true });
  const rows = db.prepare("SELECT bytes FROM entries ORDER BY sequence").all();
  db.close();
  return rows.map(({ bytes }) => new TextDecoder().decode(bytes as Uint8Array)).join("\n");
}

Deno.test("each server has the same events, one that begins with what another has, too", { ignore }, async () => {
  using folder = makeFolder();
  const path = (server: string) => `${folder.path}/${server}/hanita.db`, hub = new FakeLog();
  const open = (server: string, hub: FakeLog) => driverOf((ready) => openMember(hub, path(server), ready));
  const one = await open("one", hub), two = await open("two", hub);
  for (const { journal } of [one, two]) journal.snapshot();
  const first = await one.keep(...toAll("one", "two", "three"));
  await two.keep(edit(first, "ONE"), deletion(first + 1));
  one.journal.take();
  await one.keep(edit(first + 1, "too late"), edit(first, "One"));
  two.journal.take();
  const late = await open("late", hub);
  late.journal.snapshot();
  const events = await one.journal.events("#all", {});
  assert.deepEqual(events.map(({ kind }) => kind), ["edit", "deletion", "edit"]);
  for (const each of [one, two, late]) {
    assert.deepEqual(await each.messages(), ["One", "", "three"]);
    assert.deepEqual(await each.journal.events("#all", {}), events);
    await each.journal.close();
  }
  const other = new FakeLog(), seed = await open("one", other), joined = await open("joined", other);
  assert.deepEqual(await joined.messages(), ["One", "", "three"]);
  assert.deepEqual(await joined.journal.events("#all", {}), events);
  for (const { journal } of [seed, joined]) await journal.close();
});

Deno.test("a deleted text is not among the entries that are put back", { ignore }, async () => {
  using folder = makeFolder();
  const path = `${folder.path}/one/hanita.db`, hub = new FakeLog();
  const one = await driverOf((ready) => openMember(hub, path, ready));
  one.journal.snapshot();
  await one.keep(...toAll("before"));
  const first = await one.keep(...toAll("kept", "a secret", "kept too"));
  await one.keep(edit(first + 1, "still a secret"));
  assert.match(entriesIn(path), /a secret[^]*still a secret/);
  await one.keep(deletion(first + 1));
  assert.doesNotMatch(entriesIn(path), /secret/);
  assert.match(entriesIn(path), /before[^]*kept[^]*kept too/);
  assert.deepEqual(await one.messages(), ["before", "kept", "", "kept too"]);
  await one.journal.close();
});

Deno.test(
  "the entry of a deleted text is removed from the log as soon as its messages are too old",
  { ignore },
  async () => {
    using folder = makeFolder();
    const { wall, now, pass } = clocks(), hub = new FakeLog({ wall }), options = { keepDays: 2, wall, now };
    const open = (server: string) =>
      driverOf((ready) => openMember(hub, `${folder.path}/${server}/hanita.db`, ready, options));
    const one = await open("one");
    one.journal.snapshot();
    const first = await one.keep(...toAll("a secret"));
    await one.keep(deletion(first));
    await one.keep(...toAll("old"));
    const { first: before } = hub;
    pass(3 * DAY);
    await one.keep(...toAll("kept"));
    for (let turn = 0; turn < 100 && hub.first === before; turn++) {
      maintainAll(one.journal, 1);
      await one.keep(...toAll(`turn ${turn}`));
      pass(5 * MINUTE);
    }
    assert.ok(hub.first > before);
    await one.journal.close();
  },
);

Deno.test(
  "whatever servers say about messages, and whenever they take it, their views are the same",
  { ignore },
  async () => {
    const act = fc.record({
      server: fc.nat(2),
      what: fc.constantFrom("message", "edit", "deletion", "reaction", "back", "take"),
      of: fc.nat(5),
      emoji: fc.constantFrom("a", "b"),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 5, maxLength: 40 }), async (acts) => {
        using folder = makeFolder();
        const hub = new FakeLog(), ids: number[] = [];
        const servers = await Promise.all(
          [0, 1, 2].map((i) => driverOf((ready) => openMember(hub, `${folder.path}/${i}/hanita.db`, ready))),
        );
        for (const { journal } of servers) journal.snapshot();
        for (const [i, { server, what, of, emoji }] of acts.entries()) {
          const driver = servers[server]!, id = ids[of];
          if (what === "take") driver.journal.take();
          else if (what === "message") ids.push(await driver.keep(...toAll(`message ${i}`)));
          else if (id !== undefined) {
            const reaction = { kind: "reaction", ...about(id), from: `guest ${server}`, emoji } as const;
            const events = { edit: edit(id, `edit ${i}`), deletion: deletion(id) };
            const event = what === "edit" || what === "deletion"
              ? events[what]
              : { ...reaction, is: what === "reaction" };
            assert.equal((await driver.append([event])).outcome, "kept");
          }
        }
        for (const { journal } of servers) journal.take();
        const views = await Promise.all(servers.map(async (driver) => ({
          messages: await driver.page(),
          events: await driver.journal.events("#all", {}),
        })));
        for (const view of views) assert.deepEqual(view, views[0]);
        for (const { journal } of servers) await journal.close();
      }),
      { numRuns: 20 },
    );
  },
);
