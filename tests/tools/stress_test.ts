// What a server must bear, in small: every count is exact. The long runs are `deno task stress`; their figures of time and
// of memory say nothing in so short a run, and are not looked at.

import assert from "node:assert/strict";
import { may } from "../may.ts";
import { task } from "./task.ts";

const ignore = !may("run", "net", "read", "write");

Deno.test(
  "stress stalled: each reader receives all, and only that, beside one that does not read and one that floods",
  { ignore },
  async () => {
    const { out, err } = await task("stress", "stalled", "--connections", "12", "--seconds", "1");
    assert.equal(err, "");
    const [healthy, stressed, ratio] = out.split("\n");
    assert.match(healthy!, /^12 healthy, two polite publishers: 100 messages, 1200 deliveries, exact, /);
    assert.match(stressed!, /^5 healthy, 6 that never read, one floods: 100 messages, 500 deliveries, exact, /);
    assert.ok(Number(/wrote (\d+) messages$/.exec(stressed!)![1]) > 100, "the flooder wrote more than a polite one");
    assert.match(ratio!, /^p99 is /);
  },
);

Deno.test("stress crowd: all clients that are held hear all", { ignore }, async () => {
  const { code, out, err } = await task("stress", "crowd", "--connections", "50", "--seconds", "2");
  assert.deepEqual([code, err], [0, ""]);
  assert.match(out, /^50 connections for 2 s: 100 deliveries, 0 lost or doubled; memory /);
});

Deno.test("stress stop: what is acknowledged before a SIGTERM under load is heard by all", { ignore }, async () => {
  const { code, out, err } = await task("stress", "stop", "--connections", "5");
  assert.deepEqual([code, err], [0, ""]);
  const [, acknowledged, all] = /^SIGTERM under load: (\d+) acknowledged, 0 of (\d+) not received; exit 0 /.exec(out)!;
  assert.equal(Number(all), 5 * Number(acknowledged));
  assert.ok(Number(acknowledged) > 0);
});

Deno.test("stress names what there is when asked for another", { ignore }, async () => {
  const { code, out, err } = await task("stress", "flood");
  assert.deepEqual([code, out, err], [
    2,
    "",
    'hanita-stress: RUN: expected one of stalled, crowd, stop, got "flood" (--help says more)\n',
  ]);
});
