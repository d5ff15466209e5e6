import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import fc from "fast-check";
import { Outbox } from "../../../server/net/outbox.ts";

const WRITE = 64 * 1024;
const bytes = (length: number, from = 0) => Uint8Array.from({ length }, (_, i) => from + i);
const list = (bytes: Uint8Array | undefined) => bytes === undefined ? undefined : [...bytes];

Deno.test("Outbox.take joins what was added, without a copy when it lies together", () => {
  const outbox = new Outbox();
  const shared = bytes(10);
  outbox.add(shared, 2, 4);
  outbox.add(shared, 4, 7);
  assert.equal(outbox.bytes, 5);
  const taken = outbox.take()!;
  assert.deepEqual([taken.buffer, taken.byteOffset, taken.length], [shared.buffer, 2, 5]);
  assert.deepEqual([outbox.bytes, outbox.take()], [0, undefined]);
});

Deno.test("Outbox.take gives two outboxes the very same view of what both are owed", () => {
  const shared = bytes(10), one = new Outbox(), other = new Outbox();
  for (const outbox of [one, other]) outbox.add(shared, 0, 10);
  assert.equal(one.take(), other.take());
});

Deno.test("Outbox.take joins pieces from different places in their order", () => {
  const outbox = new Outbox();
  outbox.add(bytes(3), 0, 3);
  outbox.add(bytes(3, 50), 1, 3);
  outbox.add(bytes(3, 70), 0, 0);
  outbox.add(bytes(3, 90), 2, 3);
  assert.deepEqual(list(outbox.take()), [0, 1, 2, 51, 52, 92]);
  assert.equal(outbox.take(), undefined);
});

Deno.test("Outbox.take joins in a buffer of its own until the write is over", () => {
  const pieces = [bytes(3), bytes(3, 50)], boxes = [new Outbox(), new Outbox(), new Outbox()];
  const [first, second, third] = boxes.map((outbox) => () => {
    for (const piece of pieces) outbox.add(piece, 0, 3);
    return outbox.take()!;
  }) as [() => Uint8Array, () => Uint8Array, () => Uint8Array];
  const one = first(), other = second();
  assert.notEqual(one.buffer, other.buffer);
  boxes[0]!.written();
  boxes[0]!.written(); // given back once, not twice
  boxes[1]!.clear(); // closed, and perhaps still being written: nobody else may write there
  assert.equal(third().buffer, one.buffer);
  assert.notEqual(first().buffer, one.buffer);
  assert.deepEqual(list(other), [0, 1, 2, 50, 51, 52]);
});

Deno.test("Outbox.takeWhole gives one object at a time, even when two lie together", () => {
  const outbox = new Outbox();
  const shared = bytes(10);
  outbox.addWhole(shared.subarray(0, 3));
  outbox.addWhole(shared.subarray(3, 5));
  assert.deepEqual(list(outbox.takeWhole()), [0, 1, 2]);
  assert.equal(outbox.bytes, 2);
  assert.deepEqual(list(outbox.takeWhole()), [3, 4]);
  assert.equal(outbox.takeWhole(), undefined);
});

Deno.test("Outbox.clear forgets all", () => {
  const outbox = new Outbox();
  for (let i = 0; i < 3; i++) outbox.add(bytes(5), 0, 5);
  outbox.clear();
  assert.deepEqual([outbox.bytes, outbox.take(), outbox.takeWhole()], [0, undefined, undefined]);
});

Deno.test("Outbox gives out exactly what was added, in order, whatever was taken between", () => {
  const source = Uint8Array.from({ length: 3 * WRITE }, (_, i) => i % 251);
  const added = fc.record({ start: fc.nat(2 * WRITE), length: fc.oneof(fc.nat(40), fc.nat(WRITE)), takes: fc.nat(2) });
  fc.assert(
    fc.property(fc.array(added, { maxLength: 12 }), (script) => {
      const outbox = new Outbox();
      const owed: number[] = [], got: number[] = [];
      const take = () => {
        const piece = outbox.take();
        if (piece !== undefined) { for (const byte of piece) got.push(byte); }
        return piece;
      };
      for (const { start, length, takes } of script) {
        outbox.add(source, start, start + length);
        for (let i = start; i < start + length; i++) owed.push(source[i]!);
        assert.equal(outbox.bytes, owed.length - got.length);
        for (let i = 0; i < takes; i++) take();
      }
      while (take() !== undefined);
      assert.equal(outbox.bytes, 0);
      assert.ok(Buffer.from(owed).equals(Buffer.from(got)));
    }),
    { numRuns: 60 },
  );
});

Deno.test("Outbox.take joins no more than one write should carry", () => {
  const outbox = new Outbox();
  for (let i = 0; i < 10; i++) outbox.add(bytes(20_000), 0, 20_000);
  const sizes: number[] = [];
  for (let taken = outbox.take(); taken !== undefined; taken = outbox.take()) sizes.push(taken.length);
  assert.deepEqual(sizes, [60_000, 60_000, 60_000, 20_000]);
});

Deno.test("Outbox.dropRelays takes out relays wherever they wait, and nothing else", () => {
  const outbox = new Outbox(), piece = (letter: string) => new TextEncoder().encode(letter);
  const owed = () => {
    let text = "";
    for (let each = outbox.takeWhole(); each !== undefined; each = outbox.takeWhole()) {
      text += new TextDecoder().decode(each);
    }
    return text;
  };
  outbox.dropRelays();
  for (const letters of ["A", "r", "Ar", "rA", "ArrBrC", "rrAB"]) {
    for (const letter of letters) outbox.addWhole(piece(letter), letter === "r");
    outbox.dropRelays();
    assert.equal(outbox.bytes, letters.replaceAll("r", "").length);
    assert.equal(owed(), letters.replaceAll("r", ""));
    assert.equal(outbox.bytes, 0);
  }
  // One that has become the first is known for a relay still.
  for (const letter of "ArB") outbox.addWhole(piece(letter), letter === "r");
  outbox.takeWhole();
  outbox.dropRelays();
  assert.equal(owed(), "B");
});
