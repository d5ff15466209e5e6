import assert from "node:assert/strict";
import { JIM, meet, seen } from "./meet.ts";

Deno.test("Talk joins a server that does not answer, and speaks to it with care", () => {
  const { talk, said, pass, type, look } = meet();
  talk.connected(0);
  assert.equal(said()[0]!.action, "presence");
  pass(701);
  assert.match(look()[0]!, /Joined 127.0.0.1:7777 as ann; it does not answer/);
  type("one\rtwo\r");
  assert.deepEqual(said().map(({ message }) => message), ["one"]);
  assert.deepEqual(said(), []);
  pass(701);
  assert.deepEqual(said().map(({ message }) => message), ["two"]);
});

Deno.test("Talk takes a server that is known, and silent when it was asked, for lost", () => {
  const { talk, connect, serve, pass, said, look } = meet();
  connect(JIM);
  serve();
  pass(75_000);
  assert.deepEqual(said().map(({ action }) => action), ["probe"]);
  pass(9_999);
  assert.equal(talk.link.open, true);
  pass(1);
  assert.equal(talk.link.open, false);
  assert.equal(seen(look(), /the server does not answer/), 1);
});
