import assert from "node:assert/strict";
import fc from "fast-check";
import { Lines } from "../../client/lines.ts";

const encoder = new TextEncoder();

Deno.test("Lines gives the same lines wherever the bytes are cut", () => {
  const line = fc.string({ unit: "grapheme", maxLength: 20 }).filter((line) => !/[\r\n\ufeff]/.test(line));
  const cuts = fc.array(fc.nat({ max: 500 }), { maxLength: 20 });
  fc.assert(fc.property(fc.array(line), fc.constantFrom("\n", "\r\n"), fc.boolean(), cuts, (all, end, ended, cuts) => {
    const bytes = encoder.encode(all.join(end) + (ended ? end : ""));
    const lines = new Lines(1000);
    const got: string[] = [];
    const places = [0, ...cuts.filter((at) => at < bytes.length).sort((a, b) => a - b), bytes.length];
    places.forEach((at, index) => got.push(...lines.push(bytes.subarray(at, places[index + 1]))));
    got.push(...lines.end());
    const expected = ended || all.at(-1) !== "" ? all : all.slice(0, -1);
    assert.deepEqual(got, expected.length === 0 && ended ? [""] : expected);
  }));
});

Deno.test("Lines keeps one unit more than the limit of a long line, and finds the next line", () => {
  const lines = new Lines(10);
  const got: string[] = [];
  for (let left = 1000; left > 0; left--) got.push(...lines.push(encoder.encode("x".repeat(100))));
  got.push(...lines.push(encoder.encode("\r\n0123456789\r\nlast")), ...lines.end());
  assert.deepEqual(got, ["x".repeat(11), "0123456789", "last"]);
});
