import assert from "node:assert/strict";
import { COMMON_ROOM } from "../../../jim/message.ts";
import type { Fields } from "../../../client/protocol/fields.ts";
import { openConversation } from "../../../web/model/state.ts";
import { inside, msg } from "./scene.ts";

Deno.test("model counts what is unread and who is named, until it is looked at", () => {
  const scene = inside().do({ on: "seen", is: true }).hear(msg(1, "bob", COMMON_ROOM));
  const unread = () => [
    openConversation(scene.state).unread,
    openConversation(scene.state).mentions,
    openConversation(scene.state).unreadMarker,
  ];
  assert.deepEqual(unread(), [0, 0, undefined]);
  scene.do({ on: "seen", is: false }).hear(
    msg(2, "bob", COMMON_ROOM),
    msg(3, "bob", COMMON_ROOM, "hello Ann"),
    msg(4, "ann", COMMON_ROOM),
  );
  assert.deepEqual(unread(), [2, 1, 1]);
  scene.do({ on: "seen", is: true });
  assert.deepEqual(unread(), [0, 0, 1]);
  scene.do({ on: "open", key: "bob" }, { on: "open", key: COMMON_ROOM });
  assert.deepEqual(unread(), [0, 0, undefined]);
  scene.hear(msg(5, "bob", "ann", "psst"));
  const { unread: one, mentions } = scene.state.conversations.get("bob")!;
  assert.deepEqual([one, mentions], [1, 1]);
});

Deno.test("model lets go of the top of a long conversation whose end is looked at, and asks for it again", () => {
  const scene = inside().do({ on: "seen", is: true });
  for (let id = 1; id <= 601; id++) scene.hear(msg(id, "bob", COMMON_ROOM));
  assert.deepEqual([openConversation(scene.state).messages.length, openConversation(scene.state).isFromStart], [
    300,
    false,
  ]);
  scene.do({ on: "older" }, { on: "older" });
  assert.deepEqual(scene.done().map((each) => (each as Fields).before), [302]);
  scene.hear({ response: 202, quantity: 1 }, msg(301, "bob", COMMON_ROOM));
  assert.deepEqual([openConversation(scene.state).messages[0]?.id, openConversation(scene.state).isFromStart], [
    301,
    true,
  ]);
  scene.do({ on: "older" });
  assert.deepEqual(scene.done(), []);
});
