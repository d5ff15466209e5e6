// The teacher's page in conversation with the server, frame by frame.

import assert from "node:assert/strict";
import { newVisit } from "../../../web/class/visit.ts";

function visit() {
  const said: Record<string, unknown>[] = [], seen: unknown[] = [];
  let begun = 0, forgotten = 0;
  const step = newVisit({
    say: (object) => said.push(object as Record<string, unknown>),
    begin: () => begun++,
    see: (sight) => seen.push(sight),
    forget: () => forgotten++,
  }, () => 1);
  const hear = (object: object) => step({ on: "frame", frame: JSON.stringify(object) });
  return {
    step,
    hear,
    said,
    seen,
    begun: () => begun,
    forgotten: () => forgotten,
    asked: () => said.map(({ action }) => action),
  };
}

const ok = { response: 200, time: 1, alert: "ok" };
const sight = { action: "trace", way: "here", text: "is here" };

Deno.test("visit asks to look on, and sees what passes from the answer on", () => {
  const { step, hear, seen, begun, asked } = visit();
  assert.equal(step({ on: "up" }).stage, "coming");
  assert.equal(hear(ok).stage, "looking");
  assert.deepEqual([asked(), begun()], [["inspect"], 1]);
  hear(sight);
  assert.deepEqual(seen, [sight]);
});

Deno.test("visit shows why it may not look, and logs in with what it is given", () => {
  const { step, hear, said } = visit();
  step({ on: "up" });
  assert.deepEqual(hear({ response: 403, error: "for operators" }), { stage: "barred", why: "for operators" });
  assert.equal(step({ on: "login", name: "op", password: "secret" }).stage, "coming");
  assert.deepEqual(said.at(-1), { action: "authenticate", time: 1, user: { account_name: "op", password: "secret" } });
  hear({ response: 200, alert: "welcome, op" });
  hear({ response: 100, alert: "Lesson 7 begins at ten" }); // greets whoever comes in, and answers nothing
  assert.equal(hear(ok).stage, "looking");
});

Deno.test("visit that logged in does so again by itself after a break; one whose password was wrong does not", () => {
  const { step, hear, asked, said } = visit();
  step({ on: "up" });
  hear({ response: 403, error: "for operators" });
  step({ on: "login", name: "op", password: "wrong" });
  assert.deepEqual(hear({ response: 402, error: "no" }), { stage: "barred", why: "no" });
  step({ on: "down" });
  step({ on: "up" });
  assert.equal(asked().at(-1), "inspect");
  hear({ response: 403, error: "for operators" });
  step({ on: "login", name: "op", password: "right" });
  hear(ok);
  hear(ok);
  assert.equal(step({ on: "down" }).stage, "coming");
  said.splice(0);
  step({ on: "up" });
  assert.deepEqual(asked(), ["authenticate"]);
});

Deno.test("visit answers a probe, asks again when all is quiet, as nothing new, and minds no other object", () => {
  const { step, hear, asked, begun } = visit();
  step({ on: "quiet" });
  step({ on: "up" });
  hear(ok);
  hear({ action: "probe", time: 1 });
  hear({ action: "msg", from: "eve", message: "hello" });
  hear(ok);
  step({ on: "quiet" });
  hear(ok);
  assert.deepEqual([asked(), begun()], [["inspect", "presence", "inspect"], 1]);
});

Deno.test("visit shows the token each time it asks, and forgets one that is of an earlier run", () => {
  const { step, hear, said, forgotten } = visit();
  step({ on: "token", token: "first" });
  assert.deepEqual(said, [], "it is not up yet");
  step({ on: "up" });
  assert.equal(hear(ok).stage, "looking");
  step({ on: "quiet" });
  hear(ok);
  assert.deepEqual(said, Array(2).fill({ action: "inspect", time: 1, token: "first" }));
  step({ on: "down" });
  step({ on: "up" });
  assert.deepEqual(hear({ response: 401, error: "token: no" }), { stage: "barred", why: "token: no" });
  assert.equal(forgotten(), 1);
  step({ on: "down" });
  step({ on: "up" });
  assert.deepEqual(said.at(-1), { action: "inspect", time: 1 });
});

Deno.test("visit that is barred goes on with a new token, and an answer to an old one does not cost it", () => {
  const { step, hear, said, forgotten } = visit();
  step({ on: "token", token: "old" });
  step({ on: "up" });
  step({ on: "token", token: "new" });
  assert.equal(hear({ response: 401, error: "token: no" }).stage, "coming");
  assert.equal(forgotten(), 0);
  assert.deepEqual(said.at(-1), { action: "inspect", time: 1, token: "new" });
  assert.equal(hear({ response: 401, error: "token: no" }).stage, "barred");
  assert.equal(step({ on: "token", token: "newer" }).stage, "coming");
  assert.deepEqual(said.at(-1), { action: "inspect", time: 1, token: "newer" });
  assert.equal(hear(ok).stage, "looking");
});
