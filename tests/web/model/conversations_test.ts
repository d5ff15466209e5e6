import assert from "node:assert/strict";
import type { Fields } from "../../../jim/client/fields.ts";
import { COMMON_ROOM } from "../../../jim/message.ts";
import { tickDue } from "../../../web/model.ts";
import { currentConversation } from "../../../web/model/state.ts";
import { EMPTY, inside, msg, no, OK, page } from "./model_driver.ts";

Deno.test("model joins a room on opening it, says why it cannot, and forgets it on leaving it", () => {
  const driver = inside().do({ on: "open", key: "#cats" });
  assert.deepEqual(driver.said(), ["join", "who_online"]);
  driver.hear(no(403, "no more rooms"), no(403));
  assert.equal(currentConversation(driver.state).error, "no more rooms");
  driver.do({ on: "close", key: "#cats" });
  assert.deepEqual([driver.state.open, driver.state.conversations.has("#cats")], [COMMON_ROOM, false]);
  driver.do({ on: "open", key: "#CHAT" });
  assert.equal(driver.state.open, COMMON_ROOM);
  driver.do({ on: "open", key: "#dogs" }).hear({ response: 201, alert: "created #dogs" });
  driver.hear({ response: 202, quantity: 1 }, { action: "online_list", user_id: "ann" }, EMPTY).hear(
    msg(1, "bob", "#dogs"),
  );
  assert.deepEqual([...driver.state.members], ["ann", "bob"]);
  driver.done();
  driver.do({ on: "close", key: "#dogs" });
  assert.deepEqual(driver.said(), ["leave"]);
  driver.hear(OK);
  assert.ok(!driver.state.conversations.has("#dogs"));
});

Deno.test("model joins a room again that the server could not let it in, until it is in or the room is closed", () => {
  const late = no(503, "The journal is late");
  const begin = () => {
    const driver = inside().do({ on: "open", key: "#cats" }).hear(late, EMPTY);
    assert.equal(currentConversation(driver.state).error, "The journal is late");
    assert.deepEqual([driver.said(), tickDue(driver.state)], [["join", "who_online"], driver.now + 10_000]);
    driver.now += 10_000;
    return driver;
  };
  const driver = begin();
  driver.do({ on: "tick" });
  assert.deepEqual([driver.said(), tickDue(driver.state)], [["join"], undefined]);
  driver.hear(late);
  driver.now += 9_999;
  driver.do({ on: "tick" });
  assert.deepEqual(driver.said(), []);
  driver.now++;
  driver.do({ on: "tick" }).hear({ response: 201 });
  const { error, isMember } = currentConversation(driver.state);
  assert.deepEqual([error, isMember], [undefined, true]);
  assert.deepEqual(begin().do({ on: "close", key: "#cats" }, { on: "tick" }).said(), []);
  const gone = begin().do({ on: "down" });
  assert.equal(tickDue(gone.state), undefined, "the next connection joins all rooms");
  const refused = inside().do({ on: "open", key: "#cats" }).hear(no(403, "banned"), no(403));
  assert.equal(tickDue(refused.state), undefined, "a refusal is final");
});

Deno.test("what was typed or chosen for a room that is gone is for no other conversation", () => {
  const driver = inside().do({ on: "open", key: "#cats" }).hear({ response: 201 }, EMPTY, EMPTY);
  driver.do({ on: "draft", key: COMMON_ROOM, text: "of #all" }, { on: "draft", key: "#cats", text: "a secret" });
  const drafts = () => [...driver.state.conversations].map(([key, { draft }]) => [key, draft]);
  assert.deepEqual(drafts(), [[COMMON_ROOM, "of #all"], ["#cats", "a secret"]]);
  driver.done();
  driver.hear({ action: "kick", room: "#cats", user_id: "ann", by: "bob" });
  assert.equal(driver.state.open, COMMON_ROOM);
  driver.do(
    { on: "draft", key: "#cats", text: "a secret!" },
    { on: "send", key: "#cats", text: "a secret!" },
    { on: "upload", key: "#cats", file: { number: 1, name: "secret.txt", size: 9 } },
  );
  assert.deepEqual(drafts(), [[COMMON_ROOM, "of #all"]]);
  assert.deepEqual([driver.waiting, driver.state.uploads, driver.said()], [[], [], ["cancelUpload"]]);
  driver.do({ on: "open", key: "bob" }, { on: "send", key: COMMON_ROOM, text: "to all" });
  assert.deepEqual([...driver.state.conversations.values()].map(({ key, outgoing }) => [key, outgoing.length]), [
    [COMMON_ROOM, 1],
    ["bob", 0],
  ]);
});

Deno.test("model asks for the people instead of a probe while several share a name: nothing tells that one has left", () => {
  const driver = inside().do({ on: "idle" });
  assert.deepEqual(driver.said(), ["probe"]);
  driver.hear(OK).do({ on: "refreshLists" });
  const people = (
    more: object,
  ) => [{ response: 202, quantity: 1 }, { action: "online_list", user_id: "bob", role: "guest", ...more }];
  driver.hear(EMPTY, ...people({ guests: 2 }));
  driver.done();
  driver.do({ on: "idle" });
  assert.deepEqual(driver.said(), ["who_online"]);
  driver.hear(...people({})).do({ on: "idle" });
  assert.deepEqual([driver.said(), driver.state.roles.get("bob")?.guests], [["probe"], undefined]);
});

Deno.test("model that was away when a room was cleared shows nothing of before", () => {
  const row = (cleared?: number) => ({
    action: "room_list",
    room: "#cats",
    member: true,
    ...(cleared ? { cleared } : {}),
  });
  for (const [cleared, left] of [[undefined, [1, 2]], [1, []], [9, []]] as const) {
    const driver = inside("login").do({ on: "open", key: "#cats" }).hear({ response: 201 }, EMPTY, EMPTY);
    driver.hear(msg(1, "bob", "#cats", "a secret"), msg(2, "bob", "#cats"));
    driver.do({ on: "down" }, { on: "up" }).done();
    driver.hear(OK, OK, EMPTY, { response: 202, quantity: 1 }, row(cleared));
    assert.deepEqual(currentConversation(driver.state).messages.map(({ id }) => id), left);
    driver.hear(EMPTY, EMPTY, EMPTY, EMPTY, EMPTY, OK); // people, contacts, counts, the room's people, the past of #all, the join
    const asked = driver.done().findLast((each) =>
      (each as Fields).action === "history" && (each as Fields).room === "#cats"
    );
    assert.equal((asked as Fields).after, cleared === undefined ? 2 : undefined);
  }
});

Deno.test("model does not bring a room back that is removed before a request about it is refused", () => {
  const inCats = () => inside("login").do({ on: "open", key: "#cats" });
  const removed = { action: "remove", room: "#cats", from: "bob" };
  const joining = inCats().hear(removed, no(404, "no such room"));
  const reading = inCats().hear({ response: 201 }, EMPTY, ...page(900, 50)).do({ on: "loadOlder" });
  assert.equal((reading.done().at(-1) as Fields).before, 900);
  reading.hear(removed, no(404, "no such room"));
  for (const { state } of [joining, reading]) {
    assert.deepEqual([state.roomNotice?.action, [...state.conversations.keys()]], ["remove", [COMMON_ROOM]]);
  }
});

Deno.test("model joins a room once, however often it is opened before the answer", () => {
  const driver = inside("login").do({ on: "open", key: "#cats" }, { on: "open", key: COMMON_ROOM });
  driver.do({ on: "open", key: "#cats" });
  assert.deepEqual(driver.said().filter((action) => action === "join"), ["join"]);
});

Deno.test("model that is put out of a room while it comes in again stays out of it", () => {
  const driver = inside("login").do({ on: "open", key: "#cats" }).hear({ action: "kick", room: "#cats", by: "bob" });
  driver.done();
  driver.hear(OK);
  assert.deepEqual(driver.done().map((each) => typeof each === "string" ? each : [each.action, each.room]), [
    ["leave", "#cats"],
  ]);
  assert.deepEqual([...driver.state.conversations.keys()], [COMMON_ROOM]);
});

Deno.test("model that opens a room again while it leaves it is in it, whether the connection breaks or not", () => {
  for (const breaks of [true, false]) {
    const driver = inside("login").do({ on: "open", key: "#cats" }).hear(OK, EMPTY, EMPTY);
    driver.do({ on: "close", key: "#cats" }, { on: "open", key: "#cats" });
    if (breaks) driver.do({ on: "down" });
    else driver.hear(OK, OK);
    assert.deepEqual([driver.state.open, driver.state.deferred], ["#cats", []]);
    assert.equal(driver.state.conversations.get("#cats")?.isMember, !breaks);
  }
});

Deno.test("model that makes a room anew shows nothing of the former one by its name", () => {
  const driver = inside("login").do({ on: "open", key: "#cats" }).hear({ response: 201 }, EMPTY, EMPTY);
  driver.hear(msg(1, "bob", "#cats")).do({ on: "draft", text: "half" }, { on: "down" }, { on: "up" });
  driver.hear(OK, OK, EMPTY, EMPTY, EMPTY, EMPTY, EMPTY, EMPTY, EMPTY, no(404)); // it was removed
  driver.do({ on: "open", key: COMMON_ROOM }, { on: "open", key: "#cats" }).hear({ response: 201 });
  assert.deepEqual([currentConversation(driver.state).messages, currentConversation(driver.state).draft], [[], "half"]);
});
