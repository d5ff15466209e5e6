import assert from "node:assert/strict";
import { checkPassword, hashPassword } from "../../../server/auth/passwords.ts";

Deno.test("hashPassword gives the hash that any other program gives", async () => {
  // Worked out with another program: hash-wasm's argon2id at 47104 KiB, 1 pass, 1 lane.
  const stored = await hashPassword("password", { salt: new TextEncoder().encode("0123456789abcdef") });
  assert.equal(
    stored,
    `$argon2id$v=19$m=47104,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$mzYcNUC8fWxkiIKkYZM59DHrCpEhSGXCaUOGXXQ4m/4`,
  );
});

Deno.test("hashPassword never gives the same twice", async () => {
  assert.notEqual(await hashPassword("password"), await hashPassword("password"));
});

Deno.test("checkPassword says yes to the password and to nothing else", async () => {
  for (const password of ["correct horse", "", "пароль 👍", "\u0000", "x".repeat(10_000)]) {
    const stored = await hashPassword(password);
    assert.equal(await checkPassword(password, stored), true);
    assert.equal(await checkPassword(`${password} `, stored), false);
  }
});

Deno.test("checkPassword takes a letter with an accent however it is typed", async () => {
  assert.equal(await checkPassword("e\u0301te\u0301", await hashPassword("\u00e9t\u00e9")), true);
});

Deno.test("checkPassword says no, after as much work, when there is no account", async () => {
  assert.equal(await checkPassword("", undefined), false);
  assert.equal(await checkPassword("anything", undefined), false);
});

Deno.test("checkPassword checks at the cost that was kept", async () => {
  const salt = new Uint8Array(16);
  const key = await crypto.subtle.importKey(
    "raw-secret",
    new TextEncoder().encode("old"),
    "Argon2id",
    false,
    ["deriveBits"],
  );
  const cost = { name: "Argon2id", nonce: salt, memory: 64, passes: 1, parallelism: 1 };
  const hash = new Uint8Array(await crypto.subtle.deriveBits(cost, key, 128));
  const stored = `$argon2id$v=19$m=64,t=1,p=1$${salt.toBase64({ omitPadding: true })}$${
    hash.toBase64({ omitPadding: true })
  }`;
  assert.equal(await checkPassword("old", stored), true);
  assert.equal(await checkPassword("new", stored), false);
});

Deno.test("checkPassword says what is no hash, or one that this version cannot check", async () => {
  const salt = "A".repeat(22),
    of = (cost: string, salt: string, hash: string) => `$argon2id$v=19$${cost}$${salt}$${hash}`;
  const odd = [
    ...["", "old", "$2b$10$abcdefghijklmnopqrstuv", of("m=1,t=1,p=1", "", ""), of("m=64,t=1,p=4", salt, "AAAAAAAA")],
    of("m=64,t=1,p=1", salt, "A"), // no Base64
    of("m=64,t=1,p=1", "AAAA", "AAAAAAAA"), // too short a salt
    of("m=1,t=1,p=1", salt, "AAAAAAAA"), // a cost that Argon2 does not have
    of("m=99999999999,t=1,p=1", salt, "AAAAAAAA"),
  ];
  for (const stored of odd) {
    await assert.rejects(checkPassword("old", stored), { name: "UnknownHash" }, stored);
  }
});
