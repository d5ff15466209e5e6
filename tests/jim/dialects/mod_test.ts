// Which dialect an object is held to be, and the slips that are mended for all.

import assert from "node:assert/strict";
import fc from "fast-check";
import { readDialect } from "../../../jim/dialects/mod.ts";
import { parse } from "../../../jim/parse.ts";
import { anyJson, anyText } from "../any.ts";
import { recognized } from "./recognized.ts";

Deno.test("reading mends every family's slips", () => {
  const actions: [theirs: string, ours: string][] = [["exit", "quit"], ["pr\u043ebe", "probe"], ["message", "msg"]];
  for (const [theirs, ours] of actions) {
    for (const bare of [true, false]) assert.equal(readDialect({ action: theirs }, bare).fields.action, ours);
  }
  assert.equal(readDialect({ action: "exit", user: { client_name: "ann" } }, false).fields.action, "quit");
});

Deno.test("reading mends a misspelt name, and leaves one that is there", () => {
  for (const bare of [true, false]) {
    const { user } = readDialect({ action: "presence", user: { accaunt_name: "Guest" } }, bare).fields;
    assert.deepEqual(user, { account_name: "Guest", accaunt_name: "Guest" });
    const both = { accaunt_name: "Guest", account_name: "ann" };
    assert.deepEqual(readDialect({ action: "presence", user: both }, bare).fields.user, both);
  }
});

Deno.test("reading copies nothing where there is nothing to mend", () => {
  const said = { action: "msg", time: 1, to: "#all", message: "hello" };
  assert.equal(readDialect(said, false).fields, said);
});

Deno.test("reading leaves an action alone that is a word of JavaScript", () => {
  for (const action of ["toString", "constructor", "__proto__", "hasOwnProperty"]) {
    for (const more of [{}, { mess_text: "a" }, { message_text: "a" }]) {
      assert.equal(readDialect({ action, ...more }, true).fields.action, action);
    }
  }
});

Deno.test("readDialect takes the first dialect that matches an object", () => {
  assert.deepEqual(recognized('{"action":"message","message_text":"a","mess_text":"b"}'), ["flat-name", "flat-name"]);
  assert.deepEqual(recognized('{"action":"msg","to":"#","mess_text":"b"}'), ["client-name", "lesson"]);
  assert.deepEqual(recognized('{"action":"msg","to":"#all","mess_text":"b"}'), ["lesson", "lesson"]);
});

Deno.test("reading lets any home-made dialect say any time, by lines too, and plain JIM by lines none", () => {
  const said = (more: object) => new TextEncoder().encode(JSON.stringify({ action: "message", ...more }));
  for (const time of [" 11:47PM", "2026-11-23T01:14:00", "2026-11-23 01:14:00.123456"]) {
    for (const words of [{ mess_text: "a" }, { message_text: "a" }]) {
      const parsed = parse(said({ time, ...words }));
      assert.deepEqual("message" in parsed && parsed.message, { action: "msg", time: null, to: "#all", message: "a" });
    }
    assert.ok("message" in parse(said({ time, message: "a" }), { bare: true }));
    assert.ok("refusal" in parse(said({ time, message: "a" })));
  }
});

Deno.test("reading never throws and never changes what was said", () => {
  const key = fc.oneof(fc.constantFrom("action", "to", "user", "account_name", "mess_text", "message_text"), anyText);
  fc.assert(fc.property(fc.dictionary(key, anyJson), fc.boolean(), (fields, bare) => {
    const before = JSON.stringify(fields);
    readDialect(fields, bare);
    assert.equal(JSON.stringify(fields), before);
  }));
});
