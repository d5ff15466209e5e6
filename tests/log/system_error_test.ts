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

Deno.test(
  "isSystemError is true for what the system refuses and Deno has no class for",
  { ignore: !may("read") },
  () => {
    const tooLong = `/${"x".repeat(5_000)}`; // ENAMETOOLONG
    assert.throws(() => Deno.readTextFileSync(tooLong), (error) => {
      assert.equal(isSystemError(error), true);
      return true;
    });
    assert.equal(
      isSystemError(Object.assign(new Error("Too many open files (os error 24)"), { code: "EMFILE" })),
      true,
    );
  },
);

Deno.test("isSystemError is false for bugs, for SQLite's errors, and for what is no error", () => {
  const sqlite = Object.assign(new Error("database is locked"), { code: "ERR_SQLITE_ERROR" });
  const nul = Object.assign(new TypeError("file name contained an unexpected NUL byte"), { code: "EINVAL" });
  for (const each of [new Error("bug"), new TypeError("bug"), sqlite, nul, "NotFound", undefined, {}]) {
    assert.equal(isSystemError(each), false);
  }
});
