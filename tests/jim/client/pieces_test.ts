import assert from "node:assert/strict";
import fc from "fast-check";
import { ascii, pieces } from "../../../jim/client/pieces.ts";

const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 400 }),
  fc.array(fc.constantFrom("слово", "word", " ", "🌍", '"', "\\", "\n"), { maxLength: 200 }).map((all) => all.join("")),
);

Deno.test("ascii is the same value in ASCII", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    const json = ascii(JSON.stringify(text));
    assert.match(json, /^[\x20-\x7e]*$/);
    assert.equal(JSON.parse(json), text);
  }));
});

Deno.test("pieces fit their room, are whole characters, and joined are the text", () => {
  fc.assert(
    fc.property(text, fc.integer({ min: 12, max: 300 }), (text, room) => {
      const cut = pieces(text, room);
      assert.equal(cut.join(""), text);
      for (const piece of cut) {
        assert.ok(ascii(JSON.stringify(piece)).length - 2 <= room);
        assert.ok(piece.isWellFormed());
      }
      assert.ok(cut.length === 1 || cut.every((piece) => piece !== ""));
    }),
    { numRuns: 1000 },
  );
});

Deno.test("pieces cuts after a space where it can", () => {
  assert.deepEqual(pieces("раз два три девять", 56), ["раз два ", "три девять"]);
  assert.deepEqual(pieces("ab 🌍🌍", 20), ["ab ", "🌍", "🌍"]); // what is left of the first piece fills the second
  assert.deepEqual(pieces("a bcdefghijklmno", 12), ["a bcdefghijk", "lmno"]); // the space would waste most of a piece
});
