import assert from "node:assert/strict";
import { JIM, meet, OK, seen } from "./meet.ts";

function here(rows: readonly object[] = []) {
  const chat = meet();
  chat.connect(JIM);
  for (let objects = chat.said(); objects.length > 0; objects = chat.said()) {
    for (const { action } of objects) {
      const listed = action === "who_online" ? rows : [];
      chat.hear({ response: 202, quantity: listed.length }, ...listed);
    }
  }
  return chat;
}

Deno.test("Controller sets and clears what the user says of itself", () => {
  const { type, said, hear, look, asked } = here();
  const typed = (text: string) => {
    type(`${text}\r`);
    said();
    hear(OK);
    const { away, emoji, status } = asked.findLast(({ action }) => action === "status")!;
    return [away, emoji, status, look().at(-2)!.replace(/^.*· /, "")];
  };
  assert.deepEqual(typed("/away at lunch"), [true, undefined, "at lunch", "Your status: away, at lunch"]);
  assert.deepEqual(typed("/status \u{1F35D} pasta"), [false, "\u{1F35D}", "pasta", "Your status: \u{1F35D} pasta"]);
  assert.deepEqual(typed("/status \u{1F44D}\ufe0fok"), [false, "\u{1F44D}", "ok", "Your status: \u{1F44D} ok"]);
  assert.deepEqual(typed("/status \u2615"), [false, "\u2615", "", "Your status: \u2615"]);
  assert.deepEqual(typed("/status 5 minutes"), [false, undefined, "5 minutes", "Your status: 5 minutes"]);
  assert.deepEqual(typed("/away"), [true, undefined, "", "Your status: away"]);
  assert.deepEqual(typed("/away -"), [false, undefined, "", "You have no status"]);
  assert.deepEqual(typed("/status -"), [false, undefined, "", "You have no status"]);
  type("/status\r");
  assert.equal(seen(look(), /expected \/status \[EMOJI\] text/), 1);
});

Deno.test("Controller tells what others say of themselves, and lists it", () => {
  const row = { action: "online_list", user_id: "bob", role: "account", away: true, status: "at \u001b[31mlunch" };
  const { type, hear, said, look } = here([row]);
  type("/room bob\r");
  assert.match(look().at(-2)!, /bob: away, at ␛\[31mlunch$/);
  hear({ action: "status", time: 0, user_id: "Eve Lee", role: "account", emoji: "\u{1F35D}" });
  assert.match(look().at(-2)!, /"Eve Lee": \u{1F35D}$/u);
  hear({ action: "status", time: 0, user_id: "bob", role: "account" });
  assert.match(look().at(-2)!, /bob has no status any more$/);
  type("/room #all\r/who\r");
  for (const each of said()) {
    if (each.action === "who_online") hear({ response: 202, quantity: 1 }, row);
    else hear({ response: 202, quantity: 0 });
  }
  assert.equal(seen(look(), /bob: away, at/), 2);
});
