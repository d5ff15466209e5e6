// What a program beside the servers reads from a log is what a server that joins it has.
import assert from "node:assert/strict";
import { State } from "../../../../server/chat/state.ts";
import { type BatchEntry, encodeEntry, type Entry, itemsOf } from "../../../../server/journal/nats/entry.ts";
import { LogState } from "../../../../server/journal/nats/log_state.ts";
import type { StateProposal } from "../../../../server/journal/records.ts";
import { IDS } from "../../../../server/journal/nats/position.ts";
import { applyAll, dump } from "../../chat/dump.ts";
import { FakeLog } from "./fake_log.ts";
import { openMember } from "./shared.ts";

const FIRST = 1_000_000 * IDS, SECOND = 2 * FIRST;

const account = (name: string, id: number) =>
  itemsOf([{ kind: "account", name, password: "hash", operator: false, seen: 0, id }]);

/** The log begins anew behind an entry, with accounts that the chat had. */
function begun(base: number, before: number, ...names: string[]): Entry[] {
  const items = names.flatMap((name, i) => account(name, base - IDS + i));
  return [
    { kind: "begin", attempt: base, chat: 7, base, behind: 0, before, of: [] },
    { kind: "chunk", attempt: base, items },
    { kind: "end", attempt: base },
  ];
}

/** The state behind an entry, for servers that join when the entries before it are removed. */
const checkpoint = (behind: number): Entry[] => [
  { kind: "begin", attempt: 3, chat: 7, base: FIRST, behind, before: 0, of: [] },
  { kind: "end", attempt: 3 },
];

const registered = (name: string, base: number, ifAfter = Infinity): BatchEntry => {
  const first = base + IDS;
  return { kind: "batch", base, first, ifAfter, items: account(name, first) };
};

const cases: { what: string; entries: Entry[]; names: string[] }[] = [
  {
    what: "a beginning that holds makes what is before it void, and batches for the log before",
    entries: [
      ...begun(FIRST, 0, "ann"),
      registered("bob", FIRST),
      ...begun(SECOND, 4, "cat"),
      registered("dan", FIRST),
      registered("eve", SECOND),
    ],
    names: ["cat", "eve"],
  },
  {
    what: "a beginning is void behind a batch that its writer had not seen",
    entries: [
      ...begun(FIRST, 0, "ann"),
      registered("bob", FIRST),
      ...begun(SECOND, 3, "cat"),
      registered("dan", FIRST),
    ],
    names: ["ann", "bob", "dan"],
  },
  {
    what: "a batch between a beginning and its end is void",
    entries: [...begun(FIRST, 0, "ann").toSpliced(2, 0, registered("bob", FIRST))],
    names: ["ann"],
  },
  {
    what: "a batch is void that the state for new servers has overtaken",
    entries: [...begun(FIRST, 0, "ann"), ...checkpoint(3), registered("bob", FIRST, 3), registered("cat", FIRST, 5)],
    names: ["ann", "cat"],
  },
];

/** A room that a guest joins, behind which is the removal that was proposed when it was empty. */
const joined = (): Entry[] => {
  const first = FIRST + IDS, session = { server: "a.1", session: 1 };
  const proposals: StateProposal[] = [
    { kind: "room", name: "#cats" },
    { kind: "server", server: "a.1", is: true },
    { kind: "enter", ...session, name: "zoe", guest: 1 },
    { kind: "attend", ...session, room: FIRST + 4 * IDS, is: true },
    { kind: "removal", of: FIRST + 4 * IDS },
  ];
  const items = itemsOf(proposals.map((proposal, i) => ({ ...proposal, id: first + i })));
  return [...begun(FIRST, 0, "ann"), { kind: "batch", base: FIRST, first, ifAfter: Infinity, items }];
};

Deno.test("state of a log alone: a room that a guest has joined is not removed as an empty one", () => {
  const hub = new FakeLog(), read = new LogState();
  for (const entry of joined()) hub.append("w", encodeEntry(entry));
  const verdicts = hub.entries.map((entry) => read.read(entry)).at(-1);
  assert.deepEqual(read.state.rooms().map(({ name, id }) => [name, id]), [["#cats", FIRST + 4 * IDS]]);
  assert.deepEqual(verdicts?.map((each) => each === "lost" ? each : each.kind), ["created", "lost"]);
});

for (const { what, entries, names } of cases) {
  Deno.test(`state of a log alone: ${what}`, async () => {
    const hub = new FakeLog(), read = new LogState();
    for (const entry of entries) hub.append("w", encodeEntry(entry));
    for (const entry of hub.entries) read.read(entry);
    const journal = await openMember(hub, "none", () => {}, { inMemory: true }), server = new State();
    applyAll(server, journal.snapshot(), true);
    for (const each of journal.take()) if (each.outcome === "kept") applyAll(server, each.records);
    await journal.close();
    assert.deepEqual(dump(read.state), dump(server));
    assert.deepEqual([...read.state.accounts()].map(({ name }) => name), names);
  });
}
