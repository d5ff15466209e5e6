import assert from "node:assert/strict";
import { JIM, meet, seen } from "./meet.ts";

Deno.test("Controller tells at the end what was not sent", () => {
  const { controller, connect, serve, type, lose, now } = meet();
  connect(JIM);
  serve();
  lose();
  type("one\rtwo\r\x04");
  assert.equal(controller.isOver(now), true);
  assert.deepEqual(controller.outcome(), { words: "2 messages were not sent", status: 1 });
});

Deno.test("Controller says nothing of the end of a connection that the user has left", () => {
  const { controller, connect, serve, type, lose, look } = meet();
  connect(JIM);
  serve();
  type("/quit\r");
  assert.equal(controller.isFlushed, true);
  lose();
  assert.equal(seen(look(), /lost/), 0);
  assert.deepEqual(controller.outcome(), { words: undefined, status: 0 });
});
