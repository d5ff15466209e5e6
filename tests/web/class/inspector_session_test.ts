// The teacher's page in conversation with the server, frame by frame.

import assert from "node:assert/strict";
import { newInspectorSession } from "../../../web/class/inspector_session.ts";

function visit() {
  const said: Record<string, unknown>[] = [], seen: unknown[] = [], skipped: unknown[] = [], told: unknown[] = [];
  let begun = 0, forgotten = 0;
  const step = newInspectorSession({
    connect: () => told.push("connect"),
    disconnect: () => told.push("disconnect"),
    retry: () => told.push("retry"),
    orderAnswered: ({ action }, why) => told.push([action, why]),
    deletionAnswered: ({ text }, why) => told.push([text, why]),
    queryAnswered: (number, result) => told.push([number, result.isDone || result.why]),
    bansReceived: (bans) => told.push(bans),
    greetingReceived: (text) => told.push(text),
    greetingRefused: (why) => told.push(why),
    send: (object) => said.push(object as Record<string, unknown>),
    started: () => begun++,
    traced: (sight) => seen.push(sight),
    unknownObject: (object) => skipped.push(object),
    forgetToken: () => forgotten++,
    saveSessionToken: (sessionToken) => told.push(["sessionToken", sessionToken]),
  }, () => 1);
  const hear = (object: object) => step({ on: "frame", frame: JSON.stringify(object) });
  return {
    step,
    hear,
    said,
    seen,
    skipped,
    told: () => told.splice(0),
    begun: () => begun,
    forgotten: () => forgotten,
    asked: () => said.map(({ action }) => action),
  };
}

const ok = { response: 200, time: 1, alert: "ok" };
const sight = { action: "trace", way: "here", text: "is here" };

const TOKEN = { on: "token", token: "a token" } as const, UP = { on: "up" } as const, DOWN = { on: "down" } as const;
const NONE = { response: 202, quantity: 0 };

Deno.test("session skips what it does not know, and sees what comes behind it", () => {
  const { step, hear, seen, skipped } = visit();
  step(TOKEN);
  step(UP);
  hear(ok);
  hear({ response: 202, quantity: 0 });
  const odd = [{ action: "topic", room: "#all" }, {}, { action: "vote" }];
  odd.forEach(hear);
  hear(sight);
  assert.deepEqual([skipped, seen], [odd, [sight]]);
});

Deno.test("session asks to look on and what is in force, and sees what passes from the answer on", () => {
  const { step, hear, seen, begun, asked, told } = visit();
  step(TOKEN);
  assert.deepEqual(told(), ["connect"]);
  assert.equal(step(UP).stage, "connecting");
  assert.deepEqual(hear(ok), { stage: "inspecting", isOperator: false });
  assert.deepEqual([asked(), begun()], [["inspect", "bans"], 1]);
  hear(sight);
  hear({ response: 202, quantity: 2 });
  hear({ action: "ban_list", kind: "ban", user_id: "eve" });
  hear({ action: "ban_list" });
  assert.deepEqual([seen, told()], [[sight], [[{ kind: "ban", user_id: "eve" }]]]);
});

Deno.test("session without a token asks for a login, and for nothing else before", () => {
  const { step, hear, said, told } = visit();
  assert.deepEqual(step({ on: "token", token: undefined }), { stage: "denied", why: "" });
  assert.deepEqual([said, told()], [[], []]);
  assert.equal(step({ on: "login", name: "op", password: "secret" }).stage, "connecting");
  assert.deepEqual(told(), ["connect"]);
  step(UP);
  const user = { account_name: "op", password: "secret" };
  assert.deepEqual(said, [{ action: "authenticate", time: 1, user, token: true }]);
  hear({ response: 200, alert: "welcome, op" });
  hear({ response: 100, alert: "Lesson 7 begins at ten" }); // the greeting answers no request
  assert.deepEqual(hear(ok), { stage: "inspecting", isOperator: true });
});

Deno.test("session logs in again by itself after a failure; after a wrong password it asks for another", () => {
  const { step, hear, asked, said, told } = visit();
  step({ on: "login", name: "op", password: "wrong" });
  step(UP);
  assert.deepEqual(hear({ response: 402, error: "no" }), { stage: "denied", why: "no" });
  told();
  assert.deepEqual(step(DOWN), { stage: "denied", why: "no" });
  assert.deepEqual(told(), ["disconnect"]); // it is typing
  step({ on: "login", name: "op", password: "right" });
  step(UP);
  hear(ok);
  hear(ok);
  assert.equal(step(DOWN).stage, "connecting");
  said.splice(0);
  step(UP);
  assert.deepEqual(asked(), ["authenticate"]);
  hear(ok);
  // The account is not an operator: the page says so in its own words.
  const barred = { stage: "denied", why: "for operators", cause: "operators" };
  assert.deepEqual(hear({ response: 403, error: "for operators" }), barred);
});

Deno.test("session gives orders one by one, and looks at what is in force after each that was done", () => {
  const { step, hear, said, told } = visit();
  const order = { action: "ban", address: "10.0.0.7", for: "10m" } as const;
  step(TOKEN);
  step({ on: "order", order });
  assert.deepEqual(told(), ["connect", ["ban", "offline"]]);
  step(UP);
  hear(ok);
  hear(NONE);
  said.splice(0);
  told();
  step({ on: "order", order });
  step({ on: "order", order: { action: "kick", user_id: "eve" } });
  assert.deepEqual(said, [{ ...order, time: 1 }, { action: "kick", user_id: "eve", time: 1 }]);
  hear(ok);
  hear({ response: 404, error: "nobody" });
  assert.deepEqual(said.slice(2), [{ action: "bans", time: 1 }]);
  step({ on: "order", order });
  step(DOWN);
  assert.deepEqual(told(), [["ban", undefined], ["kick", { words: "nobody" }], ["ban", "offline"]]);
});

Deno.test("session answers a probe, asks again when all is quiet, as nothing new, and minds no other object", () => {
  const { step, hear, asked, begun } = visit();
  step({ on: "idle" });
  step(TOKEN);
  step(UP);
  hear(ok);
  hear(NONE);
  hear({ action: "probe", time: 1 });
  hear({ action: "msg", from: "eve", message: "hello" });
  hear(ok);
  step({ on: "idle" });
  hear(ok);
  assert.deepEqual([asked(), begun()], [["inspect", "bans", "presence", "inspect"], 1]);
});

Deno.test("session shows the token each time it asks, and forgets one that is of an earlier run", () => {
  const { step, hear, said, told, forgotten } = visit();
  step({ on: "token", token: "first" });
  assert.deepEqual(said, [], "it is not up yet");
  step(UP);
  assert.equal(hear(ok).stage, "inspecting");
  hear(NONE);
  step({ on: "idle" });
  hear(ok);
  const inspections = said.filter(({ action }) => action === "inspect");
  assert.deepEqual(inspections, Array(2).fill({ action: "inspect", time: 1, token: "first" }));
  step(DOWN);
  step(UP);
  told();
  assert.deepEqual(hear({ response: 401, error: "token: no" }), {
    stage: "denied",
    why: "token: no",
    cause: "restarted",
  });
  assert.equal(forgotten(), 1);
  step(DOWN);
  assert.deepEqual(told(), ["disconnect"]);
});

Deno.test("session that is barred goes on with a new token, and an answer to an old one does not cost it", () => {
  const { step, hear, said, forgotten } = visit();
  step({ on: "token", token: "old" });
  step(UP);
  step({ on: "token", token: "new" });
  assert.equal(hear({ response: 401, error: "token: no" }).stage, "connecting");
  assert.equal(forgotten(), 0);
  assert.deepEqual(said.at(-1), { action: "inspect", time: 1, token: "new" });
  assert.equal(hear({ response: 401, error: "token: no" }).stage, "denied");
  assert.equal(step({ on: "token", token: "newer" }).stage, "connecting");
  assert.deepEqual(said.at(-1), { action: "inspect", time: 1, token: "newer" });
  assert.equal(hear(ok).stage, "inspecting");
});

Deno.test("session logs in by its session token after the first time, and asks for a login when that has ended", () => {
  const { step, hear, said, told } = visit();
  step({ on: "login", name: "op", password: "secret" });
  step(UP);
  hear({ ...ok, token: "its session" });
  assert.deepEqual(told(), ["connect", ["sessionToken", "its session"]]);
  assert.deepEqual(hear(ok), { stage: "inspecting", isOperator: true });
  step(DOWN);
  said.splice(0);
  step(UP);
  assert.deepEqual(said, [{ action: "authenticate", time: 1, token: "its session" }]);

  const again = visit();
  assert.equal(again.step({ on: "sessionToken", sessionToken: "its session" }).stage, "connecting");
  again.step(UP);
  assert.deepEqual(again.said, [{ action: "authenticate", time: 1, token: "its session" }]);
  again.hear(ok);
  assert.deepEqual(again.hear(ok), { stage: "inspecting", isOperator: true });
  again.hear(NONE);
  again.step(DOWN);
  again.told();
  again.step(UP);
  assert.deepEqual(again.hear({ response: 401, error: "token: ended" }), { stage: "denied", why: "" });
  again.step(DOWN);
  assert.deepEqual(again.told(), [["sessionToken", null], "disconnect"]);

  const teacher = visit();
  teacher.step(TOKEN);
  teacher.step({ on: "sessionToken", sessionToken: "its session" });
  teacher.step(UP);
  assert.deepEqual(teacher.asked(), ["inspect"], "the server's token needs no login");
});

Deno.test("Visit asks for the greeting and keeps another, and asks for no bans behind that", () => {
  const { step, hear, said, told } = visit();
  step({ on: "login", name: "op", password: "x" });
  step(UP);
  hear(ok);
  hear(ok);
  hear(NONE);
  told();
  said.length = 0;
  step({ on: "greeting" });
  hear({ ...ok, text: "Lesson 7" });
  step({ on: "greeting" });
  hear({ response: 403, time: 1, error: "action: for operators" });
  const order = { action: "motd", text: "Lesson 8" } as const;
  step({ on: "order", order });
  hear(ok);
  assert.deepEqual(said, [{ action: "motd", time: 1 }, { action: "motd", time: 1 }, { ...order, time: 1 }]);
  assert.deepEqual(told(), ["Lesson 7", { words: "action: for operators" }, ["motd", undefined]]);
});

Deno.test("session asks for the greeting on the next connection when there is none, or when it ends before the answer", () => {
  const { step, hear, asked, told } = visit();
  const begin = () => {
    step(UP);
    [ok, ok, NONE].forEach(hear);
  };
  step({ on: "login", name: "op", password: "x" });
  step({ on: "greeting" });
  begin();
  assert.deepEqual(asked(), ["authenticate", "inspect", "bans", "motd"]);
  step(DOWN);
  begin();
  assert.deepEqual(asked().slice(4), ["authenticate", "inspect", "bans", "motd"]);
  told();
  hear({ ...ok, text: "Lesson 7" });
  assert.deepEqual(told(), ["Lesson 7"]);
  step(DOWN);
  begin();
  assert.deepEqual(asked().slice(8), ["authenticate", "inspect", "bans"], "it is known");
});

Deno.test("session that was open goes on when the server cannot let it in now, and a new login is told so", () => {
  const late = { response: 503, error: "The journal is late" };
  for (const by of ["token", "login", "sessionToken"] as const) {
    const { step, hear, asked, told } = visit();
    const begin = by === "token" ? 1 : 2; // answers before the page is open
    if (by === "token") step(TOKEN);
    else if (by === "login") step({ on: "login", name: "op", password: "x" });
    else step({ on: "sessionToken", sessionToken: "kept" });
    step(UP);
    if (by !== "sessionToken") {
      for (let at = 0; at < begin; at++) hear(ok);
      step(DOWN);
      step(UP);
    }
    told();
    assert.equal(hear(late).stage, "connecting", by);
    assert.deepEqual(told(), ["retry"], by);
    step(DOWN);
    step(UP);
    assert.equal(asked().at(-1), by === "token" ? "inspect" : "authenticate", by);
  }
  const { step, hear } = visit();
  step({ on: "login", name: "op", password: "x" });
  step(UP);
  assert.deepEqual(hear(late), { stage: "denied", why: "The journal is late" });
});

Deno.test("session finds a message in the history, and deletes it or says why not", () => {
  const { step, hear, said, told } = visit();
  const message = { from: "ann", room: "#all", text: "hi", time: 5 };
  const row = (id: number, more: object = {}) => ({
    action: "msg",
    from: "ann",
    to: "#all",
    message: "hi",
    time: 5,
    id,
    ...more,
  });
  step(TOKEN);
  step(UP);
  hear(ok);
  hear(NONE);
  told();
  step({ on: "delete", message });
  hear({ response: 202, quantity: 3 });
  [row(1), row(2), row(3, { time: 6 })].forEach(hear);
  hear(ok);
  assert.deepEqual(said.slice(-2).map(({ action, room, id }) => [action, room, id]), [
    ["history", "#all", undefined],
    ["delete", undefined, 2],
  ]);
  step({ on: "delete", message });
  hear(NONE);
  step({ on: "delete", message });
  hear({ response: 403, error: "room: you are not in it" });
  step({ on: "delete", message });
  step(DOWN);
  assert.deepEqual(told(), [["hi", undefined], ["hi", "missing"], ["hi", { words: "room: you are not in it" }], [
    "hi",
    "offline",
  ]]);
});
