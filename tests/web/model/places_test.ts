import assert from "node:assert/strict";
import { COMMON_ROOM } from "../../../jim/message.ts";
import { openConversation } from "../../../web/model/state.ts";
import { EMPTY, inside, msg, no, OK } from "./scene.ts";

Deno.test("model joins a room on opening it, says why it cannot, and forgets it on leaving it", () => {
  const scene = inside().do({ on: "open", key: "#cats" });
  assert.deepEqual(scene.said(), ["join", "who_online"]);
  scene.hear(no(403, "no more rooms"), no(403));
  assert.equal(openConversation(scene.state).error, "no more rooms");
  scene.do({ on: "close", key: "#cats" });
  assert.deepEqual([scene.state.open, scene.state.conversations.has("#cats")], [COMMON_ROOM, false]);
  scene.do({ on: "open", key: "#CHAT" });
  assert.equal(scene.state.open, COMMON_ROOM);
  scene.do({ on: "open", key: "#dogs" }).hear({ response: 201, alert: "created #dogs" });
  scene.hear({ response: 202, quantity: 1 }, { action: "online_list", user_id: "ann" }, EMPTY).hear(
    msg(1, "bob", "#dogs"),
  );
  assert.deepEqual([...scene.state.members], ["ann", "bob"]);
  scene.done();
  scene.do({ on: "close", key: "#dogs" });
  assert.deepEqual(scene.said(), ["leave"]);
  scene.hear(OK);
  assert.ok(!scene.state.conversations.has("#dogs"));
});
