import assert from "node:assert/strict";
import { JIM, meet, seen } from "./meet.ts";

Deno.test("Talk tells at the end what was not sent", () => {
  const { talk, connect, serve, type, lose, now } = meet();
  connect(JIM);
  serve();
  lose();
  type("one\rtwo\r\x04");
  assert.equal(talk.over(now), true);
  assert.deepEqual(talk.farewell(), { words: "2 messages were not sent", status: 1 });
});

Deno.test("Talk says nothing of the end of a connection that the user has left", () => {
  const { talk, connect, serve, type, lose, look } = meet();
  connect(JIM);
  serve();
  type("/quit\r");
  assert.equal(talk.done, true);
  lose();
  assert.equal(seen(look(), /lost/), 0);
  assert.deepEqual(talk.farewell(), { words: undefined, status: 0 });
});
