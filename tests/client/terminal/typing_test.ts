import assert from "node:assert/strict";
import { meet, seen } from "./meet.ts";

Deno.test("Talk never keeps a password that was typed behind its command", () => {
  const { connect, type, look } = meet();
  connect();
  type("/login ann hunter2\r\x1b[A");
  assert.equal(seen(look(), /hunter2/), 0);
});
