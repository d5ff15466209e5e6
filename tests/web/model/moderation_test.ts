// An operator's orders and what becomes of them; and what a reader does not see of somebody that it ignores.

import assert from "node:assert/strict";
import { COMMON_ROOM } from "../../../jim/message.ts";
import { isOperator } from "../../../web/model/moderation.ts";
import { EMPTY, inside, msg, no, OK, Scene } from "./scene.ts";

const MUTE = { action: "mute", user_id: "eve", for: "10m", reason: "spam" } as const;
const ROW = { action: "ban_list", kind: "mute", user_id: "eve", until: 1764000600, by: "op", reason: "spam" };

function operator(): Scene {
  const scene = new Scene().do({ on: "enter", me: { name: "op", way: "login", password: "x" } }, { on: "up" });
  scene.hear({ ...OK, role: "operator" }, OK, EMPTY); // the login, the presence, and that it is an account
  assert.ok(scene.said().includes("bans"));
  scene.hear(EMPTY, EMPTY, EMPTY, EMPTY, EMPTY); // rooms, people, contacts, bans, the past of #all
  assert.deepEqual(scene.state.pending.asked, []);
  return scene;
}

Deno.test("model gives an operator's order, and then asks what is in force", () => {
  const scene = operator().do({ on: "order", order: MUTE });
  const { time: _, ...said } = scene.done().at(-1) as Record<string, unknown>;
  assert.deepEqual(said, MUTE);
  assert.deepEqual(scene.state.ordered, { order: MUTE, state: "asked" });
  scene.hear(OK);
  assert.deepEqual(scene.state.ordered, { order: MUTE, state: "done" });
  assert.deepEqual(scene.said(), ["bans"]);
  scene.hear({ response: 202, quantity: 2 }, ROW, { action: "ban_list" });
  assert.deepEqual(scene.state.bans, [{ kind: "mute", user_id: "eve", until: 1764000600, by: "op", reason: "spam" }]);
  scene.do({ on: "told" });
  assert.equal(scene.state.ordered, undefined);
});

Deno.test("model says why an order was refused, and that nobody knows of one whose answer a break has taken", () => {
  const order = { action: "kick", user_id: "eve" } as const;
  const scene = operator().do({ on: "order", order }).hear(no(404, "nobody here has the name"));
  assert.deepEqual(scene.state.ordered, { order, state: "refused", why: "nobody here has the name" });
  scene.do({ on: "order", order }, { on: "down" });
  assert.deepEqual(scene.state.ordered, { order, state: "refused", why: "" });
  scene.do({ on: "order", order });
  assert.deepEqual(scene.state.ordered, { order, state: "refused", why: "" });
});

Deno.test("model knows at once whom it has promoted, and that it is no operator any more itself", () => {
  const scene = operator().do({ on: "order", order: { action: "promote", user_id: "ann" } }).hear(OK);
  assert.equal(scene.state.roles.get("ann")?.role, "operator");
  scene.hear({ response: 100, alert: "You are no operator any more", role: "account" });
  assert.equal(isOperator(scene.state), false);
  scene.said();
  scene.do({ on: "bans" });
  assert.deepEqual(scene.said(), []);
});

Deno.test("model asks for the greeting anew each time, as an operator, and sets it", () => {
  const scene = operator().do({ on: "greeting" });
  assert.deepEqual([scene.said(), scene.state.greeting], [["motd"], undefined]);
  scene.hear({ ...OK, text: "Lesson 7" });
  assert.equal(scene.state.greeting, "Lesson 7");
  const order = { action: "motd", text: "" } as const;
  scene.do({ on: "order", order }).hear(OK);
  assert.deepEqual([scene.state.ordered, scene.said()], [{ order, state: "done" }, ["motd"]]);
  scene.do({ on: "greeting" }).hear(no(403, "action: for operators"));
  assert.equal(scene.state.greeting, undefined);
});

Deno.test("model counts nothing of who is ignored, and opens no conversation for it", () => {
  const scene = inside().do({ on: "seen", is: false }, { on: "ignore", name: "Eve", is: true });
  scene.hear(
    msg(3, "eve", COMMON_ROOM, "ann, look!"),
    msg(4, "bob", COMMON_ROOM, "hello"),
    msg(5, "EVE", "ann", "psst"),
  );
  const all = scene.state.conversations.get(COMMON_ROOM)!;
  assert.deepEqual([all.unread, all.mentions, [...scene.state.conversations.keys()]], [1, 0, [COMMON_ROOM]]);
  assert.deepEqual(all.messages.map(({ text }) => text), ["ann, look!", "hello"]); // to be seen again, if it is wanted
  scene.do({ on: "ignore", name: "eve", is: false }).hear(msg(6, "eve", "ann", "psst"));
  assert.equal(scene.state.conversations.get("eve")?.unread, 1);
});

Deno.test("model goes on ignoring by another name and after leaving", () => {
  const scene = inside().do({ on: "ignore", name: "eve", is: true }, { on: "quit" });
  scene.do({ on: "enter", me: { name: "bob", way: "guest", password: "" } });
  assert.deepEqual([...scene.state.ignored.values()], ["eve"]);
});
