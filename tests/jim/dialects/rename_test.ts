// Renaming: copies, and what is there already stays.

import assert from "node:assert/strict";
import { hasUserField, renameFields, renameUserField } from "../../../jim/dialects/rename.ts";

Deno.test("renameFields copies a field under JIM's name unless it is there already", () => {
  assert.deepEqual(renameFields({ a: 1 }, {}, { a: "b" }), { a: 1, b: 1 });
  assert.deepEqual(renameFields({ a: 1, b: null }, {}, { a: "b" }), { a: 1, b: null });
  assert.deepEqual(renameFields({}, {}, { a: "b" }), {});
});

Deno.test("renameFields calls an action by JIM's word", () => {
  assert.deepEqual(renameFields({ action: "exit" }, { exit: "quit" }, {}), { action: "quit" });
  assert.deepEqual(renameFields({ action: "msg" }, { exit: "quit" }, {}), { action: "msg" });
  assert.deepEqual(renameFields({ action: 1 }, { exit: "quit" }, {}), { action: 1 });
});

Deno.test("renameFields keeps a field called __proto__ a field", () => {
  const copy = renameFields(JSON.parse('{"__proto__":{"message":"x"}}'), {}, { message: "text" });
  assert.equal(Object.hasOwn(copy, "__proto__"), true);
  assert.equal(Object.hasOwn(copy, "text"), false);
});

Deno.test("renameUserField gives the user's name under account_name unless it is there already", () => {
  assert.deepEqual(renameUserField({ user: { n: "ann" } }, "n"), { user: { account_name: "ann", n: "ann" } });
  assert.deepEqual(renameUserField({ user: { n: "ann", account_name: "eve" } }, "n").user, {
    n: "ann",
    account_name: "eve",
  });
});

Deno.test("renameUserField gives the same object when the user has no such word, or there is no user", () => {
  for (const fields of [{}, { user: null }, { user: "n" }, { user: ["n"] }, { user: { account_name: "ann" } }]) {
    assert.equal(renameUserField(fields, "n"), fields);
    assert.equal(hasUserField(fields, "n"), false);
  }
});
