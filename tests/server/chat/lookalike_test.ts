import assert from "node:assert/strict";
import fc from "fast-check";
import confusables from "unhomoglyph/data.json" with { type: "json" };
import { nameKey } from "../../../jim/mod.ts";
import { isDefaultName, skeletons } from "../../../server/chat/lookalike.ts";

const alike = (one: string, other: string) => skeletons(one).some((each) => skeletons(other).includes(each));

Deno.test("names look alike if their letters do, in any case", () => {
  const pairs = [
    ["paypal", "раураl"],
    ["paypal", "РАУРАL"],
    ["paypal", "ΡΑΥΡΑL"],
    ["Ivan", "lvan"],
    ["Ivan", "1van"],
    ["mary", "rnary"],
    ["bob", "b\u03bfb"],
    ["ann", "𝖆𝖓𝖓"],
    ["ann", "ａｎｎ"],
    ["Иван", "Ивaн"],
    ["Ваня", "Baня"],
  ] as const;
  for (const [one, other] of pairs) assert.ok(alike(one, other) && alike(other, one), `${one} ${other}`);
});

Deno.test("the skeleton of each letter is its prototype in Unicode's table", () => {
  for (const [letter, prototype] of Object.entries(confusables)) {
    const isLookedUp = [...letter].length === 1 && letter.normalize("NFKD") === letter;
    if (isLookedUp) assert.equal(skeletons(letter)[0], prototype.normalize("NFD"), letter);
  }
});

Deno.test("names that differ for the eye do not look alike", () => {
  const names = [
    "ann",
    "anna",
    "bob",
    "bobo",
    "b0b",
    "Иван",
    "Ivan",
    "zoe",
    "zoë",
    "user 1",
    "user 2",
    "李",
    "季",
    "👍",
    "👎",
  ];
  for (const one of names) {
    for (const other of names) assert.equal(alike(one, other), one === other, `${one} ${other}`);
  }
});

Deno.test("spellings of one name look alike, and any text has a skeleton", () => {
  fc.assert(fc.property(fc.string({ unit: "grapheme" }), (text) => {
    assert.ok(skeletons(text).length > 0);
    for (const other of [nameKey(text), text.normalize("NFD"), text.normalize("NFC")]) assert.ok(alike(text, other));
  }));
});

Deno.test("isDefaultName knows the names of programs in any case and in letters that look like theirs", () => {
  for (const name of ["Guest", "guest", "GUEST", "Guеst", "John Doe", "JOHN DOE", "anonymous", "ГОСТЬ", "null"]) {
    assert.ok(isDefaultName(name), name);
  }
  for (const name of ["ann", "Guest 2", "John", "guests", "Doe", "nullo"]) assert.ok(!isDefaultName(name), name);
});
