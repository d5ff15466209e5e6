import assert from "node:assert/strict";
import { currentConversation } from "../../../web/model/state.ts";
import { EMPTY, inside, OK } from "./model_driver.ts";

const topic = (text: string, room = "#cats") => ({ action: "topic", time: 5, room, topic: text, by: "bob" });

Deno.test("model knows what a room is about, until that changes or it comes into the room again", () => {
  const driver = inside().do({ on: "open", key: "#Cats" }).hear(OK, topic("asleep"), EMPTY, EMPTY);
  const about = () => currentConversation(driver.state).topic;
  assert.deepEqual(about(), { text: "asleep", by: "bob" });
  driver.hear(topic("awake", "#CATS"), topic("of a room that is put away", "#dogs"));
  assert.deepEqual([about()?.text, driver.state.conversations.has("#dogs"), driver.state.skipped], ["awake", false, 0]);
  driver.hear(topic(""));
  assert.equal(about(), undefined);
  driver.hear(topic("asleep"), { action: "topic", room: "#cats" });
  assert.deepEqual([about()?.text, driver.state.skipped], ["asleep", 1]);
  // It may have been made anew meanwhile.
  driver.do({ on: "down" }, { on: "up" }).hear(OK, EMPTY, EMPTY, { response: 201, alert: "created #Cats" });
  assert.equal(about(), undefined);
});
