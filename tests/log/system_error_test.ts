import assert from "node:assert/strict";
import { isSystemError, systemErrorText } from "../../log/system_error.ts";
import { may } from "../may.ts";

Deno.test("systemErrorText leaves out the call and the path that Deno adds, and keeps a path that the system names", {
  ignore: !may("read"),
}, () => {
  assert.throws(() => Deno.readTextFileSync("/no/such: open 'file'"), (error) => {
    assert.equal(isSystemError(error), true);
    assert.equal(systemErrorText(error), "No such file or directory (os error 2)");
    return true;
  });
  assert.equal(systemErrorText("a text"), "a text");
});

Deno.test("isSystemError is false for bugs, and for what is no error", () => {
  for (const each of [new TypeError("bug"), "NotFound", undefined, {}]) assert.equal(isSystemError(each), false);
});
