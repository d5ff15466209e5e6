import assert from "node:assert/strict";
import { JIM, meet, msg, seen } from "./meet.ts";

Deno.test("Controller marks unread rooms in the prompt, shows them when one goes there, and private messages at once", () => {
  const { connect, serve, hear, type, look, screen } = meet();
  connect(JIM);
  serve();
  type("/join #cats\r");
  serve();
  type("/room #all\r");
  hear(msg("bob", "meow", { to: "#cats", id: 1 }), msg("bob", "ann?", { to: "#cats", id: 2 }));
  assert.equal(look().at(-1), "#all (#cats 2!) ›");
  assert.equal(screen.bells, 1);
  hear(msg("bob", "psst", { to: "ann", id: 3 }));
  assert.match(look().at(-2)!, /@bob │ psst$/);
  type("/room #cats\r");
  assert.equal(look().at(-1), "#cats ›");
  assert.equal(seen(look(), /bob │ (meow|ann\?)$/), 2);
  type("/room bob\rhi\r");
  assert.match(look().at(-2)!, /ann › hi$/);
  assert.equal(look().at(-1), "@bob ›");
});

Deno.test("Controller leaves the room it is in for the common chat, another with a word, and forgets a person", () => {
  const { connect, serve, type, look, asked } = meet();
  connect(JIM);
  serve();
  for (const line of ["/join cats", "/join #dogs", "/join #cats"]) {
    type(`${line}\r`);
    serve();
  }
  assert.equal(look().at(-1), "#cats ›");
  assert.equal(asked.filter(({ action }) => action === "join").length, 2);
  type("/leave dogs\r");
  serve();
  assert.match(look().at(-2)!, /· You have left #dogs$/);
  type("/leave\r");
  serve();
  assert.equal(look().at(-1), "#all ›");
  type("/room bob\r/leave bob\r");
  assert.match(look().at(-2)!, /! You are not in #bob$/);
  type("/leave\r");
  assert.equal(look().at(-1), "#all ›");
  assert.deepEqual(asked.filter(({ action }) => action === "leave").map(({ room }) => room), ["#dogs", "#cats"]);
});

Deno.test("Controller goes to its room without a # too, and says when nobody is called as one went to", () => {
  const { connect, serve, type, look } = meet();
  connect(JIM);
  serve();
  type("/join lesson7\r");
  serve();
  type("/room #all\r/room lesson7\r");
  assert.equal(look().at(-1), "#lesson7 ›");
  type("/room lesson8\r");
  serve();
  assert.equal(look().at(-1), "@lesson8 ›");
  assert.equal(seen(look(), /· Nobody called lesson8 is here; a room is/), 1);
});
