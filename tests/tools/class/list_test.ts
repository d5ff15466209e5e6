// The list of a class: what any spreadsheet writes of it, and what is wrong with it.

import assert from "node:assert/strict";
import fc from "fast-check";
import { nameKey } from "../../../jim/mod.ts";
import { skeletons } from "../../../server/chat/lookalike.ts";
import { readList } from "../../../tools/class/list.ts";
import { oneTimePassword } from "../../../tools/class/password.ts";
import { htmlSheet, textSheet } from "../../../tools/class/sheet.ts";
import { catalogues } from "../../../tools/words.ts";

const utf8 = new TextEncoder();
const read = (list: string | Uint8Array) =>
  readList(typeof list === "string" ? utf8.encode(list) : list, "en", catalogues.en);
const flaws = (list: string | Uint8Array) => read(list).flaws.map(({ text }) => text);

Deno.test("readList reads names and groups, as text or as any spreadsheet writes them", () => {
  const both = [{ line: 2, name: "Ann Lee", room: "#7b" }, { line: 4, name: "Boris", room: undefined }];
  const utf16 = new Uint8Array(
    Uint16Array.from([..."\ufeffname\tgroup\r\nAnn Lee\t7b\r\n\r\nBoris"], (letter) => letter.charCodeAt(0)).buffer,
  );
  for (
    const list of [
      "name,group\nAnn Lee,7b\n\nBoris\n",
      "\ufeffName;Group\r\n Ann Lee ; 7b \r\n  \r\nBoris;\r\n",
      'имя,группа\n"Ann Lee","#7b"\n\n"Boris",""',
      utf16,
    ]
  ) assert.deepEqual(read(list), { pupils: both, flaws: [] }, JSON.stringify(list));
  assert.deepEqual(read('"Kim, ""K"" Jr",7b').pupils, [{ line: 1, name: 'Kim, "K" Jr', room: "#7b" }]);
  assert.deepEqual(read("").pupils, []);
});

Deno.test("readList says of each wrong line its number and what is wrong", () => {
  assert.deepEqual(flaws("Ann\nboris\nANN\n\u0430nn\nBORIS,7b"), [
    'line 3: "ANN" is the same name as "Ann" in line 1',
    'line 4: "аnn" looks like "Ann" in line 1',
    'line 5: "BORIS" is the same name as "boris" in line 2',
  ]);
  assert.deepEqual(flaws(`${"x".repeat(26)}\n#a\na,b,c\n"a\n"a"b\nc,all\n,7b\nx\u200by\nci (hook)\n\uff03d`), [
    `line 1: expected a name of 1 to 25 characters that does not begin with #, got "${"x".repeat(26)}", which has 26`,
    'line 2: expected a name of 1 to 25 characters that does not begin with #, got "#a"',
    "line 3: expected a name, or a name and a group, got 3 fields",
    "line 4: expected a quote only around a whole field, with another one at its end",
    "line 5: expected a quote only around a whole field, with another one at its end",
    'line 6: expected a group with a room of its own, got "all", which is everybody\'s',
    'line 7: expected a name of 1 to 25 characters that does not begin with #, got ""',
    'line 8: expected visible characters, and plain spaces only between them, got "x\\u200by" with U+200B',
    'line 9: expected a name of 1 to 25 characters that does not begin with #, got "ci (hook)"',
    'line 10: expected a name of 1 to 25 characters that does not begin with #, got "\uff03d"',
  ]);
  const cp1251 = Uint8Array.of(...utf8.encode("Ann\n"), 0xc0, 0xed, 0xff, 10, ...utf8.encode("Zoe\n"));
  assert.deepEqual(flaws(cp1251), ["line 2: expected UTF-8, got what looks like Windows-1251"]);
  assert.deepEqual(read(cp1251).pupils.map(({ line, name }) => [line, name]), [[1, "Ann"], [3, "Zoe"]]);
});

Deno.test("readList reads all names of a quoted list that differ and look different, and never throws", () => {
  const name = fc.string({ unit: fc.constantFrom(...'abcdefgh,;" жюя'), minLength: 1, maxLength: 12 })
    .map((text) => text.trim().replace(/ +/g, " ")).filter((text) => text !== "");
  const names = fc.uniqueArray(name, { selector: nameKey, maxLength: 8 })
    .filter((all) => new Set(all.flatMap(skeletons)).size === all.flatMap(skeletons).length);
  fc.assert(fc.property(names, fc.constantFrom("\n", "\r\n"), (all, end) => {
    const { pupils, flaws } = read(all.map((each) => `"${each.replaceAll('"', '""')}"`).join(end));
    assert.deepEqual([pupils.map(({ name }) => name), flaws], [all, []]);
  }));
  fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
    const { pupils, flaws } = read(bytes);
    assert.ok([...pupils, ...flaws].every(({ line }) => line >= 1));
  }));
});

Deno.test("oneTimePassword uses each of its letters as often, and none that is read as another", () => {
  /** The password of a source that gives one byte, and then another. */
  const passwordOf = (...bytes: number[]) => oneTimePassword((into) => into.fill(bytes.shift()!));
  const letters = Array.from({ length: 250 }, (_, byte) => passwordOf(byte)[0]!).join("");
  const counts = Object.values(Object.groupBy([...letters], (letter) => letter)).map((all) => all!.length);
  assert.deepEqual(counts, Array.from({ length: 25 }, () => 10));
  for (let byte = 250; byte < 256; byte++) assert.equal(passwordOf(byte, 0), "bbb-bbb-bbb"); // it would be likelier
  assert.doesNotMatch(letters, /[aeiloqsuz01A-Z]/);
});

Deno.test("the sheet shows any name as text, with a code that is as the link", () => {
  const card = { name: "<b>\"&'", password: "3nd-xxh-3bw", room: "#<7b>" }, link = "http://192.168.1.5:8080/?a&b";
  const html = htmlSheet([card], link, "en", catalogues.en);
  assert.match(html, /<bdi>&#60;b&#62;&#34;&#38;&#39;<\/bdi>/);
  assert.match(html, /<h2>#&#60;7b&#62;<\/h2>/);
  assert.match(html, /<a href="http:\/\/192\.168\.1\.5:8080\/\?a&#38;b">/);
  assert.match(html, /<svg /);
  assert.doesNotMatch(html, /<script|<b>/);
  assert.match(textSheet([card], link, catalogues.en), /^Name: +<b>"&'\nPassword for the first login: +3nd-xxh-3bw\n/m);
});
