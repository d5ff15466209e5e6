// What is done without a connection, or while one breaks, is done when it is back, once; nothing is lost in silence.

import assert from "node:assert/strict";
import { COMMON_ROOM } from "../../../jim/message.ts";
import type { Fields } from "../../../jim/client/fields.ts";
import { parseSnapshot, restore, takeSnapshot } from "../../../web/snapshot.ts";
import type { Event } from "../../../web/model/state.ts";
import { EMPTY, inside, ModelDriver, msg, no, OK } from "./model_driver.ts";

/** An account in #cats, which has bob among its contacts. */
function account(): ModelDriver {
  const driver = inside("login").do({ on: "open", key: "#cats" }).hear(OK, EMPTY, EMPTY);
  driver.done();
  return driver;
}

/** The connection comes back, for an account: what is asked from there on, as far as it is no question. */
function back(driver: ModelDriver): unknown[] {
  driver.done();
  driver.do({ on: "up" }).hear(OK, OK, EMPTY);
  return changes(driver);
}

function changes(driver: ModelDriver): unknown[] {
  const questions = ["authenticate", "presence", "history", "rooms", "who_online", "get_contacts", "unread"];
  return driver.done().filter((each) => typeof each !== "string" && !questions.includes(String(each.action)))
    .map((each) => typeof each === "string" ? each : [each.action, each.room ?? each.user_id ?? each.to]);
}

const CLOSE: Event = { on: "close", key: "#cats" };
const STAR: Event = { on: "contact", name: "bob", add: true };

Deno.test("model leaves a room when the connection is back, and is not brought back into it by the server's list", () => {
  for (const isOffline of [true, false]) {
    const driver = account();
    // Without a connection; or with one that breaks before the answer.
    if (isOffline) driver.do({ on: "down" }, CLOSE);
    else driver.do(CLOSE, { on: "down" });
    assert.deepEqual([driver.state.open, driver.state.conversations.has("#cats")], ["#all", false]);
    assert.deepEqual(back(driver), [["leave", "#cats"]]);
    // The first time it had arrived, perhaps: to be told so is no trouble.
    driver.hear(isOffline ? OK : no(403), { response: 202, quantity: 1 }, {
      action: "room_list",
      room: "#cats",
      member: false,
    });
    assert.deepEqual([driver.state.conversations.has("#cats"), driver.state.notice], [false, undefined]);
    assert.deepEqual(back(driver.do({ on: "down" })), []); // once
  }
});

Deno.test("model that opens a room again, which it has left without a connection, is in it", () => {
  const driver = account().do({ on: "down" }, CLOSE, { on: "open", key: "#cats" });
  assert.deepEqual(back(driver), [["join", "#cats"]]);
});

Deno.test("model that leaves a room it is just coming into is out of it", () => {
  const driver = inside().do({ on: "open", key: "#cats" }, CLOSE);
  assert.deepEqual(changes(driver), [["join", "#cats"], ["leave", "#cats"]]);
  driver.hear(OK, EMPTY, OK);
  assert.equal(driver.state.conversations.has("#cats"), false);
});

Deno.test("model of a guest has nothing to leave on a new connection", () => {
  const driver = inside().do({ on: "open", key: "#cats" }).hear(OK, EMPTY, EMPTY).do({ on: "down" }, CLOSE, {
    on: "up",
  });
  driver.done();
  driver.hear(OK);
  assert.deepEqual(changes(driver), []);
});

Deno.test("model shows a contact at once, and tells the server when it can", () => {
  for (const isOffline of [true, false]) {
    const driver = account();
    if (isOffline) driver.do({ on: "down" }, STAR);
    else driver.do(STAR, { on: "down" });
    assert.deepEqual([...driver.state.contacts], ["bob"]);
    assert.deepEqual(back(driver), [["add_contact", "bob"]]);
    driver.hear(OK).do({ on: "down" });
    driver.do({ on: "contact", name: "bob", add: false });
    assert.deepEqual([...driver.state.contacts], []);
    assert.deepEqual(back(driver), [["del_contact", "bob"]]);
  }
});

Deno.test("model registers when the connection is back, and finds out whether it had registered when that broke", () => {
  const events: Event[] = [{ on: "register", password: "correct horse" }, { on: "down" }];
  for (const isMade of [true, false]) {
    for (const order of [events, events.toReversed()]) {
      const driver = inside().do(...order);
      driver.done();
      driver.do({ on: "up" });
      assert.deepEqual(driver.said(), ["authenticate"]); // where nobody has the name yet, it lets a guest in
      driver.hear(OK, OK, isMade ? EMPTY : no(401));
      const said = driver.said();
      assert.equal(said.includes("register"), !isMade);
      if (!isMade) driver.hear({ response: 201, alert: "created" });
      assert.deepEqual([driver.state.hasAccount, driver.state.me?.method], [true, "login"]);
      assert.deepEqual(driver.state.deferred, []);
    }
  }
});

Deno.test("model searches, and goes back to what was found, when the connection is back", () => {
  const driver = inside().do({ on: "down" }, { on: "search", text: "cats" }, { on: "up" });
  driver.done();
  driver.hear(OK);
  assert.ok(driver.said().includes("search"));
  driver.hear({ response: 202, quantity: 1 }, msg(3, "bob", "#all", "cats"));
  assert.deepEqual(driver.state.search?.rows?.map(({ id }) => id), [3]);
  const before = inside().hear(msg(900, "bob", "#all")).do({ on: "down" }, { on: "jumpTo", id: 3 }, { on: "up" });
  before.done();
  before.hear(OK);
  assert.equal(before.done().filter((each) => typeof each !== "string" && each.before === 4).length, 1);
});

Deno.test("model says when it leaves how many messages were not sent, until somebody comes in again", () => {
  const driver = inside().do({ on: "down" }, { on: "send", text: "one" }, { on: "send", text: "two" }, { on: "quit" });
  assert.equal(driver.state.unsent, 2);
  driver.do({ on: "enter", me: { name: "ann", method: "guest", password: "" } });
  assert.equal(driver.state.unsent, 0);
});

Deno.test("model tells the server a level that was chosen without a connection, before it hears the former one", () => {
  const SILENCE: Event = { on: "notify", key: "#cats", level: "none" };
  const driver = account().do({ on: "down" }, SILENCE);
  const text = takeSnapshot(driver.state, undefined)!;
  assert.deepEqual(restore(7, parseSnapshot(text)!).deferred, [{ ask: "notify", key: "#cats", level: "none" }]);
  assert.ok(
    !takeSnapshot(inside().do({ on: "down" }, SILENCE).state, undefined)!.includes("notify"),
    "a guest has none",
  );
  driver.do({ on: "up" }).hear(OK, OK);
  driver.done();
  driver.hear(EMPTY);
  const said = driver.said();
  assert.ok(said.includes("notify") && said.indexOf("notify") < said.indexOf("unread"), `${said}`);
  // The connection breaks before the answer; once it is there, that is all.
  assert.deepEqual(back(driver.do({ on: "down" })), [["notify", "#cats"]]);
  driver.hear(OK);
  assert.deepEqual(back(driver.do({ on: "down" })), []);
});

Deno.test("model keeps over a reload what waits for a connection, and no password", () => {
  const driver = account().do({ on: "down" }, CLOSE, STAR, { on: "register", password: "correct horse" });
  const text = takeSnapshot(driver.state, undefined)!;
  assert.ok(!text.includes("horse"));
  assert.deepEqual(restore(7, parseSnapshot(text)!).deferred, [
    { ask: "leave", key: "#cats" },
    { ask: "contact", name: "bob", add: true },
  ]);
});

Deno.test("model of an account joins its rooms again without making one that was removed meanwhile; a new one it makes", () => {
  const joins = (driver: ModelDriver) =>
    driver.done().filter((each) => typeof each !== "string" && each.action === "join")
      .map((each) => typeof each === "string" ? each : [each.room, each.create]);
  const driver = account().hear(EMPTY).do({ on: "down" }, { on: "open", key: "#new" });
  driver.done();
  driver.do({ on: "up" }).hear(OK, OK, EMPTY);
  driver.do({ on: "open", key: "#cats" });
  assert.deepEqual(joins(driver), [["#new", undefined]]);
  driver.hear(EMPTY); // the list of rooms has none by this name: it was removed, or has another name
  assert.deepEqual(joins(driver), [["#cats", false]]);
});

/** A row of the list of rooms. */
const row = (room: string, member: boolean): Fields => ({ action: "room_list", room, member });
/** An account is back, and has the list of rooms. */
const listed = (driver: ModelDriver, ...rows: Fields[]) =>
  driver.do({ on: "down" }, { on: "up" }).hear(OK, OK, EMPTY, { response: 202, quantity: rows.length }, ...rows);

Deno.test("model of an account does not join a room again that it has left on another device, or that has become another one", () => {
  const driver = listed(account().do({ on: "open", key: COMMON_ROOM }), row("#cats", false));
  assert.deepEqual(changes(driver), []);
  assert.deepEqual([...driver.state.conversations.keys()], [COMMON_ROOM]);
});

Deno.test("model keeps what was typed for a room that it is in no more, sends it nowhere, and says why", () => {
  const typed = account().do({ on: "down" }, { on: "send", text: "for us", key: "#cats" });
  const driver = listed(typed, row("#cats", false));
  assert.ok(driver.done().every((each) => typeof each === "string" || !["join", "msg"].includes(String(each.action))));
  for (let answers = driver.state.pending.asked.length; answers > 0; answers--) {
    driver.hear(no(403, "you are not in it"));
  }
  const { error, isMember, outgoing } = driver.state.conversations.get("#cats")!;
  assert.deepEqual([error, isMember, outgoing.map(({ text }) => text)], ["you are not in it", false, ["for us"]]);
});
