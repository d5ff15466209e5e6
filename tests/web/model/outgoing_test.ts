import assert from "node:assert/strict";
import { update } from "../../../web/model.ts";
import { COMMON_ROOM } from "../../../jim/message.ts";
import type { Fields } from "../../../jim/client/fields.ts";
import { currentConversation } from "../../../web/model/state.ts";
import { EMPTY, inside, msg, no, OK } from "./model_driver.ts";

Deno.test("model holds what is half written in each conversation, until it is said", () => {
  const driver = inside().do({ on: "draft", text: "half" }, { on: "open", key: "bob" });
  assert.equal(currentConversation(driver.state).draft, "");
  driver.do({ on: "open", key: COMMON_ROOM });
  assert.equal(currentConversation(driver.state).draft, "half");
  driver.do({ on: "send", text: "half a word" });
  assert.equal(currentConversation(driver.state).draft, "");
});

Deno.test("model keeps a refused message with the reason, to be sent again or discarded", () => {
  const driver = inside().do({ on: "send", text: "one" }, { on: "send", text: "two" });
  const [first, second] = driver.done() as Fields[];
  driver.hear(no(403, "You may not write here"), OK);
  assert.deepEqual(driver.waiting, [["one", "refused", "You may not write here"]]);
  assert.deepEqual(currentConversation(driver.state).messages.map(({ text }) => text), ["two"]);
  assert.ok((first!.time as number) < (second!.time as number));
  driver.do({ on: "resend", key: COMMON_ROOM, time: first!.time as number });
  assert.deepEqual(driver.done(), [first]);
  driver.hear(no(500, "The disk is full")).do({ on: "discard", key: COMMON_ROOM, time: first!.time as number });
  assert.deepEqual(driver.waiting, []);
});

Deno.test("model says a message again that was refused with the connection, in the very answer that ended it", () => {
  const driver = inside().hear(msg(1, "bob", COMMON_ROOM)).do({ on: "send", text: "too fast" });
  const [first] = driver.done() as Fields[];
  driver.hear(no(400, "Expected at most 3 objects a second: wait between them")).do({ on: "down" });
  assert.deepEqual(driver.waiting, [["too fast", "unknown"]]);
  driver.do({ on: "up" }).hear(OK, EMPTY, EMPTY, EMPTY);
  assert.deepEqual([driver.done().at(-1), driver.waiting], [first, [["too fast", "sent"]]]);
  driver.hear(no(403, "You may not write here"), { response: 100, alert: "a notice" }).do({ on: "down" });
  assert.deepEqual(driver.waiting, [["too fast", "refused", "You may not write here"]]);
});

Deno.test("model is unsure of a guest's private message if its answer was lost, and never sends it again by itself", () => {
  const driver = inside().do({ on: "open", key: "bob" }, { on: "send", text: "psst" });
  assert.deepEqual(driver.said(), ["msg"]);
  driver.do({ on: "down" }, { on: "send", text: "not sent yet" }, { on: "up" }).hear(OK);
  assert.deepEqual(driver.waiting, [["psst", "unsure"], ["not sent yet", "sent"]]);
  assert.deepEqual(driver.said().filter((action) => action === "msg"), ["msg"]);
});

Deno.test("model knows its own message by the id of the answer, and asks after a break for what came behind it", () => {
  const driver = inside().hear(msg(1, "bob", COMMON_ROOM)).do({ on: "send", text: "one" }, { on: "send", text: "two" });
  driver.hear(msg(2, "bob", COMMON_ROOM), { ...OK, id: 3 }, msg(4, "bob", COMMON_ROOM), OK); // an older server tells none
  const said = () => currentConversation(driver.state).messages.map(({ text, id }) => [text, id]);
  const all = [["1", 1], ["2", 2], ["one", 3], ["4", 4], ["two", undefined]];
  assert.deepEqual([said(), currentConversation(driver.state).upTo], [all, 4]);
  driver.do({ on: "send", text: "three" }).hear({ ...OK, id: 6 }).do({ on: "down" }, { on: "up" });
  driver.done();
  driver.hear(OK, EMPTY, EMPTY);
  assert.equal((driver.done().at(-1) as Fields).after, 6);
  driver.hear({ response: 202, quantity: 1 }, msg(7, "bob", COMMON_ROOM));
  assert.deepEqual(said(), [...all, ["three", 6], ["7", 7]]);
});

Deno.test("model says that an account which is offline gets a message later", () => {
  const driver = inside("login").do({ on: "open", key: "bob" }).hear(EMPTY).do({ on: "send", text: "hi" });
  driver.hear({ response: 202, alert: "accepted; bob is offline and will get it later" });
  assert.deepEqual(currentConversation(driver.state).messages.map(({ text, later }) => [text, later]), [["hi", true]]);
});

Deno.test("model gives each message a time of its own, by the clock on the wall, also when that is set back", () => {
  let { state } = inside();
  const times = [0, 0, 0, -3_600_000, -3_600_000, -3_599_999, 1].map((ms) => {
    ({ state } = update(state, { on: "send", text: "hello" }, 1_764_000_000_000 + ms));
    return currentConversation(state).outgoing.at(-1)!.time;
  });
  const ms = times.map((time) => Math.floor(time * 1000) - 1_764_000_000_000);
  assert.deepEqual(ms, [0, 1, 2, -3_600_000, -3_599_999, -3_599_998, 1]);
});

Deno.test("model does not say a message again that was edited or deleted before it is known to have arrived", () => {
  const edited = { message: "other words", edited: 5 }, deleted = { message: "", deleted: true };
  for (const after of [edited, deleted]) {
    const driver = inside().hear(msg(1, "bob", COMMON_ROOM)).do({ on: "send", text: "words" });
    const [{ time }] = driver.done() as [Fields];
    driver.do({ on: "down" }, { on: "up" }).hear(OK, EMPTY, EMPTY);
    driver.done();
    driver.hear({ response: 202, quantity: 1 }, { ...msg(2, "ann", COMMON_ROOM), time, ...after });
    assert.deepEqual([driver.waiting, driver.said()], [[], []]);
  }
});

Deno.test("model shows its message once and in its place when the room is cleared before the answer", () => {
  const driver = inside("login").do({ on: "open", key: "#cats" }).hear(OK, EMPTY, EMPTY).do({
    on: "send",
    text: "mine",
  });
  driver.hear({ action: "clear", room: "#cats", by: "bob" }, { ...OK, id: 5 });
  driver.hear(
    { response: 202, quantity: 2 },
    ...["#all", "#cats"].map((room) => ({ action: "room_list", room, member: true })),
  );
  // The latest page is full of what came behind it.
  driver.hear({ response: 202, quantity: 50 }, ...Array.from({ length: 50 }, (_, at) => msg(at + 6, "bob", "#cats")));
  assert.deepEqual(currentConversation(driver.state).messages.map(({ id }) => id)[0], 6);
  assert.deepEqual(driver.waiting, []);
});

Deno.test("model looks for a message without an answer from where it was said on, though the room was cleared since", () => {
  const driver = inside("login").do({ on: "open", key: "#cats" }).hear(OK, EMPTY, EMPTY, msg(7, "bob", "#cats"));
  driver.do({ on: "send", text: "mine" }).hear({ action: "clear", room: "#cats", by: "bob" });
  driver.do({ on: "down" }, { on: "up" }).hear(OK, OK, EMPTY, EMPTY, EMPTY, EMPTY, EMPTY, EMPTY, EMPTY).hear(OK);
  assert.equal((driver.done().at(-1) as Fields).after, 7);
});
