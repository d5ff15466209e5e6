import assert from "node:assert/strict";
import fc from "fast-check";
import { OversizedSkipper } from "../../jim/oversized.ts";

const encoder = new TextEncoder();

Deno.test("OversizedSkipper stops behind the last bracket of an object, wherever its bytes are cut", () => {
  fc.assert(fc.property(fc.json(), fc.nat(), (json, cut) => {
    const bytes = encoder.encode(`${json}]} [`), end = bytes.length - 2, middle = cut % bytes.length;
    const skipper = new OversizedSkipper(2, false, 1_000_000);
    const first = skipper.skip(bytes, 0, middle);
    if (first === undefined) assert.equal(skipper.skip(bytes, skipper.at, bytes.length), "ended");
    assert.equal(skipper.at, end);
  }));
});

Deno.test("OversizedSkipper stops at a newline in a string, and at the limit, of which 32 bytes of a string count as one", () => {
  const skip = (depth: number, inString: boolean, limit: number, text: string) => {
    const skipper = new OversizedSkipper(depth, inString, limit), bytes = encoder.encode(text);
    return [skipper.skip(bytes, 0, bytes.length), skipper.at];
  };
  assert.deepEqual(skip(1, true, 64, "text\n}"), ["broken", 4]);
  assert.deepEqual(skip(1, true, 64, 'text"\n}'), ["ended", 7]);
  assert.deepEqual(skip(1, false, 8, "[".repeat(9)), ["endless", 8]);
  assert.deepEqual(skip(1, true, 8, "x".repeat(8 * 32 - 1)), [undefined, 8 * 32 - 1]);
  assert.deepEqual(skip(1, true, 8, "x".repeat(8 * 32)), ["endless", 8 * 32]);
});
