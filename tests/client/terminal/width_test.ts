import assert from "node:assert/strict";
import fc from "fast-check";
import stringWidth from "string-width";
import { columnsOf, letters, wrap } from "../../../client/terminal/width.ts";

const spaceless = (text: string) => text.replace(/\s/gu, "");

Deno.test("columnsOf counts what terminals give to letters, accents, East Asian letters and emoji", () => {
  const cases: [string, number][] = [
    ["", 0],
    ["hello", 5],
    ["Привет", 6],
    ["e\u0301", 1],
    ["漢字かなカナ", 12],
    ["ｶﾅ", 2],
    ["한글", 4],
    ["\u1112\u1161\u11ab", 2],
    ["👍", 2],
    ["👍🏽", 2],
    ["👩‍👩‍👧", 2],
    ["🇫🇮", 2],
    ["❤️", 2],
    ["👩‍👩‍👧".repeat(500), 1000],
    ["\x1b[38;5;30mann\x1b[m", 3],
    ["\u200b", 0],
    ["नी", 2],
    [`न${"ी".repeat(100)}`, 2],
    ["𝅘𝅥𝅮", 2],
    ["1️⃣", 2],
    ["\x1b[1mпривет, ёж — «да»…\x1b[m", 18],
  ];
  for (const [text, columns] of cases) assert.equal(columnsOf(text), columns, JSON.stringify(text));
});

Deno.test("columnsOf gives to each code point what the library gives, the ones that it counts itself too", () => {
  for (let point = 0; point < 0x3000; point++) {
    const letter = String.fromCodePoint(point);
    assert.equal(columnsOf(letter), stringWidth(letter), `U+${point.toString(16)}`);
  }
});

Deno.test("letters joined are the text, and their columns are its columns", () => {
  fc.assert(fc.property(fc.string({ unit: "grapheme" }), (text) => {
    assert.equal(letters(text).join(""), text);
    assert.equal(letters(text).reduce((sum, letter) => sum + columnsOf(letter), 0), columnsOf(text));
  }));
});

Deno.test("wrap makes rows that fit, and loses nothing but spaces", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 300 }), fc.integer({ min: 2, max: 80 }), (text, room) => {
      const rows = wrap(text, room);
      assert.equal(spaceless(rows.join("")), spaceless(text));
      for (const row of rows) assert.ok(columnsOf(row) <= room || /:\/\//.test(row), JSON.stringify(row));
    }),
  );
});

Deno.test("wrap never breaks a link", () => {
  fc.assert(
    fc.property(
      fc.webUrl({ withQueryParameters: true }),
      fc.lorem(),
      fc.integer({ min: 2, max: 40 }),
      (url, words, room) => {
        assert.ok(wrap(`${words} ${url} ${words}`, room).some((row) => row.split(" ").includes(url)));
      },
    ),
  );
});

Deno.test("wrap keeps the spaces that code begins with", () => {
  assert.deepEqual(wrap("    return 1", 20), ["    return 1"]);
  assert.deepEqual(wrap("", 20), [""]);
  assert.deepEqual(wrap(" ".repeat(50), 20), [""]);
});
