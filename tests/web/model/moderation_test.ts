// An operator's orders and what becomes of them; and what a reader does not see of somebody that it ignores.

import assert from "node:assert/strict";
import { COMMON_ROOM } from "../../../jim/message.ts";
import { isOperator } from "../../../web/model/moderation.ts";
import { EMPTY, inside, ModelDriver, msg, no, OK } from "./model_driver.ts";

const MUTE = { action: "mute", user_id: "eve", for: "10m", reason: "spam" } as const;
const ROW = { action: "ban_list", kind: "mute", user_id: "eve", until: 1764000600, by: "op", reason: "spam" };

function operator(): ModelDriver {
  const driver = new ModelDriver().do({ on: "enter", me: { name: "op", method: "login", password: "x" } }, {
    on: "up",
  });
  driver.hear({ ...OK, role: "operator" }, OK, EMPTY); // the login, the presence, and that it is an account
  assert.ok(driver.said().includes("bans"));
  driver.hear(EMPTY, EMPTY, EMPTY, no(400), EMPTY, EMPTY); // rooms, people, contacts, unread, bans, the past of #all
  assert.deepEqual(driver.state.pending.asked, []);
  return driver;
}

Deno.test("model gives an operator's order, and then asks what is in force", () => {
  const driver = operator().do({ on: "order", order: MUTE });
  const { time: _, ...said } = driver.done().at(-1) as Record<string, unknown>;
  assert.deepEqual(said, MUTE);
  assert.deepEqual(driver.state.ordered, { order: MUTE, state: "asked" });
  driver.hear(OK);
  assert.deepEqual(driver.state.ordered, { order: MUTE, state: "done" });
  assert.deepEqual(driver.said(), ["bans"]);
  driver.hear({ response: 202, quantity: 2 }, ROW, { action: "ban_list" });
  assert.deepEqual(driver.state.bans, [{ kind: "mute", user_id: "eve", until: 1764000600, by: "op", reason: "spam" }]);
  assert.equal(driver.state.bansAt, driver.now / 1000);
  driver.do({ on: "dismissOrder" });
  assert.equal(driver.state.ordered, undefined);
});

Deno.test("model says why an order was refused, and that the result is unknown if the connection failed before the answer", () => {
  const order = { action: "kick", user_id: "eve" } as const;
  const driver = operator().do({ on: "order", order }).hear(no(404, "nobody here has the name"));
  assert.deepEqual(driver.state.ordered, { order, state: "refused", why: { words: "nobody here has the name" } });
  driver.do({ on: "order", order }, { on: "down" });
  assert.deepEqual(driver.state.ordered, { order, state: "refused", why: "offline" });
  driver.do({ on: "order", order });
  assert.deepEqual(driver.state.ordered, { order, state: "refused", why: "offline" });
});

Deno.test("model stores a promotion at once, and its own demotion", () => {
  const driver = operator().do({ on: "order", order: { action: "promote", user_id: "ann" } }).hear(OK);
  assert.equal(driver.state.roles.get("ann")?.role, "operator");
  driver.hear({ response: 100, alert: "You are no operator any more", role: "account" });
  assert.equal(isOperator(driver.state), false);
  driver.said();
  driver.do({ on: "bans" });
  assert.deepEqual(driver.said(), []);
});

Deno.test("model asks for the greeting anew each time, as an operator, and sets it", () => {
  const driver = operator().do({ on: "greeting" });
  assert.deepEqual([driver.said(), driver.state.greeting], [["motd"], null]);
  driver.hear({ ...OK, text: "Lesson 7" });
  assert.equal(driver.state.greeting, "Lesson 7");
  const order = { action: "motd", text: "" } as const;
  driver.do({ on: "order", order }).hear(OK);
  assert.deepEqual([driver.state.ordered, driver.said()], [{ order, state: "done" }, ["motd"]]);
  driver.do({ on: "greeting" }).hear(no(403, "action: for operators"));
  assert.deepEqual([driver.state.greeting, driver.state.ordered], [undefined, {
    order: { action: "motd" },
    state: "refused",
    why: { words: "action: for operators" },
  }]);
});

Deno.test("model asks for the greeting on the next connection if there was none, or no answer, and not again then", () => {
  const greeting = { on: "greeting" } as const, down = { on: "down" } as const;
  for (const events of [[greeting, down], [down, greeting]]) {
    const driver = operator().do(...events, { on: "up" });
    driver.done();
    driver.hear({ ...OK, role: "operator" }, OK, EMPTY);
    assert.equal(driver.said().filter((each) => each === "motd").length, 1);
    for (const { ask } of driver.state.pending.asked) driver.hear(ask === "greeting" ? { ...OK, text: "Hi" } : EMPTY);
    assert.equal(driver.state.greeting, "Hi");
    driver.do(down, { on: "up" }).hear({ ...OK, role: "operator" }, OK, EMPTY);
    assert.ok(!driver.said().includes("motd"));
  }
});

Deno.test("model counts no messages of an ignored person, and opens no conversation for them", () => {
  const driver = inside().do({ on: "endVisible", is: false }, { on: "ignore", name: "Eve", is: true });
  driver.hear(
    msg(3, "eve", COMMON_ROOM, "ann, look!"),
    msg(4, "bob", COMMON_ROOM, "hello"),
    msg(5, "EVE", "ann", "psst"),
  );
  const all = driver.state.conversations.get(COMMON_ROOM)!;
  assert.deepEqual([all.unread, all.mentions, [...driver.state.conversations.keys()]], [1, 0, [COMMON_ROOM]]);
  assert.deepEqual(all.messages.map(({ text }) => text), ["ann, look!", "hello"]); // to be seen again, if it is wanted
  driver.do({ on: "ignore", name: "eve", is: false }).hear(msg(6, "eve", "ann", "psst"));
  assert.equal(driver.state.conversations.get("eve")?.unread, 1);
});

Deno.test("model goes on ignoring by another name and after leaving", () => {
  const driver = inside().do({ on: "ignore", name: "eve", is: true }, { on: "quit" });
  driver.do({ on: "enter", me: { name: "bob", method: "guest", password: "" } });
  assert.deepEqual([...driver.state.ignored.values()], ["eve"]);
});
