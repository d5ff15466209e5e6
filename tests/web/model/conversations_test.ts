import assert from "node:assert/strict";
import { COMMON_ROOM } from "../../../jim/message.ts";
import { currentConversation } from "../../../web/model/state.ts";
import { EMPTY, inside, msg, no, OK } from "./model_driver.ts";

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
