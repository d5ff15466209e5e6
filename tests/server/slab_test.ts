import assert from "node:assert/strict";
import fc from "fast-check";
import { type Range } from "../../server/outbox.ts";
import { Slab } from "../../server/slab.ts";

const encoder = new TextEncoder();
const text = ({ bytes, start, end }: Range) => new TextDecoder().decode(bytes.subarray(start, end));

Deno.test("Slab.writeWithId puts any id before the last bracket, and a newline behind", () => {
  const edges = [0, 1, 9, 10, 99_999_999, 100_000_000, 100_000_001, 1_764_000_000_000_001, Number.MAX_SAFE_INTEGER];
  fc.assert(
    fc.property(fc.oneof(fc.constantFrom(...edges), fc.maxSafeNat()), (id) => {
      const slab = new Slab();
      slab.writeWithId(encoder.encode('{"a":"Ж"}'), id);
      assert.equal(text(slab.cut()), `{"a":"Ж","id":${id}}\n`);
    }),
  );
});

Deno.test("Slab.cut gives what was written since the last, one right behind the other", () => {
  const slab = new Slab();
  slab.write(encoder.encode("one"));
  slab.write(encoder.encode("two"));
  assert.equal(slab.length, 6);
  const first = slab.cut();
  assert.equal(slab.length, 0);
  slab.write(encoder.encode("three"));
  const second = slab.cut();
  assert.deepEqual([text(first), text(second)], ["onetwo", "three"]);
  assert.deepEqual([second.bytes, second.start], [first.bytes, first.end]);
});

Deno.test("Slab never changes what it has given out, through many buffers", () => {
  fc.assert(
    fc.property(fc.array(fc.array(fc.nat(70_000), { maxLength: 4 }), { maxLength: 8 }), (turns) => {
      const slab = new Slab();
      let fill = 0;
      const given = turns.map((sizes) => {
        const parts = sizes.map((size) => new Uint8Array(size).fill(++fill));
        for (const part of parts) slab.write(part);
        return { parts, range: slab.cut() };
      });
      for (const { parts, range } of given) {
        let at = range.start;
        for (const part of parts) {
          assert.ok(range.bytes.subarray(at, at + part.length).every((byte) => byte === part[0]));
          at += part.length;
        }
        assert.equal(at, range.end);
      }
    }),
    { numRuns: 25 },
  );
});
