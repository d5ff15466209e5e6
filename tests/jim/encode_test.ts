// The way out: one object, one line, UTF-8.

import assert from "node:assert/strict";
import fc from "fast-check";
import { encode } from "../../jim/encode.ts";
import { Framer } from "../../jim/frame.ts";
import { anyText } from "./any.ts";

Deno.test("encode gives one line of UTF-8 with a newline behind it", () => {
  const text = "Привет\n😀\u2028";
  assert.equal(new TextDecoder().decode(encode({ message: text })), '{"message":"Привет\\n😀\u2028"}\n');
});

Deno.test("encode writes what a Framer finds and JSON.parse reads back", () => {
  fc.assert(fc.property(fc.dictionary(anyText, fc.oneof(anyText, fc.jsonValue())), (object) => {
    const bytes = encode(object);
    assert.equal(bytes.indexOf(10), bytes.length - 1, "one newline, at the end");
    const framer = new Framer();
    framer.push(bytes);
    const found = framer.next();
    assert.ok(found instanceof Uint8Array);
    assert.equal(new TextDecoder().decode(found), JSON.stringify(object));
    assert.equal(framer.isLineDelimited, true);
  }));
});
