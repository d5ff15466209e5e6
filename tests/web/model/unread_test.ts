import assert from "node:assert/strict";
import { COMMON_ROOM } from "../../../jim/message.ts";
import type { Fields } from "../../../jim/client/fields.ts";
import { currentConversation } from "../../../web/model/state.ts";
import { inside, msg, page } from "./model_driver.ts";

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

Deno.test("model does not cut a conversation while older messages are on their way: there would be a gap", () => {
  const driver = inside().do({ on: "endVisible", is: true });
  for (let id = 1; id <= 601; id++) driver.hear(msg(id, "bob", COMMON_ROOM)); // cut to 302 and what follows
  driver.do({ on: "loadOlder" });
  for (let id = 602; id <= 1_000; id++) driver.hear(msg(id, "bob", COMMON_ROOM));
  const shown = () => currentConversation(driver.state).messages.map(({ id }) => id);
  assert.deepEqual(shown(), Array.from({ length: 699 }, (_, at) => 302 + at));
  driver.hear(...page(252, 50));
  assert.deepEqual(shown(), Array.from({ length: 749 }, (_, at) => 252 + at));
  driver.hear(msg(1_001, "bob", COMMON_ROOM));
  assert.deepEqual(shown(), Array.from({ length: 300 }, (_, at) => 702 + at), "afterwards it is cut");
});
