import assert from "node:assert/strict";
import { JIM, meet, OK, seen } from "./meet.ts";

/** Somebody in #cats. */
function inside() {
  const all = meet();
  all.connect(JIM);
  all.serve();
  all.type("/join #Cats\r");
  all.serve();
  return all;
}
const topic = (topic: string, by: string, room = "#cats") => ({ action: "topic", time: 5, room, topic, by });

Deno.test("/topic sets what the room in front is about, takes it away, and tells what it is", () => {
  const { type, said, hear, look } = inside();
  type("/topic Which of them is asleep\r");
  const [asked] = said();
  assert.deepEqual([asked!.action, asked!.room, asked!.topic], ["topic", "#Cats", "Which of them is asleep"]);
  hear(OK);
  assert.equal(seen(look(), /· #Cats is about: Which of them is asleep$/), 1);
  type("/topic -\r");
  assert.equal(said()[0]!.topic, "");
  hear(OK);
  assert.equal(seen(look(), /· #Cats has no topic$/), 1);
  type("/topic\r");
  assert.equal(said()[0]!.action, "rooms");
  const row = { action: "room_list", member: true };
  hear({ response: 202, quantity: 2 }, { ...row, room: "#all" }, { ...row, room: "#CATS", topic: "dogs\x1b[2J" });
  assert.equal(seen(look(), /· #Cats is about: dogs␛\[2J$/), 1);
  type("/topic x\r");
  said();
  hear({ response: 403, error: "You may not write here" });
  assert.equal(seen(look(), /! The server refuses \/topic: You may not write here$/), 1);
});

Deno.test("a topic that somebody sets is told, with the name, unless that one is ignored", () => {
  const { type, hear, look } = inside();
  hear(topic("dogs", "bob"), topic("", "bob"), { action: "topic", room: "#cats" });
  assert.equal(seen(look(), /· #Cats is about: dogs \(so says bob\)$/), 1);
  assert.equal(seen(look(), /· #Cats has no topic$/), 1);
  type("/ignore bob\r");
  hear(topic("spam", "bob"));
  assert.equal(seen(look(), /spam/), 0);
});

Deno.test("/topic is for rooms, and for servers that know topics", () => {
  const { type, look, connect, serve, said } = meet();
  connect(JIM);
  serve();
  for (const place of ["#all", "bob"]) {
    type(`/room ${place}\r/topic dogs\r`);
    assert.equal(seen(look(), new RegExp(`! Only rooms have topics, and ${place} has none$`)), 1);
  }
  assert.deepEqual(said().filter(({ action }) => action === "topic"), []);
  const handout = meet();
  handout.connect(OK);
  handout.type("/join #cats\r");
  handout.said();
  handout.hear(OK);
  handout.type("/topic dogs\r");
  assert.equal(seen(handout.look(), /! This server has no \/topic/), 1);
});
