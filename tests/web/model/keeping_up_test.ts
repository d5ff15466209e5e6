import assert from "node:assert/strict";
import { COMMON_ROOM } from "../../../jim/message.ts";
import type { Fields } from "../../../client/protocol/fields.ts";
import { openConversation } from "../../../web/model/state.ts";
import { EMPTY, inside, msg, OK, page, Scene } from "./scene.ts";

/** What the server says to who comes in again, up to its question for what was missed. */
const BACK = [OK, EMPTY, EMPTY];
const ids = (scene: Scene) => openConversation(scene.state).messages.map(({ id }) => id);

Deno.test("model puts what is heard while it catches up behind what it has missed", () => {
  const scene = inside().hear(msg(1, "bob", COMMON_ROOM)).do({ on: "seen", is: false }, { on: "down" }, { on: "up" });
  scene.hear(...BACK);
  assert.deepEqual((scene.done().at(-1) as Fields).after, 1);
  scene.hear(msg(4, "bob", COMMON_ROOM), msg(5, "bob", COMMON_ROOM));
  assert.deepEqual(ids(scene), [1]);
  scene.hear(
    { response: 202, quantity: 3 },
    msg(2, "bob", COMMON_ROOM),
    msg(3, "cat", COMMON_ROOM),
    msg(4, "bob", COMMON_ROOM),
  );
  assert.deepEqual([ids(scene), openConversation(scene.state).unread], [[1, 2, 3, 4, 5], 4]);
});

Deno.test("model begins at the latest page when it has missed more than 2,000 messages", () => {
  const scene = inside().hear(msg(1, "bob", COMMON_ROOM)).do({ on: "down" }, { on: "up" }).hear(...BACK);
  for (let from = 2; from < 2_002; from += 500) scene.hear(...page(from, 500));
  const asked = (scene.done() as Fields[]).filter(({ action }) => action === "history");
  assert.deepEqual(asked.map(({ after, limit }) => [after, limit]), [
    [1, 500],
    [501, 500],
    [1001, 500],
    [1501, 500],
    [undefined, 50],
  ]);
  scene.hear(...page(3_000, 50));
  const { messages, isFromStart, live } = openConversation(scene.state);
  assert.deepEqual([messages.length, messages[0]?.id, isFromStart, live], [50, 3_000, false, true]);
});

Deno.test("model asks who is here when a guest turns out to share its name, once, and forgets it when it is alone", () => {
  const row = (more: object) => ({ action: "online_list", user_id: "Guest", role: "guest", ...more });
  const scene = new Scene().do({ on: "enter", me: { name: "ann", way: "guest", password: "" } }, { on: "up" }).hear(
    { ...OK, role: "guest" },
    EMPTY,
    { response: 202, quantity: 1 },
    row({}),
    EMPTY,
  );
  scene.done();
  const guests = () => scene.state.roles.get("Guest")?.guests;
  scene.hear({ ...msg(1, "Guest", COMMON_ROOM), guest: 2 }, { ...msg(2, "Guest", COMMON_ROOM), guest: 1 });
  assert.deepEqual(scene.said(), ["who_online"]);
  scene.hear({ response: 202, quantity: 1 }, row({ guests: 2 }), { ...msg(3, "Guest", COMMON_ROOM), guest: 1 });
  assert.deepEqual([scene.said(), guests()], [[], 2]);
  scene.hear(msg(4, "Guest", COMMON_ROOM));
  assert.deepEqual([scene.said(), guests()], [[], undefined]);
});
