import assert from "node:assert/strict";
import fc from "fast-check";
import { Lines } from "../../../client/pipe/lines.ts";

const encoder = new TextEncoder();

Deno.test("Lines gives the same lines wherever the bytes are cut", () => {
  const line = fc.string({ unit: "grapheme", maxLength: 20 }).filter((line) => !/[\0\r\n\ufeff]/.test(line));
  const cuts = fc.array(fc.nat({ max: 500 }), { maxLength: 20 });
  fc.assert(fc.property(fc.array(line), fc.constantFrom("\n", "\r\n"), fc.boolean(), cuts, (all, end, ended, cuts) => {
    const bytes = encoder.encode(all.join(end) + (ended ? end : ""));
    const lines = new Lines(1000);
    const got: unknown[] = [];
    const places = [0, ...cuts.filter((at) => at < bytes.length).sort((a, b) => a - b), bytes.length];
    places.forEach((at, index) => got.push(...lines.push(bytes.subarray(at, places[index + 1]))));
    got.push(...lines.end());
    const expected = ended || all.at(-1) !== "" ? all : all.slice(0, -1);
    assert.deepEqual(got, expected.length === 0 && ended ? [""] : expected);
  }));
});

Deno.test("Lines keeps one unit more than the limit of a long line, and finds the next line", () => {
  const lines = new Lines(10);
  const got: unknown[] = [];
  for (let left = 1000; left > 0; left--) got.push(...lines.push(encoder.encode("x".repeat(100))));
  got.push(...lines.push(encoder.encode("\r\n0123456789\r\nlast")), ...lines.end());
  assert.deepEqual(got, ["x".repeat(11), "0123456789", "last"]);
});

/** All lines of bytes that come in pieces of a size. */
function linesOf(bytes: Uint8Array, size: number): unknown[] {
  const lines = new Lines(100), got: unknown[] = [];
  for (let at = 0; at < bytes.length; at += size) got.push(...lines.push(bytes.subarray(at, at + size)));
  return [...got, ...lines.end()];
}

function utf16(text: string, larger: boolean): Uint8Array {
  const bytes = new Uint8Array(2 * text.length), view = new DataView(bytes.buffer);
  for (let i = 0; i < text.length; i++) view.setUint16(2 * i, text.charCodeAt(i), !larger);
  return bytes;
}

function utf32(text: string, larger: boolean): Uint8Array {
  const letters = [...text], view = new DataView(new ArrayBuffer(4 * letters.length));
  for (const [i, letter] of letters.entries()) view.setUint32(4 * i, letter.codePointAt(0)!, !larger);
  return new Uint8Array(view.buffer);
}

Deno.test("Lines converts UTF-16, and takes a byte order mark for none of the text", () => {
  const text = "hi привет 😀\r\n\r\n\u0a0a second\r\nlast", expected = ["hi привет 😀", "", "\u0a0a second", "last"];
  for (const size of [1, 2, 3, 5, 1000]) {
    assert.deepEqual(linesOf(encoder.encode(`\ufeff${text}`), size), expected);
    for (const larger of [false, true]) {
      assert.deepEqual(linesOf(utf16(`\ufeff${text}`, larger), size), expected);
      assert.deepEqual(linesOf(utf16(text, larger), size), expected, "without a mark");
    }
  }
  assert.deepEqual(new Lines(100).push(encoder.encode("y\n")), ["y"], "a short line needs no other behind it");
});

Deno.test("Lines says of a line that is no UTF-8 where it stops being that, and gives the others", () => {
  const bytes = Uint8Array.from([...encoder.encode("one\nhi "), 0xef, 0xf0, 0xe8, 10, ...encoder.encode("йtwo")]);
  for (const size of [1, 2, 3, 1000]) {
    assert.deepEqual(linesOf(bytes, size), ["one", { byte: "0xEF", position: 3, encoding: "Windows-1251" }, "йtwo"]);
  }
  const wide = linesOf(utf16("привет\r\nмир", false), 3);
  assert.deepEqual(wide.map((line) => (line as { encoding: string }).encoding), ["UTF-16", "UTF-16"]);
  for (const larger of [false, true]) {
    for (const text of ["\ufeffhi\n", "hi\n"]) {
      const [line] = linesOf(utf32(text, larger), 3);
      assert.equal((line as { encoding: string }).encoding, "UTF-32", text);
    }
  }
  const long = new Lines(10).push(encoder.encode(`${"й".repeat(1000)}\n`)), [line] = long;
  assert.equal(line, "й".repeat(11), "a letter that is cut off with the rest of a long line is no mistake");
});
