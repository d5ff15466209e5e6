import assert from "node:assert/strict";
import { JIM, meet, msg, seen } from "./meet.ts";

Deno.test("Talk marks unread rooms in the prompt, shows them when one goes there, and private messages at once", () => {
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
