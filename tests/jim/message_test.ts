// What the messages' own module knows: the common chat's spellings, and what is not built.

import assert from "node:assert/strict";
import { COMMON, isCommon, unbuilt } from "../../jim/message.ts";
import { parse } from "../../jim/parse.ts";

Deno.test("isCommon knows the common chat in its three spellings and any case", () => {
  for (const to of [COMMON, "#all", "#All", "#chat", "#CHAT", "#"]) assert.equal(isCommon(to), true, to);
  for (const to of ["", "all", "#alle", "##", " #all", "#а11"]) assert.equal(isCommon(to), false, to);
});

Deno.test("unbuilt names no action that parse takes", () => {
  const user = { account_name: "ann" };
  for (const action of ["presence", "msg", "probe", "quit"]) {
    assert.equal(unbuilt.has(action), false);
    const json = JSON.stringify({ action, time: 1, user, message: "" });
    assert.ok("message" in parse(new TextEncoder().encode(json)), action);
  }
});
