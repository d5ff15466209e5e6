// What is served as a picture is one by its bytes, whatever they claim beside.
import assert from "node:assert/strict";
import fc from "fast-check";
import { pictureOf } from "../../../server/uploads/picture.ts";
import { PNG } from "../../chat/uploading.ts";

const latin = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const JPEG = (width: number, height: number, before: string) =>
  latin(
    `\xff\xd8${before}\xff\xc0\x00\x11\x08\x00${String.fromCharCode(height)}\x00${String.fromCharCode(width)}\x03` +
      "\x01\x22\x00".repeat(3) + "\xff\xd9",
  );
/** EXIF that says how the camera was held. */
const turned = (orientation: number) => {
  const entry = `\x01\x12\x00\x03\x00\x00\x00\x01\x00${String.fromCharCode(orientation)}\x00\x00`;
  const tiff = `MM\x00\x2a\x00\x00\x00\x08\x00\x01${entry}\x00\x00\x00\x00`, exif = `Exif\x00\x00${tiff}`;
  return `\xff\xe1\x00${String.fromCharCode(exif.length + 2)}${exif}`;
};
const WEBP = latin("RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00\x2f\x02\x40\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00");

Deno.test("a picture has its size as it is shown, by its kind", () => {
  assert.deepEqual(pictureOf(PNG), { type: "image/png", width: 1, height: 1 });
  assert.deepEqual(pictureOf(latin("GIF89a\x03\x00\x02\x00\x00\x00\x00")), { type: "image/gif", width: 3, height: 2 });
  assert.deepEqual(pictureOf(WEBP), { type: "image/webp", width: 3, height: 2 });
  const jpeg = pictureOf(JPEG(30, 20, turned(1)));
  assert.deepEqual(jpeg, { type: "image/jpeg", width: 30, height: 20 });
  for (const [orientation, width, height] of [[4, 30, 20], [5, 20, 30], [6, 20, 30], [8, 20, 30]] as const) {
    assert.deepEqual(pictureOf(JPEG(30, 20, turned(orientation))), { type: "image/jpeg", width, height });
  }
});

Deno.test("a picture of more pixels than a browser can hold is none, whatever its kind", () => {
  const u32 = (n: number) => String.fromCharCode(n >>> 24, n >> 16 & 255, n >> 8 & 255, n & 255);
  const png = (width: number, height: number) =>
    pictureOf(latin(`\x89PNG\r\n\x1a\n\0\0\0\rIHDR${u32(width)}${u32(height)}\b\x06\0\0\0\0\0\0\0`));
  assert.deepEqual(png(16_000, 12_000), { type: "image/png", width: 16_000, height: 12_000 });
  for (const [width, height] of [[65_535, 65_535], [65_536, 1], [0, 1], [2 ** 31, 2 ** 31]] as const) {
    assert.equal(png(width, height), undefined);
  }
  const sides = "\xff\xff\xff\xff";
  assert.equal(pictureOf(latin(`GIF89a${sides}\0\0\0`)), undefined);
  assert.equal(
    pictureOf(latin(`\xff\xd8\xff\xc0\x00\x11\x08${sides}\x03${"\x01\x22\x00".repeat(3)}\xff\xd9`)),
    undefined,
  );
  assert.equal(pictureOf(latin(`RIFF\x1a\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0${"\xff".repeat(6)}`)), undefined);
});

Deno.test("a JPEG has one segment after the other, and not thousands of them: to look for its size would take a while", () => {
  const comment = "\xff\xfe\x00\x02";
  assert.deepEqual(pictureOf(JPEG(30, 20, comment.repeat(300))), { type: "image/jpeg", width: 30, height: 20 });
  assert.equal(pictureOf(JPEG(30, 20, comment.repeat(1000))), undefined);
  assert.equal(pictureOf(JPEG(30, 20, `${comment}\0\0\0\0`)), undefined);
});

Deno.test("what is no picture of these kinds is none, and nothing throws", () => {
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>';
  for (
    const text of [
      "",
      "<!doctype html>",
      svg,
      "GIF89a",
      "\x89PNG\r\n\x1a\n",
      "\xff\xd8\xff\xe0\x00",
      "BM",
      "RIFF\0\0\0\0WEBP",
    ]
  ) {
    assert.equal(pictureOf(latin(text)), undefined, text);
  }
  const begins = fc.constantFrom(
    "\x89PNG\r\n\x1a\n",
    "\xff\xd8\xff\xe1",
    "GIF89a",
    "RIFF\0\0\0\0WEBPVP8 ",
    "RIFF\0\0\0\0WEBPVP8X",
  );
  fc.assert(fc.property(begins, fc.uint8Array({ maxLength: 300 }), (begin, rest) => {
    const found = pictureOf(new Uint8Array([...latin(begin), ...rest]));
    assert.ok(found === undefined || (found.width > 0 && found.height > 0 && found.type.startsWith("image/")));
  }));
});
