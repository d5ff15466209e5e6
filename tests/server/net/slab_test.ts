import assert from "node:assert/strict";
import fc from "fast-check";
import { type Range } from "../../../server/net/outbox.ts";
import { Slab } from "../../../server/net/slab.ts";

const encoder = new TextEncoder();
const text = ({ bytes, start, end }: Range) => new TextDecoder().decode(bytes.subarray(start, end));

Deno.test("Slab.writeWithId puts any id before the last bracket, and a newline behind, whatever came before", () => {
  const edges = [0, 1, 8, 9, 98, 99, 999_999, 99_999_999, 1_763_999_999_999_998, Number.MAX_SAFE_INTEGER - 3];
  const first = fc.oneof(fc.constantFrom(...edges), fc.nat({ max: edges.at(-1)! })); // three more are numbers, too
  const runs = fc.record({ first, count: fc.nat(3) });
  fc.assert(
    fc.property(fc.array(runs, { minLength: 1 }), fc.string({ maxLength: 9 }), fc.nat(9), (runs, said, before) => {
      const slab = new Slab(), object = JSON.stringify({ a: said });
      const bytes = Uint8Array.of(...new Uint8Array(before).fill(1), ...encoder.encode(object), 1, 1);
      const ids = runs.flatMap(({ first, count }) => Array.from({ length: count }, (_, i) => first + i));
      for (const id of ids) slab.writeWithId(new DataView(bytes.buffer), before, bytes.length - 2, id);
      assert.equal(text(slab.cut()), ids.map((id) => `${object.slice(0, -1)},"id":${id}}\n`).join(""));
    }),
  );
});

Deno.test("Slab.writeWithId never changes what it has given out, through many buffers", () => {
  const slab = new Slab(), object = encoder.encode(`{"a":"${"x".repeat(10_000)}"}`), view = new DataView(object.buffer);
  const given = Array.from({ length: 50 }, (_, i) => (slab.writeWithId(view, 0, object.length, 95 + i), slab.cut()));
  const before = new TextDecoder().decode(object).slice(0, -1);
  for (const [i, range] of given.entries()) assert.equal(text(range), `${before},"id":${95 + i}}\n`);
});

Deno.test("Slab.writeWithId puts a tail behind the id instead of the end, and the next object's id is right", () => {
  const slab = new Slab(), object = encoder.encode('{"a":1}'), view = new DataView(object.buffer);
  const tails = [undefined, ',"role":"account"}\n', undefined, ',"guest":2}\n', ',"role":"operator"}\n', undefined];
  const expected = tails.map((tail, index) => {
    const given = tail === undefined ? undefined : new DataView(encoder.encode(tail).buffer);
    slab.writeWithId(view, 0, object.length, 97 + index, given);
    return `{"a":1,"id":${97 + index}${tail ?? "}\n"}`;
  });
  assert.equal(text(slab.cut()), expected.join(""));
  for (let i = 0; i < 20_000; i++) { // through the ends of buffers
    slab.writeWithId(view, 0, object.length, 1000 + i, new DataView(encoder.encode(tails[1]!).buffer));
    assert.equal(text(slab.cut()), `{"a":1,"id":${1000 + i}${tails[1]}`);
  }
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
