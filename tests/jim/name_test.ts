// Which texts are names, and which spellings are one name: a table of the spellings that people and attackers use, and
// the laws that hold for all others.

import assert from "node:assert/strict";
import fc from "fast-check";
import { isName, nameKey } from "../../jim/name.ts";
import { anyName, anyText } from "./any.ts";

/** What becomes of the second spelling, where the first is somebody's name. */
type Fate = "same" | "two" | "refused";

const spellings: [name: string, other: string, fate: Fate, why: string][] = [
  ["Ann", "ann", "same", "case does not count"],
  ["Ann", "ANN", "same", "case does not count"],
  ["zo\u00eb", "zoe\u0308", "same", "a decomposed letter is the composed one"],
  ["zo\u00eb", "ZOE\u0308", "same", "decomposed and in capitals"],
  ["\u1e69am", "s\u0307\u0323am", "same", "two marks in any order are one letter"],
  ["\u00c5sa", "\u212bsa", "same", "the angstrom sign is canonically the letter"],
  ["Анна", "АННА", "same", "Cyrillic has case as well"],
  ["Сергей", "Сергеи\u0306", "same", "й decomposed, as macOS stores it in file names"],
  ["Straße", "STRASSE", "same", "ß has the capital SS"],
  ["Straße", "STRA\u1e9eE", "same", "and the capital ẞ"],
  ["Νίκος", "ΝΊΚΟΣ", "same", "a final sigma has the same capital as any other"],
  ["Νίκος", "Νίκοσ", "same", "also where it does not stand at the end"],
  ["kate", "\u212aate", "same", "the Kelvin sign is canonically K"],
  ["sam", "\u017fam", "same", "the long s has the capital S"],
  ["fiona", "\ufb01ona", "same", "a ligature has the capitals of its letters"],
  ["\u00b5ser", "\u03bcser", "same", "the micro sign has the capital of mu"],
  ["irmak", "\u0131rmak", "same", "the dotless ı has the capital I, as i has"],
  ["ilker", "\u0130LKER", "same", "a Turkish keyboard gives İ for i"],
  ["ilker", "i\u0307lker", "same", "an i with one more dot is drawn as i"],
  ["Ann Lee", "Ann  Lee", "same", "two spaces look like one"],
  ["❤\ufe0f", "❤", "same", "phones add U+FE0F behind an emoji, others do not"],
  ["1\ufe0f\u20e3", "1\u20e3", "same", "the same in a keycap"],
  ["Åsa", "Asa", "two", "a mark makes another letter"],
  ["ёлка", "елка", "two", "a mark makes another letter, though Russian readers take both for one word"],
  ["ann", "\u0430nn", "two", "a look-alike of another script; the server refuses it where it matters"],
  ["paul", "р\u0430ul", "two", "two of them"],
  ["ann", "\uff41nn", "two", "full width is a compatibility form: a look-alike as well"],
  ["ann", "\u{1d41a}nn", "two", "so is a mathematical letter"],
  ["ann", "\u2090nn", "two", "and a letter below the line"],
  ["ann1", "annⅠ", "two", "a Roman digit is no Latin letter"],
  ["Ann", "Ann.", "two", "what can be seen counts"],
  ["Ann", "A nn", "two", "a space can be seen"],
  ["👋", "👋🏽", "two", "a colour can be seen"],
  ["ann", "ann\u200d", "refused", "a zero width joiner"],
  ["ann", "a\u200bnn", "refused", "a zero width space"],
  ["ann", "\ufeffann", "refused", "a byte order mark"],
  ["ann", "ann\u00ad", "refused", "a soft hyphen"],
  ["ann", "ann\u034f", "refused", "the grapheme joiner, a mark that draws nothing"],
  ["ann", "ann\ufe0f", "refused", "a variation selector behind a letter"],
  ["ann1", "ann1\ufe0f", "refused", "or behind a digit that is no keycap"],
  ["ann", "ann\ufe00", "refused", "another variation selector"],
  ["ann", "ann\u{e0100}", "refused", "one of the supplement"],
  ["ann", "ann\u180b", "refused", "a Mongolian one"],
  ["ann", "ann\u{e0041}", "refused", "a tag"],
  ["🏴", "🏴\u{e0067}\u{e0062}\u{e007f}", "refused", "tags behind an emoji"],
  ["ann", "ann\u17b4", "refused", "a Khmer vowel that draws nothing"],
  ["ann", "ann\u17d2", "refused", "a Khmer mark that joins what is not there"],
  ["ann", "ann\u{1d159}", "refused", "a musical notehead that draws nothing"],
  ["ann", "ann\u{1d173}", "refused", "the beginning of a musical beam"],
  ["ann", "ann\u{16fe4}", "refused", "the Khitan filler"],
  ["ann", "ann\u{13441}", "refused", "a hieroglyph blank"],
  ["ann", "ann\u2800", "refused", "the Braille pattern without dots"],
  ["ann", "ann\u3164", "refused", "a Hangul filler"],
  ["ann", "ann\uffa0", "refused", "its half width form"],
  ["ann", "\u115fann", "refused", "the filler of a missing consonant"],
  ["ann", "ann\ufffc", "refused", "where an object was"],
  ["ann", "ann\u2062", "refused", "an invisible times"],
  ["ann", "\u202enna", "refused", "turns the text around"],
  ["ann", "ann\u2069", "refused", "ends such a turn"],
  ["ann", "ann\u061c", "refused", "an Arabic mark of direction"],
  ["ann lee", "ann\u00a0lee", "refused", "a space that does not break"],
  ["ann lee", "ann\u3000lee", "refused", "a wide space"],
  ["ann lee", "ann\tlee", "refused", "a control character"],
  ["ann", "ann ", "refused", "a space at the end"],
  ["ann", " ann", "refused", "a space at the beginning"],
  ["ann", "\u0301ann", "refused", "a mark without a letter"],
  ["ann", "ann \u0301", "refused", "a mark on a space"],
  ["ann", "\u0301\u0302", "refused", "marks alone"],
  ["ann", "e\u0301\u0301nn", "refused", "the same mark twice draws over itself"],
  ["ann", "a\u0315\u0316\u0317\u0318\u0319nn", "refused", "Zalgo: marks that reach into other lines"],
  ["ann", "ann\ud83d", "refused", "half a surrogate pair"],
  ["ann", "\udc00ann", "refused", "the other half"],
  ["ann", "ann\ue000", "refused", "nobody's letter: what it draws depends on the font"],
  ["ann", "ann\u0378", "refused", "a code point that is no character"],
  ["ann", "#ann", "refused", "a room"],
  ["ann", "", "refused", "nothing"],
  ["x".repeat(25), "x".repeat(26), "refused", "26 code points"],
  ["😀".repeat(25), "😀".repeat(26), "refused", "code points, not UTF-16 units"],
];

Deno.test("a spelling is the same name, another name, or none", () => {
  for (const [name, other, fate, why] of spellings) {
    const said = `${JSON.stringify(name)} and ${JSON.stringify(other)}: ${why}`;
    assert.equal(isName(name), true, said);
    assert.equal(isName(other), fate !== "refused", said);
    if (fate !== "refused") assert.equal(nameKey(name) === nameKey(other), fate === "same", said);
  }
});

Deno.test("isName takes the names of all scripts, with their own marks", () => {
  const names = [
    ...["Nguyễn Thị".normalize("NFD"), "Ольга-Ё", "Łukasz", "O'Neil", "José 2", "Ḥammūrabi"],
    ...["اَلْعَرَبِيَّة", "שָׁלוֹם", "हिन्दी", "தமிழ்", "สวัสดี", "ខ្មែរ", "བོད་ཡིག", "မြန်မာ", "ᠮᠣᠩᠭᠣᠯ", "ⴰⵎⴰⵣⵉⵖ"],
    ...[
      "日本語",
      "ガ".normalize("NFD"),
      "한국어".normalize("NFD"),
      "中文",
      "👍🏽",
      "🇩🇪",
      "☕\ufe0f tea",
      "©\ufe0f",
      "x²",
      "_.-",
    ],
  ];
  for (const name of names) assert.equal(isName(name), true, name);
});

Deno.test("a room's key keeps its #, and spellings of one room are one", () => {
  assert.equal(nameKey("#Lesson7"), "#lesson7");
  assert.equal(nameKey("#Zoë"), nameKey("#ZOE\u0308"));
  assert.notEqual(nameKey("#ann"), nameKey("ann"));
});

Deno.test("a name that was let in before it was refused has a key, which is that of its visible characters", () => {
  for (const [name, other, fate, why] of spellings) {
    const blank = other.startsWith(name) && /^[\p{Default_Ignorable_Code_Point}]+$/u.test(other.slice(name.length));
    if (fate === "refused" && blank) assert.equal(nameKey(other), nameKey(name), why);
  }
  assert.equal(nameKey("\u200b\u3164"), "");
  assert.equal(nameKey("\ud83d"), "\ufffd");
  assert.equal(nameKey("ann\u00a0 \u200b lee\u2028"), "ann lee");
});

/** Texts where the rules of case, of normal forms and of blank characters meet. */
const trouble = fc.string({
  unit: fc.oneof(
    fc.constantFrom(..."aAiIıİsSſßẞkKσςΣµﬁŉǰΐᾳᾼΆéЁйÅΩ각ᏣꭰႠ #"),
    fc.constantFrom(
      "\u0307",
      "\u0301",
      "\u0323",
      "\u0345",
      "\u0308",
      "\u034f",
      "\u200d",
      "\ufe0f",
      "\u17b4",
      "\u{1d159}",
    ),
    fc.constantFrom(" ", "\u00a0", "\t", "\ud83d", "\udc00", "😀"),
  ),
  maxLength: 12,
});
const any = fc.oneof(trouble, anyText, anyName, fc.string({ unit: "binary" }));

Deno.test("nameKey takes any text, and its own keys as they are", () => {
  fc.assert(
    fc.property(any, (text) => {
      const key = nameKey(text);
      assert.equal(nameKey(key), key);
      assert.ok(key.isWellFormed());
      assert.doesNotMatch(key, /\p{Default_Ignorable_Code_Point}|^\s|\s$|\s\s/u);
    }),
    { numRuns: 3000 },
  );
});

const NO_LETTERS = /[^\p{L}\p{M}\p{N} ]|\p{Default_Ignorable_Code_Point}|[\u{16fe4}\u{13441}\u{13442}]/gu;

Deno.test("nameKey is the same for every normal form, case, blank character and number of spaces", () => {
  const blanks = fc.constantFrom(
    "\u034f",
    "\u200d",
    "\ufe0f",
    "\u{e0100}",
    "\u180b",
    "\u17b4",
    "\u{1d159}",
    "\u{16fe4}",
  );
  fc.assert(
    fc.property(any, blanks, fc.nat(), (text, blank, place) => {
      const key = nameKey(text), composed = text.toWellFormed().normalize("NFC");
      for (const form of ["NFC", "NFD"]) assert.equal(nameKey(text.normalize(form)), key);
      const letters = text.toWellFormed().replace(NO_LETTERS, "").normalize("NFD");
      for (const same of [letters.toUpperCase(), letters.toLowerCase(), letters.replaceAll(" ", "   ")]) {
        assert.equal(nameKey(same), nameKey(letters));
      }
      const at = place % (composed.length + 1);
      const mixed = `${composed.slice(0, at)}${blank}${composed.slice(at)}`;
      if (mixed.isWellFormed()) assert.equal(nameKey(mixed), key);
    }),
    { numRuns: 3000 },
  );
});

Deno.test("two names are the same or not, in whatever order and through whatever third one they are compared", () => {
  const few = fc.string({ unit: fc.constantFrom("a", "A", "\u0307", "\u200d", "i", "İ", "ı", "ς", "Σ"), maxLength: 3 });
  fc.assert(
    fc.property(few, few, few, (a, b, c) => {
      const same = (one: string, other: string) => nameKey(one) === nameKey(other);
      assert.ok(same(a, a));
      assert.equal(same(a, b), same(b, a));
      if (same(a, b) && same(b, c)) assert.ok(same(a, c));
    }),
    { numRuns: 3000 },
  );
});
