// Whatever somebody else has said, it stays on its line and means what it meant.

import assert from "node:assert/strict";
import fc from "fast-check";
import { escapeInvisible } from "../../jim/invisible.ts";

Deno.test("visible leaves nothing that cannot be seen, and JSON with its meaning", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    const json = JSON.stringify({ [text]: text });
    assert.doesNotMatch(escapeInvisible(json), /[\p{C}\p{Zl}\p{Zp}]|(?!\ufe0f)\p{Default_Ignorable_Code_Point}/u);
    assert.deepEqual(JSON.parse(escapeInvisible(json)), JSON.parse(json));
  }));
});

Deno.test("visible leaves words as they are", () => {
  for (
    const words of ["Привет, мир", "😀 smile", "❤\ufe0f 1\ufe0f\u20e3", "日本語 עברית", 'a "quote" \\ and {braces}']
  ) {
    assert.equal(escapeInvisible(words), words);
  }
});

Deno.test("visible shows the characters that draw nothing", () => {
  assert.equal(escapeInvisible("a\u034f\ufe0f\u17b4\u2800"), String.raw`a\u034f\ufe0f\u17b4\u2800`);
});
