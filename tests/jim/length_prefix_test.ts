import assert from "node:assert/strict";
import fc from "fast-check";
import { beginsWithLength, LengthPrefixReader } from "../../jim/length_prefix.ts";
import { ReceiveBuffer } from "../../jim/receive_buffer.ts";

const LIMIT = 1_000, encoder = new TextEncoder(), decoder = new TextDecoder();

/** A text behind its length, or behind another one. */
function prefixed(text: string, length = encoder.encode(text).length): Uint8Array {
  const bytes = new Uint8Array([0, 0, 0, 0, ...encoder.encode(text)]);
  new DataView(bytes.buffer).setUint32(0, length);
  return bytes;
}

function bufferOf(...bytes: number[]): ReceiveBuffer {
  const input = new ReceiveBuffer();
  input.push(Uint8Array.from(bytes));
  return input;
}

Deno.test("beginsWithLength says no as soon as it is clear, and yes at the object's first byte", () => {
  const cases: [number[], boolean | undefined][] = [
    [[], undefined],
    [[123], false],
    [[0], undefined],
    [[0, 1], false], // longer than the limit
    [[0, 0, 0, 2], undefined],
    [[0, 0, 0, 2, 123], true],
    [[0, 0, 0, 2, 65], false],
    [[0, 0, 4, 0, 123], false], // 1,024 bytes
  ];
  for (const [bytes, expected] of cases) {
    assert.equal(beginsWithLength(bufferOf(...bytes), LIMIT), expected, `${bytes}`);
  }
});

Deno.test("LengthPrefixReader gives the same objects wherever the bytes are cut, and passes over those that are too long", () => {
  const text = fc.oneof(fc.string({ unit: "grapheme", maxLength: 200 }), fc.constant("x".repeat(LIMIT + 1)));
  fc.assert(fc.property(fc.array(text, { maxLength: 8 }), fc.array(fc.nat(2_500), { maxLength: 8 }), (texts, cuts) => {
    const whole = new Uint8Array(texts.flatMap((each) => [...prefixed(each)]));
    const ends = [...cuts.filter((cut) => cut < whole.length).sort((a, b) => a - b), whole.length];
    const input = new ReceiveBuffer(), reader = new LengthPrefixReader(), found: string[] = [];
    for (const [i, end] of ends.entries()) {
      input.push(whole.subarray(ends[i - 1] ?? 0, end));
      for (let next; (next = reader.next(input, LIMIT)) !== undefined;) {
        found.push(typeof next === "string" ? next : decoder.decode(next));
      }
    }
    assert.deepEqual(found, texts.map((each) => encoder.encode(each).length > LIMIT ? "big" : each));
  }));
});

Deno.test("LengthPrefixReader says that there is no length where text stands", () => {
  const input = new ReceiveBuffer(), reader = new LengthPrefixReader();
  input.push(prefixed("{}"));
  input.push(encoder.encode("text"));
  assert.equal(decoder.decode(reader.next(input, LIMIT) as Uint8Array), "{}");
  assert.equal(reader.next(input, LIMIT), "length");
  assert.equal(decoder.decode(input.rest(reader.excerptAt)), "text");
});
