// Renaming: copies, and what is there already stays.

import assert from "node:assert/strict";
import { calls, nested, renamed } from "../../../jim/dialects/words.ts";

Deno.test("renamed copies a field under JIM's name unless it is there already", () => {
  assert.deepEqual(renamed({ a: 1 }, {}, { a: "b" }), { a: 1, b: 1 });
  assert.deepEqual(renamed({ a: 1, b: null }, {}, { a: "b" }), { a: 1, b: null });
  assert.deepEqual(renamed({}, {}, { a: "b" }), {});
});

Deno.test("renamed calls an action by JIM's word", () => {
  assert.deepEqual(renamed({ action: "exit" }, { exit: "quit" }, {}), { action: "quit" });
  assert.deepEqual(renamed({ action: "msg" }, { exit: "quit" }, {}), { action: "msg" });
  assert.deepEqual(renamed({ action: 1 }, { exit: "quit" }, {}), { action: 1 });
});

Deno.test("renamed keeps a field called __proto__ a field", () => {
  const copy = renamed(JSON.parse('{"__proto__":{"message":"x"}}'), {}, { message: "text" });
  assert.equal(Object.hasOwn(copy, "__proto__"), true);
  assert.equal(Object.hasOwn(copy, "text"), false);
});

Deno.test("nested gives the user's name under account_name unless it is there already", () => {
  assert.deepEqual(nested({ user: { n: "ann" } }, "n"), { user: { account_name: "ann", n: "ann" } });
  assert.deepEqual(nested({ user: { n: "ann", account_name: "eve" } }, "n").user, { n: "ann", account_name: "eve" });
});

Deno.test("nested gives the same object when the user has no such word, or there is no user", () => {
  for (const fields of [{}, { user: null }, { user: "n" }, { user: ["n"] }, { user: { account_name: "ann" } }]) {
    assert.equal(nested(fields, "n"), fields);
    assert.equal(calls(fields, "n"), false);
  }
});
