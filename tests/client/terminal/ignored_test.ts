// Of somebody who is ignored nothing is shown, wherever and in whatever spelling; nobody is told.

import assert from "node:assert/strict";
import { JIM, meet, msg, OK, seen } from "./meet.ts";

const status = (account_name: string, state: string) => ({
  ...{ action: "presence", type: "status", time: 0, state, role: "guest" },
  user: { account_name, status: state },
});

/** Somebody in a chat with the room `#cats`, where one message waits of everybody who is not there to be read. */
function inside() {
  const all = meet();
  all.connect(JIM);
  all.serve();
  all.pass(6_000);
  all.type("/join #cats\r");
  all.said();
  all.hear(OK);
  all.serve();
  return all;
}

Deno.test("Controller shows nothing of somebody who is ignored: no message, no notice, no bell", () => {
  const { type, hear, look, said, screen, controller } = inside();
  type("/ignore Eve\r");
  assert.equal(seen(look(), /Nothing that Eve says is shown/), 1);
  assert.deepEqual(said(), []);
  const bells = screen.bells, { length } = look();
  hear(
    msg("eve", "to all", { id: 1 }),
    msg("EVE", "to the room", { id: 2, to: "#cats" }),
    msg("eve", "ann, to you alone", { id: 3, to: "ann" }),
    status("eve", "online"),
    status("eve", "offline"),
  );
  assert.deepEqual([look().length, screen.bells, look().at(-1)], [length, bells, "#cats ›"]);
  hear(msg("bob", "to the room", { id: 4, to: "#cats" }));
  assert.equal(seen(look(), /bob │ to the room/), 1);
  type("/unignore eve\r");
  hear(msg("eve", "here again", { id: 5, to: "#cats" }));
  assert.equal(seen(look(), /eve │ here again/), 1);
  assert.equal(controller.isShuttingDown, false);
});

Deno.test("Controller drops what waits of somebody who is ignored from then on, and leaves it out of the past", () => {
  const { type, hear, look, said } = inside();
  hear(msg("eve", "one", { id: 1 }), msg("bob", "two", { id: 2 }));
  assert.equal(look().at(-1), "#cats (#all 2) ›");
  type("/ignore eve\r");
  assert.equal(look().at(-1), "#cats (#all 1) ›");
  type("/room #all\r");
  assert.deepEqual([seen(look(), /eve │/), seen(look(), /bob │ two/)], [0, 1]);
  type("/history\r");
  said();
  hear({ response: 202, quantity: 2 }, msg("eve", "one", { id: 1 }), msg("bob", "two", { id: 2 }));
  const rows = look();
  assert.deepEqual([seen(rows, /eve │/), seen(rows, /bob │ two/)], [0, 2]);
  assert.equal(seen(rows, /Not shown, as \/ignore wants it: 1 of the history of #all/), 1);
});

Deno.test("/ignore lists, completes, and ignores neither oneself nor nobody", () => {
  const { type, look, hear } = inside();
  type("/ignore\r");
  assert.equal(seen(look(), /You ignore nobody/), 1);
  type("/ignore ANN\r/unignore bob\r");
  assert.deepEqual([seen(look(), /cannot ignore yourself/), seen(look(), /bob is not ignored/)], [1, 1]);
  hear(msg("Bo Li", "hi", { id: 1 }));
  type("/ignore b\t\r/ignore\r");
  assert.equal(seen(look(), /You ignore: "Bo Li"/), 1);
  type("/unignore B\t\r/ignore\r");
  assert.equal(seen(look(), /You ignore nobody/), 2);
});
