import assert from "node:assert/strict";
import { Later } from "../../server/later.ts";

Deno.test("events are posted in order, by one timer, and not at once", async () => {
  const posted: number[] = [], { promise, resolve } = Promise.withResolvers<void>();
  const later = new Later<number>((event) => posted.push(event) === 4 && resolve(), () => 0);
  later.add(1);
  later.add(2);
  await Promise.resolve();
  assert.deepEqual(posted, []);
  later.add(3);
  setTimeout(() => later.add(4), 0);
  await promise;
  assert.deepEqual(posted, [1, 2, 3, 4]);
});

Deno.test("an event that is added while others are posted goes with the next", async () => {
  const posted: string[] = [], { promise, resolve } = Promise.withResolvers<void>();
  const later = new Later<string>((event) => {
    posted.push(event);
    if (event === "first") later.add("next");
    if (event === "next") resolve();
  }, () => 0);
  later.add("first");
  later.add("second");
  await promise;
  assert.deepEqual(posted, ["first", "second", "next"]);
});

Deno.test("what is not posted when the loop ends is dropped, and no timer is left", async () => {
  const later = new Later<number>(() => assert.fail("nothing may be posted"), () => 0);
  later.add(1);
  later.cancel();
  await new Promise((resolve) => setTimeout(resolve, 0)); // a timer that was set later fires later
});

/** On a clock and timers of the test: `set` are those that have not fired. */
function onClock() {
  const posted: number[] = [], set: { readonly run: () => void; readonly milliseconds: number }[] = [];
  let now = 0;
  const later = new Later<number>((event) => posted.push(event), () => now, {
    setTimeout(run, milliseconds) {
      set.push({ run, milliseconds });
      return set.at(-1) as unknown as ReturnType<typeof setTimeout>;
    },
    clearTimeout(timer: unknown) {
      const at = set.findIndex((each) => each === timer);
      if (at >= 0) set.splice(at, 1);
    },
  });
  const turn = (milliseconds: number, act = () => {}) => {
    later.beginTurn(now);
    now += milliseconds;
    act();
    later.endTurn(now);
  };
  return { later, posted, set, turn, fire: () => set.pop()!.run() };
}

Deno.test("continuations are posted at once, and behind a poll after some milliseconds of turns", () => {
  const { later, posted, turn, fire } = onClock();
  turn(5, () => later.addContinuation(1));
  later.addContinuation(2); // between two turns, as the result of a job
  assert.deepEqual(posted, [1, 2]);
  turn(5, () => later.addContinuation(3)); // the turns together took long
  later.addContinuation(4);
  fire();
  assert.deepEqual(posted, [1, 2]);
  fire();
  assert.deepEqual(posted, [1, 2, 3, 4]);
  turn(20, () => later.addContinuation(5)); // this one alone did
  assert.deepEqual(posted, [1, 2, 3, 4]);
});

Deno.test("after long turns the timer starts when a turn ends, and a few more times if others follow", () => {
  const { later, posted, set, turn, fire } = onClock(), started = () => set.map(({ milliseconds }) => milliseconds);
  turn(1, () => later.add(1));
  assert.deepEqual(started(), [0]); // little was done
  turn(20);
  assert.deepEqual(started(), [1]);
  const [first] = set;
  for (let i = 0; i < 2; i++) turn(0);
  assert.deepEqual(started(), [1]);
  const [last] = set;
  assert.notEqual(last, first);
  turn(0); // however many turns follow, the events are posted
  assert.equal(set[0], last);
  fire();
  fire();
  assert.deepEqual(posted, [1]);
  turn(20); // nothing waits
  assert.deepEqual(started(), []);
});

Deno.test("after long turns the timer starts once more when it ends, since finished writes may have made it late", () => {
  const { later, posted, set, turn, fire } = onClock(), started = () => set.map(({ milliseconds }) => milliseconds);
  later.add(1);
  fire();
  assert.deepEqual(posted, [1]); // little was done
  turn(20, () => later.add(2));
  fire();
  assert.deepEqual([posted, started()], [[1], [1]]);
  turn(0); // finished writes: the runtime was not idle
  fire();
  assert.deepEqual([posted, started()], [[1], [1]]);
  fire();
  assert.deepEqual([posted, started()], [[1, 2], []]);
});
