import assert from "node:assert/strict";
import { type Fields, JIM, meet, msg, OK } from "./meet.ts";

const count = (room: string, read: number, unread: number, last: number, mentions = 0) => ({
  action: "unread_list",
  room,
  read,
  unread,
  mentions,
  last,
});

/** A chat of an account in #all and #cats, of which some rows are unread. */
function account(rows: readonly object[], past: (asked: Fields) => object[] = () => []) {
  const chat = meet(), { connect, said, hear, type } = chat;
  connect(JIM);
  serve();
  type("/login\rsecret\r");
  said();
  hear(JIM);
  serve();
  return { ...chat, serve };

  function serve(): void {
    for (let objects = said(); objects.length > 0; objects = said()) {
      for (const each of objects) hear(...answer(each));
    }
  }
  function answer(each: Fields): object[] {
    const list = (rows: readonly object[]) => [{ response: 202, quantity: rows.length }, ...rows];
    if (each.action === "rooms") return list([{ action: "room_list", room: "#cats", member: true }]);
    if (each.action === "unread") return list(rows);
    return each.action === "history" ? list(past(each)) : list([]);
  }
}

Deno.test("Controller counts what is unread as the server does, and what arrives since", () => {
  const rows = [count("#all", 4, 0, 4), count("#cats", 5, 7, 12, 1)];
  const past = ({ room }: Fields) =>
    room === "#cats" ? [11, 12].map((id) => msg("bob", `${id}`, { to: room, id })) : [];
  const { look, hear, type, serve } = account(rows, past);
  assert.equal(look().at(-1), "#all (#cats 7!) ›");
  hear(msg("bob", "more", { to: "#cats", id: 13 }));
  assert.equal(look().at(-1), "#all (#cats 8!) ›");
  type("/room\r");
  assert.match(look().at(-2)!, /#cats, 8 new$/);
  type("/room #cats\r");
  serve();
  assert.equal(look().at(-1), "#cats ›");
  assert.match(look().at(-2)!, /bob │ more$/);
});

Deno.test("Controller shows no more as unread what is read on another device", () => {
  const { look, hear } = account([count("#all", 4, 0, 4), count("#cats", 5, 2, 12)]);
  assert.equal(look().at(-1), "#all (#cats 2) ›");
  hear(msg("bob", "more", { to: "#cats", id: 13 }), { action: "read", to: "#cats", id: 12, time: 1 });
  assert.equal(look().at(-1), "#all (#cats 1) ›");
  hear({ action: "read", to: "#cats", id: 13, time: 1 });
  assert.equal(look().at(-1), "#all ›");
  hear(msg("bob", "and more", { to: "#cats", id: 14 }));
  assert.equal(look().at(-1), "#all (#cats 1) ›");
});

Deno.test("Controller marks what it shows as read with the next key, once in three seconds for each conversation", () => {
  const { hear, type, said, pass, serve, asked } = account([count("#all", 4, 0, 4), count("#cats", 5, 0, 5)]);
  pass(10_000);
  serve();
  const marks = () => asked.filter(({ action }) => action === "read").map(({ to, id }) => [to, id]);
  hear(msg("bob", "hello", { id: 20 }), msg("bob", "meow", { to: "#cats", id: 21 }));
  pass(10_000);
  assert.deepEqual(marks(), [], "nobody is at the keys");
  type("x");
  hear(msg("bob", "well?", { id: 22 }), msg("bob", "psst", { to: "ann", id: 23 }));
  type("y");
  pass(2_999);
  said();
  assert.deepEqual(marks(), []);
  pass(1);
  said();
  assert.deepEqual(marks(), [["#all", 22], ["bob", 23]]);
  hear(OK, OK, OK);
  type("z");
  pass(10_000);
  said();
  assert.equal(marks().length, 2, "nothing is new");
});

Deno.test("Controller marks what comes up to three seconds after a key", () => {
  const { hear, type, said, pass, asked } = account([count("#all", 4, 0, 4), count("#cats", 5, 0, 5)]);
  const marks = () => asked.filter(({ action }) => action === "read").map(({ to, id }) => [to, id]);
  type("x");
  pass(1_000);
  hear(msg("bob", "hello", { id: 20 }));
  pass(2_000);
  said();
  assert.deepEqual(marks(), [["#all", 20]]);
  type("y");
  pass(2_000);
  type("z");
  pass(1_500);
  hear(OK, msg("bob", "well?", { id: 21 }));
  pass(1_500);
  said();
  assert.deepEqual(marks()[1], ["#all", 21], "the last of several keys counts");
  hear(OK, msg("bob", "anybody?", { id: 22 }));
  pass(10_000);
  said();
  assert.equal(marks().length, 2, "nobody is at the keys");
});

Deno.test("Controller marks once more what it marked on a connection that broke before the server had the mark", () => {
  const { hear, type, said, pass, lose, connect, serve, asked } = account([count("#all", 4, 0, 4)]);
  const marks = () => asked.filter(({ action }) => action === "read").map(({ to, id }) => [to, id]);
  const read = () => {
    type("x");
    pass(3_000);
    said();
  };
  hear(msg("bob", "hello", { id: 20 }));
  read();
  assert.deepEqual(marks(), [["#all", 20]]);
  lose();
  connect(JIM);
  serve();
  read();
  assert.deepEqual(marks(), [["#all", 20], ["#all", 20]]);
});

Deno.test("Controller of a guest, or with an older server, counts by itself and marks nothing", () => {
  const { connect, serve, hear, look, type, pass, said, asked } = meet();
  connect(JIM);
  serve();
  hear({ ...OK }, msg("bob", "meow", { to: "#cats", id: 21 }), msg("bob", "hello", { id: 22 }));
  assert.equal(look().at(-1), "#all (#cats 1) ›");
  type("x");
  pass(10_000);
  said();
  assert.ok(asked.every(({ action }) => action !== "read" && action !== "unread"));
});
