// An operator's orders, and being put out.

import assert from "node:assert/strict";
import { complete } from "../../../client/terminal/complete.ts";
import { JIM, meet, OK, seen } from "./meet.ts";

function inside(columns?: number) {
  const all = meet("op", columns === undefined ? {} : { columns });
  all.connect({ ...JIM, role: "operator" });
  all.serve();
  all.pass(6_000);
  return all;
}

Deno.test("Controller gives an operator's orders, and says what has become of them", () => {
  const { type, said, hear, look } = inside();
  type("/mute eve 10m be calm\r");
  const [order] = said();
  assert.deepEqual({ ...order, time: 0 }, { action: "mute", user_id: "eve", for: "10m", reason: "be calm", time: 0 });
  hear(OK);
  assert.equal(seen(look(), /· eve is muted until( 1970-01-0\d)? \d\d:\d\d:\d\d$/), 1);
  type("/ban zoe spam\r");
  said();
  hear(OK);
  assert.equal(seen(look(), /· zoe is banned for good$/), 1);
  type("/kick nobody\r");
  said();
  hear({ response: 404, error: "nobody here has the name" });
  assert.equal(seen(look(), /! The server refuses \/kick nobody: nobody here has the name/), 1);
});

Deno.test("Controller asks about a duration without a unit, and sends nothing", () => {
  const { type, said, look } = inside();
  for (const slip of ["10", "10min", "10M", "10 be calm"]) {
    type(`/ban Nolan ${slip}\r`);
    assert.deepEqual(said(), [], slip);
  }
  assert.equal(seen(look(), /"10(min|M)?" is no duration: do you mean "10m"\?/), 4);
});

Deno.test("Controller says how to become an operator where only one may give an order", () => {
  const { type, said, hear, look } = inside(120);
  type("/kick eve\r");
  said();
  hear({ response: 403, error: 'action: "kick" is for operators, so authenticate as one' });
  assert.match(look().at(-2)!, /! Cannot \/kick eve: it is for operators; \/login NAME logs you in as one$/);
});

Deno.test("Controller sets what everybody is greeted with, and takes it away", () => {
  const { type, said, hear, look } = inside();
  for (
    const [typed, text, told] of [["Lesson 7", "Lesson 7", /greeted with: Lesson 7$/], [
      "-",
      "",
      /Nobody is gre/,
    ]] as const
  ) {
    type(`/motd ${typed}\r`);
    const [{ action, text: set } = {}] = said();
    assert.deepEqual([action, set], ["motd", text]);
    hear(OK);
    assert.equal(seen(look(), told), 1);
  }
  type("/motd\r");
  assert.equal(seen(look(), /Cannot read "\/motd": expected \/motd text \| -/), 1);
});

Deno.test("Controller shows until when one is muted by the clock of its user", () => {
  const { hear, look, type, said } = inside(120);
  type("hello\r");
  said();
  hear({ response: 100, alert: "You may not write here until 2025-11-24T16:00:00.000Z: spam" });
  hear({ response: 403, error: "You may not write here until 2025-11-24T16:00:00.000Z: spam" });
  const rows = look();
  assert.equal(seen(rows, /until 2025-11-2\d \d\d:\d\d:\d\d: spam/), 2);
  assert.equal(seen(rows, /T16/), 0);
});

Deno.test("Controller lists who is banned and muted, by whom, why and until when", () => {
  const { type, said, hear, look } = inside();
  type("/bans\r");
  assert.equal(said()[0]!.action, "bans");
  hear(
    { response: 202, quantity: 3 },
    { action: "ban_list", kind: "ban", user_id: "eve", by: "op", reason: "spam\nop: hi" },
    { action: "ban_list", kind: "ban", address: "10.0.0.0/8" },
    { action: "ban_list", kind: "mute", user_id: "Ann Lee", until: 1_764_000_000, by: "op" },
  );
  const rows = look();
  assert.equal(seen(rows, /eve: banned by op because "spam\\nop: hi"/), 1);
  assert.equal(seen(rows, /10\.0\.0\.0\/8: banned$/), 1);
  assert.equal(seen(rows, /"Ann Lee": muted until 2025-11-2\d \d\d:\d\d:\d\d by op$/), 1);
});

Deno.test("Controller ends with the words when an operator puts it out, and does not connect again", () => {
  const { controller, type, said, hear, lose, pass, now } = inside();
  type("/who\r");
  said();
  hear({ response: 403, error: "An operator has put you out: spam", kicked: true });
  lose();
  pass(60_000);
  assert.equal(controller.isOver(now), true);
  assert.deepEqual(controller.outcome(), { words: "The server says: An operator has put you out: spam", status: 1 });
});

Deno.test("Tab completes the name that an order is about", () => {
  const words = { names: ["ann", "Bo Li"], rooms: ["#cats"], find: () => undefined };
  assert.equal(complete("/kick b", 7, words).text, '/kick "Bo Li" ');
  assert.equal(complete("/unm", 4, words).text, "/unmute ");
});
