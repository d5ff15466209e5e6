import assert from "node:assert/strict";
import { COMMON_ROOM } from "../../../jim/message.ts";
import type { Fields } from "../../../client/protocol/fields.ts";
import { parseSnapshot, restore, takeSnapshot } from "../../../web/snapshot.ts";
import { openConversation } from "../../../web/model/state.ts";
import { EMPTY, inside, msg, no, OK, page, Scene } from "./scene.ts";

const rows = (said: readonly { readonly id?: number }[] | undefined) => said?.map(({ id }) => id);
const asked = (scene: Scene) =>
  scene.done().map((each) => {
    const { before, after, limit } = each as Fields;
    return { before, after, limit };
  });

/** Somebody who sees the messages from 5,000 on, and has jumped to number 1,000: what is from 976 to 1,500 is shown, too. */
function jumped(): Scene {
  const scene = inside().hear(msg(5_000, "bob", COMMON_ROOM)).do({ on: "seen", is: false }, { on: "reach", id: 1_000 });
  assert.deepEqual(asked(scene), [{ before: 1_001, after: undefined, limit: 25 }]);
  scene.hear(...page(976, 25));
  assert.deepEqual(asked(scene), [{ before: undefined, after: 1_000, limit: 500 }]);
  scene.hear(...page(1_001, 500));
  assert.deepEqual(scene.state.target, { key: COMMON_ROOM, id: 1_000, found: true });
  return scene.do({ on: "reached" });
}

Deno.test("model jumps to an old message, and shows it with what is around it and what is new", () => {
  const scene = jumped(), { messages, oldSegment } = openConversation(scene.state);
  assert.deepEqual([rows(messages), rows(oldSegment?.messages)], [
    [5_000],
    Array.from({ length: 525 }, (_, at) => 976 + at),
  ]);
  scene.hear(msg(5_001, "bob", COMMON_ROOM));
  assert.deepEqual([rows(openConversation(scene.state).messages), openConversation(scene.state).unread], [[
    5_000,
    5_001,
  ], 1]);
  scene.do({ on: "older" });
  assert.deepEqual(asked(scene), [{ before: 976, after: undefined, limit: 50 }]);
  scene.do({ on: "older" }, { on: "fill", side: "after" }); // one at a time
  assert.deepEqual(scene.done(), []);
  scene.hear(...page(970, 6));
  assert.deepEqual([
    openConversation(scene.state).oldSegment?.messages[0]?.id,
    openConversation(scene.state).oldSegment?.isFromStart,
  ], [970, true]);
  scene.do({ on: "reach", id: 5_000 });
  assert.deepEqual(scene.state.target, { key: COMMON_ROOM, id: 5_000, found: true });
  scene.do({ on: "reached" }, { on: "seen", is: true });
  assert.equal(openConversation(scene.state).oldSegment, undefined, "The present is looked at");
});

Deno.test("model finds its way back to an old message over a reload", () => {
  const place = { offset: 3, height: 40 }, scene = jumped();
  const kept = (id: number) => parseSnapshot(takeSnapshot(scene.state, { ...place, id })!)!;
  assert.deepEqual([kept(5_000).scroll?.id, kept(5_000).seek], [5_000, undefined]);
  assert.deepEqual([kept(990).scroll, kept(990).seek], [undefined, 990]);
  const again = new Scene();
  again.state = restore(7, kept(990));
  again.do({ on: "enter", me: again.state.me! }, { on: "up" }).hear(OK);
  assert.deepEqual(asked(again).find(({ before }) => before !== undefined)?.before, 991);
});

Deno.test("model fills a gap from both sides until they meet", () => {
  const scene = jumped().do({ on: "fill", side: "after" });
  assert.deepEqual(asked(scene), [{ before: undefined, after: 1_500, limit: 100 }]);
  scene.hear(...page(1_501, 100)).do({ on: "fill", side: "before" });
  assert.deepEqual(asked(scene), [{ before: 5_000, after: undefined, limit: 100 }]);
  scene.hear(...page(1_600, 100));
  const { messages, oldSegment, isFromStart } = openConversation(scene.state);
  assert.deepEqual([rows(messages), oldSegment, isFromStart], [
    [...Array(724).keys(), 4_024].map((n) => 976 + n),
    undefined,
    false,
  ]);
  const other = jumped().do({ on: "fill", side: "after" }).hear(...page(1_501, 3)); // there are no more
  assert.deepEqual(rows(openConversation(other.state).messages)?.slice(-2), [1_503, 5_000]);
  assert.equal(openConversation(other.state).oldSegment, undefined);
});

Deno.test("model shows an old message that is near in one piece with what is new, and says of one that it is gone", () => {
  const scene = inside().hear(...[40, 41, 42].map((id) => msg(id, "bob", COMMON_ROOM))).do({
    on: "search",
    text: "tea",
  })
    .hear(EMPTY).do({ on: "seen", is: false }, { on: "reach", id: 10 });
  scene.hear(...page(1, 10)).hear(...page(11, 32));
  const { messages, oldSegment, isFromStart } = openConversation(scene.state);
  assert.deepEqual([rows(messages), oldSegment, isFromStart], [
    Array.from({ length: 42 }, (_, at) => at + 1),
    undefined,
    true,
  ]);
  scene.do({ on: "reached" }, { on: "reach", id: 77 }).hear(...page(1, 10));
  assert.deepEqual([scene.state.target, scene.state.search?.lost], [undefined, true]);
});

Deno.test("model goes on after a break with a jump that was not answered, and with a gap", () => {
  const scene = jumped().do({ on: "fill", side: "after" }, { on: "reach", id: 7 }, { on: "down" }, { on: "up" });
  scene.done();
  scene.hear(OK);
  assert.deepEqual(asked(scene)[0], { before: 8, after: undefined, limit: 25 });
  assert.equal(openConversation(scene.state).oldSegment?.isLoading, false);
  scene.hear(...page(1, 7), EMPTY, EMPTY, EMPTY, ...page(8, 500)); // rooms, people and what was missed are between
  assert.deepEqual(scene.state.target, { key: COMMON_ROOM, id: 7, found: true });
  assert.equal(openConversation(scene.state).oldSegment?.messages.length, 507);
});

Deno.test("model tells when more was found than it shows, and asks for it", () => {
  const scene = inside().do({ on: "search", text: "tea" });
  assert.deepEqual(asked(scene), [{ before: undefined, after: undefined, limit: 51 }]);
  scene.hear(...page(100, 51));
  const found = () => scene.state.search!;
  assert.deepEqual([found().rows?.length, found().more, found().rows?.[0]?.id], [50, true, 150]);
  scene.do({ on: "more" }, { on: "more" });
  assert.deepEqual(asked(scene), [{ before: 101, after: undefined, limit: 51 }]);
  scene.hear(...page(98, 3));
  assert.deepEqual([found().rows?.length, found().more, found().rows?.at(-1)?.id], [53, undefined, 98]);
  scene.do({ on: "more" });
  assert.deepEqual(scene.done(), []);
});

Deno.test("model searches where it is, shows the latest first, and says why it cannot", () => {
  const scene = inside().do({ on: "search", text: "tea" });
  assert.deepEqual(scene.state.search, { key: COMMON_ROOM, text: "tea", rows: undefined });
  scene.hear({ response: 202, quantity: 2 }, msg(1, "bob", COMMON_ROOM, "tea?"), msg(2, "bob", COMMON_ROOM, "tea!"));
  const found = () => scene.state.search;
  assert.deepEqual(found()?.rows?.map(({ text }) => text), ["tea!", "tea?"]);
  scene.do({ on: "search", text: "#" }).hear(no(400, "expected words"));
  assert.equal(found()?.trouble, "expected words");
  scene.do({ on: "unsearch" });
  assert.equal(found(), undefined);
});

/** A page of rows of a kind that the page does not know. */
const votes = (from: number, count: number): Fields[] => [
  { response: 202, quantity: count },
  ...Array.from({ length: count }, (_, at) => ({ action: "vote", from: "bob", message: "for", id: from + at })),
];

Deno.test("model skips rows of unknown kinds in the past, counts them, and reads on behind and before a page of them", () => {
  const me = { name: "ann", way: "guest", password: "" } as const;
  const scene = new Scene().do({ on: "enter", me }, { on: "up" }).hear(OK, EMPTY, EMPTY, ...page(900, 50));
  scene.done();
  scene.do({ on: "older" });
  assert.deepEqual(asked(scene), [{ before: 900, after: undefined, limit: 50 }]);
  scene.hear(...votes(850, 50));
  assert.deepEqual(asked(scene), [{ before: 850, after: undefined, limit: 50 }]);
  scene.hear(...page(849, 1));
  const latest = Array.from({ length: 50 }, (_, at) => 900 + at);
  assert.deepEqual([rows(openConversation(scene.state).messages), openConversation(scene.state).isFromStart], [[
    849,
    ...latest,
  ], true]);
  scene.do({ on: "down" }, { on: "up" }).hear(OK, EMPTY, EMPTY);
  assert.deepEqual(asked(scene).at(-1), { before: undefined, after: 949, limit: 500 });
  scene.hear(...votes(950, 500));
  assert.deepEqual(asked(scene), [{ before: undefined, after: 1_449, limit: 500 }]);
  scene.hear(...page(1_450, 1));
  assert.deepEqual(rows(openConversation(scene.state).messages), [849, ...latest, 1_450]);
  assert.equal(scene.state.skipped, 550);
});

Deno.test("model fills a gap and searches on behind a page of rows of unknown kinds", () => {
  const scene = jumped().do({ on: "fill", side: "after" });
  scene.done();
  scene.hear(...votes(1_501, 100));
  assert.deepEqual(asked(scene), [{ before: undefined, after: 1_600, limit: 100 }]);
  scene.hear(EMPTY).do({ on: "search", text: "for" });
  scene.done();
  scene.hear(...votes(100, 51));
  assert.deepEqual(asked(scene), [{ before: 100, after: undefined, limit: 51 }]);
  scene.hear(...page(40, 2));
  assert.deepEqual([rows(scene.state.search?.rows), scene.state.search?.more], [[41, 40], undefined]);
});
