// What the teacher's page does with its address.

import assert from "node:assert/strict";
import { forgetToken, takeToken } from "../../../web/class/token.ts";

function tab(hash: string, kept = new Map<string, string>()) {
  const shown: unknown[] = [];
  return {
    kept,
    shown,
    location: { hash, pathname: "/class", search: "?x" },
    history: { replaceState: (...[, , url]: unknown[]) => shown.push(url) },
    storage: () => ({
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
      removeItem: (key: string) => void kept.delete(key),
    }),
  };
}

const addresses: [hash: string, token: string | undefined][] = [
  ["#token=abc-_09", "abc-_09"],
  ["#x=1&token=abc", "abc"],
  ["#token=", undefined],
  ["#atoken=abc", undefined],
  ["#notes", undefined],
  ["", undefined],
];
for (const [hash, token] of addresses) {
  Deno.test(`takeToken finds ${token ?? "none"} in ${JSON.stringify(hash)}`, () => {
    const opened = tab(hash);
    assert.equal(takeToken(opened), token);
    assert.deepEqual(opened.shown, token === undefined ? [] : ["/class?x"]);
    assert.equal(takeToken(tab("", opened.kept)), token, "after a reload");
  });
}

Deno.test("a new address replaces the token that was kept, and a token that is forgotten is not found again", () => {
  const { kept } = tab("");
  takeToken(tab("#token=old", kept));
  assert.equal(takeToken(tab("#token=new", kept)), "new");
  forgetToken(tab("", kept));
  assert.equal(takeToken(tab("", kept)), undefined);
});

Deno.test("the token opens the page where nothing may be stored, too", () => {
  const storage = () => {
    throw new DOMException("The operation is insecure", "SecurityError");
  };
  assert.equal(takeToken({ ...tab("#token=abc"), storage }), "abc");
  assert.equal(takeToken({ ...tab(""), storage }), undefined);
  forgetToken({ ...tab(""), storage });
});
