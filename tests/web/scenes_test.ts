// Single scenes of the model: what it makes of an answer, of a refusal, of what others do. Laws are in model_test.ts.

import assert from "node:assert/strict";
import { COMMON } from "../../jim/message.ts";
import type { Fields } from "../../web/heard.ts";
import { type Event, newState, openTalk, type State, step, type Way } from "../../web/model.ts";

/** A model, and all that it wanted done since it was last looked. */
class Scene {
  state: State = newState(7);
  #done: (string | Fields)[] = [];

  do(...events: Event[]): this {
    for (const event of events) {
      const { state, effects } = step(this.state, event, 1_764_000_000_000);
      this.state = state;
      for (const effect of effects) this.#done.push(effect.do === "say" ? effect.object : effect.do);
    }
    return this;
  }

  hear(...objects: Fields[]): this {
    return this.do(...objects.map((object): Event => ({ on: "heard", object })));
  }

  done(): (string | Fields)[] {
    return this.#done.splice(0);
  }

  /** The actions that it wanted said. */
  said(): string[] {
    return this.done().map((each) => typeof each === "string" ? each : String(each.action));
  }

  /** What waits in the open conversation, as its state and the reason. */
  get waiting(): (string | undefined)[][] {
    return openTalk(this.state).waiting.map(({ text, state, why }) =>
      why === undefined ? [text, state] : [text, state, why]
    );
  }
}

const OK = { response: 200, alert: "ok" }, EMPTY = { response: 202, quantity: 0 };
const no = (response: number, error = "no"): Fields => ({ response, error });
const msg = (id: number, from: string, to: string, message = `${id}`): Fields => ({
  action: "msg",
  time: 1764000000 + id,
  ...{ from, to, message, id },
});

/** Somebody who has come in and has caught up with an empty chat. */
function inside(way: Way = "guest", name = "ann"): Scene {
  const scene = new Scene().do({ on: "enter", me: { name, way, password: "correct horse" } }, { on: "up" }).hear(OK);
  if (way !== "guest") scene.hear(OK); // to the presence that asks to be told who comes and goes
  if (way === "login") scene.hear(EMPTY); // an account may ask for what it said to itself
  scene.hear(EMPTY, { response: 202, quantity: 1 }, { action: "online_list", user_id: name });
  if (way !== "guest") scene.hear(EMPTY); // contacts
  scene.hear(EMPTY); // the past of #all
  assert.deepEqual([scene.state.ready, scene.state.asked], [true, []]);
  scene.done();
  return scene;
}

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

Deno.test("model keeps what was refused, with the reason, to be sent again or dropped", () => {
  const scene = inside().do({ on: "say", text: "one" }, { on: "say", text: "two" });
  const [first, second] = scene.done() as Fields[];
  scene.hear(no(403, "You may not write here"), OK);
  assert.deepEqual(scene.waiting, [["one", "refused", "You may not write here"]]);
  assert.deepEqual(openTalk(scene.state).said.map(({ text }) => text), ["two"]);
  assert.ok((first!.time as number) < (second!.time as number));
  scene.do({ on: "again", key: COMMON, time: first!.time as number });
  assert.deepEqual(scene.done(), [first]);
  scene.hear(no(500, "The disk is full")).do({ on: "drop", key: COMMON, time: first!.time as number });
  assert.deepEqual(scene.waiting, []);
});

Deno.test("model says a message again that was refused with the connection, in the very answer that ended it", () => {
  const scene = inside().hear(msg(1, "bob", COMMON)).do({ on: "say", text: "too fast" });
  const [first] = scene.done() as Fields[];
  scene.hear(no(400, "Expected at most 3 objects a second: wait between them")).do({ on: "down" });
  assert.deepEqual(scene.waiting, [["too fast", "unknown"]]);
  scene.do({ on: "up" }).hear(OK, EMPTY, EMPTY, EMPTY);
  assert.deepEqual([scene.done().at(-1), scene.waiting], [first, [["too fast", "sent"]]]);
  scene.hear(no(403, "You may not write here"), { response: 100, alert: "a notice" }).do({ on: "down" });
  assert.deepEqual(scene.waiting, [["too fast", "refused", "You may not write here"]]);
});

Deno.test("model is unsure of a guest's private message whose answer was lost, and never says it twice by itself", () => {
  const scene = inside().do({ on: "open", key: "bob" }, { on: "say", text: "psst" });
  assert.deepEqual(scene.said(), ["msg"]);
  scene.do({ on: "down" }, { on: "say", text: "not sent yet" }, { on: "up" }).hear(OK);
  assert.deepEqual(scene.waiting, [["psst", "unsure"], ["not sent yet", "sent"]]);
  assert.deepEqual(scene.said().filter((action) => action === "msg"), ["msg"]);
});

Deno.test("model says that an account which is offline gets a message later", () => {
  const scene = inside("login").do({ on: "open", key: "bob" }).hear(EMPTY).do({ on: "say", text: "hi" });
  scene.hear({ response: 202, alert: "accepted; bob is offline and will get it later" });
  assert.deepEqual(openTalk(scene.state).said.map(({ text, later }) => [text, later]), [["hi", true]]);
});

Deno.test("model counts what is unread and who is named, until it is looked at", () => {
  const scene = inside().do({ on: "seen", is: true }).hear(msg(1, "bob", COMMON));
  const unread = () => [openTalk(scene.state).unread, openTalk(scene.state).mentions, openTalk(scene.state).mark];
  assert.deepEqual(unread(), [0, 0, undefined]);
  scene.do({ on: "seen", is: false }).hear(
    msg(2, "bob", COMMON),
    msg(3, "bob", COMMON, "hello Ann"),
    msg(4, "ann", COMMON),
  );
  assert.deepEqual(unread(), [2, 1, 1]);
  scene.do({ on: "seen", is: true });
  assert.deepEqual(unread(), [0, 0, 1]);
  scene.do({ on: "open", key: "bob" }, { on: "open", key: COMMON });
  assert.deepEqual(unread(), [0, 0, undefined]);
  scene.hear(msg(5, "bob", "ann", "psst"));
  const { unread: one, mentions } = scene.state.talks.get("bob")!;
  assert.deepEqual([one, mentions], [1, 1]);
});

Deno.test("model lets go of the top of a long conversation whose end is looked at, and asks for it again", () => {
  const scene = inside().do({ on: "seen", is: true });
  for (let id = 1; id <= 601; id++) scene.hear(msg(id, "bob", COMMON));
  assert.deepEqual([openTalk(scene.state).said.length, openTalk(scene.state).start], [300, false]);
  scene.do({ on: "older" }, { on: "older" });
  assert.deepEqual(scene.done().map((each) => (each as Fields).before), [302]);
  scene.hear({ response: 202, quantity: 1 }, msg(301, "bob", COMMON));
  assert.deepEqual([openTalk(scene.state).said[0]?.id, openTalk(scene.state).start], [301, true]);
  scene.do({ on: "older" });
  assert.deepEqual(scene.done(), []);
});

Deno.test("model goes back page by page to an old message, and gives up when there is none", () => {
  const scene = inside().hear(msg(900, "bob", COMMON)).do({ on: "reach", id: 100 });
  assert.deepEqual(scene.done().map((each) => [(each as Fields).before, (each as Fields).limit]), [[900, 500]]);
  const page = (
    from: number,
  ) => [{ response: 202, quantity: 500 }, ...Array.from({ length: 500 }, (_, at) => msg(from + at, "bob", COMMON))];
  scene.hear(...page(400));
  assert.deepEqual(scene.state.target, { key: COMMON, id: 100, found: false });
  scene.hear({ response: 202, quantity: 2 }, msg(100, "bob", COMMON), msg(101, "bob", COMMON));
  assert.deepEqual(scene.state.target, { key: COMMON, id: 100, found: true });
  scene.do({ on: "reached" }, { on: "reach", id: 50 });
  scene.hear(EMPTY);
  assert.equal(scene.state.target, undefined);
});

Deno.test("model joins a room on opening it, says why it cannot, and forgets it on leaving it", () => {
  const scene = inside().do({ on: "open", key: "#cats" });
  assert.deepEqual(scene.said(), ["join", "who_online"]);
  scene.hear(no(403, "no more rooms"), no(403));
  assert.equal(openTalk(scene.state).trouble, "no more rooms");
  scene.do({ on: "close", key: "#cats" });
  assert.deepEqual([scene.state.open, scene.state.talks.has("#cats")], [COMMON, false]);
  scene.do({ on: "open", key: "#CHAT" });
  assert.equal(scene.state.open, COMMON);
  scene.do({ on: "open", key: "#dogs" }).hear({ response: 201, alert: "created #dogs" });
  scene.hear({ response: 202, quantity: 1 }, { action: "online_list", user_id: "ann" }, EMPTY).hear(
    msg(1, "bob", "#dogs"),
  );
  assert.deepEqual([...scene.state.members], ["ann", "bob"]);
  scene.done();
  scene.do({ on: "close", key: "#dogs" });
  assert.deepEqual(scene.said(), ["leave"]);
  scene.hear(OK);
  assert.ok(!scene.state.talks.has("#dogs"));
});

Deno.test("model knows who is here, from the list and from who comes and goes", () => {
  const status = (account_name: string, status: string) => ({ action: "presence", user: { account_name, status } });
  const scene = inside().hear(status("bob", "online"), status("cat", "at home"), status("bob", "offline"));
  assert.deepEqual([...scene.state.online], ["ann", "cat"]);
  scene.do({ on: "look" });
  assert.deepEqual(scene.said(), ["rooms", "who_online"]);
  scene.hear({ response: 202, quantity: 2 }, { action: "room_list", room: COMMON, member: true }, {
    action: "room_list",
    room: "#cats",
    member: false,
  });
  assert.deepEqual(scene.state.rooms, [COMMON, "#cats"]);
});

Deno.test("model searches where it is, shows the latest first, and says why it cannot", () => {
  const scene = inside().do({ on: "search", text: "tea" });
  assert.deepEqual(scene.state.search, { key: COMMON, text: "tea", rows: undefined });
  scene.hear({ response: 202, quantity: 2 }, msg(1, "bob", COMMON, "tea?"), msg(2, "bob", COMMON, "tea!"));
  const found = () => scene.state.search;
  assert.deepEqual(found()?.rows?.map(({ text }) => text), ["tea!", "tea?"]);
  scene.do({ on: "search", text: "#" }).hear(no(400, "expected words"));
  assert.equal(found()?.trouble, "expected words");
  scene.do({ on: "unsearch" });
  assert.equal(found(), undefined);
});

Deno.test("model keeps contacts, and a name that is registered while one is in", () => {
  const scene = inside("login").do({ on: "contact", name: "bob", add: true }).hear(OK);
  assert.deepEqual([...scene.state.contacts], ["bob"]);
  scene.do({ on: "contact", name: "bob", add: false }).hear(OK).do({ on: "contact", name: "nobody", add: true }).hear(
    no(404, "who?"),
  );
  assert.deepEqual([[...scene.state.contacts], scene.state.notice], [[], "who?"]);
  const guest = inside().do({ on: "register", password: "correct horse" }).hear({ response: 201, alert: "created" });
  assert.deepEqual([guest.state.account, guest.state.me?.way, guest.state.notice], [true, "login", "created"]);
  guest.done();
  guest.do({ on: "down" }, { on: "up" });
  assert.deepEqual(guest.said(), ["authenticate"]);
});

Deno.test("model answers a probe, asks one when it is quiet, and says goodbye when it goes", () => {
  const scene = inside().hear({ action: "probe", time: 1 }).do({ on: "quiet" });
  assert.deepEqual(scene.said(), ["presence", "probe"]);
  scene.hear(OK, OK, { what: "is this?" }, { action: "msg", to: COMMON }).do({ on: "draft", text: "half" });
  assert.equal(openTalk(scene.state).draft, "half");
  scene.do({ on: "quit" });
  assert.deepEqual([scene.said(), scene.state], [["quit", "disconnect"], newState(7)]);
});

Deno.test("model forgets one name's conversations when another comes in, and keeps them for the same", () => {
  const scene = inside().hear(msg(1, "bob", "ann", "psst")).hear(no(403, "out")).do({ on: "down" });
  scene.do({ on: "enter", me: { name: "ann", way: "guest", password: "" } });
  assert.ok(scene.state.talks.has("bob"));
  scene.do({ on: "up" }).hear(no(403, "banned")).do({ on: "enter", me: { name: "eve", way: "guest", password: "" } });
  assert.ok(!scene.state.talks.has("bob"));
});
