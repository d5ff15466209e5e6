import assert from "node:assert/strict";
import { COMMON_ROOM } from "../../../jim/message.ts";
import type { Fields } from "../../../jim/client/fields.ts";
import { parseSnapshot, restore, takeSnapshot } from "../../../web/snapshot.ts";
import { currentConversation } from "../../../web/model/state.ts";
import { EMPTY, inside, ModelDriver, msg, no, OK, page } from "./model_driver.ts";

const rows = (said: readonly { readonly id?: number }[] | undefined) => said?.map(({ id }) => id);
const asked = (driver: ModelDriver) =>
  driver.done().map((each) => {
    const { before, after, limit } = each as Fields;
    return { before, after, limit };
  });

/** Somebody who sees the latest messages from 900 on; there are older ones. */
function withOlder(): ModelDriver {
  const driver = new ModelDriver().do({ on: "enter", me: { name: "ann", method: "guest", password: "" } }, { on: "up" })
    .hear(OK, EMPTY, EMPTY, ...page(900, 50));
  driver.done();
  return driver;
}

/** Somebody who sees the messages from 5,000 on, and has jumped to number 1,000: what is from 976 to 1,500 is shown, too. */
function jumped(): ModelDriver {
  const driver = inside().hear(msg(5_000, "bob", COMMON_ROOM)).do({ on: "endVisible", is: false }, {
    on: "jumpTo",
    id: 1_000,
  });
  assert.deepEqual(asked(driver), [{ before: 1_001, after: undefined, limit: 25 }]);
  driver.hear(...page(976, 25));
  assert.deepEqual(asked(driver), [{ before: undefined, after: 1_000, limit: 500 }]);
  driver.hear(...page(1_001, 500));
  assert.deepEqual(driver.state.target, { key: COMMON_ROOM, id: 1_000, found: true });
  return driver.do({ on: "jumped" });
}

Deno.test("model jumps to an old message, and shows it with what is around it and what is new", () => {
  const driver = jumped(), { messages, oldSegment } = currentConversation(driver.state);
  assert.deepEqual([rows(messages), rows(oldSegment?.messages)], [
    [5_000],
    Array.from({ length: 525 }, (_, at) => 976 + at),
  ]);
  driver.hear(msg(5_001, "bob", COMMON_ROOM));
  assert.deepEqual([rows(currentConversation(driver.state).messages), currentConversation(driver.state).unread], [[
    5_000,
    5_001,
  ], 1]);
  driver.do({ on: "loadOlder" });
  assert.deepEqual(asked(driver), [{ before: 976, after: undefined, limit: 50 }]);
  driver.do({ on: "loadOlder" }, { on: "fillGap", side: "after" }); // one at a time
  assert.deepEqual(driver.done(), []);
  driver.hear(...page(970, 6));
  assert.deepEqual([
    currentConversation(driver.state).oldSegment?.messages[0]?.id,
    currentConversation(driver.state).oldSegment?.isFromStart,
  ], [970, true]);
  driver.do({ on: "jumpTo", id: 5_000 });
  assert.deepEqual(driver.state.target, { key: COMMON_ROOM, id: 5_000, found: true });
  driver.do({ on: "jumped" }, { on: "endVisible", is: true });
  assert.equal(currentConversation(driver.state).oldSegment, undefined, "The present is looked at");
});

Deno.test("model requests no older page while one that has arrived is not drawn", () => {
  const driver = withOlder().do({ on: "loadOlder", first: 900 });
  assert.deepEqual(asked(driver), [{ before: 900, after: undefined, limit: 50 }]);
  driver.hear(...page(850, 50)).do({ on: "loadOlder", first: 900 });
  assert.deepEqual(asked(driver), []);
  driver.do({ on: "loadOlder", first: 850 });
  assert.deepEqual(asked(driver), [{ before: 850, after: undefined, limit: 50 }]);
});

Deno.test("model finds its way back to an old message over a reload", () => {
  const place = { offset: 3, height: 40 }, driver = jumped();
  const kept = (id: number) => parseSnapshot(takeSnapshot(driver.state, { ...place, id })!)!;
  assert.deepEqual([kept(5_000).scroll?.id, kept(5_000).seek], [5_000, undefined]);
  assert.deepEqual([kept(990).scroll, kept(990).seek], [undefined, 990]);
  const again = new ModelDriver();
  again.state = restore(7, kept(990));
  again.do({ on: "enter", me: again.state.me! }, { on: "up" }).hear(OK);
  assert.deepEqual(asked(again).find(({ before }) => before !== undefined)?.before, 991);
});

Deno.test("model fills a gap from both sides until they meet", () => {
  const driver = jumped().do({ on: "fillGap", side: "after" });
  assert.deepEqual(asked(driver), [{ before: undefined, after: 1_500, limit: 100 }]);
  driver.hear(...page(1_501, 100)).do({ on: "fillGap", side: "before" });
  assert.deepEqual(asked(driver), [{ before: 5_000, after: undefined, limit: 100 }]);
  driver.hear(...page(1_600, 100));
  const { messages, oldSegment, isFromStart } = currentConversation(driver.state);
  assert.deepEqual([rows(messages), oldSegment, isFromStart], [
    [...Array(724).keys(), 4_024].map((n) => 976 + n),
    undefined,
    false,
  ]);
  const other = jumped().do({ on: "fillGap", side: "after" }).hear(...page(1_501, 3)); // there are no more
  assert.deepEqual(rows(currentConversation(other.state).messages)?.slice(-2), [1_503, 5_000]);
  assert.equal(currentConversation(other.state).oldSegment, undefined);
});

Deno.test("model shows an old message that is near in one piece with what is new, and says of one that it is gone", () => {
  const driver = inside().hear(...[40, 41, 42].map((id) => msg(id, "bob", COMMON_ROOM))).do({
    on: "search",
    text: "tea",
  })
    .hear(EMPTY).do({ on: "endVisible", is: false }, { on: "jumpTo", id: 10 });
  driver.hear(...page(1, 10)).hear(...page(11, 32));
  const { messages, oldSegment, isFromStart } = currentConversation(driver.state);
  assert.deepEqual([rows(messages), oldSegment, isFromStart], [
    Array.from({ length: 42 }, (_, at) => at + 1),
    undefined,
    true,
  ]);
  driver.do({ on: "jumped" }, { on: "jumpTo", id: 77 }).hear(...page(1, 10));
  assert.deepEqual([driver.state.target, driver.state.search?.isTargetLost], [undefined, true]);
});

Deno.test("model goes on after a break with a jump that was not answered, and with a gap", () => {
  const driver = jumped().do({ on: "fillGap", side: "after" }, { on: "jumpTo", id: 7 }, { on: "down" }, { on: "up" });
  driver.done();
  driver.hear(OK);
  assert.deepEqual(asked(driver)[0], { before: 8, after: undefined, limit: 25 });
  assert.equal(currentConversation(driver.state).oldSegment?.isLoading, false);
  driver.hear(...page(1, 7), EMPTY, EMPTY, EMPTY, ...page(8, 500)); // rooms, people and what was missed are between
  assert.deepEqual(driver.state.target, { key: COMMON_ROOM, id: 7, found: true });
  assert.equal(currentConversation(driver.state).oldSegment?.messages.length, 507);
});

Deno.test("model tells when more was found than it shows, and asks for it", () => {
  const driver = inside().do({ on: "search", text: "tea" });
  assert.deepEqual(asked(driver), [{ before: undefined, after: undefined, limit: 51 }]);
  driver.hear(...page(100, 51));
  const found = () => driver.state.search!;
  assert.deepEqual([found().rows?.length, found().hasMore, found().rows?.[0]?.id], [50, true, 150]);
  driver.do({ on: "searchMore" }, { on: "searchMore" });
  assert.deepEqual(asked(driver), [{ before: 101, after: undefined, limit: 51 }]);
  driver.hear(...page(98, 3));
  assert.deepEqual([found().rows?.length, found().hasMore, found().rows?.at(-1)?.id], [53, undefined, 98]);
  driver.do({ on: "searchMore" });
  assert.deepEqual(driver.done(), []);
});

Deno.test("model searches where it is, shows the latest first, and says why it cannot", () => {
  const driver = inside().do({ on: "search", text: "tea" });
  assert.deepEqual(driver.state.search, { key: COMMON_ROOM, text: "tea", rows: undefined });
  driver.hear({ response: 202, quantity: 2 }, msg(1, "bob", COMMON_ROOM, "tea?"), msg(2, "bob", COMMON_ROOM, "tea!"));
  const found = () => driver.state.search;
  assert.deepEqual(found()?.rows?.map(({ text }) => text), ["tea!", "tea?"]);
  driver.do({ on: "search", text: "#" }).hear(no(400, "expected words"));
  assert.equal(found()?.error, "expected words");
  driver.do({ on: "endSearch" });
  assert.equal(found(), undefined);
});

/** A page of rows of a kind that the page does not know. */
const votes = (from: number, count: number): Fields[] => [
  { response: 202, quantity: count },
  ...Array.from({ length: count }, (_, at) => ({ action: "vote", from: "bob", message: "for", id: from + at })),
];

Deno.test("model skips rows of unknown kinds in the past, counts them, and reads on behind and before a page of them", () => {
  const driver = withOlder().do({ on: "loadOlder" });
  assert.deepEqual(asked(driver), [{ before: 900, after: undefined, limit: 50 }]);
  driver.hear(...votes(850, 50));
  assert.deepEqual(asked(driver), [{ before: 850, after: undefined, limit: 50 }]);
  driver.hear(...page(849, 1));
  const latest = Array.from({ length: 50 }, (_, at) => 900 + at);
  assert.deepEqual([rows(currentConversation(driver.state).messages), currentConversation(driver.state).isFromStart], [[
    849,
    ...latest,
  ], true]);
  driver.do({ on: "down" }, { on: "up" }).hear(OK, EMPTY, EMPTY);
  assert.deepEqual(asked(driver).at(-1), { before: undefined, after: 949, limit: 500 });
  driver.hear(...votes(950, 500));
  assert.deepEqual(asked(driver), [{ before: undefined, after: 1_449, limit: 500 }]);
  driver.hear(...page(1_450, 1));
  assert.deepEqual(rows(currentConversation(driver.state).messages), [849, ...latest, 1_450]);
  assert.equal(driver.state.skipped, 550);
});

Deno.test("model fills a gap and searches on behind a page of rows of unknown kinds", () => {
  const driver = jumped().do({ on: "fillGap", side: "after" });
  driver.done();
  driver.hear(...votes(1_501, 100));
  assert.deepEqual(asked(driver), [{ before: undefined, after: 1_600, limit: 100 }]);
  driver.hear(EMPTY).do({ on: "search", text: "for" });
  driver.done();
  driver.hear(...votes(100, 51));
  assert.deepEqual(asked(driver), [{ before: 100, after: undefined, limit: 51 }]);
  driver.hear(...page(40, 2));
  assert.deepEqual([rows(driver.state.search?.rows), driver.state.search?.hasMore], [[41, 40], undefined]);
});

Deno.test("model can ask again for further results when they were refused, and says why they were", () => {
  const driver = inside().do({ on: "search", text: "tea" }).hear(...page(100, 51)).do({ on: "searchMore" });
  driver.hear(no(500, "no journal"));
  const found = () => driver.state.search!;
  assert.deepEqual([found().rows?.length, found().hasMore, found().isLoading, found().error], [
    50,
    true,
    undefined,
    "no journal",
  ]);
  driver.done();
  driver.do({ on: "searchMore" });
  assert.deepEqual(asked(driver), [{ before: 101, after: undefined, limit: 51 }]);
  driver.hear(...page(98, 3));
  assert.deepEqual([found().rows?.length, found().error], [53, undefined]);
});

Deno.test("model says nothing in a search of the refusal of another one before it", () => {
  const driver = inside().do({ on: "search", text: "#" }, { on: "search", text: "tea" }).hear(
    no(400, "expected words"),
  );
  assert.deepEqual([driver.state.search?.rows, driver.state.search?.error], [undefined, undefined]);
  driver.hear(...page(1, 2));
  assert.deepEqual(rows(driver.state.search?.rows), [2, 1]);
});

Deno.test("model asks again for older messages that the server could not read, a moment later, and not for those that it may not read", () => {
  for (const jump of [false, true]) {
    const first = jump ? 976 : 900,
      again = (code: number) => {
        const driver = (jump ? jumped() : withOlder()).do({ on: "loadOlder" }).hear(no(code)), { state } = driver;
        const { isLoading, isFromStart } = currentConversation(state).oldSegment ?? currentConversation(state);
        assert.deepEqual([isLoading, isFromStart], [false, code === 403]);
        driver.done();
        driver.do({ on: "loadOlder" }); // as the list does when it is drawn
        assert.deepEqual(asked(driver), []);
        driver.now += 3_000;
        return asked(driver.do({ on: "loadOlder" }));
      };
    assert.deepEqual(again(500), [{ before: first, after: undefined, limit: 50 }]);
    assert.deepEqual(again(403), []);
  }
});

Deno.test("model can fill a gap after a refusal, and does not take the old part for the start of the conversation", () => {
  for (const code of [403, 500]) {
    const driver = jumped().do({ on: "fillGap", side: "after" }).hear(no(code));
    const { isLoading, isFromStart } = currentConversation(driver.state).oldSegment!;
    assert.deepEqual([isLoading, isFromStart], [false, false]);
    driver.done();
    driver.do({ on: "fillGap", side: "after" });
    assert.deepEqual(asked(driver), [{ before: undefined, after: 1_500, limit: 100 }]);
  }
});

Deno.test("model takes the refusal of what is older than the latest messages for these, not for an old part since jumped to", () => {
  const driver = withOlder().do({ on: "endVisible", is: false }, { on: "jumpTo", id: 100 }).hear(...page(76, 25));
  driver.do({ on: "loadOlder" }).hear(...page(101, 500), no(403));
  const { isLoading, isFromStart, oldSegment } = currentConversation(driver.state);
  assert.deepEqual([isLoading, isFromStart, oldSegment?.isFromStart], [false, true, false]);
});

Deno.test("model says why a jump has failed: the message is gone, or the server could not read it; and not of another jump", () => {
  const search = () => inside().do({ on: "search", text: "tea" }).hear(...page(1, 2));
  const driver = search().do({ on: "jumpTo", id: 77 }).hear(no(500, "no journal"));
  const { target, search: sought, notice } = driver.state;
  assert.deepEqual([target, sought?.isTargetLost, notice], [undefined, undefined, { words: "no journal" }]);
  driver.do({ on: "jumpTo", id: 77 }).hear(EMPTY);
  assert.equal(driver.state.search?.isTargetLost, true);
  driver.do({ on: "jumpTo", id: 1 });
  assert.equal(driver.state.search?.isTargetLost, undefined);
  const other = search().do({ on: "jumpTo", id: 77 }, { on: "jumpTo", id: 78 }).hear(no(403));
  assert.deepEqual([other.state.target?.id, other.state.search?.isTargetLost], [78, undefined]);
});

Deno.test("model asks again for a quoted message that the server could not read, a moment later", () => {
  const driver = withOlder().hear({ ...msg(950, "bob", COMMON_ROOM), reply_to: 7 });
  assert.deepEqual(asked(driver), [{ before: 8, after: undefined, limit: 1 }]);
  driver.hear(no(500)).do({ on: "tick" });
  assert.deepEqual([asked(driver), currentConversation(driver.state).quotes.has(7)], [[], false]);
  driver.now += 3_000;
  driver.do({ on: "tick" });
  assert.deepEqual(asked(driver), [{ before: 8, after: undefined, limit: 1 }]);
  driver.hear(no(403)).do({ on: "tick" });
  assert.deepEqual([asked(driver), currentConversation(driver.state).quotes.get(7)], [[], null]);
});

Deno.test("model puts no page of older messages before a conversation that was closed and begun anew meanwhile", () => {
  const latest = Array.from({ length: 50 }, (_, at) => msg(at + 100, "bob", "ann"));
  const driver = inside("login").do({ on: "open", key: "bob" }).hear({ response: 202, quantity: 50 }, ...latest);
  driver.do({ on: "loadOlder" }, { on: "close", key: "bob" }).hear(msg(200, "bob", "ann"), EMPTY);
  assert.equal(driver.state.conversations.get("bob")!.isFromStart, false);
});
