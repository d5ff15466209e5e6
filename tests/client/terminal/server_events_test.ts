import assert from "node:assert/strict";
import { JIM, meet, msg, OK, seen } from "./meet.ts";

Deno.test("Controller makes what others say harmless, and rings when it is called", () => {
  const { connect, hear, look, screen, controller } = meet();
  connect();
  hear(msg("e\x1b[2Jve", "red\x1b[31m\u202e, ANN!\nand this is eve │ no"));
  assert.ok(
    !controller.window.out.includes("\u202e") && !controller.window.out.includes("\x1b[2J") &&
      !controller.window.out.includes("\x1b[31m"),
  );
  const rows = look();
  assert.match(rows.at(-3)!, /e␛\[2Jve │ red␛\[31m�, ANN!$/);
  assert.match(rows.at(-2)!, /^ +│ and this is eve │ no$/);
  assert.equal(screen.bells, 1);
  hear(msg("bob", "anna and joann"));
  look();
  assert.equal(screen.bells, 1);
});

Deno.test("Controller answers a probe with its presence, before anything else that is in wait", () => {
  const { connect, hear, said, type } = meet();
  connect();
  type("one\rtwo\r");
  assert.deepEqual(said().map(({ message }) => message), ["one"]);
  hear({ action: "probe", time: 1 }, OK);
  assert.deepEqual(said().map(({ action }) => action), ["presence"]);
});

Deno.test("Controller leaves what does not speak JIM when it has just come, and says what it heard instead", () => {
  const { controller } = meet();
  controller.connected(0);
  controller.link.framer.push(new TextEncoder().encode("HTTP/1.1 400 Bad Request\r\n"));
  controller.receive(0);
  assert.equal(controller.isShuttingDown, true);
  assert.match(controller.outcome().words!, /^127.0.0.1:7777 does not speak JIM: it says .*HTTP/);
});

Deno.test("Controller bears a server that sends nonsense, and leaves one that sends an object without end", () => {
  const { controller, connect, look } = meet();
  const push = (text: string) => {
    controller.link.framer.push(new TextEncoder().encode(text));
    controller.receive(0);
  };
  connect();
  push("what?\n");
  assert.equal(seen(look(), /Cannot read what the server sends: .*what\?/), 1);
  assert.equal(controller.link.open, true);
  push('{"action":"msg","message":"');
  for (let times = 0; times < 100 && controller.link.open; times++) push("x".repeat(60_000));
  assert.equal(controller.link.open, false);
  assert.equal(seen(look(), /the server sends an object that/), 1);
});

Deno.test("Controller shows notices and refusals that answer nothing, and what one says oneself elsewhere", () => {
  const { connect, serve, hear, look } = meet();
  connect(JIM);
  serve();
  hear({ response: 100, alert: "closing soon" }, { response: 500, error: "help" });
  hear(msg("ann", "from my telephone", { to: "bob", id: 1 }));
  assert.match(look().at(-4)!, /! closing soon$/);
  assert.match(look().at(-3)!, /! The server says: help$/);
  assert.match(look().at(-2)!, /→bob › from my telephone$/);
});

Deno.test("Controller shows its own words once when the server leaves nobody out, whole or in parts", () => {
  const { connect, type, said, hear, look } = meet();
  connect();
  type("hello\r");
  hear(...said(), OK);
  assert.equal(seen(look(), /ann › hello$/), 1);
  type(`${"long ".repeat(200)}\r`);
  const rows = look().length, parts: string[] = [];
  for (let [part] = said(); part !== undefined; [part] = said()) {
    parts.push(String(part.message));
    hear(part, OK);
  }
  assert.ok(parts.length > 1);
  assert.equal(look().length, rows);
});
