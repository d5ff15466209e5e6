import assert from "node:assert/strict";
import { parseSnapshot, takeSnapshot } from "../../../web/snapshot.ts";
import { newState } from "../../../web/model/state.ts";
import { EMPTY, inside, msg, no, OK, Scene } from "./scene.ts";

Deno.test("model knows a guest, who logs in by a name that is nobody's, from an account", () => {
  assert.equal(inside("login").state.account, true);
  assert.equal(inside("register").state.account, true);
  const guest = new Scene().do({ on: "enter", me: { name: "ann", way: "login", password: "x" } }, { on: "up" });
  guest.hear(OK, OK, no(401));
  assert.deepEqual([guest.state.stage, guest.state.ready, guest.state.account], ["in", true, false]);
});

Deno.test("model stays outside, and says why, when the server does not let it in", () => {
  for (const [way, code] of [["guest", 401], ["login", 402], ["login", 409], ["register", 409]] as const) {
    const scene = new Scene().do({ on: "enter", me: { name: "ann", way, password: "x" } }, { on: "up" });
    scene.done();
    scene.hear(no(code, `because of ${code}`));
    assert.deepEqual([scene.state.stage, scene.state.refusal, scene.done()], ["out", `because of ${code}`, [
      "disconnect",
    ]]);
  }
});

Deno.test("model comes again later when the account seems to be here too often after a break", () => {
  const scene = inside("login").do({ on: "down" }, { on: "up" });
  assert.deepEqual(scene.said(), ["authenticate"]);
  scene.hear(no(409));
  assert.deepEqual([scene.state.stage, scene.done()], ["in", ["retry"]]);
});

Deno.test("model goes out, and stays out, when an operator has put it out; a notice and another end are no reason", () => {
  const scene = inside().hear({ response: 100, alert: "Lesson 7 begins at ten" });
  assert.equal(scene.state.notice, "Lesson 7 begins at ten");
  scene.do({ on: "dismiss" }).hear(no(401, "too late")).do({ on: "down" });
  assert.deepEqual([scene.state.notice, scene.state.stage, scene.done()], [undefined, "in", []]);
  scene.do({ on: "up" }).hear(OK, EMPTY, EMPTY, EMPTY).hear(no(403, "An operator has put you out")).do({ on: "down" });
  assert.deepEqual([scene.state.stage, scene.state.refusal], ["out", "An operator has put you out"]);
  assert.equal(scene.said().at(-1), "disconnect");
});

Deno.test("model forgets one name's conversations when another comes in, and keeps them for the same", () => {
  const scene = inside().hear(msg(1, "bob", "ann", "psst")).hear(no(403, "out")).do({ on: "down" });
  scene.do({ on: "enter", me: { name: "ann", way: "guest", password: "" } });
  assert.ok(scene.state.conversations.has("bob"));
  scene.do({ on: "up" }).hear(no(403, "banned")).do({ on: "enter", me: { name: "eve", way: "guest", password: "" } });
  assert.ok(!scene.state.conversations.has("bob"));
});

Deno.test("model logs in by a name that was registered while one was in", () => {
  const guest = inside().do({ on: "register", password: "correct horse" }).hear({ response: 201, alert: "created" });
  assert.deepEqual([guest.state.account, guest.state.me?.way, guest.state.notice], [true, "login", "created"]);
  guest.done();
  guest.hear(EMPTY, EMPTY, EMPTY, EMPTY);
  guest.do({ on: "down" }, { on: "up" });
  assert.deepEqual(guest.said(), ["authenticate"]);
});

Deno.test("model that registers joins its rooms again, and catches up with all that is open, whether it was put out or not", () => {
  for (const isPutOut of [true, false]) {
    const scene = inside().do({ on: "open", key: "#cats" }).hear(OK, EMPTY, EMPTY).hear(
      msg(4, "bob", "#cats", "before"),
    );
    scene.hear(msg(5, "bob", "ann", "psst")).do({ on: "register", password: "correct horse" }, {
      on: "send",
      text: "early",
    });
    scene.done();
    // What was said behind the registration finds the new account outside of the room, if the server has put it out.
    scene.hear({ response: 201, alert: "created" }, isPutOut ? no(403) : OK);
    const asked = scene.done().map((each) => typeof each === "string" ? each : [each.action, each.room ?? each.with]);
    assert.deepEqual(asked, [
      ...[["rooms", undefined], ["who_online", undefined], ["get_contacts", undefined], ["join", "#cats"]],
      ...[["who_online", "#cats"], ["history", "#all"]],
    ]);
    scene.do({ on: "send", text: "late" });
    assert.deepEqual(scene.said(), []); // it waits until nothing is missing before it
    scene.hear(EMPTY, EMPTY, EMPTY, OK, EMPTY, EMPTY); // the last one is the past of #all
    assert.deepEqual(scene.said(), ["history"]);
    scene.hear({ response: 202, quantity: 1 }, msg(6, "bob", "#cats", "meanwhile"));
    scene.hear(msg(7, "bob", "#cats", "after"));
    const { messages, isMember, live } = scene.state.conversations.get("#cats")!;
    assert.deepEqual(messages.map(({ text }) => text).filter((text) => text !== "early"), [
      "before",
      "meanwhile",
      "after",
    ]);
    assert.deepEqual([isMember, live], [true, true]);
    assert.deepEqual(scene.state.conversations.get("bob")?.messages.map(({ text }) => text), ["psst"]);
    assert.deepEqual(scene.said(), ["history", "msg"]); // the past of bob, and "late"
  }
});

Deno.test("model says goodbye when it goes, and knows nothing any more", () => {
  const scene = inside().do({ on: "quit" });
  assert.deepEqual([scene.said(), scene.state], [["quit", "closeGracefully"], newState(7)]);
});

const TOKEN = { response: 200, alert: "ok", role: "account", account_name: "Ann", token: "its token" };
const resumed = { name: "Ann", way: "login", password: "", token: "its token" } as const;

/** Somebody who has logged in, and was given a token. */
function withToken(): Scene {
  const scene = new Scene().do({ on: "enter", me: { name: "ann", way: "login", password: "correct horse" } }, {
    on: "up",
  });
  return scene.hear(TOKEN, OK, EMPTY, { response: 202, quantity: 1 }, { action: "online_list", user_id: "Ann" }, EMPTY)
    .hear(EMPTY);
}

Deno.test("model asks for a token where it logs in or registers, and forgets the password when it has one", () => {
  const scene = withToken();
  assert.deepEqual([scene.state.account, scene.state.ready, scene.state.pending.asked], [true, true, []]);
  assert.deepEqual(scene.state.me, resumed);
  const done = scene.done();
  assert.deepEqual(done[1], {
    action: "authenticate",
    user: { account_name: "ann", password: "correct horse" },
    token: true,
    time: 1_764_000_000,
  });
  assert.ok(done.includes("remember"));
  const registers = new Scene().do({ on: "enter", me: { name: "ann", way: "register", password: "x" } }, { on: "up" });
  assert.deepEqual(registers.hear({ ...TOKEN, response: 201 }).state.me, resumed);
  const guest = inside().do({ on: "register", password: "correct horse" });
  assert.deepEqual(guest.hear({ ...TOKEN, response: 201, account_name: "ann" }).state.me, { ...resumed, name: "ann" });
});

Deno.test("model logs in by its token after a break, and by its password where it was given none", () => {
  const scene = withToken();
  scene.done();
  scene.do({ on: "down" }, { on: "up" });
  assert.deepEqual(scene.done(), [{ action: "authenticate", token: "its token", time: 1_764_000_000 }]);
  scene.hear(OK, OK);
  assert.deepEqual([scene.state.me, scene.state.ready, scene.state.account], [resumed, true, true]);
  const without = inside("login").do({ on: "down" }, { on: "up" });
  assert.deepEqual(without.done().map((each) => (each as { user: object }).user), [
    { account_name: "ann", password: "correct horse" },
  ]);
});

Deno.test("model keeps all that there was when its token is refused, and goes on with it after a login", () => {
  const scene = withToken().do({ on: "open", key: "#cats" }, { on: "draft", text: "half a thought" });
  scene.do({ on: "down" }, { on: "send", text: "a whole one" }, { on: "draft", text: "half a thought" }, { on: "up" });
  scene.done();
  scene.hear(no(401, "token: ended"));
  const { stage, isLoginOver, me } = scene.state;
  assert.deepEqual([stage, isLoginOver, me], ["out", true, { name: "Ann", way: "login", password: "" }]);
  assert.deepEqual(scene.done(), ["forget", "disconnect"]);
  const kept = parseSnapshot(takeSnapshot(scene.state, undefined)!)!;
  assert.deepEqual([kept.guest, kept.token, kept.name], [false, undefined, "Ann"]);
  assert.equal(kept.conversations.find(({ key }) => key === "#cats")?.draft, "half a thought");
  scene.do({ on: "enter", me: { name: "Ann", way: "login", password: "correct horse" } }, { on: "up" }).hear(TOKEN);
  assert.equal(scene.state.isLoginOver, false);
  const { draft, outgoing } = scene.state.conversations.get("#cats")!;
  assert.deepEqual([draft, outgoing.map(({ text, state }) => [text, state])], [
    "half a thought",
    [["a whole one", "queued"]],
  ]);
});

Deno.test("model ends its token when it logs out, and not when it changes its mind while it comes in", () => {
  const scene = withToken();
  scene.done();
  scene.do({ on: "quit" });
  assert.deepEqual(scene.done(), [
    { action: "logout", token: "its token", time: 1_764_000_000 },
    "forget",
    "closeGracefully",
  ]);
  assert.deepEqual(scene.state, newState(7));
  const offline = withToken().do({ on: "down" });
  offline.done();
  assert.deepEqual(offline.do({ on: "quit" }).done(), ["forget", "disconnect"]);
  const comes = new Scene().do({ on: "enter", me: resumed }, { on: "up" });
  comes.done();
  assert.deepEqual(comes.do({ on: "quit" }).done(), ["disconnect"]);
});

Deno.test("model keeps its token when it is refused for another reason", () => {
  for (const code of [403, 409]) {
    const scene = new Scene().do({ on: "enter", me: resumed }, { on: "up" });
    scene.done();
    scene.hear(no(code, "because"));
    assert.deepEqual([scene.state.stage, scene.state.refusal, scene.state.isLoginOver], ["out", "because", false]);
    assert.deepEqual([scene.state.me?.token, scene.done()], ["its token", ["disconnect"]]);
  }
});
