import assert from "node:assert/strict";
import { isToken, newToken, storeToken, TokenNotStored } from "../../server/token.ts";
import { makeFolder } from "../log/folder.ts";
import { may } from "../may.ts";

const cannot = !may("read", "write") || Deno.build.os === "windows";

Deno.test("newToken makes another each time", () => {
  assert.equal(new Set(Array.from({ length: 100 }, newToken)).size, 100);
});

Deno.test("isToken takes the whole token and nothing else", () => {
  const token = newToken();
  assert.ok(isToken(token, token));
  for (const other of ["", token.slice(1), token.slice(0, -1), `${token}=`, newToken(), `${token} `]) {
    assert.ok(!isToken(other, token), other);
  }
});

Deno.test("storeToken makes a file that only its owner may read, in the place of whatever was there", {
  ignore: cannot,
}, () => {
  using folder = makeFolder();
  const path = `${folder.path}/token`, elsewhere = `${folder.path}/elsewhere`;
  const befores = [
    () => {},
    () => Deno.writeTextFileSync(path, "of an earlier run", { mode: 0o644 }),
    () => Deno.chmodSync(path, 0o400),
    () => {
      Deno.writeTextFileSync(elsewhere, "somebody else's");
      Deno.removeSync(path);
      Deno.symlinkSync(elsewhere, path);
    },
    () => Deno.writeTextFileSync(`${path}.${Deno.pid}`, "left by a process that was killed"),
  ];
  for (const before of befores) {
    before();
    const token = newToken(), stored = storeToken(folder.path, token), info = Deno.lstatSync(path);
    assert.equal(stored.path, path);
    assert.equal(Deno.readTextFileSync(path), `${token}\n`);
    assert.deepEqual([info.isFile, info.mode! & 0o777], [true, 0o600]);
  }
  assert.equal(Deno.readTextFileSync(elsewhere), "somebody else's");
  assert.deepEqual([...Deno.readDirSync(folder.path)].map(({ name }) => name).sort(), ["elsewhere", "token"]);
});

Deno.test("a token is removed with its run, and that of a later run is not", { ignore: cannot }, () => {
  using folder = makeFolder();
  const first = storeToken(folder.path, "first"), second = storeToken(folder.path, "second");
  first.remove();
  assert.equal(Deno.readTextFileSync(second.path).trim(), "second");
  for (let again = 0; again < 2; again++) second.remove();
  assert.throws(() => Deno.statSync(second.path), Deno.errors.NotFound);
});

Deno.test("storeToken says in one line why it cannot", { ignore: cannot }, () => {
  using folder = makeFolder();
  const dir = `${folder.path}/none`;
  assert.throws(() => storeToken(dir, newToken()), (error: unknown) => {
    assert.ok(error instanceof TokenNotStored);
    assert.match(error.message, /^Cannot write .*none\/token: No such file or directory[^\n]*$/);
    return true;
  });
});
