// Rooms with owners: another name, an end, the dialog of a room and its orders, whatever happens to the connection.

import assert from "node:assert/strict";
import type { Fields } from "../../../jim/client/fields.ts";
import { newNotices } from "../../../web/notifications.ts";
import { currentConversation } from "../../../web/model/state.ts";
import { EMPTY, inside, type ModelDriver, msg, no, OK } from "./model_driver.ts";

const about = (action: string, more: Fields = {}): Fields => ({ action, time: 5, room: "#cats", by: "bob", ...more });
const RENAMED = about("rename", { name: "#dogs" });

/** A model in the room #cats, where this was said. */
function inCats(...said: Fields[]): ModelDriver {
  const past = { response: 202, quantity: said.length };
  const driver = inside("login").do({ on: "open", key: "#cats" }).hear(OK, EMPTY, past, ...said);
  assert.deepEqual(driver.state.pending.asked, []);
  driver.done();
  return driver;
}

/** The last object with this action that was sent. */
function last(driver: ModelDriver, action: string): Fields | undefined {
  return driver.done().filter((each) => typeof each !== "string").findLast((each) => each.action === action);
}

Deno.test("files that are chosen in a room which is renamed meanwhile are for that room, however often it is", () => {
  const chosen = (number: number) =>
    ({ on: "upload", key: "#cats", file: { number, name: "cat.png", size: 10 } }) as const;
  const driver = inCats().hear(RENAMED).do(chosen(1));
  assert.deepEqual(driver.state.uploads.map(({ key }) => key), ["#dogs"]);
  driver.hear(about("rename", { room: "#dogs", name: "#birds" })).do(chosen(2));
  assert.deepEqual(driver.state.uploads.map(({ key }) => key), ["#birds", "#birds"]);
  driver.hear(about("rename", { room: "#birds", name: "#cats" })).do(chosen(3));
  assert.deepEqual(driver.state.uploads.map(({ key }) => key), ["#cats", "#cats", "#cats"]);
});

Deno.test("a file arrives in a room that has another name by then", () => {
  const driver = inCats().do({ on: "upload", file: { number: 1, name: "cat.png", size: 10 } });
  driver.hear(RENAMED, { response: 201, alert: "created", upload: "SECRET" });
  driver.done();
  driver.do({ on: "uploadDone", number: 1 });
  const { to, file } = last(driver, "msg")!;
  assert.deepEqual([to, file], ["#dogs", "SECRET"]);
});

Deno.test("what is under way in a room goes on under its new name", () => {
  const driver = inCats(...Array.from({ length: 50 }, (_, at) => msg(50 + at, "bob", "#cats")));
  driver.do({ on: "thread", id: 50 }, { on: "jumpTo", id: 7 }, { on: "loadOlder" }, { on: "send", text: "miaow" });
  assert.equal(currentConversation(driver.state).isLoading, true);
  driver.hear({ action: "typing", from: "eve", to: "#cats", is: true }, RENAMED);
  const { open, thread, target, writers, pending } = driver.state;
  assert.deepEqual([open, thread?.key, target?.key], ["#dogs", "#dogs", "#dogs"]);
  assert.deepEqual([...writers.keys()], ["#dogs"]);
  const old = pending.asked.filter((each) => Object.values(each).includes("#cats"));
  assert.deepEqual(old, []);
  assert.ok(pending.asked.some(({ ask }) => ask === "older"));
  for (const { ask } of pending.asked) driver.hear(ask === "message" ? { ...OK, id: 100 } : EMPTY);
  const conversation = currentConversation(driver.state);
  assert.deepEqual([conversation.isLoading, driver.waiting, conversation.messages.at(-1)?.text], [false, [], "miaow"]);
});

Deno.test("results of a search in a room lead to its new name", () => {
  const driver = inCats().do({ on: "search", text: "milk" });
  driver.hear({ response: 202, quantity: 1 }, msg(3, "bob", "#cats", "milk"), RENAMED);
  assert.deepEqual(driver.state.search?.rows?.map(({ place }) => place), ["#dogs"]);
  assert.equal(driver.state.search?.key, "#dogs");
});

Deno.test("a room keeps its level under a new name, and what was unread is not told again", () => {
  const driver = inCats().do({ on: "open", key: "#all" }).hear(msg(3, "bob", "#cats", "ann, look"));
  const before = driver.state, settings = { levels: {}, sound: true, popups: false };
  driver.done();
  driver.hear(RENAMED);
  assert.ok(driver.done().includes("moveLevel"));
  assert.equal(driver.state.conversations.get("#dogs")?.unread, 1);
  assert.deepEqual(newNotices(before, driver.state, settings), []);
});

Deno.test("files on their way into a room that is gone are taken back", () => {
  for (const event of [about("remove"), about("kick", { user_id: "ann" })]) {
    const driver = inCats().do({ on: "upload", file: { number: 1, name: "cat.png", size: 10 } });
    driver.hear({ response: 201, alert: "created", upload: "SECRET" }).done();
    driver.hear(event);
    assert.ok(driver.done().includes("cancelUpload"));
    assert.deepEqual(driver.state.uploads, []);
    assert.equal(driver.state.roomNotice?.action, event.action);
  }
});

const MEMBER = [{ response: 202, quantity: 1 }, { action: "member_list", user_id: "bob", rank: "owner" }] as const;

Deno.test("the dialog of a room that is opened without a connection, or loses its answers, gets them on the next one", () => {
  const open = { on: "room", room: "#cats" } as const, down = { on: "down" } as const;
  for (const events of [[open, down], [down, open]]) {
    const driver = inCats().do(...events, { on: "up" }).hear(OK, OK);
    driver.done();
    driver.hear(EMPTY); // it is an account
    const said = driver.said();
    assert.ok(said.lastIndexOf("join") < said.lastIndexOf("members"), `${said}`);
    const members = () => driver.state.details?.members?.map(({ name }) => name);
    assert.deepEqual(members(), undefined);
    for (const { ask } of driver.state.pending.asked) driver.hear(...ask === "members" ? MEMBER : [EMPTY]);
    assert.deepEqual(members(), ["bob"]);
  }
});

Deno.test("the dialog of a room says why its members are not shown, until they are", () => {
  const driver = inCats().do({ on: "room", room: "#cats" }).hear(EMPTY, no(403), no(403, "#cats is private"));
  assert.deepEqual([driver.state.details?.members, driver.state.details?.why], [undefined, {
    words: "#cats is private",
  }]);
  driver.do({ on: "room", room: "#cats" }).hear(EMPTY, EMPTY, ...MEMBER);
  assert.deepEqual([driver.state.details?.members?.length, driver.state.details?.why], [1, undefined]);
  driver.done();
  driver.do({ on: "room", room: undefined }, { on: "down" }, { on: "up" }).hear(OK, OK, EMPTY);
  assert.equal(driver.state.details, undefined);
  assert.ok(!driver.said().includes("pins"), "a closed dialog asks for nothing");
});

Deno.test("an order about a room is shown as not done if there is no connection, or it breaks before the answer", () => {
  const pin = { on: "roomOrder", object: { action: "pin", to: "#cats", id: 3 } } as const,
    down = { on: "down" } as const;
  const clear = { on: "roomOrder", object: { action: "clear", room: "#cats" } } as const;
  for (const order of [pin, clear]) {
    for (const events of [[order, down], [down, order]]) {
      const driver = inCats().do(...events);
      assert.equal(driver.state.notice, "offline", "above the messages");
      const beside = inCats().do({ on: "room", room: "#cats" }).hear(EMPTY, EMPTY, ...MEMBER).do(...events);
      assert.deepEqual([beside.state.notice, beside.state.details?.why], [undefined, "offline"], "in the open dialog");
    }
  }
  const done = inCats().do(clear).hear(OK).do(down);
  assert.equal(done.state.notice, undefined);
});

Deno.test("the dialog of a room keeps its members while the room gets another name", () => {
  const driver = inCats().do({ on: "room", room: "#cats" }).hear(EMPTY, EMPTY, ...MEMBER);
  driver.do({ on: "roomOrder", object: { action: "rename", room: "#cats", name: "#dogs" } }).hear(OK, RENAMED);
  for (const asked of driver.state.pending.asked.slice(0, 3)) { // about the old name, as the answer came before the notice
    driver.hear(asked.ask === "rooms" ? EMPTY : no(404, "there is no room #cats"));
    assert.deepEqual([driver.state.details?.members?.length, driver.state.details?.why], [1, undefined]);
  }
});

Deno.test("nothing of a cleared room comes back that was on its way when it was cleared", () => {
  const listed = [{ response: 202, quantity: 1 }, { action: "room_list", room: "#cats", member: true, cleared: 5 }];
  const driver = inCats(msg(1, "bob", "#cats")).do({ on: "search", text: "1" }).hear(about("clear"));
  driver.hear({ response: 202, quantity: 1 }, msg(1, "bob", "#cats"));
  assert.equal(driver.state.search?.rows?.length, 1);
  driver.hear(...listed);
  assert.deepEqual(driver.state.search?.rows, []);
  // It was held until the room is joined again.
  const held = inCats().do({ on: "down" }, { on: "up" }).hear(OK, OK, EMPTY, msg(4, "bob", "#cats"), ...listed);
  assert.deepEqual(held.state.conversations.get("#cats")!.early, []);
});

Deno.test("model that hears of a room's new name late has one room, with what was typed for it by either name", () => {
  const driver = inCats(msg(1, "bob", "#cats")).do({ on: "draft", text: "half" }, { on: "down" }, { on: "up" });
  driver.hear(OK, OK, EMPTY, { response: 202, quantity: 1 }, { action: "room_list", room: "#dogs", member: true });
  driver.do({ on: "send", text: "by its new name", key: "#dogs" });
  driver.hear(EMPTY, EMPTY, EMPTY, EMPTY, EMPTY); // people, contacts, counts, its people, the past of #all
  assert.equal(driver.state.pending.asked.some((each) => each.ask === "missed" && each.key === "#dogs"), true);
  driver.hear({ ...OK, room: "#dogs" }); // it has joined by the former name
  // The latest page of the room by its new name would leave a gap behind what is shown.
  driver.hear({ response: 202, quantity: 50 }, ...Array.from({ length: 50 }, (_, at) => msg(at + 9, "bob", "#dogs")));
  const { messages, draft, outgoing } = driver.state.conversations.get("#dogs")!;
  assert.deepEqual([messages.map(({ id }) => id), draft, outgoing.map(({ text }) => text)], [[1], "half", [
    "by its new name",
  ]]);
  assert.deepEqual([...driver.state.conversations.keys()], ["#all", "#dogs"]);
});
