// What a person asks for without a connection is said to be impossible at once, or done when the connection is back; what the
// connection ends before its answer is told. Nothing is lost in silence, nothing is done twice.

import assert from "node:assert/strict";
import { JIM, meet, msg, OK, seen } from "./meet.ts";

const ASKED = [
  ...["/join #cats", "/leave #dogs", "/rooms", "/who", "/history", "/search cats", "/contacts", "/contacts add bob"],
  ...["/contacts del bob", "/login", "/login bob", "/register", "/register bob"],
];

/** A user in #dogs after the connection was lost. */
function offline() {
  const all = meet();
  all.connect(JIM);
  all.serve();
  all.type("/join #dogs\r");
  all.serve();
  all.lose();
  all.look();
  return all;
}

Deno.test("Controller refuses at once what needs a connection, with the words of the command, and asks for no password", () => {
  for (const line of ASKED) {
    const { type, look, controller, said, hear, serve, asked, now } = offline();
    const before = look().length;
    type(`${line}\r`);
    const [command] = line.split(" ");
    assert.match(look().slice(before - 1).join(" "), new RegExp(`! Cannot ${command}.*: not connected`), line);
    assert.match(look().at(-1)!, /^#dogs \(offline\) ›$/, line);
    asked.length = 0;
    controller.connected(now);
    said();
    hear(JIM);
    serve();
    // It is in #dogs again, as it was; nothing of what was refused is done now.
    const actions = asked.map(({ action }) => action);
    assert.ok(!actions.some((action) => /leave|contact|search|register|authenticate/.test(String(action))), line);
    assert.deepEqual(asked.filter(({ action }) => action === "join").map(({ room }) => room), ["#dogs"]);
  }
});

Deno.test("Controller goes to conversations without a connection, and reads their past when it is back", () => {
  const { type, look, controller, said, hear, serve, now } = offline();
  type("/room #all\r/room bob\r/leave\r/room\r");
  assert.equal(look().at(-1), "#all (offline) ›");
  type("/msg eve are you there?\r/room #dogs\rhello dogs\r");
  assert.equal(look().at(-1), "#dogs (offline, 2 in wait) ›");
  controller.connected(now);
  said();
  hear(JIM);
  serve(({ room }) => room === "#dogs" ? [msg("bob", "wuff", { to: "#dogs", id: 3 })] : []);
  assert.equal(seen(look(), /bob │ wuff/), 1);
  assert.equal(seen(look(), /connection is back.*2 messages were sent/), 1);
});

Deno.test("Controller tells of every request that the end of the connection left without an answer", () => {
  for (const line of ASKED) {
    const { connect, serve, type, said, look, lose, asked } = meet();
    connect(JIM);
    serve();
    type("/join #dogs\r");
    serve();
    const isAccount = /^\/(login|register)/.test(line);
    type(`${line}\r`);
    if (isAccount) type("correct horse\r");
    if (line.startsWith("/register")) type("correct horse\r");
    assert.equal(said().length, 1, line);
    lose();
    const label = line === "/login" || line === "/register" ? `${line} ann` : line.replace(/^(\/search) .*/, "$1");
    const words = look().map((row) => row.trim()).join(" ");
    assert.ok(words.includes(`! The connection was lost before the answer to ${label}:`), `${line}: ${words}`);
    asked.length = 0;
    connect(JIM);
    serve();
    assert.deepEqual(
      asked.map(({ action }) => action).filter((action) => action === "leave" || action === "register"),
      [],
    );
  }
});

Deno.test("Controller tells of a list that was cut in its middle, and of what was typed and not even sent", () => {
  const { connect, serve, type, said, hear, look, lose } = meet();
  connect(JIM);
  serve();
  type("/who\r");
  said();
  hear({ response: 202, quantity: 2 }, { action: "online_list", user_id: "ann" });
  type("/rooms\r");
  lose();
  const words = look().map((row) => row.trim()).join(" ");
  assert.match(words, /before the answer to \/who:/);
  assert.match(words, /before the answer to \/rooms:/);
});

Deno.test("Controller reads the past of a room that is joined while it is still coming in", () => {
  const { controller, type, said, hear, look, serve, lose, connect, now } = meet();
  connect(JIM);
  serve();
  lose();
  controller.connected(now);
  said();
  hear(JIM);
  type("/join #cats\r");
  const first = said().map(({ action }) => action);
  assert.ok(first.includes("join"));
  for (const action of first) hear(action === "join" ? OK : { response: 202, quantity: 0 });
  serve(({ room }) => room === "#cats" ? [msg("bob", "meow", { to: "#cats", id: 3 })] : []);
  assert.equal(seen(look(), /bob │ meow/), 1);
  assert.equal(look().at(-1), "#cats ›");
});
