import assert from "node:assert/strict";
import { update } from "../../../web/model.ts";
import { parseSnapshot, takeSnapshot } from "../../../web/snapshot.ts";
import { type Event, newState } from "../../../web/model/state.ts";
import { EMPTY, inside, ModelDriver, msg, no, OK } from "./model_driver.ts";

Deno.test("model knows a guest, who logs in by a name that is nobody's, from an account", () => {
  assert.equal(inside("login").state.hasAccount, true);
  assert.equal(inside("register").state.hasAccount, true);
  const guest = new ModelDriver().do({ on: "enter", me: { name: "ann", method: "login", password: "x" } }, {
    on: "up",
  });
  guest.hear(OK, OK, no(401));
  assert.deepEqual([guest.state.stage, guest.state.isReady, guest.state.hasAccount], ["in", true, false]);
});

Deno.test("model stays outside, and says why, when the server does not let it in", () => {
  for (const [method, code] of [["guest", 401], ["login", 402], ["login", 409], ["register", 409]] as const) {
    const driver = new ModelDriver().do({ on: "enter", me: { name: "ann", method, password: "x" } }, { on: "up" });
    driver.done();
    driver.hear(no(code, `because of ${code}`));
    assert.deepEqual([driver.state.stage, driver.state.refusal, driver.done()], ["out", `because of ${code}`, [
      "disconnect",
    ]]);
  }
});

Deno.test("model asks for another password behind a one-time one, and comes in by both", () => {
  const asked = { ...no(401, "new_password: expected one"), new_password: true };
  const me = { name: "ann", method: "login", password: "k7m-r3h-dwp" } as const;
  const driver = new ModelDriver().do({ on: "enter", me }, { on: "up" });
  driver.hear(asked);
  assert.deepEqual([driver.state.stage, driver.state.needsNewPassword, driver.state.refusal], ["out", true, ""]);
  driver.do({ on: "enter", me: { ...me, newPassword: "short" } }, { on: "up" }).hear(no(400, "too short"));
  assert.deepEqual([driver.state.needsNewPassword, driver.state.refusal], [true, "too short"]);
  driver.do({ on: "enter", me: { ...me, newPassword: "dark horse" } }, { on: "up" });
  const { user, new_password } = driver.done().findLast((each) => typeof each !== "string")!;
  assert.deepEqual([user, new_password], [{ account_name: "ann", password: "k7m-r3h-dwp" }, "dark horse"]);
  driver.hear(OK);
  assert.deepEqual([driver.state.stage, driver.state.needsNewPassword], ["in", false]);
  assert.deepEqual([driver.state.me!.password, driver.state.me!.newPassword], ["dark horse", undefined]);
});

Deno.test("model logs in with its new password if that was set, and the answer was lost", () => {
  const me = { name: "ann", method: "login", password: "k7m-r3h-dwp", newPassword: "dark horse" } as const;
  const driver = new ModelDriver().do({ on: "enter", me }, { on: "up" }, { on: "down" }, { on: "up" });
  driver.done();
  driver.hear(no(402, "no account with that password"));
  const [{ user, new_password }] = driver.done() as [{ user: object; new_password?: string }];
  assert.deepEqual([user, new_password], [{ account_name: "ann", password: "dark horse" }, undefined]);
  driver.hear(no(402, "no account with that password"));
  assert.deepEqual([driver.state.stage, driver.state.needsNewPassword], ["out", false]);
});

Deno.test("model comes again later when the account seems to be here too often after a break", () => {
  const driver = inside("login").do({ on: "down" }, { on: "up" });
  assert.deepEqual(driver.said(), ["authenticate"]);
  driver.hear(no(409));
  assert.deepEqual([driver.state.stage, driver.done()], ["in", ["retry"]]);
});

Deno.test("model comes again later when the server cannot let it in after a break, and stays out when it could not enter at all", () => {
  for (const [method, code] of [["login", 500], ["login", 503], ["guest", 503]] as const) {
    const driver = inside(method).do({ on: "down" }, { on: "up" });
    driver.done();
    driver.hear(no(code));
    assert.deepEqual([driver.state.stage, driver.done()], ["in", ["retry"]]);
    driver.do({ on: "down" }, { on: "up" }).hear(OK);
    assert.equal(driver.state.stage, "in");
    const fresh = new ModelDriver().do({ on: "enter", me: { name: "ann", method, password: "x" } }, { on: "up" });
    fresh.hear(no(code, "no journal"));
    assert.deepEqual([fresh.state.stage, fresh.state.refusal], ["out", "no journal"]);
  }
});

Deno.test("model is no guest when the server cannot say whether its name is an account: it asks again later", () => {
  const driver = inside("login").do({ on: "down" }, { on: "up" }).hear(OK, OK);
  driver.done();
  driver.hear(no(500));
  assert.deepEqual([driver.state.isReady, driver.state.hasAccount, driver.done()], [false, true, ["retry"]]);
  driver.do({ on: "down" }, { on: "up" }).hear(OK, OK, EMPTY);
  assert.deepEqual([driver.state.isReady, driver.state.hasAccount], [true, true]);
});

Deno.test("model goes out, and stays out, when an operator has put it out; a notice and another end are no reason", () => {
  const driver = inside().hear({ response: 100, alert: "Lesson 7 begins at ten" });
  assert.deepEqual(driver.state.notice, { words: "Lesson 7 begins at ten" });
  driver.do({ on: "dismissNotice" }).hear(no(401, "too late")).do({ on: "down" });
  assert.deepEqual([driver.state.notice, driver.state.stage, driver.done()], [undefined, "in", []]);
  driver.do({ on: "up" }).hear(OK, EMPTY, EMPTY, EMPTY).hear(no(403, "An operator has put you out")).do({ on: "down" });
  assert.deepEqual([driver.state.stage, driver.state.refusal], ["out", "An operator has put you out"]);
  assert.equal(driver.said().at(-1), "disconnect");
});

Deno.test("model forgets one name's conversations when another comes in, and keeps them for the same", () => {
  const driver = inside().hear(msg(1, "bob", "ann", "psst")).hear(no(403, "out")).do({ on: "down" });
  driver.do({ on: "enter", me: { name: "ann", method: "guest", password: "" } });
  assert.ok(driver.state.conversations.has("bob"));
  driver.do({ on: "up" }).hear(no(403, "banned")).do({
    on: "enter",
    me: { name: "eve", method: "guest", password: "" },
  });
  assert.ok(!driver.state.conversations.has("bob"));
});

Deno.test("model logs in by a name that was registered while one was in", () => {
  const guest = inside().do({ on: "register", password: "correct horse" }).hear({ response: 201, alert: "created" });
  assert.deepEqual([guest.state.hasAccount, guest.state.me?.method, guest.state.notice], [true, "login", {
    words: "created",
  }]);
  guest.done();
  guest.hear(EMPTY, EMPTY, EMPTY, EMPTY);
  guest.do({ on: "down" }, { on: "up" });
  assert.deepEqual(guest.said(), ["authenticate"]);
});

Deno.test("model that registers joins its rooms again, and catches up with all that is open, whether it was put out or not", () => {
  for (const isPutOut of [true, false]) {
    const driver = inside().do({ on: "open", key: "#cats" }).hear(OK, EMPTY, EMPTY).hear(
      msg(4, "bob", "#cats", "before"),
    );
    driver.hear(msg(5, "bob", "ann", "psst")).do({ on: "register", password: "correct horse" }, {
      on: "send",
      text: "early",
    });
    driver.done();
    // What was said behind the registration finds the new account outside of the room, if the server has put it out.
    driver.hear({ response: 201, alert: "created" }, isPutOut ? no(403) : OK);
    const asked = driver.done().map((each) => typeof each === "string" ? each : [each.action, each.room ?? each.with]);
    assert.deepEqual(asked, [
      ...[["rooms", undefined], ["who_online", undefined], ["get_contacts", undefined], ["unread", undefined]],
      ...[["join", "#cats"], ["who_online", "#cats"], ["history", "#all"]],
    ]);
    driver.do({ on: "send", text: "late" });
    assert.deepEqual(driver.said(), []); // it waits until nothing is missing before it
    driver.hear(EMPTY, EMPTY, EMPTY, no(400), OK, EMPTY, EMPTY); // the last one is the past of #all
    assert.deepEqual(driver.said(), ["history"]);
    driver.hear({ response: 202, quantity: 1 }, msg(6, "bob", "#cats", "meanwhile"));
    driver.hear(msg(7, "bob", "#cats", "after"));
    const { messages, isMember, live } = driver.state.conversations.get("#cats")!;
    assert.deepEqual(messages.map(({ text }) => text).filter((text) => text !== "early"), [
      "before",
      "meanwhile",
      "after",
    ]);
    assert.deepEqual([isMember, live], [true, true]);
    assert.deepEqual(driver.state.conversations.get("bob")?.messages.map(({ text }) => text), ["psst"]);
    assert.deepEqual(driver.said(), ["history", "msg"]); // the past of bob, and "late"
  }
});

Deno.test("model says goodbye when it goes, and knows nothing any more", () => {
  const driver = inside().do({ on: "quit" });
  assert.deepEqual([driver.said(), driver.state], [["quit", "closeGracefully"], newState(7)]);
});

const TOKEN = { response: 200, alert: "ok", role: "account", account_name: "Ann", token: "its token" };
const resumed = { name: "Ann", method: "login", password: "", token: "its token" } as const;

/** A model that is logged in and has a token. */
function withToken(): ModelDriver {
  const driver = new ModelDriver().do(
    { on: "enter", me: { name: "ann", method: "login", password: "correct horse" } },
    {
      on: "up",
    },
  );
  return driver.hear(TOKEN, OK, EMPTY, { response: 202, quantity: 1 }, { action: "online_list", user_id: "Ann" }, EMPTY)
    .hear(no(400), EMPTY);
}

Deno.test("model asks for a token where it logs in or registers, and forgets the password when it has one", () => {
  const driver = withToken();
  assert.deepEqual([driver.state.hasAccount, driver.state.isReady, driver.state.pending.asked], [true, true, []]);
  assert.deepEqual(driver.state.me, resumed);
  const done = driver.done();
  assert.deepEqual(done[1], {
    action: "authenticate",
    user: { account_name: "ann", password: "correct horse" },
    token: true,
    time: 1_764_000_000,
  });
  assert.ok(done.includes("saveLogin"));
  const registers = new ModelDriver().do({ on: "enter", me: { name: "ann", method: "register", password: "x" } }, {
    on: "up",
  });
  assert.deepEqual(registers.hear({ ...TOKEN, response: 201 }).state.me, resumed);
  const guest = inside().do({ on: "register", password: "correct horse" });
  assert.deepEqual(guest.hear({ ...TOKEN, response: 201, account_name: "ann" }).state.me, { ...resumed, name: "ann" });
});

Deno.test("model logs in by its token after a break, and by its password where it was given none", () => {
  const driver = withToken();
  driver.done();
  driver.do({ on: "down" }, { on: "up" });
  assert.deepEqual(driver.done(), [{ action: "authenticate", token: "its token", time: 1_764_000_000 }]);
  driver.hear(OK, OK);
  assert.deepEqual([driver.state.me, driver.state.isReady, driver.state.hasAccount], [resumed, true, true]);
  const without = inside("login").do({ on: "down" }, { on: "up" });
  assert.deepEqual(without.done().map((each) => (each as { user: object }).user), [
    { account_name: "ann", password: "correct horse" },
  ]);
});

Deno.test("model keeps all that there was when its token is refused, and goes on with it after a login", () => {
  const driver = withToken().do({ on: "open", key: "#cats" }, { on: "draft", text: "half a thought" });
  driver.do({ on: "down" }, { on: "send", text: "a whole one" }, { on: "draft", text: "half a thought" }, { on: "up" });
  driver.done();
  driver.hear(no(401, "token: ended"));
  const { stage, isLoginOver, me } = driver.state;
  assert.deepEqual([stage, isLoginOver, me], ["out", true, { name: "Ann", method: "login", password: "" }]);
  assert.deepEqual(driver.done(), ["removeLogin", "disconnect"]);
  const kept = parseSnapshot(takeSnapshot(driver.state, undefined)!)!;
  assert.deepEqual([kept.guest, kept.token, kept.name], [false, undefined, "Ann"]);
  assert.equal(kept.conversations.find(({ key }) => key === "#cats")?.draft, "half a thought");
  for (const name of ["Ann", "ANN"]) {
    const again = new ModelDriver();
    again.state = driver.state;
    again.do({ on: "enter", me: { name, method: "login", password: "correct horse" } }, { on: "up" }).hear(TOKEN);
    assert.equal(again.state.isLoginOver, false);
    const { draft, outgoing } = again.state.conversations.get("#cats")!;
    assert.deepEqual([draft, outgoing.map(({ text, state }) => [text, state])], [
      "half a thought",
      [["a whole one", "queued"]],
    ], name);
  }
  for (const [name, method] of [["bob", "login"], ["ANN", "guest"]] as const) {
    const { state } = update(driver.state, { on: "enter", me: { name, method, password: "" } }, 0);
    assert.ok(!state.conversations.has("#cats"), "of another user");
  }
});

Deno.test("model ends its token when it logs out, and not when it changes its mind while it comes in", () => {
  const driver = withToken();
  driver.done();
  driver.do({ on: "quit" });
  assert.deepEqual(driver.done(), [
    { action: "logout", token: "its token", time: 1_764_000_000 },
    "removeLogin",
    "closeGracefully",
  ]);
  assert.deepEqual(driver.state, newState(7));
  const offline = withToken().do({ on: "down" });
  offline.done();
  assert.deepEqual(offline.do({ on: "quit" }).done(), ["removeLogin", "disconnect"]);
  const comes = new ModelDriver().do({ on: "enter", me: resumed }, { on: "up" });
  comes.done();
  assert.deepEqual(comes.do({ on: "quit" }).done(), ["disconnect"]);
});

Deno.test("model keeps its token when it is refused for another reason", () => {
  for (const code of [403, 409]) {
    const driver = new ModelDriver().do({ on: "enter", me: resumed }, { on: "up" });
    driver.done();
    driver.hear(no(code, "because"));
    assert.deepEqual([driver.state.stage, driver.state.refusal, driver.state.isLoginOver], ["out", "because", false]);
    assert.deepEqual([driver.state.me?.token, driver.done()], ["its token", ["disconnect"]]);
  }
});

Deno.test("model leaves a server that stops as soon as all is answered, and sends nothing new", () => {
  const driver = inside().do({ on: "send", text: "one" });
  driver.hear({ response: 100, alert: "the others go on", move: true }).do({ on: "send", text: "two" });
  assert.deepEqual([driver.said(), driver.state.notice], [["msg"], undefined]);
  driver.hear({ ...OK, id: 5 });
  assert.deepEqual([driver.said(), driver.waiting], [["quit"], [["two", "queued"]]]);
  driver.hear(OK).do({ on: "down" }, { on: "up" }).hear(OK).hear(EMPTY, EMPTY, EMPTY); // rooms, people, the past
  assert.deepEqual([driver.said().at(-1), driver.waiting], ["msg", [["two", "sent"]]]);
});

Deno.test("model says that a status or a new password may not have been set, if the connection breaks before the answer", () => {
  const status: Event = { on: "status", status: { away: true, emoji: "", text: "at lunch" } },
    down: Event = { on: "down" };
  for (const events of [[status, down], [down, status]]) {
    assert.equal(inside("login").do(...events).state.notice, "offline");
  }
  const password: Event = {
    on: "account",
    request: { action: "change_password", password: "old", new_password: "new" },
  };
  const last = { action: "change_password", state: "refused", why: "offline" };
  assert.deepEqual(inside("login").do(password, down).state.ownAccount?.last, last);
});

Deno.test("model asks for the sessions again when the settings were opened without a connection, or it ended before the answer", () => {
  const open = { on: "account", request: { action: "sessions" } } as const, login = [OK, OK, EMPTY];
  for (const events of [[{ on: "down" }, open], [open, { on: "down" }]] as const) {
    const driver = inside("login").do(...events, { on: "up" });
    driver.done();
    driver.hear(...login);
    assert.ok(driver.said().includes("sessions"));
    driver.hear(EMPTY, EMPTY, EMPTY, no(400), { response: 202, quantity: 1 }, { action: "session_list", session: "s" });
    assert.equal(driver.state.ownAccount?.sessions?.length, 1);
    driver.do({ on: "down" }, { on: "up" }).done();
    driver.hear(...login);
    assert.ok(!driver.said().includes("sessions"), "they are known");
  }
  assert.ok(!inside("login").said().includes("sessions"), "nobody has opened the settings");
});
