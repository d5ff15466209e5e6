// What the messages' own module knows: the common chat's spellings.

import assert from "node:assert/strict";
import { COMMON_ROOM, isCommonRoom } from "../../jim/message.ts";

Deno.test("isCommonRoom knows the common chat in its three spellings and any case", () => {
  for (const to of [COMMON_ROOM, "#all", "#All", "#chat", "#CHAT", "#"]) assert.equal(isCommonRoom(to), true, to);
  for (const to of ["", "all", "#alle", "##", " #all", "#а11"]) assert.equal(isCommonRoom(to), false, to);
});
