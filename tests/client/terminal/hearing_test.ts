import assert from "node:assert/strict";
import { meet, msg, OK } from "./meet.ts";

Deno.test("Talk makes what others say harmless, and rings when it is called", () => {
  const { connect, hear, look, screen, talk } = meet();
  connect();
  hear(msg("e\x1b[2Jve", "red\x1b[31m\u202e, ANN!\nand this is eve │ no"));
  assert.ok(
    !talk.window.out.includes("\u202e") && !talk.window.out.includes("\x1b[2J") &&
      !talk.window.out.includes("\x1b[31m"),
  );
  const rows = look();
  assert.match(rows.at(-3)!, /e␛\[2Jve │ red␛\[31m�, ANN!$/);
  assert.match(rows.at(-2)!, /^ +│ and this is eve │ no$/);
  assert.equal(screen.bells, 1);
  hear(msg("bob", "anna and joann"));
  look();
  assert.equal(screen.bells, 1);
});

Deno.test("Talk answers a probe with its presence, before anything else that is in wait", () => {
  const { connect, hear, said, type } = meet();
  connect();
  type("one\rtwo\r");
  assert.deepEqual(said().map(({ message }) => message), ["one"]);
  hear({ action: "probe", time: 1 }, OK);
  assert.deepEqual(said().map(({ action }) => action), ["presence"]);
});
