import assert from "node:assert/strict";
import { JIM, meet } from "./meet.ts";

Deno.test("Controller tries again after growing pauses, at once at Enter, and joins its rooms again", () => {
  const { controller, connect, serve, type, lose, pass, look, said } = meet();
  connect(JIM);
  serve();
  type("/join #cats\r");
  serve();
  lose();
  assert.equal(look().at(-1), "#cats (offline) ›");
  const pauses = [controller.link.retryAt];
  for (let times = 0; times < 6; times++) {
    controller.connectFailed("Cannot connect", 0);
    pauses.push(controller.link.retryAt);
  }
  assert.deepEqual(pauses, [750, 1500, 3000, 6000, 12_000, 22_500, 22_500]);
  pass(10);
  type("\r");
  assert.equal(controller.link.retryAt, 10);
  connect(JIM);
  assert.equal(controller.link.retryAt, Infinity);
  assert.deepEqual(said().filter(({ action }) => action === "join").map(({ room }) => room), ["#cats"]);
});

Deno.test("Controller tries the other servers of the chat at once, each once, before it pauses", () => {
  const others = [7778, 7779].map((port) => ({ address: "127.0.0.1", port }));
  const { controller, connect, serve, lose, look } = meet("ann", { others });
  connect(JIM);
  serve();
  lose();
  const tried = [];
  for (let times = 0; times < 4; times++) {
    tried.push([controller.link.server.port, controller.link.retryAt]);
    controller.connectFailed("Cannot connect", 0);
  }
  assert.deepEqual(tried, [[7778, 0], [7779, 0], [7777, 750], [7778, 0]]);
  connect(JIM);
  serve();
  assert.match(look().join("\n"), /The connection is back after 0 s, to 127\.0\.0\.1:7779/);
});
