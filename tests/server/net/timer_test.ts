// The alarm's timer is real, so what is asked is which moments ring and how often, and never how soon.

import assert from "node:assert/strict";
import { Timer } from "../../../server/net/timer.ts";

/** An alarm, and the promise of its next ring. */
function alarmed(): { alarm: Timer; rings: () => number; ring: () => Promise<void> } {
  let rings = 0, rang = () => {};
  const alarm = new Timer(() => 0, () => {
    rings++;
    rang();
  });
  return { alarm, rings: () => rings, ring: () => new Promise((resolve) => rang = resolve) };
}

Deno.test("Alarm rings once for many moments: the earliest counts", async () => {
  const { alarm, rings, ring } = alarmed();
  const next = ring();
  alarm.scheduleAt(60_000);
  alarm.scheduleAt(2);
  alarm.scheduleAt(1);
  alarm.scheduleAt(30_000);
  await next; // a wait for one of the late ones would leave a timer behind, and fail
  assert.equal(rings(), 1);
});

Deno.test("Alarm can be set again when it has rung, from within the ring too", async () => {
  const { alarm, rings, ring } = alarmed();
  for (const moment of [1, 2, 0, -5]) {
    const next = ring();
    alarm.scheduleAt(moment);
    await next;
  }
  assert.equal(rings(), 4);
});

Deno.test("Alarm rings no more when it is off, and can be set again", async () => {
  const { alarm, rings, ring } = alarmed();
  alarm.scheduleAt(0);
  alarm.cancel();
  await new Promise((resolve) => setTimeout(resolve, 0)); // behind the one that was taken back
  assert.equal(rings(), 0);
  const next = ring();
  alarm.scheduleAt(1);
  await next;
  assert.equal(rings(), 1);
});

Deno.test("Alarm does not ring at once for a moment that is further off than a timer reaches", async () => {
  const { alarm, rings } = alarmed();
  for (const days of [25, 366, 1e12, Infinity]) alarm.scheduleAt(days * 86_400_000);
  await new Promise((resolve) => setTimeout(resolve, 20)); // an overflowing timer takes 1 ms
  assert.equal(rings(), 0);
  alarm.cancel();
});
