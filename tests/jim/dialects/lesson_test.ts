// The later lessons: action "message" with the text in mess_text, and no wait for an answer.

import assert from "node:assert/strict";
import { lesson } from "../../../jim/dialects/lesson.ts";
import { meant, recognized, relay } from "./recognized.ts";

Deno.test("lesson is recognized in mess_text, and in a bare presence with nothing but a name", () => {
  const said = '{"action": "message", "time": 1764000000.5, "account_name": "Guest", "mess_text": "hello"}';
  assert.deepEqual(recognized(said), ["lesson", "lesson"]);
  const presence = '{"action": "presence", "time": 1764000000.5, "user": {"account_name": "ann"}}';
  assert.deepEqual(recognized(presence), ["lesson", undefined]);
});

Deno.test("lesson is not recognized in a presence that says more, or is none", () => {
  for (
    const json of [
      '{"action":"presence","time":1,"user":{"account_name":"ann","status":null}}',
      '{"action":"presence","time":1,"user":{"name":"ann"}}',
      '{"action":"presence","time":1,"user":"ann"}',
      '{"action":"presence","time":1,"user":null}',
      '{"action":"authenticate","time":1,"user":{"account_name":"ann"}}',
    ]
  ) assert.deepEqual(recognized(json), [undefined, undefined], json);
});

Deno.test("lesson reads its message, to all or to one", () => {
  const msg = (to: string, message: string) => ({ action: "msg", time: 1, to, message });
  assert.deepEqual(
    meant('{"action":"message","time":1,"account_name":"Guest","mess_text":"\\u0445"}'),
    msg("#all", "х"),
  );
  assert.deepEqual(meant('{"action":"message","from":"ann","to":"bob","time":1,"mess_text":"a"}'), msg("bob", "a"));
  assert.deepEqual(meant('{"action":"message","time":1,"mess_text":"a","message":"b"}'), msg("#all", "b"));
});

Deno.test("lesson words a relay so that each of its programs shows it", () => {
  assert.deepEqual(lesson.formatRelay(relay, "bob"), {
    action: "message",
    time: 1764000000.5,
    to: "bob",
    from: "ann",
    sender: "ann",
    mess_text: "Привет",
    id: 7,
  });
  assert.deepEqual([lesson.awaitsAnswers, lesson.writersReadRelays], [false, true]);
});
