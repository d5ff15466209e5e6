// Replies at the side of the page, and what is half written there.

import assert from "node:assert/strict";
import { COMMON_ROOM } from "../../../jim/message.ts";
import type { Fields } from "../../../jim/client/fields.ts";
import { currentConversation } from "../../../web/model/state.ts";
import { parseSnapshot, restore, takeSnapshot } from "../../../web/snapshot.ts";
import { threadIn } from "../../../web/thread.ts";
import { EMPTY, inside, ModelDriver, msg, OK, page } from "./model_driver.ts";

/** A page with an open thread, which begins with the first message, and the ids of the replies shown. */
function inThread() {
  const driver = inside().do({ on: "endVisible", is: true });
  const reply = (id: number) => ({ ...msg(id, "bob", COMMON_ROOM), reply_to: 1 });
  driver.hear(msg(1, "bob", COMMON_ROOM), reply(2)).do({ on: "thread", id: 1 });
  const replies = () => {
    const { state } = driver;
    return threadIn(currentConversation(state), state.thread!).replies.map(({ id }) => id);
  };
  assert.deepEqual([replies(), driver.state.thread?.isWhole], [[2], true]);
  return { driver, reply, replies };
}

Deno.test("model does not cut a conversation while its thread is open, which shows all replies", () => {
  const { driver, reply, replies } = inThread();
  for (let id = 3; id <= 601; id++) driver.hear(msg(id, "bob", COMMON_ROOM));
  driver.hear(reply(602));
  assert.deepEqual(replies(), [2, 602]);
  driver.do({ on: "thread", id: undefined }).hear(msg(603, "bob", COMMON_ROOM));
  assert.equal(currentConversation(driver.state).messages.length, 300);
});

Deno.test("model reads an open thread again when it has missed so much that the conversation begins at the latest page", () => {
  const { driver, reply, replies } = inThread();
  driver.do({ on: "down" }, { on: "up" }).hear(OK, EMPTY, EMPTY);
  for (let from = 3; from < 2_003; from += 500) driver.hear(...page(from, 500));
  const asked = (driver.done() as Fields[]).filter(({ action }) => action === "history").slice(-2);
  assert.deepEqual(asked.map(({ after, limit }) => [after, limit]), [[undefined, 50], [1, 500]]);
  driver.hear(...page(2_100, 50), { response: 202, quantity: 2 }, reply(2), reply(2_010));
  assert.deepEqual([replies(), driver.state.thread?.isWhole], [[2, 2_010], true]);
});

Deno.test("model knows how far it has read a thread when there is nothing to read", () => {
  const me = { name: "ann", method: "guest", password: "" } as const;
  const driver = new ModelDriver().do({ on: "enter", me }, { on: "up" }).hear(OK, EMPTY, EMPTY, ...page(900, 50));
  driver.do({ on: "thread", id: 7 }).hear(EMPTY);
  assert.deepEqual([driver.state.thread?.upTo, driver.state.thread?.isWhole], [7, true]);
});

Deno.test("model holds what is half written in a thread while that is closed, and over a reload, until it is said", () => {
  const { driver } = inThread(), drafts = () => [...driver.state.conversations.get(COMMON_ROOM)!.threadDrafts];
  const typed = (root: number, text: string) => driver.do({ on: "threadDraft", key: COMMON_ROOM, root, text });
  typed(1, "half a re");
  typed(2, "another");
  driver.do({ on: "open", key: "bob" }, { on: "open", key: COMMON_ROOM });
  driver.state = restore(7, parseSnapshot(takeSnapshot(driver.state, undefined)!)!);
  assert.deepEqual(drafts(), [[1, "half a re"], [2, "another"]]);
  driver.do({ on: "send", key: COMMON_ROOM, text: "half a reply", replyTo: 1 });
  typed(2, "");
  assert.deepEqual(drafts(), []);
});
