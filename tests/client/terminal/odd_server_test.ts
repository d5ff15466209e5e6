// Whatever a server says, a chat goes on: it is shown, or passed over and counted, and nothing throws.

import assert from "node:assert/strict";
import fc from "fast-check";
import { anyObject } from "../any_object.ts";
import { JIM, meet, msg, OK, seen } from "./meet.ts";

Deno.test("Controller bears whatever is in whichever field, at any time, and shows nothing but text", () => {
  const keys = fc.constantFrom(
    "/who\r",
    "/rooms\r",
    "/history\r",
    "/contacts\r",
    "/join #cats\r",
    "hi\r",
    "/room\r",
    "\t",
  );
  fc.assert(fc.property(fc.boolean(), fc.array(fc.oneof(anyObject, keys), { maxLength: 30 }), (isJim, all) => {
    const { connect, serve, type, said, hear, look, pass } = meet();
    connect(isJim ? JIM : OK);
    if (isJim) serve();
    for (const each of all) {
      if (typeof each === "string") type(each);
      else hear(each);
      said();
      pass(1);
      for (const row of look()) assert.doesNotMatch(row, /[\p{Cc}\p{Bidi_Control}]/u); // and the screen takes no unknown sequence
    }
  }));
});

Deno.test("Controller shows messages with any time and any number, each in its turn", () => {
  const { connect, serve, hear, look } = meet();
  connect(JIM);
  serve();
  const times = [1764000000123456789, -5, 0.25, 8.64e12, 8.64e12 + 1, 1e300, null, "soon", {}, [], true];
  times.forEach((time, index) => hear(msg("bob", `time ${index}`, { time, id: index + 1 })));
  const ids = [2 ** 53, -7, 0.5, "8", null, {}];
  ids.forEach((id, index) => hear(msg("bob", `number ${index}`, { id })));
  hear(msg("bob", "in the end", { id: 100 }));
  assert.equal(seen(look(), /bob │ (time|number) \d+$/), times.length + ids.length);
  assert.match(look().at(-2)!, /bob │ in the end$/);
});

Deno.test("Controller counts the rows of a list that cannot be read, and hears what comes behind them", () => {
  const { connect, serve, type, said, hear, look, pass, controller } = meet();
  connect(JIM);
  serve();
  type("/who\r");
  said();
  const row = (user_id: unknown) => ({ action: "online_list", user_id });
  hear({ response: 202, quantity: 5 }, row("ann"), row(7), {}, { action: "gone" }, row("bob"), msg("bob", "hi"));
  assert.equal(seen(look(), /· 2 here: ann, bob$/), 1);
  assert.equal(seen(look(), /· The server sends things that this client does not know/), 1);
  assert.match(look().at(-2)!, /bob │ hi$/);
  pass(60_000);
  assert.equal(controller.link.open, true);
});

Deno.test("Controller skips rows and objects of kinds that it does not know, says so once, and stays connected", () => {
  const { connect, serve, said, hear, look, controller, type, pass } = meet("ann", { columns: 160 });
  connect(JIM);
  const topic = { action: "topic", room: "#all", topic: "cats", from: "bob" },
    user = { account_name: "eve", status: "" };
  serve(() => [
    msg("bob", "one", { id: 1 }),
    { ...topic, id: 2 },
    { action: "presence", user, id: 3 },
    { kind: "vote", message: "for whom?", id: 4 },
    { action: "room_list", room: "#dogs", id: 5 },
    msg("bob", "two", { id: 6 }),
  ]);
  hear({ ...topic, id: 7 }, { action: "vote" }, {}, msg("bob", "three", { id: 8 }));
  for (const command of ["/history", "/search o"]) {
    type(`${command}\r`);
    said();
    hear({ response: 202, quantity: 2 }, { ...topic, id: 2 }, msg("bob", "found", { id: 6 }));
  }
  pass(60_000);
  said();
  assert.deepEqual(["one", "two", "three", "found"].map((text) => seen(look(), new RegExp(`bob │ ${text}$`))), [
    1,
    1,
    1,
    2,
  ]);
  assert.equal(seen(look(), /does not know \("topic"\)/), 1);
  assert.equal(seen(look(), /does not know/), 1);
  assert.equal(controller.link.open, true);
});

Deno.test("Controller reads the past on behind a whole page of rows that it does not know", () => {
  const { connect, serve, said, asked, look, controller, lose, hear, now } = meet();
  connect(JIM);
  serve(() => [msg("bob", "first", { id: 3 })]);
  lose();
  controller.connected(now);
  said();
  hear(JIM);
  serve(({ after }) =>
    after === 3
      ? Array.from({ length: 500 }, (_, at) => ({ action: "vote", id: 4 + at }))
      : [msg("bob", "behind", { id: 600 })]
  );
  assert.deepEqual(asked.filter(({ action }) => action === "history").map(({ after }) => after), [undefined, 3, 503]);
  assert.equal(seen(look(), /bob │ behind$/), 1);
  assert.equal(look().at(-1), "#all ›");
});

Deno.test("Controller reads the history of a server that numbers no rows, and does not ask for one page for ever", () => {
  const { connect, serve, said, asked, look, controller, lose, hear, now } = meet();
  connect(JIM);
  serve(() => [msg("bob", "first", { id: 3 }), msg("bob", "no number", { id: {} })]);
  assert.equal(seen(look(), /bob │ (first|no number)$/), 2);
  lose();
  controller.connected(now);
  said();
  hear(JIM);
  const page = Array.from({ length: 500 }, (_, index) => msg("bob", `again ${index}`, { id: index < 2 ? 3 : null }));
  serve(() => page);
  assert.equal(asked.filter(({ action }) => action === "history").length, 2);
  assert.equal(seen(look(), /bob │ again 499$/), 1);
  assert.equal(look().at(-1), "#all ›");
});
