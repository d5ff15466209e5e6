import assert from "node:assert/strict";
import { isSameToken, newToken, storeToken, TokenNotStored } from "../../../server/auth/token.ts";
import { makeFolder } from "../../log/folder.ts";
import { may } from "../../may.ts";

const cannot = !may("read", "write") || Deno.build.os === "windows";

Deno.test("newToken makes another each time", () => {
  assert.equal(new Set(Array.from({ length: 100 }, newToken)).size, 100);
});

Deno.test("isToken takes the whole token and nothing else", () => {
  const token = newToken();
  assert.ok(isSameToken(token, token));
  for (const other of ["", token.slice(1), token.slice(0, -1), `${token}=`, newToken(), `${token} `]) {
    assert.ok(!isSameToken(other, token), other);
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
    () => Deno.writeTextFileSync(path, "of an earlier run", { mode: 0o400 }),
    () => {
      Deno.writeTextFileSync(elsewhere, "somebody else's");
      Deno.symlinkSync(elsewhere, path);
    },
    () => Deno.writeTextFileSync(`${path}.${Deno.pid}`, "left by a process that was killed"),
  ];
  for (const before of befores) {
    before();
    const token = newToken(), stored = storeToken(folder.path, token, 7777), info = Deno.lstatSync(path);
    assert.equal(stored.path, path);
    assert.equal(Deno.readTextFileSync(path), `${token}\n`);
    assert.deepEqual([info.isFile, info.mode! & 0o777], [true, 0o600]);
    stored.remove();
  }
  assert.equal(Deno.readTextFileSync(elsewhere), "somebody else's");
  assert.deepEqual([...Deno.readDirSync(folder.path)].map(({ name }) => name).sort(), ["elsewhere", "token-lock"]);
});

Deno.test("a server beside another has its token in a file of its own, and each removes its own", {
  ignore: cannot,
}, () => {
  using folder = makeFolder();
  const path = `${folder.path}/token`, read = (path: string) => Deno.readTextFileSync(path).trim();
  const first = storeToken(folder.path, "first", 7777), second = storeToken(folder.path, "second", 7801);
  assert.deepEqual([first.path, first.beside], [path, undefined]);
  assert.deepEqual([second.path, second.beside], [`${path}-7801`, path]);
  assert.deepEqual([read(first.path), read(second.path)], ["first", "second"]);
  assert.equal(Deno.statSync(second.path).mode! & 0o777, 0o600);
  second.remove();
  assert.equal(read(first.path), "first");
  first.remove();
  const third = storeToken(folder.path, "third", 7777);
  assert.equal(third.path, path);
  first.remove(); // a second time, and what a later run has put there
  assert.equal(read(path), "third");
  third.remove();
  assert.throws(() => Deno.statSync(path), Deno.errors.NotFound);
});

Deno.test("storeToken says in one line why it cannot", { ignore: cannot }, () => {
  using folder = makeFolder();
  const dir = `${folder.path}/none`;
  assert.throws(() => storeToken(dir, newToken(), 7777), (error: unknown) => {
    assert.ok(error instanceof TokenNotStored);
    assert.match(error.message, /^Cannot write .*none\/token: No such file or directory[^\n]*$/);
    return true;
  });
});

Deno.test("a token's file that the system does not let go keeps no server from its end", { ignore: cannot }, () => {
  using folder = makeFolder();
  const stored = storeToken(folder.path, "a token", 7777);
  Deno.removeSync(stored.path);
  Deno.mkdirSync(stored.path);
  stored.remove();
  Deno.removeSync(stored.path);
  const another = storeToken(folder.path, "another", 7777);
  assert.equal(another.path, stored.path, "its lock is free");
  another.remove();
});
