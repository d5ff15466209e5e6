import assert from "node:assert/strict";
import { COMMON_ROOM } from "../../../jim/message.ts";
import type { Fields } from "../../../jim/client/fields.ts";
import { currentConversation } from "../../../web/model/state.ts";
import { inside, msg } from "./model_driver.ts";

Deno.test("model counts unread messages and mentions until the end is visible", () => {
  const driver = inside().do({ on: "endVisible", is: true }).hear(msg(1, "bob", COMMON_ROOM));
  const unread = () => [
    currentConversation(driver.state).unread,
    currentConversation(driver.state).mentions,
    currentConversation(driver.state).unreadMarker,
  ];
  assert.deepEqual(unread(), [0, 0, undefined]);
  driver.do({ on: "endVisible", is: false }).hear(
    msg(2, "bob", COMMON_ROOM),
    msg(3, "bob", COMMON_ROOM, "hello Ann"),
    msg(4, "ann", COMMON_ROOM),
  );
  assert.deepEqual(unread(), [2, 1, 1]);
  driver.do({ on: "endVisible", is: true });
  assert.deepEqual(unread(), [0, 0, 1]);
  driver.do({ on: "open", key: "bob" }, { on: "open", key: COMMON_ROOM });
  assert.deepEqual(unread(), [0, 0, undefined]);
  driver.hear(msg(5, "bob", "ann", "psst"));
  const { unread: one, mentions } = driver.state.conversations.get("bob")!;
  assert.deepEqual([one, mentions], [1, 1]);
});

Deno.test("model cuts the top of a long conversation while its end is visible, and requests it again", () => {
  const driver = inside().do({ on: "endVisible", is: true });
  for (let id = 1; id <= 601; id++) driver.hear(msg(id, "bob", COMMON_ROOM));
  assert.deepEqual([currentConversation(driver.state).messages.length, currentConversation(driver.state).isFromStart], [
    300,
    false,
  ]);
  driver.do({ on: "loadOlder" }, { on: "loadOlder" });
  assert.deepEqual(driver.done().map((each) => (each as Fields).before), [302]);
  driver.hear({ response: 202, quantity: 1 }, msg(301, "bob", COMMON_ROOM));
  assert.deepEqual([currentConversation(driver.state).messages[0]?.id, currentConversation(driver.state).isFromStart], [
    301,
    true,
  ]);
  driver.do({ on: "loadOlder" });
  assert.deepEqual(driver.done(), []);
});
