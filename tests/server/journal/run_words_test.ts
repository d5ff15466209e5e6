// The words of a run: the index must have each of them, whatever the lines look like.
import assert from "node:assert/strict";
import fc from "fast-check";
import { textForIndex, toIndexed } from "../../../server/journal/run_words.ts";
import { searchTerms } from "../../../server/journal/search_terms.ts";

const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.array(fc.constantFrom("red", "Синий", "a".repeat(30), "ﬃ", '"message":"', "\\", "\n", "\ud83d"), { maxLength: 4 })
    .map((some) => some.join(" ")),
);
const lines = fc.array(fc.record({ from: fc.string({ maxLength: 30 }), message: text }), {
  minLength: 1,
  maxLength: 12,
});
const encoder = new TextEncoder();

Deno.test("textForIndex has each word of each message, cut off, whatever stands before it", () => {
  fc.assert(fc.property(lines, fc.boolean(), (lines, isWhole) => {
    const run = lines.map((line, id) => `${JSON.stringify({ action: "msg", ...line, id })}\n`).join("");
    const has = new Set(searchTerms(textForIndex(encoder.encode(run), isWhole, () => assert.fail())));
    for (const { message } of lines) {
      for (const word of searchTerms(message)) {
        assert.ok(has.has(toIndexed(word)), `${word} of ${JSON.stringify(message)}`);
      }
    }
  }));
});
