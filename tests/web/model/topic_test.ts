import assert from "node:assert/strict";
import { openConversation } from "../../../web/model/state.ts";
import { EMPTY, inside, OK } from "./scene.ts";

const topic = (text: string, room = "#cats") => ({ action: "topic", time: 5, room, topic: text, by: "bob" });

Deno.test("model knows what a room is about, until that changes or it comes into the room again", () => {
  const scene = inside().do({ on: "open", key: "#Cats" }).hear(OK, topic("asleep"), EMPTY, EMPTY);
  const about = () => openConversation(scene.state).topic;
  assert.deepEqual(about(), { text: "asleep", by: "bob" });
  scene.hear(topic("awake", "#CATS"), topic("of a room that is put away", "#dogs"));
  assert.deepEqual([about()?.text, scene.state.conversations.has("#dogs"), scene.state.skipped], ["awake", false, 0]);
  scene.hear(topic(""));
  assert.equal(about(), undefined);
  scene.hear(topic("asleep"), { action: "topic", room: "#cats" });
  assert.deepEqual([about()?.text, scene.state.skipped], ["asleep", 1]);
  // It may have been made anew meanwhile.
  scene.do({ on: "down" }, { on: "up" }).hear(OK, EMPTY, EMPTY, { response: 201, alert: "created #Cats" });
  assert.equal(about(), undefined);
});
