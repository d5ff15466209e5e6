// Laws of the entries: what is written is read again, and whatever the bytes are, reading ends without an exception.
import assert from "node:assert/strict";
import fc from "fast-check";
import { decodeEntry, encodeEntry, type Entry } from "../../../../server/journal/nats/entry.ts";
import { framesOf, Parts } from "../../../../server/journal/nats/parts.ts";

const number = fc.oneof(fc.nat(), fc.maxSafeNat()), small = fc.nat(), bytes = fc.uint8Array({ maxLength: 60 });
const text = fc.string({ unit: "grapheme", maxLength: 10 });
const run = fc.record({
  kind: fc.constant("message" as const),
  version: small,
  id: number,
  last: number,
  count: small,
  time: number,
  conversation: text,
  lines: bytes,
}, { noNullPrototype: true });
const kind = text.filter((kind) => kind !== "message");
const record = fc.record({ kind, version: small, id: number, time: number, body: bytes }, { noNullPrototype: true });
const items = fc.array(fc.oneof(run, record), { maxLength: 5 });
const attempt = number, writer = text;

const entry: fc.Arbitrary<Entry> = fc.oneof(
  fc.record({
    kind: fc.constant("batch" as const),
    base: number,
    first: number,
    ifAfter: fc.oneof(number, fc.constant(Infinity), fc.constant(-1)),
    items,
  }, { noNullPrototype: true }),
  fc.record({ kind: fc.constant("part" as const), entry: number, index: small, count: small, bytes }, {
    noNullPrototype: true,
  }),
  fc.record({
    kind: fc.constant("begin" as const),
    attempt,
    chat: number,
    base: number,
    behind: number,
    before: number,
    of: fc.array(fc.integer({ min: 1 }), { maxLength: 3 }),
  }, { noNullPrototype: true }),
  fc.record({ kind: fc.constant("chunk" as const), attempt, items }, { noNullPrototype: true }),
  fc.record({ kind: fc.constant("past" as const), attempt, sequence: number, time: number, writer, bytes }, {
    noNullPrototype: true,
  }),
  fc.record({ kind: fc.constant("end" as const), attempt }, { noNullPrototype: true }),
);

Deno.test("an entry is read as it was written", () => {
  fc.assert(fc.property(entry, (entry) => assert.deepEqual(decodeEntry(encodeEntry(entry)), entry)));
});

Deno.test("an entry of which a bit is another one is damaged", () => {
  fc.assert(fc.property(entry, fc.nat(), fc.nat({ max: 7 }), (entry, at, bit) => {
    const bytes = encodeEntry(entry);
    bytes[at % bytes.length]! ^= 1 << bit;
    assert.equal(decodeEntry(bytes), "damaged");
  }));
});

Deno.test("any bytes are read without an exception", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => assert.equal(decodeEntry(bytes), "damaged")));
});

Deno.test("an entry in parts is put together, whatever other writers append between", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 500 }), fc.integer({ min: 40, max: 100 }), (bytes, maxBytes) => {
    const parts = new Parts(), frames = framesOf(bytes, maxBytes, 7);
    if (frames.length === 1) return assert.deepEqual(frames, [bytes]);
    let sequence = 0, whole: Uint8Array | undefined;
    for (const frame of frames) {
      assert.ok(frame.length <= maxBytes && whole === undefined);
      const part = decodeEntry(frame);
      assert.ok(typeof part === "object" && part.kind === "part");
      assert.equal(parts.add("other", ++sequence, { ...part, index: part.index + 1 }), undefined);
      whole = parts.add("own", ++sequence, part);
    }
    assert.deepEqual(whole, bytes);
    assert.equal(parts.firstUnfinished(sequence), Infinity);
  }));
});
