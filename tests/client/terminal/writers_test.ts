import assert from "node:assert/strict";
import { JIM, meet, msg, OK, seen } from "./meet.ts";

const writes = (from: string, more: object = {}) => ({
  action: "typing",
  time: 0,
  to: "#all",
  from,
  is: true,
  ...more,
});

function here() {
  const chat = meet();
  chat.connect(JIM);
  chat.serve();
  return chat;
}

Deno.test("Controller shows who is writing where one is, until the message comes, or for six seconds", () => {
  const { hear, look, pass, type } = here();
  hear(writes("bob"));
  assert.equal(look().at(-1), "#all (bob is typing) ›");
  hear(writes("Eve Lee"));
  assert.equal(look().at(-1), '#all (bob and "Eve Lee" are typing) ›');
  hear(writes("zoe"));
  assert.equal(look().at(-1), "#all (several people are typing) ›");
  hear(msg("zoe", "hello"), writes("Eve Lee", { is: false }));
  assert.equal(look().at(-1), "#all (bob is typing) ›");
  pass(6_000);
  assert.equal(look().at(-1), "#all ›");
  hear(writes("bob", { to: "ann" }), writes("zoe", { to: "#cats" }));
  assert.equal(look().at(-1), "#all ›");
  type("/room bob\r");
  assert.equal(look().at(-1), "@bob (bob is typing) ›");
  type("/room #all\r/ignore bob\r");
  hear(writes("bob"));
  assert.equal(look().at(-1), "#all ›");
});

Deno.test("Controller tells that the user writes, once in three seconds, and nothing of commands and passwords", () => {
  const { type, said, hear, pass, asked } = here();
  const told = () => asked.filter(({ action }) => action === "typing").map(({ to, is }) => [to, is]);
  type("/help");
  said();
  type("\x15/help\r");
  assert.deepEqual(told(), []);
  type("h");
  type("e");
  said();
  hear(OK);
  assert.deepEqual(told(), [["#all", undefined]]);
  pass(3_000);
  said();
  assert.equal(told().length, 1, "nothing is typed");
  type("l");
  said();
  hear(OK);
  assert.equal(told().length, 2);
  type("\x15");
  said();
  hear(OK);
  assert.deepEqual(told().at(-1), ["#all", false]);
  type("hello\r");
  said();
  hear(OK);
  assert.equal(told().length, 3);
});

Deno.test("Controller does not tell an older server again that the user writes", () => {
  const { type, said, hear, pass, asked, look } = here();
  type("h");
  said();
  hear({ response: 400, error: "action: expected one of presence" });
  pass(5_000);
  type("e");
  said();
  assert.equal(asked.filter(({ action }) => action === "typing").length, 1);
  assert.equal(seen(look(), /expected one of presence/), 0);
});
