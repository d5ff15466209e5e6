import assert from "node:assert/strict";
import { JIM, meet, msg } from "./meet.ts";

Deno.test("Controller keeps the latest of what was said where one is not, and says how much it has not kept", () => {
  const { connect, serve, type, hear, look } = meet();
  connect(JIM);
  serve();
  type("/join cats\r");
  serve();
  type("/room #all\r");
  hear(...Array.from({ length: 203 }, (_, index) => msg("bob", `number ${index}`, { to: "#cats", id: index + 1 })));
  assert.equal(look().at(-1), "#all (#cats 203) ›");
  type("/room #cats\r");
  const rows = look();
  assert.match(rows.at(-202)!, /· 3 more before; \/history has them$/);
  assert.match(rows.at(-201)!, /bob │ number 3$/);
});
