// What came, quoted so that it can stand in a sentence, in a log and on a terminal.

import assert from "node:assert/strict";
import fc from "fast-check";
import { quote, quoteBytes, refuse } from "../../jim/refusal.ts";
import { anyJson } from "./any.ts";

Deno.test("refuse is a bad request unless it is told another code", () => {
  assert.deepEqual(refuse("json"), { code: 400, reason: "json" });
  assert.deepEqual(refuse("presence", { code: 401 }), { code: 401, reason: "presence" });
  assert.deepEqual(refuse("long", { at: "message", limit: 5, got: "6" }), {
    code: 400,
    reason: "long",
    at: "message",
    limit: 5,
    got: "6",
  });
});

Deno.test("quote gives JSON, shortened, and nothing for what is not there", () => {
  assert.equal(quote(undefined), "nothing");
  assert.equal(quote(null), "null");
  assert.equal(quote({ a: [1] }), '{"a":[1]}');
  assert.equal(quote(Infinity), "Infinity");
  assert.equal(quote("x".repeat(38)), `"${"x".repeat(38)}"`);
  assert.equal(quote("x".repeat(39)), `"${"x".repeat(39)}…`);
});

Deno.test("quote never ends in half a letter", () => {
  assert.equal(quote(`${"x".repeat(38)}😀y`), `"${"x".repeat(38)}…`);
  assert.equal(quote(`${"x".repeat(37)}😀y`), `"${"x".repeat(37)}😀…`);
});

Deno.test("quote is one line that moves no cursor and turns no text around", () => {
  assert.equal(quote("\x1b[2J"), '"\\u001b[2J"');
  assert.equal(quote("a\nb\x9b\u202e\u2028"), '"a\\nb\\u009b\\u202e\\u2028"');
  assert.equal(quote("\u{e0041}"), '"\\udb40\\udc41"');
  fc.assert(fc.property(anyJson, (value) => {
    assert.match(quote(value), /^[^\p{C}\p{Zl}\p{Zp}]{1,41}$/u);
  }));
});

Deno.test("quote does without what is too deep to write", () => {
  let deep: unknown = 1;
  for (let i = 0; i < 5_000; i++) deep = { a: 1, 0: deep };
  assert.equal(quote(deep), "brackets too deep to show");
});

Deno.test("quoteBytes gives the first line of what came, whatever the bytes", () => {
  const bytes = (text: string) => new TextEncoder().encode(text);
  assert.equal(quoteBytes(bytes("GET / HTTP/1.1\r\nHost: x")), '"GET / HTTP/1.1"');
  assert.equal(quoteBytes(bytes("")), '""');
  assert.equal(quoteBytes(Uint8Array.of(0, 0, 0, 90, 0xff)), '"\\u0000\\u0000\\u0000Z\ufffd"');
  assert.equal(quoteBytes(bytes("й".repeat(1_000_000))), `"${"й".repeat(39)}…`);
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
    assert.match(quoteBytes(bytes), /^[^\p{C}\p{Zl}\p{Zp}]{2,41}$/u);
  }));
});
