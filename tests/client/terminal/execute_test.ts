import assert from "node:assert/strict";
import { languages } from "../../../jim/mod.ts";
import { JIM, meet, seen } from "./meet.ts";

Deno.test("Controller with a server that only knows presence and msg: what it lacks is said in a line, and nothing breaks", () => {
  const { type, said, hear, connect, look, pass, controller } = meet();
  connect();
  for (const wish of ["/rooms", "/history", "/search cats", "/register"]) {
    type(`${wish}\r`);
    assert.deepEqual(said(), [], wish);
    assert.match(look().at(-2)!, /This server has no \//, wish);
  }
  for (const wish of ["/join #cats", "/who", "/contacts", "/contacts add bob"]) {
    type(`${wish}\r`);
    assert.equal(said().length, 1);
    pass(701);
    assert.match(look().slice(-3).join(" "), /No answer to \//, wish);
  }
  type("/who\r");
  said();
  hear({ response: 400, error: "what?" });
  assert.match(look().at(-2)!, /The server refuses \/who: what\?/);
  hear({ action: "message", sender: "bob", mess_text: "hi" }, {
    action: "msg",
    from: "eve",
    to: "#chat",
    message: "ho",
  });
  assert.equal(seen(look(), /(bob │ hi|eve │ ho)$/), 2);
  type("hello\r");
  assert.equal(said()[0]!.message, "hello");
  assert.equal(look().at(-1), "#all ›");
  assert.equal(controller.link.open, true);
});

Deno.test("Controller looks for a room that Tab does not know, so that the next Tab does", () => {
  const { connect, serve, type, said, hear, look } = meet();
  connect(JIM);
  serve();
  type("/join #le\t");
  assert.equal(said()[0]!.action, "rooms");
  hear({ response: 202, quantity: 1 }, { action: "room_list", room: "#lesson7", member: false });
  type("\t");
  assert.equal(look().at(-1), "#all › /join #lesson7");
});

Deno.test("Controller lists the commands that everybody has on one screen of 24 rows, and an operator's when asked to", () => {
  for (const lang of languages) {
    const { type, look } = meet("ann", { lang });
    const before = look().length;
    type("/help\r");
    assert.ok(look().length - before < 24, `${look().length - before} rows in ${lang}`);
    assert.equal(seen(look(), /\/kick/), 0);
    type("/help operator\r");
    assert.equal(seen(look(), /\/kick/), 1);
    type("/help join\r");
    assert.match(look().at(-2)!, /^ +\/join #/);
  }
});
