// Several servers over one log: whatever becomes of links, entries, servers and the log itself, all have the same past.
import assert from "node:assert/strict";
import fc from "fast-check";
import type { Batch } from "../../../../server/journal/contract.ts";
import type { SharedJournal, SharedOptions } from "../../../../server/journal/nats/journal.ts";
import { LogState } from "../../../../server/journal/nats/log_state.ts";
import { isEvent } from "../../../../server/journal/record_kinds.ts";
import type { StateRecord } from "../../../../server/journal/records.ts";
import { State } from "../../../../server/chat/state.ts";
import { makeFolder } from "../../../log/folder.ts";
import { may } from "../../../may.ts";
import { until, within } from "../../../chat/within.ts";
import { applyAll, dump } from "../../chat/dump.ts";
import { batchOf, Driver, type Said } from "../driver.ts";
import { proposalOf, step } from "../proposals.ts";
import { FakeLog, type FakeMember } from "./fake_log.ts";
import { openMember } from "./shared.ts";

/** Milliseconds in which the members of these tests say how far they are, by their clock. */
const SETTLE = 4;

/** A server without a loop: it takes what there is as soon as it is told to. */
class Member {
  readonly acknowledged: string[] = [];
  readonly refused: string[] = [];
  /** Said before it was killed, and not answered. */
  readonly unknown: string[] = [];
  readonly past: Pick<StateRecord, "id" | "kind">[] = [];
  /** What was delivered since it was opened last. */
  delivered: number[] = [];
  state = new State();
  journal!: SharedJournal;
  log!: FakeMember;
  readonly #hub: FakeLog;
  readonly #path: string;
  readonly #options: Partial<SharedOptions>;
  #shut: () => void = () => {};
  readonly #texts = new Map<Batch, readonly string[]>();

  constructor(hub: FakeLog, path: string, options: Partial<SharedOptions> = {}) {
    this.#hub = hub;
    this.#path = path;
    this.#options = options;
  }

  async open(): Promise<this> {
    let isOpen = false;
    const ready = () => queueMicrotask(() => isOpen && this.take());
    const options = { settle: SETTLE, ...this.#options };
    const openLog: SharedOptions["openLog"] = async (logOptions) => {
      const { log, peers } = await this.#hub.open(logOptions);
      this.log = log;
      return { log, peers };
    };
    this.journal = await within("a journal opens", openMember(this.#hub, this.#path, ready, { ...options, openLog }));
    this.state = new State();
    this.delivered = [];
    this.journal.discard(applyAll(this.state, this.journal.snapshot(), true));
    isOpen = true;
    this.take();
    this.#shut = () => isOpen = false;
    return this;
  }

  take(): void {
    for (;;) {
      const committed = this.journal.take();
      if (committed.length === 0) return;
      const lost: number[] = [];
      for (const each of committed) {
        if (each.own !== undefined) {
          (each.outcome === "kept" ? this.acknowledged : this.refused).push(...this.#texts.get(each.own)!);
        }
        if (each.outcome !== "kept") continue;
        lost.push(...applyAll(this.state, each.records));
        for (const record of each.records) {
          if (record.kind === "message") this.delivered.push(record.id);
          else if (each.own !== undefined && !isEvent(record)) this.past.push({ id: record.id, kind: record.kind });
        }
      }
      this.journal.discard(lost);
    }
  }

  say(said: readonly Said[]): void {
    if (this.journal.busy) return;
    const batch = batchOf(this.journal.next, said);
    this.#texts.set(batch, said.flatMap((each) => "message" in each ? [each.message] : []));
    this.journal.append(batch);
    this.take();
  }

  async restart(): Promise<void> {
    await this.close();
    await this.open();
  }

  async close(): Promise<void> {
    this.take();
    if (this.journal.busy) this.unknown.push(...[...this.#texts.values()].at(-1)!);
    this.#shut();
    await this.journal.close();
  }

  async history(): Promise<{ id: number; message: string }[]> {
    const driver = new Driver(() => this.journal), found: { id: number; message: string }[] = [];
    for (const conversation of CONVERSATIONS) {
      for (let after = 0;;) {
        const page = await driver.page({ conversation, after });
        if (page.length === 0) break;
        found.push(...page);
        after = page.at(-1)!.id;
      }
    }
    return found.sort((one, other) => one.id - other.id);
  }
}

const CONVERSATIONS = ["#all", "#7"];

const pass = (milliseconds = 0) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** All links work, and nothing is under way. */
async function settled(hub: FakeLog, members: readonly Member[]): Promise<void> {
  for (const { log } of members) log.repair();
  await until("nothing is under way, and all servers have the whole log", () => {
    for (const member of members) member.take();
    return members.every(({ journal, log }) => !journal.busy && journal.isUp && log.isUp) && hub.last > 0;
  });
  for (const member of members) member.take();
}

const who = fc.nat({ max: 2 });
const steps = fc.array(
  fc.oneof(
    {
      weight: 12,
      arbitrary: fc.record({
        who,
        said: fc.array(
          fc.oneof(
            {
              weight: 3,
              arbitrary: fc.record({ conversation: fc.constantFrom(...CONVERSATIONS), large: fc.boolean() }),
            },
            step,
          ),
          { minLength: 1, maxLength: 4 },
        ),
      }),
    },
    { weight: 3, arbitrary: fc.record({ who, fault: fc.constantFrom("refuse", "swallow", "unanswered") }) },
    { weight: 2, arbitrary: fc.record({ who, link: fc.constantFrom("down", "up") }) },
    { weight: 2, arbitrary: fc.record({ who, restart: fc.constant(true) }) },
    { weight: 8, arbitrary: fc.record({ wait: fc.nat({ max: 2 }) }) },
    { weight: 1, arbitrary: fc.record({ back: fc.nat({ max: 6 }) }) },
    { weight: 1, arbitrary: fc.record({ delete: fc.constant(true) }) },
  ),
  { minLength: 5, maxLength: 40, size: "max" },
);

/** All members have the same, and each text is where its answer says. */
async function check(hub: FakeLog, members: readonly Member[]): Promise<void> {
  const [first, ...rest] = members, history = await first!.history(), state = dump(first!.state);
  const read = new LogState();
  for (const entry of hub.entries) read.read(entry);
  assert.deepEqual(dump(read.state), state, "read from the log alone");
  for (const member of rest) {
    assert.deepEqual(await member.history(), history);
    assert.deepEqual(dump(member.state), state);
  }
  const ids = history.map(({ id }) => id);
  assert.deepEqual(ids, [...new Set(ids)], "each id once");
  const times = Map.groupBy(history, ({ message }) => message);
  for (const { acknowledged, refused, unknown, delivered } of members) {
    for (const text of acknowledged) assert.equal(times.get(text)?.length, 1, `acknowledged: ${text}`);
    for (const text of refused) assert.equal(times.get(text), undefined, `refused: ${text}`);
    for (const text of unknown) assert.ok((times.get(text)?.length ?? 0) <= 1, `unknown: ${text}`);
    const sorted = delivered.toSorted((one, other) => one - other);
    assert.deepEqual(delivered, [...new Set(sorted)], "delivered once, in order");
  }
}

for (const keepEntries of [10_000, 3]) {
  Deno.test({
    name: `servers have the same past whatever fails, where ${keepEntries} entries can be put back`,
    ignore: !may("read", "write"),
    fn: async () => {
      using folder = makeFolder();
      let round = 0, number = 0, moment = 0;
      // A pass of the event loop is a millisecond, however long the disk takes: else each member would take the others for late.
      const timer = setInterval(() => moment++, 1), options = { keepEntries, now: () => moment };
      using _ = { [Symbol.dispose]: () => clearInterval(timer) };
      await fc.assert(
        fc.asyncProperty(steps, async (steps) => {
          const hub = new FakeLog({ maxBytes: 700 }), name = `${folder.path}/${round++}`;
          const members = [0, 1, 2].map((n) => new Member(hub, `${name}/${n}/hanita.db`, options));
          await Promise.all(members.map((member) => member.open()));
          try {
            for (const step of steps) await act(hub, members, step, () => number++);
            await settled(hub, members);
            await check(hub, members);
            for (const member of members) await member.restart();
            await settled(hub, members);
            await check(hub, members);
          } finally {
            for (const member of members) await member.close();
          }
        }),
        // What servers do at once is not repeated by the same steps, so fewer of them say little, and each try takes its time.
        { numRuns: 20, endOnFailure: true },
      );
    },
  });
}

type Step = typeof steps extends fc.Arbitrary<(infer S)[]> ? S : never;

async function act(hub: FakeLog, members: readonly Member[], step: Step, next: () => number): Promise<void> {
  if ("wait" in step) return void await pass(step.wait);
  if ("back" in step || "delete" in step) {
    await settled(hub, members);
    if ("back" in step) hub.setBack(Math.max(0, hub.last - step.back));
    else hub.delete();
    return;
  }
  const member = members[step.who]!;
  if ("fault" in step) member.log.failNext(step.fault as "refuse");
  else if ("link" in step) step.link === "up" ? member.log.up() : member.log.down();
  else if ("restart" in step) await member.restart();
  else {
    member.say(
      step.said.map((each) =>
        "large" in each
          ? { conversation: each.conversation, message: `${next()} ${"x".repeat(each.large ? 600 : 0)}` }
          : proposalOf(each, member.past)
      ),
    );
  }
}
