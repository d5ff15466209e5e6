// The runtime's timer is real, so the tests ask which moments fire and how often, and never how soon.

import assert from "node:assert/strict";
import { Timer } from "../../../server/net/timer.ts";

/** A timer, how often it has fired, and a promise that it fires next. */
function counted(): { timer: Timer; fired: () => number; nextFiring: () => Promise<void> } {
  let fired = 0, resolveNext = () => {};
  const timer = new Timer(() => 0, () => {
    fired++;
    resolveNext();
  });
  return { timer, fired: () => fired, nextFiring: () => new Promise((resolve) => resolveNext = resolve) };
}

Deno.test("Timer fires once for many moments: the earliest counts", async () => {
  const { timer, fired, nextFiring } = counted();
  const next = nextFiring();
  timer.scheduleAt(60_000);
  timer.scheduleAt(2);
  timer.scheduleAt(1);
  timer.scheduleAt(30_000);
  await next; // a wait for one of the late ones would leave a timer behind, and fail
  assert.equal(fired(), 1);
});

Deno.test("Timer can be set again when it has fired, from within its callback too", async () => {
  const { timer, fired, nextFiring } = counted();
  for (const moment of [1, 2, 0, -5]) {
    const next = nextFiring();
    timer.scheduleAt(moment);
    await next;
  }
  assert.equal(fired(), 4);
});

Deno.test("Timer does not fire when it was cancelled, and can be set again", async () => {
  const { timer, fired, nextFiring } = counted();
  timer.scheduleAt(0);
  timer.cancel();
  await new Promise((resolve) => setTimeout(resolve, 0)); // behind the one that was taken back
  assert.equal(fired(), 0);
  const next = nextFiring();
  timer.scheduleAt(1);
  await next;
  assert.equal(fired(), 1);
});

Deno.test("Timer does not fire at once for a moment that is further off than the runtime's timers reach", async () => {
  const { timer, fired } = counted();
  for (const days of [25, 366, 1e12, Infinity]) timer.scheduleAt(days * 86_400_000);
  await new Promise((resolve) => setTimeout(resolve, 20)); // an overflowing timer takes 1 ms
  assert.equal(fired(), 0);
  timer.cancel();
});
