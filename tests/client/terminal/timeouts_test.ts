import assert from "node:assert/strict";
import { plain } from "../../../client/terminal/paint.ts";
import { Controller } from "../../../client/terminal/controller.ts";
import { JIM, meet, seen } from "./meet.ts";

Deno.test("Controller joins a server that does not answer, and speaks to it with care", () => {
  const { controller, said, pass, type, look } = meet();
  controller.connected(0);
  assert.equal(said()[0]!.action, "presence");
  pass(3_001);
  assert.match(look()[0]!, /127.0.0.1:7777 does not answer: is this the port of a JIM/);
  type("one\rtwo\r");
  assert.deepEqual(said().map(({ message }) => message), ["one"]);
  assert.deepEqual(said(), []);
  pass(701);
  assert.deepEqual(said().map(({ message }) => message), ["two"]);
});

Deno.test("Controller takes a server that is known, and silent when it was asked, for lost", () => {
  const { controller, connect, serve, pass, said, look } = meet();
  connect(JIM);
  serve();
  pass(75_000);
  assert.deepEqual(said().map(({ action }) => action), ["probe"]);
  pass(9_999);
  assert.equal(controller.link.open, true);
  pass(1);
  assert.equal(controller.link.open, false);
  assert.equal(seen(look(), /the server does not answer/), 1);
});

Deno.test("Controller waits by a clock that never jumps, and shows and says the time of the wall", () => {
  for (const jump of [-3_600_000, 3_600_000]) {
    let wall = new Date(2026, 10, 23, 12, 30).getTime(), now = 5;
    const controller = new Controller({ address: "::1", port: 7777, name: "ann" }, plain, () => 0.5, now, () => wall);
    const said = () => new TextDecoder().decode(controller.link.requests.take(now) ?? new Uint8Array());
    const hear = (object: object) => {
      controller.link.framer.push(new TextEncoder().encode(JSON.stringify(object)));
      controller.receive(now);
    };
    controller.connected(now);
    assert.match(said(), new RegExp(`"time":${wall / 1000},`));
    hear({ response: 200, alert: "welcome" });
    wall += jump;
    controller.type(new TextEncoder().encode("hello\r"), now);
    assert.match(said(), new RegExp(`"time":${wall / 1000},.*"hello"`));
    assert.match(controller.window.out, jump < 0 ? /11:30 +ann › hello/ : /13:30 +ann › hello/);
    controller.type(new TextEncoder().encode("again\r"), now);
    // The answer is waited for as long as ever, and no longer.
    assert.equal(controller.due, 5 + 700);
    controller.pass(now = 704);
    assert.equal(controller.due, 705);
    controller.pass(now = 705);
    assert.match(said(), new RegExp(`"time":${wall / 1000 + 0.001},.*"again"`));
    controller.pass(now = 1_405);
    assert.equal(controller.due, Infinity);
    controller.disconnected(now);
    wall -= jump;
    const { retryAt } = controller.link;
    assert.ok(retryAt > now && retryAt <= now + 1_000, String(retryAt));
    controller.connected(now = retryAt);
    said();
    hear({ response: 200, alert: "welcome" });
    assert.match(controller.window.out, /The connection is back after 1 s/);
    controller.shutdown(now);
    controller.closing(now);
    assert.deepEqual([controller.isOver(now + 999), controller.isOver(now + 1_000)], [false, true]);
  }
});
