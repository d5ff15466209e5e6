import assert from "node:assert/strict";
import fc from "fast-check";
import { safe, safeJson } from "../../client/safe.ts";

/** What no terminal may be sent, spelt out: C0, DEL, C1, the line ends of Unicode, what turns the direction of text. */
const UNSAFE =
  // deno-lint-ignore no-control-regex -- they are what this is about
  /[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;

/** Texts in which every other character is a dangerous one. */
const text = fc.array(
  fc.oneof(
    fc.string({ unit: "binary" }),
    fc.integer({ min: 0, max: 0x9f }).map((code) => String.fromCharCode(code)),
    fc.constantFrom("\u061c", "\u200e", "\u200f", "\u2028", "\u2029", "\u202a", "\u202e", "\u2066", "\u2069", "\ud800"),
  ),
).map((parts) => parts.join(""));

Deno.test("safe lets nothing through that a terminal would obey", () => {
  fc.assert(fc.property(text, (text) => {
    assert.doesNotMatch(safe(text), UNSAFE);
    assert.ok(safe(text).isWellFormed());
  }));
});

Deno.test("safe leaves words, emoji and their joiners as they are", () => {
  for (const words of ["Привет, мир", "👩‍👩‍👧 family", "日本語 עברית العربية", 'a "quote" \\ and {braces}']) {
    assert.equal(safe(words), words);
  }
});

Deno.test("safe shows what it took away", () => {
  assert.equal(safe("\x1b]0;owned\x07 a\r\nb\tc\x7f\x9b31m\u202e"), "␛]0;owned␇ a␍␊b c␡�31m�");
});

Deno.test("safeJson means the same as before, on one line that no terminal obeys", () => {
  fc.assert(fc.property(text, fc.constantFrom(0, 2, "\t"), (text, indent) => {
    const object = { [text]: [text, { text }] };
    const json = JSON.stringify(object, null, indent);
    assert.doesNotMatch(safeJson(json), UNSAFE);
    assert.deepEqual(JSON.parse(safeJson(json)), JSON.parse(json.toWellFormed()));
  }));
});
