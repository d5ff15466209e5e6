// Rows that are made as they are taken: whatever their sizes and however they come, all of them and in order.

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import fc from "fast-check";
import { encode, prefixLength } from "../../../jim/mod.ts";
import type { Row, Rows } from "../../../server/chat/jobs.ts";
import { Outbox } from "../../../server/net/outbox.ts";
import { RowStream } from "../../../server/net/row_stream.ts";
import { makeConnection } from "../fake.ts";

const PIECE = 32 * 1024;

/** Rows in batches; some have to be fetched first. */
function rowsOf(batches: readonly { rows: readonly Row[]; later: boolean }[]): Rows {
  const rest = batches.values();
  return () => {
    const { value: batch, done } = rest.next();
    if (done) return undefined;
    return batch.later ? Promise.resolve(batch.rows) : batch.rows;
  };
}

/** Takes all of it, as the server does: the next piece when the last one is out. */
async function drain(supply: RowStream, connection = makeConnection("ann", true)): Promise<Buffer[]> {
  const writes: Buffer[] = [];
  while (!supply.over || supply.ahead.bytes > 0) {
    if (supply.ahead.bytes === 0) {
      const made = supply.fill(connection, () => {});
      assert.equal(made, supply.ahead.bytes);
      if (made === 0) await null; // rows are being fetched
    }
    const piece = connection.bare ? supply.ahead.takeWhole() : supply.ahead.take();
    if (piece !== undefined) writes.push(Buffer.from(piece)); // a copy: its place is used again
    supply.ahead.written();
  }
  return writes;
}

const batches = (row: fc.Arbitrary<Row>) =>
  fc.array(fc.record({ rows: fc.array(row, { maxLength: 40 }), later: fc.boolean() }), { maxLength: 6 });
const size = fc.oneof(fc.nat(200), fc.nat(5_000), fc.nat(2 * PIECE));

Deno.test("Supply gives exactly the bytes that all rows would be at once, and holds a piece of them", async () => {
  const objects = size.map((length) => ({ action: "online_list", user_id: "я".repeat(length / 2) }));
  await fc.assert(
    fc.asyncProperty(batches(objects), async (batches) => {
      const supply = new RowStream(rowsOf(batches), new Outbox()),
        all = batches.flatMap(({ rows }) => rows).map(encode);
      const writes = await drain(supply);
      assert.ok(Buffer.concat(all).equals(Buffer.concat(writes)));
      const largest = Math.max(0, ...all.map(({ length }) => length));
      for (const { length } of writes) assert.ok(length <= 3 * PIECE + largest, `${length}`);
    }),
    { numRuns: 50 },
  );
});

Deno.test("Supply gives lines of the past as they were kept, one object a write to a bare peer", async () => {
  const lines = fc.nat(900).map((length) => encode({ message: "x".repeat(length) }).subarray(0, -1));
  await fc.assert(
    fc.asyncProperty(batches(lines), async (batches) => {
      const all = batches.flatMap(({ rows }) => rows as Uint8Array[]);
      const writes = await drain(new RowStream(rowsOf(batches), new Outbox()));
      assert.equal(Buffer.concat(writes).toString(), all.map((line) => `${Buffer.from(line)}\n`).join(""));
    }),
    { numRuns: 50 },
  );
  const bare = makeConnection("ann");
  const relay = { action: "msg", time: 1, to: "#all", from: "bob", encoding: "utf-8", message: "hi", id: 1 };
  const rows = [encode(relay).subarray(0, -1), encode({ ...relay, id: 2 }).subarray(0, -1)];
  const writes = await drain(new RowStream(rowsOf([{ rows, later: true }]), new Outbox()), bare);
  assert.deepEqual(writes.map((write) => JSON.parse(`${write}`).id), [1, 2]);
});

Deno.test("Supply puts lengths before its rows where the peer does, and comes behind what was there before", async () => {
  const prefixed = makeConnection("ann", true);
  prefixed.framer.isLengthPrefixed = true;
  const ahead = new Outbox(), before = new TextEncoder().encode("before"), rows = [{ a: 1 }, { b: 2 }];
  ahead.add(before, 0, before.length);
  const writes = await drain(new RowStream(rowsOf([{ rows, later: false }]), ahead), prefixed);
  assert.ok(Buffer.concat(writes).equals(Buffer.concat([before, ...rows.map((row) => prefixLength(encode(row)))])));
});
