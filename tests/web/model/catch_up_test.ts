import assert from "node:assert/strict";
import { COMMON_ROOM } from "../../../jim/message.ts";
import type { Fields } from "../../../jim/client/fields.ts";
import { currentConversation } from "../../../web/model/state.ts";
import { EMPTY, inside, ModelDriver, msg, no, OK, page } from "./model_driver.ts";

/** The answers to a login after a failure, up to the request for missed messages. */
const BACK = [OK, EMPTY, EMPTY];
const ids = (driver: ModelDriver) => currentConversation(driver.state).messages.map(({ id }) => id);

Deno.test("model puts what is heard while it catches up behind what it has missed", () => {
  const driver = inside().hear(msg(1, "bob", COMMON_ROOM)).do({ on: "endVisible", is: false }, { on: "down" }, {
    on: "up",
  });
  driver.hear(...BACK);
  assert.deepEqual((driver.done().at(-1) as Fields).after, 1);
  driver.hear(msg(4, "bob", COMMON_ROOM), msg(5, "bob", COMMON_ROOM));
  assert.deepEqual(ids(driver), [1]);
  driver.hear(
    { response: 202, quantity: 3 },
    msg(2, "bob", COMMON_ROOM),
    msg(3, "cat", COMMON_ROOM),
    msg(4, "bob", COMMON_ROOM),
  );
  assert.deepEqual([ids(driver), currentConversation(driver.state).unread], [[1, 2, 3, 4, 5], 4]);
});

Deno.test("model begins at the latest page when it has missed more than 2,000 messages", () => {
  const driver = inside().hear(msg(1, "bob", COMMON_ROOM)).do({ on: "down" }, { on: "up" }).hear(...BACK);
  for (let from = 2; from < 2_002; from += 500) driver.hear(...page(from, 500));
  const asked = (driver.done() as Fields[]).filter(({ action }) => action === "history");
  assert.deepEqual(asked.map(({ after, limit }) => [after, limit]), [
    [1, 500],
    [501, 500],
    [1001, 500],
    [1501, 500],
    [undefined, 50],
  ]);
  driver.hear(...page(3_000, 50));
  const { messages, isFromStart, live } = currentConversation(driver.state);
  assert.deepEqual([messages.length, messages[0]?.id, isFromStart, live], [50, 3_000, false, true]);
});

Deno.test("model asks again later for what it has missed when the server cannot read it, and sends nothing twice", () => {
  const driver = inside().hear(msg(1, "bob", COMMON_ROOM)).do({ on: "send", text: "hi" });
  const sent = driver.done().at(-1) as Fields;
  driver.do({ on: "down" }, { on: "up" }).hear(...BACK, msg(9, "bob", COMMON_ROOM));
  driver.done();
  driver.hear(no(500, "no journal"));
  const { upTo, error, live } = currentConversation(driver.state);
  assert.deepEqual([driver.done(), driver.waiting, upTo, error, live], [
    ["retry"],
    [["hi", "unknown"]],
    1,
    undefined,
    false,
  ]);
  driver.do({ on: "down" }, { on: "up" }).hear(...BACK);
  assert.deepEqual((driver.done().at(-1) as Fields).after, 1);
  driver.hear({ response: 202, quantity: 1 }, { ...sent, from: "ann", id: 2 });
  assert.deepEqual([driver.waiting, driver.said(), ids(driver)], [[], [], [1, 2, 9]]);
});

Deno.test("model says why a conversation cannot be read until it can be read again", () => {
  const driver = inside().do({ on: "down" }, { on: "up" }).hear(...BACK, no(403, "not now"));
  assert.deepEqual([currentConversation(driver.state).error, driver.state.isReady], ["not now", true]);
  driver.do({ on: "down" }, { on: "up" }).hear(...BACK, ...page(1, 1));
  assert.equal(currentConversation(driver.state).error, undefined);
});

Deno.test("model requests the list of people when a guest turns out to share its name, once, and forgets it when it is alone", () => {
  const row = (more: object) => ({ action: "online_list", user_id: "Guest", role: "guest", ...more });
  const driver = new ModelDriver().do({ on: "enter", me: { name: "ann", method: "guest", password: "" } }, { on: "up" })
    .hear(
      { ...OK, role: "guest" },
      EMPTY,
      { response: 202, quantity: 1 },
      row({}),
      EMPTY,
    );
  driver.done();
  const guests = () => driver.state.roles.get("Guest")?.guests;
  driver.hear({ ...msg(1, "Guest", COMMON_ROOM), guest: 2 }, { ...msg(2, "Guest", COMMON_ROOM), guest: 1 });
  assert.deepEqual(driver.said(), ["who_online"]);
  driver.hear({ response: 202, quantity: 1 }, row({ guests: 2 }), { ...msg(3, "Guest", COMMON_ROOM), guest: 1 });
  assert.deepEqual([driver.said(), guests()], [[], 2]);
  driver.hear(msg(4, "Guest", COMMON_ROOM));
  assert.deepEqual([driver.said(), guests()], [[], undefined]);
});

Deno.test("model does not take the latest page of a conversation for one that a message has begun anew since", () => {
  const driver = inside("login").do({ on: "open", key: "bob" }).hear(msg(1, "bob", "ann"));
  driver.do({ on: "close", key: "bob" }).hear(msg(2, "bob", "ann"));
  driver.done();
  driver.hear(EMPTY); // it was read before the first message
  assert.equal(driver.state.conversations.get("bob")?.isFromStart, false);
  assert.equal((driver.done().at(-1) as Fields).after, 1);
});
