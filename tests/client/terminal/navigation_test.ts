import assert from "node:assert/strict";
import { type Fields, JIM, meet, msg, OK, seen } from "./meet.ts";

Deno.test("Controller marks unread rooms in the prompt, shows them when one goes there, and private messages at once", () => {
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

Deno.test("Controller leaves the room it is in for the common chat, another with a word, and forgets a person", () => {
  const { connect, serve, type, look, asked } = meet();
  connect(JIM);
  serve();
  for (const line of ["/join cats", "/join #dogs", "/join #cats"]) {
    type(`${line}\r`);
    serve();
  }
  assert.equal(look().at(-1), "#cats ›");
  assert.equal(asked.filter(({ action }) => action === "join").length, 2);
  type("/leave dogs\r");
  serve();
  assert.match(look().at(-2)!, /· You have left #dogs$/);
  type("/leave\r");
  serve();
  assert.equal(look().at(-1), "#all ›");
  type("/room bob\r/leave bob\r");
  assert.match(look().at(-2)!, /! You are not in #bob$/);
  type("/leave\r");
  assert.equal(look().at(-1), "#all ›");
  assert.deepEqual(asked.filter(({ action }) => action === "leave").map(({ room }) => room), ["#dogs", "#cats"]);
});

Deno.test("Controller goes to its room without a # too, and says when nobody is called as one went to", () => {
  const { connect, serve, type, look } = meet();
  connect(JIM);
  serve();
  type("/join lesson7\r");
  serve();
  type("/room #all\r/room lesson7\r");
  assert.equal(look().at(-1), "#lesson7 ›");
  type("/room lesson8\r");
  serve();
  assert.equal(look().at(-1), "@lesson8 ›");
  assert.equal(seen(look(), /· Nobody called lesson8 is here; a room is/), 1);
});

/** A chat with #cats, into which the server does not let the user again after a break. */
function lost() {
  const chat = meet(), { connect, serve, type, lose, said, hear, look } = chat;
  connect(JIM);
  serve();
  type("/join #cats\r");
  serve();
  hear(msg("bob", "meow", { to: "#cats", id: 5 }));
  lose();
  connect(JIM);
  for (let objects = said(); objects.length > 0; objects = said()) {
    for (const { action } of objects) {
      hear(action === "join" ? { response: 404, error: "no such room" } : { response: 202, quantity: 0 });
    }
  }
  assert.equal(seen(look(), /You are not in #cats any more: no such room$/), 1);
  /** What is asked for now, but for what tells of typing. */
  const requests = () => said().filter(({ action }) => action !== "typing");
  return { ...chat, requests };
}

Deno.test("Controller asks the server for a room that was lost in a break, and reads what was said there since", () => {
  const { type, requests, hear, look } = lost();
  type("/join #cats\r");
  const [{ action, room }] = requests() as [Fields];
  assert.deepEqual([action, room], ["join", "#cats"]);
  hear(OK);
  const [read] = requests() as [Fields];
  assert.deepEqual([read.action, read.room, read.after], ["history", "#cats", 5]);
  hear({ response: 202, quantity: 1 }, msg("bob", "purr", { to: "#cats", id: 6 }));
  assert.equal(seen(look(), /bob │ purr$/), 1);
  type("/join #cats\r/leave\r");
  assert.deepEqual(requests().map(({ action }) => action), ["leave"], "it is in the room again");
});

Deno.test("Controller forgets a room that was lost in a break when the user leaves it", () => {
  const { type, requests, look } = lost();
  type("/leave #cats\r");
  assert.deepEqual(requests(), []);
  assert.equal(look().at(-1), "#all ›");
  type("/leave #cats\r");
  assert.equal(seen(look(), /! You are not in #cats$/), 1);
});

Deno.test("Controller is in a lost room again when messages come from there", () => {
  const { type, requests, hear } = lost();
  hear(msg("bob", "purr", { to: "#cats", id: 6 }));
  type("/leave #cats\r");
  assert.deepEqual(requests().map(({ action }) => action), ["leave"]);
});
