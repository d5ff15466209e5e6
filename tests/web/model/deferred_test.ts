// What is done without a connection, or while one breaks, is done when it is back, once; nothing is lost in silence.

import assert from "node:assert/strict";
import { parseSnapshot, restore, takeSnapshot } from "../../../web/snapshot.ts";
import type { Event } from "../../../web/model/state.ts";
import { EMPTY, inside, msg, no, OK, Scene } from "./scene.ts";

/** An account in #cats, which has bob among its contacts. */
function account(): Scene {
  const scene = inside("login").do({ on: "open", key: "#cats" }).hear(OK, EMPTY, EMPTY);
  scene.done();
  return scene;
}

/** The connection comes back, for an account: what is asked from there on, as far as it is no question. */
function back(scene: Scene): unknown[] {
  scene.done();
  scene.do({ on: "up" }).hear(OK, OK, EMPTY);
  return changes(scene);
}

function changes(scene: Scene): unknown[] {
  const questions = ["authenticate", "presence", "history", "rooms", "who_online", "get_contacts"];
  return scene.done().filter((each) => typeof each !== "string" && !questions.includes(String(each.action)))
    .map((each) => typeof each === "string" ? each : [each.action, each.room ?? each.user_id ?? each.to]);
}

const CLOSE: Event = { on: "close", key: "#cats" };
const STAR: Event = { on: "contact", name: "bob", add: true };

Deno.test("model leaves a room when the connection is back, and is not brought back into it by the server's list", () => {
  for (const isOffline of [true, false]) {
    const scene = account();
    // Without a connection; or with one that breaks before the answer.
    if (isOffline) scene.do({ on: "down" }, CLOSE);
    else scene.do(CLOSE, { on: "down" });
    assert.deepEqual([scene.state.open, scene.state.conversations.has("#cats")], ["#all", false]);
    assert.deepEqual(back(scene), [["leave", "#cats"]]);
    // The first time it had arrived, perhaps: to be told so is no trouble.
    scene.hear(isOffline ? OK : no(403), { response: 202, quantity: 1 }, {
      action: "room_list",
      room: "#cats",
      member: false,
    });
    assert.deepEqual([scene.state.conversations.has("#cats"), scene.state.notice], [false, undefined]);
    assert.deepEqual(back(scene.do({ on: "down" })), []); // once
  }
});

Deno.test("model that opens a room again, which it has left without a connection, is in it", () => {
  const scene = account().do({ on: "down" }, CLOSE, { on: "open", key: "#cats" });
  assert.deepEqual(back(scene), [["join", "#cats"]]);
});

Deno.test("model that leaves a room it is just coming into is out of it", () => {
  const scene = inside().do({ on: "open", key: "#cats" }, CLOSE);
  assert.deepEqual(changes(scene), [["join", "#cats"], ["leave", "#cats"]]);
  scene.hear(OK, EMPTY, OK);
  assert.equal(scene.state.conversations.has("#cats"), false);
});

Deno.test("model of a guest has nothing to leave on a new connection", () => {
  const scene = inside().do({ on: "open", key: "#cats" }).hear(OK, EMPTY, EMPTY).do({ on: "down" }, CLOSE, {
    on: "up",
  });
  scene.done();
  scene.hear(OK);
  assert.deepEqual(changes(scene), []);
});

Deno.test("model shows a contact at once, and tells the server when it can", () => {
  for (const isOffline of [true, false]) {
    const scene = account();
    if (isOffline) scene.do({ on: "down" }, STAR);
    else scene.do(STAR, { on: "down" });
    assert.deepEqual([...scene.state.contacts], ["bob"]);
    assert.deepEqual(back(scene), [["add_contact", "bob"], ["join", "#cats"]]);
    scene.hear(OK).do({ on: "down" });
    scene.do({ on: "contact", name: "bob", add: false });
    assert.deepEqual([...scene.state.contacts], []);
    assert.deepEqual(back(scene), [["del_contact", "bob"], ["join", "#cats"]]);
  }
});

Deno.test("model registers when the connection is back, and finds out whether it had registered when that broke", () => {
  const events: Event[] = [{ on: "register", password: "correct horse" }, { on: "down" }];
  for (const isMade of [true, false]) {
    for (const order of [events, events.toReversed()]) {
      const scene = inside().do(...order);
      scene.done();
      scene.do({ on: "up" });
      assert.deepEqual(scene.said(), ["authenticate"]); // where nobody has the name yet, it lets a guest in
      scene.hear(OK, OK, isMade ? EMPTY : no(401));
      const said = scene.said();
      assert.equal(said.includes("register"), !isMade);
      if (!isMade) scene.hear({ response: 201, alert: "created" });
      assert.deepEqual([scene.state.account, scene.state.me?.way], [true, "login"]);
      assert.deepEqual(scene.state.deferred, []);
    }
  }
});

Deno.test("model searches, and goes back to what was found, when the connection is back", () => {
  const scene = inside().do({ on: "down" }, { on: "search", text: "cats" }, { on: "up" });
  scene.done();
  scene.hear(OK);
  assert.ok(scene.said().includes("search"));
  scene.hear({ response: 202, quantity: 1 }, msg(3, "bob", "#all", "cats"));
  assert.deepEqual(scene.state.search?.rows?.map(({ id }) => id), [3]);
  const before = inside().hear(msg(900, "bob", "#all")).do({ on: "down" }, { on: "reach", id: 3 }, { on: "up" });
  before.done();
  before.hear(OK);
  assert.equal(before.done().filter((each) => typeof each !== "string" && each.before === 4).length, 1);
});

Deno.test("model says when it leaves how many messages were not sent, until somebody comes in again", () => {
  const scene = inside().do({ on: "down" }, { on: "send", text: "one" }, { on: "send", text: "two" }, { on: "quit" });
  assert.equal(scene.state.unsent, 2);
  scene.do({ on: "enter", me: { name: "ann", way: "guest", password: "" } });
  assert.equal(scene.state.unsent, 0);
});

Deno.test("model keeps over a reload what waits for a connection, and no password", () => {
  const scene = account().do({ on: "down" }, CLOSE, STAR, { on: "register", password: "correct horse" });
  const text = takeSnapshot(scene.state, undefined)!;
  assert.ok(!text.includes("horse"));
  assert.deepEqual(restore(7, parseSnapshot(text)!).deferred, [
    { ask: "leave", key: "#cats" },
    { ask: "contact", name: "bob", add: true },
  ]);
});
