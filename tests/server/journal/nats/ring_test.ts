// The last entries of a log, as they came: without a gap, whatever is left out while a server catches up.

import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import * as fc from "fast-check";
import type { LogEntry } from "../../../../server/journal/nats/log.ts";
import { Ring } from "../../../../server/journal/nats/ring.ts";

const MOST = 10;

function entries(from: number, count: number): LogEntry[] {
  return Array.from(
    { length: count },
    (_, i) => ({ sequence: from + i, time: 1, writer: "w", bytes: new Uint8Array(3) }),
  );
}

function sequences(ring: Ring): number[] {
  return ring.all().map(({ sequence }) => sequence);
}

Deno.test("of a server that catches up only the last entry is kept, and in the end the last ones of the log", () => {
  using db = new DatabaseSync(":memory:");
  const ring = new Ring(db, MOST);
  ring.add(entries(1, 4), Infinity, 100);
  assert.deepEqual(sequences(ring), [4]);
  ring.add(entries(5, 50), Infinity, 50);
  assert.deepEqual([sequences(ring), ring.last?.sequence], [[54], 54]);
  ring.add(entries(55, 44), Infinity, 6);
  assert.deepEqual(sequences(ring), [95, 96, 97, 98]);
  ring.add(entries(99, 6), Infinity, 0);
  assert.deepEqual(sequences(ring), [95, 96, 97, 98, 99, 100, 101, 102, 103, 104]);
  assert.equal(ring.from(95)?.length, MOST);
  assert.equal(ring.from(54), undefined);
});

Deno.test("what an unfinished entry needs is kept while a server catches up", () => {
  using db = new DatabaseSync(":memory:");
  const ring = new Ring(db, MOST);
  ring.add(entries(1, 4), 3, 100);
  ring.add(entries(5, 4), 3, 96);
  assert.deepEqual(sequences(ring), [3, 4, 5, 6, 7, 8]);
  ring.add(entries(9, 4), Infinity, 92);
  assert.deepEqual(sequences(ring), [12]);
});

Deno.test("property: what is kept ends with the last entry, has no gap, and is not much more than the most", () => {
  const step = fc.record({ count: fc.nat(30), left: fc.nat(30) });
  fc.assert(fc.property(fc.array(step), (steps) => {
    using db = new DatabaseSync(":memory:");
    const ring = new Ring(db, MOST);
    let next = 1;
    for (const { count, left } of steps) {
      ring.add(entries(next, count), Infinity, left);
      next += count;
      const kept = sequences(ring), first = next - kept.length;
      assert.deepEqual(kept, entries(first, kept.length).map(({ sequence }) => sequence));
      assert.ok(kept.length <= 1.1 * MOST);
      assert.ok(next === 1 || kept.length > 0);
    }
  }));
});
