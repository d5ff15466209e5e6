import assert from "node:assert/strict";
import { UNDERSTOOD } from "../../../client/protocol/understood.ts";
import { type Fields, JIM, meet, msg, OK, seen } from "./meet.ts";

Deno.test("Controller says again only what is not in the past when it does not know whether it has arrived", () => {
  const { connect, serve, type, said, lose, look, asked } = meet();
  connect(JIM);
  serve();
  type("kept\rlost\r");
  const sent = said();
  lose();
  type("later\r");
  connect(JIM);
  serve((each) => each.after === undefined ? [] : [{ ...sent[0]!, id: 7 }]);
  const texts = asked.filter(({ action }) => action === "msg").map(({ message }) => message);
  assert.deepEqual(texts, ["kept", "lost", "lost", "later"]);
  assert.equal(asked.findLast(({ message }) => message === "lost")!.time, sent[1]!.time);
  assert.equal(seen(look(), /ann › (kept|lost|later)$/), 3);
  assert.equal(seen(look(), /The connection is back after 0 s, 2 messages were sent$/), 1);
});

Deno.test("Controller reads the past from behind its own message when it was told the id, and says and shows it once", () => {
  const { connect, serve, type, said, hear, lose, look, asked } = meet();
  connect(JIM);
  serve();
  assert.deepEqual(asked.find(({ features }) => features !== undefined)!.features, UNDERSTOOD);
  hear(msg("bob", "well?", { id: 5 }));
  type("yes\rno\r");
  const [yes] = said();
  hear({ ...OK, id: 7 }, msg("bob", "what now?", { id: 8 }), OK); // an answer of an older server has no id
  lose();
  connect(JIM);
  serve(({ after }) => after === 8 ? [] : [{ ...yes, id: 7 }]);
  assert.equal(asked.findLast(({ action }) => action === "history")!.after, 8);
  type("/msg bob psst\r");
  said();
  hear({ ...OK, id: 9 });
  hear(msg("ann", "from my phone", { time: yes!.time, id: 10 }));
  assert.deepEqual([seen(look(), /› (yes|no)$/), seen(look(), /psst$/), seen(look(), /from my phone$/)], [2, 1, 1]);
  assert.equal(asked.filter(({ action }) => action === "msg").length, 3);
});

Deno.test("Controller asks again on another connection for what a server in trouble cannot tell now", () => {
  const { controller, connect, serve, type, said, hear, lose, look, asked } = meet();
  connect(JIM);
  serve();
  type("/join #cats\r");
  serve();
  hear(msg("bob", "one", { id: 1 }));
  type("/room #all\rmine\r");
  const mine = said().find(({ action }) => action === "msg");
  for (const failing of ["history", "join"]) {
    lose();
    connect(JIM);
    for (let objects = said(); objects.length > 0; objects = said()) {
      for (const { action } of objects) {
        hear(action === failing ? { response: 500, error: "the disk fails" } : { response: 202, quantity: 0 });
      }
    }
    assert.equal(controller.link.open, false);
  }
  connect(JIM);
  serve(({ after, room }) => after === 1 && room === "#all" ? [msg("bob", "two", { id: 2 }), { ...mine, id: 3 }] : []);
  assert.equal(asked.filter(({ message }) => message === "mine").length, 1);
  assert.deepEqual([/bob │ two$/, /mine$/, /Nobody knows/, /not in #cats/].map((what) => seen(look(), what)), [
    1,
    1,
    0,
    0,
  ]);
});

Deno.test("Controller begins with the latest messages where the past could not be read at first", () => {
  const { connect, serve, said, hear, lose, asked } = meet();
  connect(JIM);
  for (const { action } of said()) {
    hear(action === "history" ? { response: 500, error: "the disk fails" } : { response: 202, quantity: 0 });
  }
  lose();
  connect(JIM);
  serve();
  assert.deepEqual(asked.filter(({ action }) => action === "history").map(({ after }) => after), [
    undefined,
    undefined,
  ]);
});

Deno.test("Controller does not know whether a guest's private message has arrived, and says so", () => {
  const { connect, serve, type, said, lose, look, asked } = meet();
  connect(JIM);
  serve();
  type("/msg bob psst\r");
  said();
  lose();
  connect(JIM);
  serve();
  assert.equal(asked.filter(({ action }) => action === "msg").length, 1);
  assert.equal(seen(look(), /Nobody knows whether this has arrived: "psst"$/), 1);
});

Deno.test("Controller of an account reads what was said in private meanwhile, and only that", () => {
  const { connect, serve, type, said, hear, lose, look, asked } = meet();
  connect(JIM);
  serve();
  type("/login\rsecret\r");
  said();
  hear(JIM);
  serve();
  hear(msg("eve", "hi", { id: 41 }));
  type("/msg bob psst\r");
  const [sent] = said();
  lose();
  connect(JIM);
  serve((each) => each.with === "bob" ? [{ ...sent, id: 42 }, msg("bob", "yes?", { to: "ann", id: 43 })] : []);
  assert.equal(asked.findLast((each) => each.with === "bob")!.after, 41);
  assert.equal(asked.filter(({ action }) => action === "msg").length, 1);
  assert.equal(seen(look(), /psst$/), 1);
  assert.equal(seen(look(), /@bob │ yes\?$/), 1);
});

Deno.test("Controller of an account is in its rooms again, with what was said there, and is told when one would not have it", () => {
  const { connect, said, hear, type, serve, lose, look } = meet();
  const answer = (each: Fields): object[] => {
    if (each.action === "rooms") {
      return [{ response: 202, quantity: 1 }, { action: "room_list", room: "#cats", member: true }];
    }
    if (each.action === "join") return [{ response: 403, error: "it is closed" }];
    if (each.room !== "#cats") return [{ response: 202, quantity: 0 }];
    return [{ response: 202, quantity: 1 }, msg("bob", "meow", { to: "#cats", id: 5 })];
  };
  const resync = () => {
    connect(JIM);
    for (let objects = said(); objects.length > 0; objects = said()) objects.forEach((each) => hear(...answer(each)));
  };
  resync();
  assert.equal(look().at(-1), "#all (#cats 1) ›");
  type("/room #cats\r");
  serve();
  assert.match(look().at(-2)!, /bob │ meow$/);
  lose();
  resync();
  assert.equal(seen(look(), /You are not in #cats any more: it is closed$/), 1);
});

Deno.test("Controller reads page after page of what it missed", () => {
  const { connect, serve, hear, lose, look, asked } = meet();
  const all = Array.from({ length: 1200 }, (_, index) => msg("bob", `number ${index}`, { id: index + 1 }));
  connect(JIM);
  serve();
  hear(all[0]!);
  lose();
  connect(JIM);
  serve(({ after, limit }) => all.slice(Number(after ?? 0), Number(after ?? 0) + Number(limit)));
  const said = look().flatMap((row) => /number (\d+)$/.exec(row)?.[1] ?? []);
  assert.deepEqual(said.map(Number), all.map((_, index) => index));
  assert.deepEqual(asked.filter(({ after }) => after !== undefined).map(({ after }) => after), [1, 501, 1001]);
});

Deno.test("Controller of an account joins its rooms again without making one, and that of a guest makes it", () => {
  for (const isAccount of [true, false]) {
    const { connect, serve, type, said, hear, lose, asked } = meet();
    connect(JIM);
    serve();
    if (isAccount) {
      type("/login\rsecret\r");
      said();
      hear(JIM);
      serve();
    }
    type("/join #cats\r");
    said();
    hear(OK);
    serve();
    lose();
    connect(JIM);
    serve();
    assert.equal(asked.findLast(({ action }) => action === "join")!.create, isAccount ? false : undefined);
  }
});
