// One table of tests for both backends of select/: what a loop may rely on, whichever it runs on.
// A lost wake-up leaves the event loop with nothing to do, and Deno then fails the test at once: no deadline needed.

import assert from "node:assert/strict";
import fc from "fast-check";
import { type Select, type SelectName, selects, type Source } from "../../select/mod.ts";

type Make = () => Select<string>;

const table: [claim: string, test: (make: Make) => Promise<void>][] = [
  ["hands out an outcome as the event its source makes of it", async (make) => {
    const select = make();
    listen(select, "a").arm(Promise.resolve("hello"));
    assert.deepEqual(await select.wait(), ["a hello"]);
  }],

  ["hands out a rejection as an event", async (make) => {
    const select = make();
    listen(select, "a").arm(Promise.reject(new Error("reset")));
    assert.deepEqual(await select.wait(), ["a failed: reset"]);
  }],

  ["sleeps until a source settles", async (make) => {
    const select = make();
    const read = Promise.withResolvers<string>();
    listen(select, "idle").arm(new Promise(() => {}));
    listen(select, "a").arm(read.promise);
    const batch = select.wait();
    assert.equal(await orQuiet(batch), "quiet");
    read.resolve("late");
    assert.deepEqual(await batch, ["a late"]);
  }],

  ["hands out each of many outcomes once", async (make) => {
    const select = make();
    for (const name of "abcde") listen(select, name).arm(Promise.resolve("1"));
    assert.deepEqual((await collect(select, 5)).sort(), ["a 1", "b 1", "c 1", "d 1", "e 1"]);
    assert.equal(await orQuiet(select.wait()), "quiet");
  }],

  ["hands out posts in one batch and in order", async (make) => {
    const select = make();
    for (const event of ["one", "two", "three"]) select.post(event);
    assert.deepEqual(await select.wait(), ["one", "two", "three"]);
  }],

  ["wakes a sleeper when an event is posted", async (make) => {
    const select = make();
    listen(select, "idle").arm(new Promise(() => {}));
    const batch = select.wait();
    assert.equal(await orQuiet(batch), "quiet");
    select.post("tick");
    assert.deepEqual(await batch, ["tick"]);
  }],

  ["wakes a sleeper when a source armed during the sleep settles", async (make) => {
    const select = make();
    const source = listen(select, "a");
    const batch = select.wait();
    assert.equal(await orQuiet(batch), "quiet");
    source.arm(Promise.resolve("1"));
    assert.deepEqual(await batch, ["a 1"]);
  }],

  ["starves no source when something is posted every turn", async (make) => {
    const select = make();
    listen(select, "a").arm(Promise.resolve("1"));
    const got: string[] = [];
    for (let turn = 0; turn < 5; turn++) {
      select.post("tick");
      got.push(...await select.wait());
    }
    assert.equal(got.filter((event) => event === "a 1").length, 1);
    assert.equal(got.length, 6);
  }],

  ["leaves a batch alone when events arrive while it is handled", async (make) => {
    const select = make();
    select.post("one");
    const batch = await select.wait();
    select.post("two");
    assert.deepEqual(batch, ["one"]);
    assert.deepEqual(await select.wait(), ["two"]);
  }],

  ["tells of the events that no wait has handed out", async (make) => {
    const select = make();
    const source = listen(select, "a");
    assert.equal(select.hasEvents, false);
    source.arm(Promise.resolve("1"));
    assert.equal(select.hasEvents, false);
    await quiet();
    assert.equal(select.hasEvents, true);
    assert.deepEqual(await select.wait(), ["a 1"]);
    assert.equal(select.hasEvents, false);
    select.post("tick");
    assert.equal(select.hasEvents, true);
    assert.deepEqual(await select.wait(), ["tick"]);
    assert.equal(select.hasEvents, false);
    select.source(() => undefined, () => undefined).arm(Promise.resolve());
    await quiet();
    assert.equal(select.hasEvents, false);
    source.arm(Promise.resolve("2"));
    await quiet();
    source.close();
    assert.equal(select.hasEvents, true);
    assert.deepEqual(await select.wait(), ["a 2"]);
    assert.equal(select.hasEvents, false);
  }],

  ["has handed out the event of a source that is not armed, when there are no events", async (make) => {
    for (let later = 0; later < 8; later++) {
      const select = make(), [a, b] = [listen(select, "a"), listen(select, "b")];
      const [first, second] = [Promise.withResolvers<string>(), Promise.withResolvers<string>()];
      a.arm(first.promise);
      b.arm(second.promise);
      const batch = select.wait();
      await quiet();
      first.resolve("1");
      (async () => {
        for (let i = 0; i < later; i++) await undefined;
        second.resolve("1");
      })();
      const events = [...await batch];
      if (!b.armed) assert.equal(select.hasEvents || events.includes("b 1"), true, `${later} microtasks later`);
      while (events.length < 2) events.push(...await select.wait());
      assert.deepEqual([events, select.hasEvents], [["a 1", "b 1"], false]);
    }
  }],

  ["throws when a source is armed twice", async (make) => {
    const select = make();
    const source = listen(select, "a");
    source.arm(Promise.resolve("1"));
    assert.throws(() => source.arm(Promise.resolve("2")), { message: "Cannot arm the source: it is armed already" });
    assert.deepEqual(await select.wait(), ["a 1"]);
  }],

  ["disarms a source when its promise settles", async (make) => {
    const select = make();
    const source = listen(select, "a");
    assert.equal(source.armed, false);
    source.arm(Promise.resolve("1"));
    assert.equal(source.armed, true);
    await select.wait();
    assert.equal(source.armed, false);
    source.arm(Promise.resolve("2"));
    assert.deepEqual(await select.wait(), ["a 2"]);
  }],

  ["keeps an event that was not handed out when its source is armed again", async (make) => {
    const select = make();
    const source = listen(select, "a");
    source.arm(Promise.resolve("1"));
    await quiet();
    source.arm(Promise.resolve("2"));
    assert.deepEqual(await collect(select, 2), ["a 1", "a 2"]);
  }],

  ["hands out nothing when a source makes no event, and lets it be armed again", async (make) => {
    const select = make();
    const source = select.source((value: string) => value === "" ? undefined : value, () => undefined);
    const batch = select.wait();
    source.arm(Promise.resolve(""));
    assert.equal(await orQuiet(batch), "quiet");
    source.arm(Promise.reject(new Error("ignored")));
    assert.equal(await orQuiet(batch), "quiet");
    source.arm(Promise.resolve("full"));
    assert.deepEqual(await batch, ["full"]);
  }],

  ["lets a source arm itself again while it makes its event", async (make) => {
    const select = make();
    const source: Source<number> = select.source((left: number) => {
      if (left > 0) source.arm(Promise.resolve(left - 1));
      return left === 2 ? undefined : `${left} left`;
    }, () => undefined);
    source.arm(Promise.resolve(3));
    assert.deepEqual(await collect(select, 3), ["3 left", "1 left", "0 left"]);
  }],

  ["drops what settles after close", async (make) => {
    const select = make();
    const [value, error] = [Promise.withResolvers<string>(), Promise.withResolvers<string>()];
    const sources = [listen(select, "a"), listen(select, "b")] as const;
    sources[0].arm(value.promise);
    sources[1].arm(error.promise);
    const batch = select.wait();
    for (const source of sources) source.close();
    assert.deepEqual(sources.map((source) => source.armed), [false, false]);
    value.resolve("late");
    error.reject(new Error("Interrupted"));
    assert.equal(await orQuiet(batch), "quiet");
    select.post("tick");
    assert.deepEqual(await batch, ["tick"]);
  }],

  ["hands out what settled before close", async (make) => {
    const select = make();
    const source = listen(select, "a");
    source.arm(Promise.resolve("1"));
    await quiet();
    source.close();
    assert.deepEqual(await select.wait(), ["a 1"]);
    assert.equal(await orQuiet(select.wait()), "quiet");
  }],

  ["keeps what settled and drops what did not when both are there at close", async (make) => {
    const select = make();
    const source = listen(select, "a");
    source.arm(Promise.resolve("1"));
    await quiet();
    source.arm(Promise.resolve("2"));
    source.close();
    assert.deepEqual(await select.wait(), ["a 1"]);
    assert.equal(await orQuiet(select.wait()), "quiet");
  }],

  ["drops what a closed source is armed with", async (make) => {
    const select = make();
    const source = listen(select, "a");
    source.close();
    source.arm(Promise.resolve("1"));
    assert.equal(source.armed, false);
    source.arm(Promise.reject(new Error("BadResource")));
    assert.equal(await orQuiet(select.wait()), "quiet");
  }],

  ["refuses a second waiter and serves the first", async (make) => {
    const select = make();
    const batch = select.wait();
    await assert.rejects(select.wait(), { message: "Cannot wait: another wait() is asleep" });
    select.post("tick");
    await assert.rejects(select.wait(), { message: "Cannot wait: another wait() is asleep" }); // rung, still in bed
    assert.deepEqual(await batch, ["tick"]);
  }],

  ["leaves no rejection unhandled when nobody waits", async (make) => {
    const unhandled = await unhandledDuring(async () => {
      const select = make();
      listen(select, "a").arm(Promise.reject(new Error("reset")));
      const closed = listen(select, "b");
      closed.arm(Promise.reject(new Error("Interrupted")));
      closed.close();
      await quiet();
    });
    assert.deepEqual(unhandled, []);
  }],

  ["does not hide a bug in a source's own functions", async (make) => {
    const bug = new TypeError("bug");
    const unhandled = await unhandledDuring(async () => {
      const source = make().source(() => {
        throw bug;
      }, () => undefined);
      source.arm(Promise.resolve());
      await quiet();
    });
    assert.deepEqual(unhandled, [bug]);
  }],

  ["hands out each event once and in its source's order, however arms, outcomes and posts interleave", async (make) => {
    await fc.assert(fc.asyncProperty(script, (steps) => followsTheLaw(make(), steps)), { timeout: 60_000 });
  }],
];

for (const name of Object.keys(selects) as SelectName[]) {
  for (const [claim, test] of table) Deno.test(`${name} ${claim}`, () => test(selects[name]));
}

Deno.test("ready hands out all that has settled in one batch, in order of arrival", async () => {
  const select = selects.ready<string>();
  const reads = [..."abc"].map((name) => {
    const read = Promise.withResolvers<string>();
    listen(select, name).arm(read.promise);
    return read;
  });
  reads[2]?.resolve("1");
  reads[0]?.reject(new Error("reset"));
  await quiet();
  select.post("tick");
  reads[1]?.resolve("1");
  await quiet();
  assert.deepEqual(await select.wait(), ["c 1", "a failed: reset", "tick", "b 1"]);
});

Deno.test("ready serves three sources equally when they are always ready", async () => {
  assert.deepEqual(await served(selects.ready(), 3_000), [1_000, 1_000, 1_000]);
});

// Not a law but the trap of race.ts, shown: a source behind two busy ones is never heard. Should this fail one day
// because all three are served, the header of race.ts has to change.
Deno.test("race starves the last of three sources when they are always ready", async () => {
  assert.equal((await served(selects.race(), 3_000))[2], 0);
});

Deno.test("race is run without the sources that are closed", async () => {
  const select = selects.race<string>();
  const [open, closed] = [listen(select, "a"), listen(select, "b")];
  for (const source of [open, closed]) source.arm(new Promise(() => {}));
  closed.close();
  select.post("tick");

  const original = Promise.race;
  let contenders = 0;
  Promise.race = ((all: Promise<unknown>[]) => {
    contenders = all.length;
    return original.call(Promise, all);
  }) as typeof Promise.race;
  try {
    assert.deepEqual(await select.wait(), ["tick"]);
  } finally {
    Promise.race = original;
  }
  assert.equal(contenders, 2); // the open source and the bell
});

/** How often each of three sources that are always ready is heard in `events` events. */
async function served(select: Select<number>, events: number): Promise<number[]> {
  const heard = [0, 0, 0];
  const sources = heard.map((_, i) => select.source(() => i, () => undefined));
  for (const source of sources) source.arm(Promise.resolve());
  for (let left = events; left > 0;) {
    for (const i of await select.wait()) {
      heard[i]!++;
      left--;
      sources[i]!.arm(Promise.resolve());
    }
  }
  return heard;
}

/** A step of the law: to `lane` 0, 1 or 2 something happens, and then as many microtasks pass as `rest` says. */
interface Step {
  what: "arm" | "resolve" | "reject" | "post" | "turn";
  lane: number;
  rest: number;
}

const script: fc.Arbitrary<Step[]> = fc.array(
  fc.record<Step>({
    what: fc.constantFrom("arm", "arm", "resolve", "reject", "post", "turn"),
    lane: fc.nat({ max: 2 }),
    rest: fc.nat({ max: 4 }),
  }),
  { maxLength: 60 },
);

/** Plays the steps while a consumer waits beside them; steps that make no sense (settling what is not armed) pass. */
async function followsTheLaw(select: Select<string>, steps: Step[]): Promise<void> {
  const sources = [0, 1, 2].map((lane) => listen(select, `${lane}`));
  const pending: (PromiseWithResolvers<string> | undefined)[] = [];
  const expected: string[] = [];
  const got: string[] = [];

  const consumer = (async () => {
    while (got.at(-1) !== "end" && got.length <= steps.length) got.push(...await select.wait());
  })();
  for (const [number, { what, lane, rest }] of steps.entries()) {
    const open = pending[lane];
    if (what === "arm" && open === undefined) {
      pending[lane] = Promise.withResolvers();
      sources[lane]!.arm(pending[lane].promise);
    } else if (what === "resolve" && open !== undefined) {
      open.resolve(`${number}`);
      expected.push(`${lane} ${number}`);
    } else if (what === "reject" && open !== undefined) {
      open.reject(new Error(`${number}`));
      expected.push(`${lane} failed: ${number}`);
    } else if (what === "post") {
      select.post(`post ${number}`);
      expected.push(`post ${number}`);
    } else if (what === "turn") {
      await quiet();
    }
    if (what === "resolve" || what === "reject") {
      pending[lane] = undefined;
      await undefined; // the microtask in which the source hears of it
    }
    for (let i = 0; i < rest; i++) await undefined;
  }
  await quiet(); // race hands out one winner a turn: let it finish
  select.post("end");
  await consumer;

  assert.equal(got.pop(), "end");
  for (const lane of ["0", "1", "2", "post"]) {
    const ofLane = (event: string) => event.startsWith(`${lane} `);
    assert.deepEqual(got.filter(ofLane), expected.filter(ofLane));
  }
}

/** A source that tells its name and what happened as events. */
function listen(select: Select<string>, name: string): Source<string> {
  return select.source((value: string) => `${name} ${value}`, (error) => `${name} failed: ${(error as Error).message}`);
}

/** The events of as many waits as `count` events need. */
async function collect(select: Select<string>, count: number): Promise<string[]> {
  const events: string[] = [];
  while (events.length < count) events.push(...await select.wait());
  return events;
}

/** One turn of the event loop: every microtask that can run has run. */
function quiet(): Promise<"quiet"> {
  return new Promise((resolve) => setTimeout(resolve, 0, "quiet"));
}

/** What `promise` resolves to, or "quiet" if nothing that can run now settles it. */
function orQuiet<T>(promise: Promise<T>): Promise<T | "quiet"> {
  return Promise.race([promise, quiet()]);
}

/** The reasons of the rejections that nobody handled while `action` ran. */
async function unhandledDuring(action: () => Promise<void>): Promise<unknown[]> {
  const reasons: unknown[] = [];
  const note = (event: PromiseRejectionEvent) => {
    event.preventDefault();
    reasons.push(event.reason);
  };
  globalThis.addEventListener("unhandledrejection", note);
  try {
    await action();
    // On a busy machine a timer is due at once, and fires before they are reported: in the same turn, but not in the next.
    for (let turn = 0; turn < 2; turn++) await quiet();
  } finally {
    globalThis.removeEventListener("unhandledrejection", note);
  }
  return reasons;
}
