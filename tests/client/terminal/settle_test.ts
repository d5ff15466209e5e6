import assert from "node:assert/strict";
import { JIM, meet, msg, seen } from "./meet.ts";

Deno.test("Talk says again only what is not in the past when it does not know whether it has arrived", () => {
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

Deno.test("Talk does not know whether a guest's private message has arrived, and says so", () => {
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

Deno.test("Talk of an account reads what was said in private meanwhile, and only that", () => {
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
