// Where a text stops being JSON, held against the engine's own parser; and that no secret is in what is said of it.

import assert from "node:assert/strict";
import fc from "fast-check";
import { findJsonError } from "../../jim/json_error.ts";
import type { JsonErrorKind } from "../../jim/json_scanner.ts";
import { parse } from "../../jim/parse.ts";
import { explain, languages } from "../../jim/explain.ts";
import { anyText } from "./any.ts";

const jsonErrors: [text: string, kind: JsonErrorKind, position: number, right?: string][] = [
  ['{"action":"quit",}', "trailing", 16],
  ['{"a":[1,]}', "trailing", 7],
  ['{"a":1,,"b":2}', "comma", 7],
  ['{"a":,"b":2}', "comma", 5],
  ['{"watch":True}', "foreign", 9, "true"],
  ['{"to":None}', "foreign", 6, "null"],
  ['{"time":NaN}', "foreign", 8, "null"],
  ['{"time":-Infinity}', "foreign", 8, "null"],
  ['{"to":undefined}', "foreign", 6, "null"],
  ['{"action":quit}', "word", 10],
  ['{action:"quit"}', "key", 1],
  ['{7:"quit"}', "key", 1],
  ["{'action':'quit'}", "quote", 1],
  ['{"action":“quit”}', "quote", 10],
  ['{"message":"a\nb"}', "line", 13],
  ['{"message":"a\tb"}', "control", 13],
  [String.raw`{"message":"C:\xyz"}`, "escape", 14],
  [String.raw`{"message":"\u12g4"}`, "escape", 12],
  ['{"message":"say "hi" to"}', "inside", 16],
  ['{"a":1 // one\n}', "comment", 7],
  ['{"a":1 # one\n}', "comment", 7],
  ['{/* one */"a":1}', "comment", 1],
  ['{"time":007}', "number", 8],
  ['{"time":+1}', "number", 8],
  ['{"time":1.}', "number", 8],
  ['{"time":0x10}', "number", 8],
  ['{"a" 1}', "colon", 5],
  ['{"a"="b"}', "colon", 4],
  ['{"a":}', "value", 5],
  ['{"a":1 "b":2}', "missing", 7],
  ['{"a":1{"b":2}', "unclosed", 6, "}"],
  ['{"a":1;"b":2}', "between", 6],
  ['{"a":[1}', "bracket", 7, "]"],
  ['{"action":"quit}', "string", 16],
  ['{"a":[{"b":1', "end", 12, "}]}"],
  ["", "end", 0, ""],
  ["{}}", "behind", 2],
  ['{"a":@}', "character", 5],
];

Deno.test("findFlaw names what is wrong, and where", () => {
  for (const [text, kind, position, right] of jsonErrors) {
    const jsonError = findJsonError(text);
    assert.deepEqual([jsonError?.kind, jsonError?.position, jsonError?.expected], [kind, position, right], text);
  }
});

Deno.test("findFlaw counts characters, and lines and columns behind the first line", () => {
  const { position, line, column } = findJsonError('{"😀":1,\r\n "b":2,\n}')!;
  assert.deepEqual([position, line, column], [15, 2, 7]);
  assert.equal(findJsonError('{"a":1,}\n')!.line, undefined);
});

Deno.test("findFlaw finds one in a text if and only if JSON.parse does, and inside the text", () => {
  const whole = '{"action":"msg","time":-1.5e3,"to":["#all",{}],"user":null,"message":"he\\n\\u0041\\"l"}';
  for (let at = 0; at <= whole.length; at++) {
    for (const put of ["", ..."{}[]\",:'x1-.\\/\n\t #=\u00a0é\0"]) {
      for (const rest of [whole.slice(at), whole.slice(at + 1)]) agrees(whole.slice(0, at) + put + rest);
    }
  }
  fc.assert(fc.property(anyText, agrees), { numRuns: 1000 });
  fc.assert(fc.property(fc.jsonValue(), (value) => agrees(JSON.stringify(value, undefined, 1))));
});

function agrees(text: string): void {
  const jsonError = findJsonError(text);
  assert.equal(jsonError === undefined, isJson(text), text);
  if (jsonError === undefined) return;
  assert.ok(jsonError.position >= 0 && jsonError.position <= text.length, text);
  for (const language of languages) {
    const said = explain({ code: 400, reason: "json", got: "", jsonError }, language);
    assert.match(said, /^\P{C}+$/u);
    assert.doesNotMatch(said, /undefined/);
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

Deno.test("findFlaw shows no part of a password, wherever the object is broken", () => {
  const secret = "Zq7hunter2жщ",
    login = JSON.stringify({
      action: "authenticate",
      time: 1,
      user: { account_name: "ann", password: secret },
      more: "of it",
    });
  for (let at = 0; at < login.length; at++) {
    for (const put of ["", ..."{}\",:'x\n\\"]) {
      for (const rest of [login.slice(at), login.slice(at + 1)]) {
        const parsed = parse(new TextEncoder().encode(login.slice(0, at) + put + rest));
        if (!("refusal" in parsed) || parsed.refusal.jsonError === undefined) continue;
        const { before, after } = parsed.refusal.jsonError;
        for (let i = 0; i + 6 <= secret.length; i++) {
          assert.ok(!`${before}${after}`.includes(secret.slice(i, i + 6)), `${before} | ${after}`);
        }
      }
    }
  }
});

Deno.test("findFlaw takes time that grows with the text, and shows nothing of a large one", () => {
  for (const part of ["[", "{", '{"a":', '"', "a", "1", "\\", "[1,", "\n", "😀", " password", "/*", "'"]) {
    // If it grew with the square, each would take most of a minute, and a run of the tests would not end in time.
    const jsonError = findJsonError(`{"message":${part.repeat(200_000)}`)!;
    assert.deepEqual([jsonError.before, jsonError.after], ["", ""], part);
  }
});
