import assert from "node:assert/strict";
import { Later } from "../../server/later.ts";

Deno.test("events are posted in order, by one timer, and not at once", async () => {
  const posted: number[] = [], { promise, resolve } = Promise.withResolvers<void>();
  const later = new Later<number>((event) => posted.push(event) === 4 && resolve());
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
  });
  later.add("first");
  later.add("second");
  await promise;
  assert.deepEqual(posted, ["first", "second", "next"]);
});

Deno.test("what is not posted when the loop ends is dropped, and no timer is left", async () => {
  const later = new Later<number>(() => assert.fail("nothing may be posted"));
  later.add(1);
  later.cancel();
  await new Promise((resolve) => setTimeout(resolve, 0)); // a timer that was set later fires later
});

/** Timers that a test fires, and those that are set. */
function timers() {
  const set: { readonly run: () => void; readonly milliseconds: number }[] = [];
  return {
    set,
    setTimeout(run: () => void, milliseconds: number) {
      set.push({ run, milliseconds });
      return set.at(-1) as unknown as ReturnType<typeof setTimeout>;
    },
    clearTimeout(timer: unknown) {
      const at = set.findIndex((each) => each === timer);
      if (at >= 0) set.splice(at, 1);
    },
    fire: () => set.pop()!.run(),
  };
}

Deno.test("continuations are posted at once, and behind a poll after some milliseconds of turns", () => {
  const posted: number[] = [], clock = timers(), later = new Later<number>((event) => posted.push(event), clock);
  later.countWork(5);
  later.addContinuation(1);
  assert.deepEqual(posted, [1]);
  later.countWork(5);
  later.addContinuation(2);
  later.addContinuation(3);
  assert.deepEqual(posted, [1]);
  clock.fire();
  assert.deepEqual(posted, [1, 2, 3]);
  later.countWork(5);
  later.addContinuation(4);
  assert.deepEqual(posted, [1, 2, 3, 4]);
});

Deno.test("after long turns the timer starts when a turn ends, and a few more times if others follow", () => {
  const posted: number[] = [], clock = timers(), later = new Later<number>((event) => posted.push(event), clock);
  const started = () => clock.set.map(({ milliseconds }) => milliseconds);
  later.add(1);
  later.endTurn();
  assert.deepEqual(started(), [0]); // little was done
  later.countWork(20);
  const first = clock.set[0];
  later.endTurn();
  assert.deepEqual(started(), [1]);
  for (let i = 0; i < 2; i++) later.endTurn();
  const last = clock.set[0];
  assert.notEqual(last, first);
  later.endTurn(); // however many turns follow, the events are posted
  assert.equal(clock.set[0], last);
  clock.fire();
  assert.deepEqual(posted, [1]);
  later.countWork(20);
  later.endTurn(); // nothing waits
  assert.deepEqual(started(), []);
});
