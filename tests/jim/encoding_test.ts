// Where bytes stop being UTF-8, and what they look like.

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import fc from "fast-check";
import { detectWideEncoding, findMalformedUtf8, isUtf16, isUtf32 } from "../../jim/encoding.ts";

const encoder = new TextEncoder();
/** Letters of the two Russian code pages, from А on. */
const upper = "АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ", lower = upper.toLowerCase();
const cp1251 = (text: string) =>
  Uint8Array.from(
    [...text].map((c) =>
      c === "ё" ? 0xb8 : (upper + lower).includes(c) ? 0xc0 + (upper + lower).indexOf(c) : c.charCodeAt(0)
    ),
  );
const cp866 = (text: string) =>
  Uint8Array.from([...text].map((c) => {
    const index = (upper + lower).indexOf(c);
    return index < 0 ? c.charCodeAt(0) : index < 48 ? 0x80 + index : 0xe0 + index - 48;
  }));
const latin1 = (text: string) => Uint8Array.from([...text].map((c) => c.charCodeAt(0)));

const looks: [bytes: Uint8Array, byte: string, position: number, encoding?: string][] = [
  [cp1251('{"message":"привет"}'), "0xEF", 12, "Windows-1251"],
  [cp1251('{"message":"Ёлка, ёлка"}'.replace("Ё", "Е")), "0xC5", 12, "Windows-1251"],
  [cp866('{"message":"Привет, мир"}'), "0x8F", 12, "CP866"],
  [latin1('{"message":"café"}'), "0xE9", 15, "Latin-1"],
  [Uint8Array.of(0x61, 0xff, 0x80), "0xFF", 1],
  [Uint8Array.of(0xff, 0xfe, 0x7b, 0), "0xFF", 0, "UTF-16"],
  [Uint8Array.of(...encoder.encode("\ufeff\ufffd й"), 0x98, 0x99), "0x98", 9],
  [Uint8Array.of(0x61, 0xed, 0xa0, 0xbd), "0xED", 1],
  [Uint8Array.of(0xc3), "0xC3", 0, "Latin-1"],
];

Deno.test("malformed says where bytes stop being UTF-8, and what they look like", () => {
  for (const [bytes, byte, position, encoding] of looks) {
    assert.deepEqual(findMalformedUtf8(bytes), { byte, position, ...(encoding === undefined ? {} : { encoding }) });
  }
});

/** Letters of KOI8-R in the order of their bytes, the small ones from 0xC0 on, the capitals from 0xE0. */
const koi = "юабцдефгхийклмнопярстужвьызшэщчъ";
const koi8 = (text: string) =>
  Uint8Array.from([...text].map((c) => {
    const small = koi.indexOf(c), capital = koi.toUpperCase().indexOf(c);
    return small >= 0 ? 0xc0 + small : capital >= 0 ? 0xe0 + capital : c === "ё" ? 0xa3 : c.charCodeAt(0);
  }));

const SAYINGS = [
  "привет",
  "Привет, мир!",
  "угу",
  "нет",
  "Щука",
  "как дела",
  "да",
  "Ошибка: нет такого файла",
  "всем привет, я Вася",
  "Съешь ещё этих мягких французских булок, да выпей чаю",
  "ОК, Наташа, СПАСИБО",
];

Deno.test("malformed tells the encodings of Russian apart by the letters that are frequent", () => {
  for (const text of SAYINGS) {
    const named = [cp1251, koi8, cp866].map((encode) => findMalformedUtf8(encode(`{"message":"${text}"}`))!.encoding!);
    assert.deepEqual(named, ["Windows-1251", "KOI8-R", "CP866"], text);
  }
  for (const encode of [cp1251, koi8]) {
    const { encoding } = findMalformedUtf8(encode('{"message":"ПРИВЕТ ВСЕМ"}'))!;
    assert.match(
      encoding!,
      /^(Windows-1251 or KOI8-R|KOI8-R or Windows-1251)$/,
      "capitals of one are letters of the other",
    );
  }
});

Deno.test("malformed finds the first place, and none in UTF-8", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), fc.uint8Array({ maxLength: 6 }), (before, noise) => {
    const good = encoder.encode(before.toWellFormed()), bytes = Uint8Array.from([...good, ...noise]);
    assert.equal(findMalformedUtf8(good), undefined);
    const found = findMalformedUtf8(bytes), valid = Buffer.from(bytes.buffer, 0, found?.position ?? bytes.length);
    assert.doesNotThrow(() => new TextDecoder("utf-8", { fatal: true }).decode(valid));
    if (found !== undefined) assert.ok(found.position >= good.length);
  }));
});

Deno.test("malformed takes time that grows with the bytes, whatever they are", () => {
  const replacements = Uint8Array.from([...encoder.encode("\ufffd".repeat(1_000_000)), 0xff]);
  assert.equal(findMalformedUtf8(replacements)!.position, 3_000_000);
});

Deno.test("isUtf16 knows both orders, with a mark and without", () => {
  for (const bytes of [[0xff, 0xfe], [0xfe, 0xff], [0x7b, 0], [0, 0x7b]]) {
    assert.equal(isUtf16(Uint8Array.from(bytes)), true);
  }
  for (const bytes of [[], [0xff], [0], [0, 0], [0x7b, 0x22], [0xff, 0xff], [0xef, 0xbb, 0xbf]]) {
    assert.equal(isUtf16(Uint8Array.from(bytes)), false, String(bytes));
  }
});

Deno.test("isUtf32 knows both orders, with a mark and without", () => {
  for (const bytes of [[0xff, 0xfe, 0, 0], [0, 0, 0xfe, 0xff], [0x7b, 0, 0, 0], [0, 0, 0, 0x7b]]) {
    assert.equal(isUtf32(Uint8Array.from(bytes)), true, String(bytes));
    assert.equal(detectWideEncoding(Uint8Array.from(bytes)), "UTF-32");
  }
  for (const bytes of [[], [0x7b, 0, 0], [0, 0, 0, 0], [0xff, 0xfe, 0x7b, 0], [0, 0x7b, 0, 0x22], [0x7b, 0, 0x22, 0]]) {
    assert.equal(isUtf32(Uint8Array.from(bytes)), false, String(bytes));
  }
});
