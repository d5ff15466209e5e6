// What the messages' own module knows: the common chat's spellings.

import assert from "node:assert/strict";
import { COMMON, isCommon } from "../../jim/message.ts";

Deno.test("isCommon knows the common chat in its three spellings and any case", () => {
  for (const to of [COMMON, "#all", "#All", "#chat", "#CHAT", "#"]) assert.equal(isCommon(to), true, to);
  for (const to of ["", "all", "#alle", "##", " #all", "#а11"]) assert.equal(isCommon(to), false, to);
});
