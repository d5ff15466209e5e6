import assert from "node:assert/strict";
import { JIM, meet, seen } from "./meet.ts";

Deno.test("Controller never keeps a password that was typed behind its command", () => {
  const { connect, type, look } = meet();
  connect();
  type("/login ann hunter2\r\x1b[A");
  assert.equal(seen(look(), /hunter2/), 0);
});

Deno.test("Controller empties the line at Ctrl-C, leaves at Ctrl-C or Ctrl-D on an empty one, and at the end of the keys", () => {
  for (const end of ["\x03", "\x04", null]) {
    const { controller, connect, type, look } = meet();
    connect();
    type("half\x1b[H\x04");
    assert.equal(look().at(-1), "#all › alf");
    type("\x03");
    assert.equal(look().at(-1), "#all ›");
    assert.equal(controller.isShuttingDown, false);
    if (end === null) controller.type(null, 0);
    else type(end);
    assert.equal(controller.isShuttingDown, true);
  }
});

Deno.test("Controller shows what Tab could mean, and empties the screen at Ctrl-L but for the line", () => {
  const { connect, type, look } = meet();
  connect();
  type("/r\t");
  assert.deepEqual(look().slice(-2), [
    "/rank  /react  /register  /removeroom  /rename  /reply  /room  /rooms",
    "#all › /r",
  ]);
  type("\x0c");
  assert.deepEqual(look(), ["#all › /r"]);
});

Deno.test("Controller sends pasted lines as texts after a yes, with what stood on the line, and nothing after anything else", () => {
  const { connect, serve, type, said, look } = meet();
  connect(JIM);
  serve();
  type("see: \x1b[200~one\n/two\n\x1b[201~");
  assert.equal(look().at(-1), "Send 2 lines to #all? y/N");
  type("\r");
  assert.match(look().at(-2)!, /Nothing was sent$/);
  assert.deepEqual(said().filter(({ action }) => action !== "typing"), []);
  assert.equal(look().at(-1), "#all › see:");
  type("\x1b[200~one\n/two\n\x1b[201~y");
  assert.deepEqual(said().map(({ message }) => message), ["see: one", "/two"]);
  assert.equal(look().at(-1), "#all ›");
});
