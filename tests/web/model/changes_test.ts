// Edits, deletions and reactions in the model: live, from the history, and its own.

import assert from "node:assert/strict";
import fc from "fast-check";
import { COMMON_ROOM } from "../../../jim/message.ts";
import type { Fields } from "../../../jim/client/fields.ts";
import { type ChatMessage } from "../../../web/conversation.ts";
import { currentConversation } from "../../../web/model/state.ts";
import { EMPTY, inside, ModelDriver, msg, no, OK, page } from "./model_driver.ts";

const change = (id: number, action: string, of: number, more: Fields = {}, from = "bob"): Fields => ({
  ...{ action, to: COMMON_ROOM, from, of, id, time: 1764000000 + id },
  ...more,
});
const messages = ({ state }: ModelDriver): readonly ChatMessage[] => currentConversation(state).messages;
const texts = (model: ModelDriver) => messages(model).map(({ text, isDeleted }) => isDeleted ? "-" : text);
const counts = (model: ModelDriver) => messages(model)[0]!.reactions?.map(({ emoji, count }) => `${emoji}${count}`);

Deno.test("model", async (t) => {
  await t.step("changes a message as others do, each change once", () => {
    const model = inside().hear(msg(1, "bob", COMMON_ROOM, "tea"), msg(2, "bob", COMMON_ROOM));
    const party = change(4, "reaction", 1, { emoji: "🎉", is: true });
    model.hear(change(3, "edit", 1, { message: "coffee" }), party, party);
    assert.deepEqual([texts(model), counts(model), messages(model)[0]!.edited], [["coffee", "2"], ["🎉1"], 1764000003]);
    model.hear(change(5, "reaction", 1, { emoji: "🎉", is: false }), change(6, "delete", 2));
    assert.deepEqual([texts(model), counts(model)], [["coffee", "-"], undefined]);
    model.hear(change(7, "edit", 2, { message: "no" }), change(8, "edit", 99, { message: "no" }));
    assert.deepEqual(texts(model), ["coffee", "-"]);
  });

  await t.step("asks after a break for what was changed, and shows what arrives meanwhile in its order", () => {
    const model = inside().hear(msg(1, "bob", COMMON_ROOM, "tea")).do({ on: "down" }, { on: "up" });
    model.hear(OK, EMPTY, EMPTY).done();
    model.hear(change(6, "edit", 3, { message: "last" }));
    model.hear({ response: 202, quantity: 3 }, change(2, "edit", 1, { message: "coffee" }));
    model.hear(msg(3, "bob", COMMON_ROOM, "first"), change(4, "edit", 3, { message: "second" }));
    assert.deepEqual(texts(model), ["coffee", "last"]);
    const back = inside().hear(msg(1, "bob", COMMON_ROOM)).do({ on: "down" }, { on: "up" }).hear(OK);
    const asked = back.done().filter((each) => typeof each === "object" && each.action === "history") as Fields[];
    assert.deepEqual(asked.map(({ after, events }) => [after, events]), [[1, true]]);
  });

  await t.step("changes an older page that was read before a change", () => {
    const model = new ModelDriver().do({ on: "enter", me: { name: "ann", method: "guest", password: "" } }, {
      on: "up",
    });
    model.hear(OK, EMPTY, EMPTY, ...page(100, 50));
    model.do({ on: "loadOlder" }).hear(change(200, "delete", 60));
    model.hear({ response: 202, quantity: 1 }, msg(60, "bob", COMMON_ROOM, "gone"));
    assert.equal(texts(model)[0], "-");
    assert.deepEqual(model.state.latestChanges, []);
  });

  await t.step("asks for a quoted message that is older than what is loaded, once", () => {
    const model = inside().hear({ ...msg(10, "bob", COMMON_ROOM), reply_to: 3 });
    assert.deepEqual(model.done().map((each) => typeof each === "object" && [each.action, each.before, each.limit]), [
      ["history", 4, 1],
    ]);
    model.hear({ response: 202, quantity: 1 }, msg(3, "ann", COMMON_ROOM, "tea"));
    assert.equal(currentConversation(model.state).quotes.get(3)?.text, "tea");
    model.hear({ ...msg(11, "bob", COMMON_ROOM), reply_to: 4 }).hear(EMPTY, msg(12, "bob", COMMON_ROOM));
    assert.equal(currentConversation(model.state).quotes.get(4), null);
    assert.deepEqual(model.said(), ["history"]);
  });

  await t.step("makes changes of its own when the server has, and says why not", () => {
    const model = inside().hear(msg(1, "ann", COMMON_ROOM, "tea"));
    const edit = { action: "edit", of: 1, text: "coffee", is: true } as const;
    model.do({ on: "startEdit", id: 1 }, { on: "change", change: edit }).hear(no(403, "too old"));
    assert.deepEqual(model.state.change, { ...edit, state: "refused", why: { words: "too old" } });
    assert.deepEqual([texts(model), currentConversation(model.state).editing?.id], [["tea"], 1]);
    model.do({ on: "change", change: edit }).hear({ ...OK, id: 5 });
    assert.deepEqual([texts(model), currentConversation(model.state).editing, model.state.change], [
      ["coffee"],
      undefined,
      undefined,
    ]);
    model.do({ on: "change", change: { ...edit, action: "delete", text: "" } }, { on: "down" });
    assert.deepEqual(model.state.change?.state, "refused");
  });

  await t.step("knows its own reaction among more than are named, when the server has it already", () => {
    const names = Array.from({ length: 10 }, (_, at) => `bob${at}`);
    const model = inside().hear({ ...msg(1, "bob", COMMON_ROOM), reactions: [{ emoji: "🎉", count: 12, names }] });
    const react = { action: "reaction", of: 1, text: "🎉", is: true } as const;
    model.do({ on: "change", change: react }).hear(OK);
    assert.deepEqual([messages(model)[0]!.reactions![0]!.names[0], counts(model)], ["ann", ["🎉12"]]);
    model.do({ on: "change", change: { ...react, is: false } }).hear({ ...OK, id: 2 });
    assert.deepEqual(counts(model), ["🎉11"]);
  });

  await t.step("sends a reply with the id of its message, again after a break", () => {
    const model = inside().hear(msg(1, "bob", COMMON_ROOM)).do({ on: "replyTo", id: 1 }, { on: "send", text: "yes" });
    const sent = () => model.done().filter((each) => typeof each === "object" && each.action === "msg") as Fields[];
    assert.deepEqual(sent().map((each) => each.reply_to), [1]);
    assert.equal(currentConversation(model.state).replyTo, undefined);
    model.do({ on: "down" }, { on: "up" }).hear(OK, EMPTY, EMPTY, EMPTY);
    assert.deepEqual(sent().map((each) => each.reply_to), [1]);
    model.hear({ ...OK, id: 2 });
    assert.deepEqual(messages(model).map(({ replyTo }) => replyTo), [undefined, 1]);
  });
});

/** What another person does: writes, or does something with an earlier message. */
interface Deed {
  readonly action: "msg" | "edit" | "delete" | "reaction";
  /** Which of the earlier messages it is about. */
  readonly about: number;
  readonly who: string;
  readonly text: string;
  readonly is: boolean;
}

const deeds = fc.array(
  fc.record<Deed>({
    action: fc.constantFrom("msg", "msg", "edit", "delete", "reaction", "reaction", "reaction"),
    about: fc.nat(9),
    who: fc.constantFrom("bob", "eve", "zoe"),
    text: fc.constantFrom("🎉", "👍"),
    is: fc.boolean(),
  }),
  { minLength: 1, maxLength: 40 },
);

/** The deeds as a server sends them; of those that change nothing it sends nothing. */
function logOf(all: readonly Deed[]): { readonly log: readonly Fields[]; readonly expected: readonly string[] } {
  const log: Fields[] = [], now = new Map<number, { text: string; isGone: boolean; reactions: Set<string> }>();
  for (const { action, about, who, text, is } of all) {
    const id = log.length + 1, ids = [...now.keys()], of = ids[about % ids.length];
    if (action === "msg" || of === undefined) {
      log.push(msg(id, who, COMMON_ROOM, `said ${id}`));
      now.set(id, { text: `said ${id}`, isGone: false, reactions: new Set() });
      continue;
    }
    const message = now.get(of)!, reaction = `${text} ${who}`;
    if (message.isGone || (action === "reaction" && message.reactions.has(reaction) === is)) continue;
    if (action === "edit") message.text = `edited ${id}`;
    else if (action === "delete") now.set(of, { text: "", isGone: true, reactions: new Set() });
    else if (is) message.reactions.add(reaction);
    else message.reactions.delete(reaction);
    log.push(change(id, action, of, action === "edit" ? { message: `edited ${id}` } : { emoji: text, is }, who));
  }
  const shown = [...now].map(([id, { text, isGone, reactions }]) => shownOf(id, text, isGone, [...reactions]));
  return { log, expected: shown };
}

function shownOf(id: number, text: string, isGone: boolean, reactions: readonly string[]): string {
  return JSON.stringify([id, text, isGone, reactions.toSorted()]);
}

Deno.test("model shows messages as they are after all changes, whenever the connection breaks", () => {
  fc.assert(fc.property(deeds, fc.array(fc.tuple(fc.nat(40), fc.nat(5)), { maxLength: 4 }), (all, breaks) => {
    const { log, expected } = logOf(all), model = inside();
    /** What the server sends by itself, and where its log has come to. */
    let at = 0;
    const relay = (count: number) => {
      for (const object of log.slice(at, at + count)) model.hear(object);
      at = Math.min(log.length, at + count);
    };
    for (const [live, missed] of breaks) {
      relay(live);
      model.do({ on: "down" });
      at = Math.min(log.length, at + missed); // nobody has told the page
      model.do({ on: "up" }).hear(OK, EMPTY, EMPTY);
      const [asked] = model.done().filter((each) => typeof each === "object" && each.action === "history") as Fields[];
      // The page is read when the request arrives; what is done before its answer has arrived comes first.
      const rows = log.slice(0, at).filter(({ id }) => Number(id) > Number(asked!.after));
      relay(missed);
      model.hear({ response: 202, quantity: rows.length }, ...rows);
    }
    relay(log.length);
    const shown = messages(model).map(({ id, text, isDeleted = false, reactions = [] }) => {
      assert.ok(reactions.every(({ count, names }) => count === names.length));
      return shownOf(
        id!,
        text,
        isDeleted,
        reactions.flatMap(({ emoji, names }) => names.map((name) => `${emoji} ${name}`)),
      );
    });
    assert.deepEqual(shown, expected);
  }));
});

Deno.test("model keeps neither the file of a deleted message nor what it answers, as the history has it", () => {
  const file = { name: "cat.png", size: 1, type: "image/png", sha256: "1", key: "1" };
  const model = inside().hear(msg(1, "bob", COMMON_ROOM), { ...msg(2, "bob", COMMON_ROOM), reply_to: 1, file });
  model.hear(change(3, "delete", 2, {}));
  const { from, text, file: left, replyTo, isDeleted } = messages(model)[1]!;
  assert.deepEqual([from, text, left, replyTo, isDeleted], ["bob", "", undefined, undefined, true]);
});

Deno.test("model does not undo a later edit by one that it was told before a break", () => {
  const driver = new ModelDriver().do({ on: "enter", me: { name: "ann", method: "guest", password: "" } }, {
    on: "up",
  });
  driver.hear(OK, EMPTY, EMPTY, msg(1, "bob", COMMON_ROOM), change(2, "edit", 1, { message: "one" }));
  driver.do({ on: "down" }, { on: "up" }).hear(OK, EMPTY, EMPTY);
  driver.hear({ response: 202, quantity: 1 }, { ...msg(1, "bob", COMMON_ROOM, "two"), edited: 3 });
  assert.deepEqual(texts(driver), ["two"]);
});

Deno.test("model changes a message that was loaded for a jump and waits for those behind it", () => {
  const driver = inside().hear(msg(9, "bob", COMMON_ROOM)).do({ on: "jumpTo", id: 5 });
  driver.hear(
    { response: 202, quantity: 1 },
    msg(5, "bob", COMMON_ROOM),
    change(10, "edit", 5, { message: "tea" }),
    EMPTY,
  );
  assert.equal(currentConversation(driver.state).oldSegment?.messages[0]?.text ?? texts(driver)[0], "tea");
});

Deno.test("model changes what a search has found while the first page of the conversation is on its way", () => {
  const driver = new ModelDriver().do({ on: "enter", me: { name: "ann", method: "guest", password: "" } }, {
    on: "up",
  });
  driver.hear(OK).do({ on: "search", text: "tee" }).hear(EMPTY, EMPTY, msg(1, "bob", COMMON_ROOM, "tee"));
  const found = driver.state.pending.asked.findIndex(({ ask }) => ask === "search");
  assert.equal(found, 1); // behind the first page
  driver.hear(change(2, "edit", 1, { message: "tea" }), msg(3, "bob", COMMON_ROOM));
  const rows = [{ ...msg(1, "bob", COMMON_ROOM, "tea"), edited: 2 }, msg(3, "bob", COMMON_ROOM)];
  driver.hear({ response: 202, quantity: 2 }, ...rows).hear(
    { response: 202, quantity: 1 },
    msg(1, "bob", COMMON_ROOM, "tee"),
  );
  assert.deepEqual([texts(driver), driver.state.search?.rows?.map(({ text }) => text)], [["tea", "3"], ["tea"]]);
});
