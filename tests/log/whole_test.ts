import assert from "node:assert/strict";
import fc from "fast-check";
import { writeWhole } from "../../log/whole.ts";

Deno.test("writeWhole writes every byte once and in order when the writer takes a part at a time", () => {
  fc.assert(fc.property(fc.uint8Array(), fc.infiniteStream(fc.integer({ min: 1, max: 9 })), (bytes, parts) => {
    const written: number[] = [];
    const writer = {
      writeSync: (rest: Uint8Array) => {
        const taken = rest.subarray(0, parts.next().value);
        written.push(...taken);
        return taken.length;
      },
    };
    writeWhole(writer, bytes);
    assert.deepEqual(written, [...bytes]);
  }));
});

Deno.test("writeWhole makes one call when the writer takes all", () => {
  let calls = 0;
  writeWhole({ writeSync: (bytes) => (calls++, bytes.length) }, new Uint8Array(70_000));
  assert.equal(calls, 1);
});

Deno.test("writeWhole throws when the writer takes nothing", () => {
  assert.throws(() => writeWhole({ writeSync: () => 0 }, new Uint8Array(1)), /nothing was taken/);
});
