// The counts of events that are held agree with those of the database, whatever happens to its events.
import assert from "node:assert/strict";
import fc from "fast-check";
import { EventCounts } from "../../../server/journal/event_counts.ts";
import type { MessageRun } from "../../../server/journal/contract.ts";
import { batchOf, type Driver, toAll } from "./driver.ts";
import { on } from "./disk.ts";

const UP = "\u{1F44D}", TADA = "\u{1F389}";
const react = (of: number, from: string, emoji: string, is: boolean) =>
  ({ kind: "reaction", conversation: "#all", of, to: "#all", from, time: 7, emoji, is }) as const;

const aStep = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant("react" as const),
      on: fc.nat(1),
      by: fc.constantFrom("ann", "bob"),
      emoji: fc.constantFrom(UP, TADA),
      is: fc.boolean(),
    }),
  },
  fc.record({ kind: fc.constant("edit" as const), on: fc.nat(1), text: fc.constantFrom("one", "two") }),
  fc.record({ kind: fc.constant("delete" as const), on: fc.nat(1) }),
);

on("what is held of events is what a journal that is opened anew counts", async (open) => {
  await fc.assert(
    fc.asyncProperty(fc.array(aStep, { maxLength: 20 }), async (steps) => {
      let driver = open();
      const first = await driver.keep(...toAll("a", "b"));
      for (const step of steps) {
        const of = first + step.on, about = { conversation: "#all", of, to: "#all", from: "ann", time: 7 } as const;
        if (step.kind === "react") await driver.keep(react(of, step.by, step.emoji, step.is));
        else if (step.kind === "edit") await driver.keep({ kind: "edit", ...about, text: step.text });
        else await driver.keep({ kind: "deletion", ...about });
        aboutBoth(driver, first);
      }
      const held = aboutBoth(driver, first);
      await driver.journal.close();
      driver = open();
      assert.deepEqual(held, aboutBoth(driver, first));
      await driver.journal.close();
    }),
    { numRuns: 20 },
  );
});

on("what a failed append has counted is counted no more", async (open) => {
  const driver = open(), first = await driver.keep(...toAll("a", "b"));
  await driver.keep(react(first, "ann", UP, true));
  const before = aboutBoth(driver, first);
  const batch = batchOf(driver.journal.next, [react(first, "bob", UP, true), ...toAll("c")]);
  const run = batch.records.at(-1) as MessageRun;
  driver.journal.append({ ...batch, records: [...batch.records, { ...run, lines: run.lines.slice() }] }); // one id twice
  assert.equal(driver.journal.take()[0]!.outcome, "failed");
  assert.deepEqual(aboutBoth(driver, first), before);
});

function aboutBoth({ journal }: Driver, first: number): unknown {
  return [first, first + 1].map((id) => {
    const { kinds, ...about } = journal.eventsAbout("#all", id, { emoji: UP, person: "ann 1" }) as {
      kinds: readonly string[];
    };
    return { ...about, kinds: kinds.toSorted() };
  });
}

Deno.test("counts are of the messages that were asked for last; another one is counted again", () => {
  const counts = new EventCounts(), counted: number[] = [];
  const of = (
    message: number,
  ) => [...counts.of(message, (id) => (counted.push(id), [{ emoji: UP, kept: 2, there: 1 }]))];
  for (let message = 1; message <= 64; message++) of(message);
  assert.deepEqual(of(1), [{ emoji: UP, kept: 2, there: 1 }]);
  assert.equal(counted.length, 64);
  of(65); // in place of 2, since 1 was asked for again
  of(1);
  assert.equal(counted.length, 65);
  of(2);
  assert.equal(counted.at(-1), 2);
  counts.add(1, UP, true);
  counts.add(1, null, false);
  counts.add(1, UP, false, -1);
  assert.deepEqual(of(1), [{ emoji: UP, kept: 2, there: 2 }, { emoji: null, kept: 1, there: 0 }]);
  counts.add(1_000, UP, true); // not held
  counts.forget(1);
  assert.deepEqual(of(1), [{ emoji: UP, kept: 2, there: 1 }]);
  counts.forget();
  of(65);
  assert.equal(counted.at(-1), 65);
});
