// What is unread, as the server counts it for an account: on this device and on others.

import assert from "node:assert/strict";
import { COMMON_ROOM } from "../../../jim/message.ts";
import { update } from "../../../web/model.ts";
import { currentConversation, type Event, type State } from "../../../web/model/state.ts";
import { EMPTY, inside, ModelDriver, msg, no, OK, page } from "./model_driver.ts";

const count = (place: object, read: number, unread: number, last: number, mentions = 0) => ({
  action: "unread_list",
  ...place,
  read,
  unread,
  mentions,
  last,
});
const seen: Event = { on: "endVisible", is: true }, unseen: Event = { on: "endVisible", is: false };
const mark = (id: number, to = COMMON_ROOM) => ({ action: "read", time: 1, to, id });

/** An account that comes in: what the server has counted, and the latest page of #all. */
function account(counts: readonly object[], past: readonly object[], ...before: Event[]): ModelDriver {
  const driver = new ModelDriver().do(...before, { on: "enter", me: { name: "ann", method: "login", password: "x" } }, {
    on: "up",
  });
  driver.hear(OK, OK, EMPTY, EMPTY, EMPTY, EMPTY); // login, presence, that it is an account, rooms, people, contacts
  driver.hear({ response: 202, quantity: counts.length }, ...counts as Record<string, unknown>[]);
  driver.hear({ response: 202, quantity: past.length }, ...past as Record<string, unknown>[]);
  return driver;
}

const state = ({ state }: ModelDriver, key = COMMON_ROOM) => {
  const { unread, mentions, readTo, unreadMarker } = state.conversations.get(key)!;
  return { unread, mentions, readTo, unreadMarker };
};
const past = [1, 2, 3, 4].map((id) => msg(id, "bob", COMMON_ROOM));

Deno.test("model counts as the server does, shows where the unread ones begin, and tells what is read", () => {
  const driver = account([count({ room: COMMON_ROOM }, 2, 7, 4, 1)], past, unseen);
  assert.deepEqual(state(driver), { unread: 7, mentions: 1, readTo: 2, unreadMarker: 2 });
  driver.hear(msg(5, "bob", COMMON_ROOM, "Ann!"));
  assert.deepEqual(state(driver), { unread: 8, mentions: 2, readTo: 2, unreadMarker: 2 });
  driver.done();
  driver.do(seen);
  assert.deepEqual(state(driver), { unread: 0, mentions: 0, readTo: 5, unreadMarker: 2 });
  assert.deepEqual(driver.done(), [{ action: "read", to: COMMON_ROOM, id: 5, time: 1_764_000_000 }]);
  driver.hear(OK, msg(6, "bob", COMMON_ROOM));
  assert.deepEqual(driver.done(), [], "marks are sent once in three seconds");
});

Deno.test("model sends the marks that have gathered when three seconds are over", () => {
  let { state } = account([count({ room: COMMON_ROOM }, 4, 0, 4)], past);
  const sent: unknown[] = [];
  const at = (now: number, event: Event) => {
    const { state: next, effects } = update(state, event, now);
    state = next;
    sent.push(...effects.map((effect) => effect.do === "send" ? [effect.object.action, effect.object.id] : effect.do));
  };
  at(10_000, { on: "received", object: msg(5, "bob", COMMON_ROOM) });
  at(11_000, { on: "received", object: msg(6, "bob", COMMON_ROOM) });
  at(12_999, { on: "tick" });
  assert.deepEqual(sent, [["read", 5]]);
  at(13_000, { on: "tick" });
  assert.deepEqual(sent, [["read", 5], ["read", 6]]);
});

Deno.test("model shows no more as unread what is read on another device", () => {
  const driver = account([count({ room: COMMON_ROOM }, 2, 2, 4)], past, unseen);
  driver.hear(mark(3));
  assert.deepEqual(state(driver), { unread: 1, mentions: 0, readTo: 3, unreadMarker: 2 });
  driver.hear(mark(4), mark(1));
  assert.deepEqual(state(driver), { unread: 0, mentions: 0, readTo: 4, unreadMarker: 2 });
  driver.hear(msg(5, "bob", COMMON_ROOM));
  assert.equal(state(driver).unread, 1);
  assert.deepEqual([driver.state.skipped, driver.said().includes("read")], [0, false]);
});

Deno.test("model opens private conversations that are unread, and no others", () => {
  const driver = account([
    count({ room: COMMON_ROOM }, 4, 0, 4),
    count({ user_id: "bob" }, 3, 2, 9),
    count({ user_id: "eve" }, 3, 0, 3),
  ], past);
  assert.deepEqual([...driver.state.conversations.keys()], [COMMON_ROOM, "bob"]);
  assert.deepEqual(state(driver, "bob"), { unread: 2, mentions: 2, readTo: 3, unreadMarker: undefined });
  driver.hear({ response: 202, quantity: 2 }, msg(8, "bob", "ann"), msg(9, "bob", "ann"));
  assert.equal(state(driver, "bob").unread, 2, "they are counted already");
  driver.do({ on: "open", key: "bob" });
  assert.equal(state(driver, "bob").unreadMarker, 3);
});

Deno.test("model counts in a new conversation as the server does, whenever its message comes", () => {
  const inBob = (read: number, unread: number, last: number) => count({ user_id: "bob" }, read, unread, last);
  const cases: [name: string, before: object[], ready: object[], row: object & { unread: number }, unread: number][] = [
    ["sent again before the login is complete", [msg(9, "bob", "ann")], [], inBob(3, 2, 9), 2],
    ["behind it, and before the counts", [], [msg(9, "bob", "ann")], inBob(3, 2, 9), 2],
    ["both", [msg(8, "bob", "ann")], [msg(9, "bob", "ann")], inBob(3, 3, 9), 3],
    ["behind the last one that is counted", [msg(9, "bob", "ann")], [msg(10, "bob", "ann")], inBob(3, 2, 9), 3],
    ["in no list", [msg(9, "bob", "ann")], [], count({ user_id: "eve" }, 1, 1, 2), 1],
  ];
  for (const [name, before, ready, row, unread] of cases) {
    const counted = row.unread,
      driver = new ModelDriver().do({ on: "enter", me: { name: "ann", method: "login", password: "x" } }, {
        on: "up",
      });
    const shown = () => driver.state.conversations.get("bob")?.unread ?? 0;
    const hear = (...objects: object[]) => {
      for (const each of objects as Record<string, unknown>[]) {
        driver.hear(each);
        assert.ok(shown() === 0 || shown() >= counted, `${name}: ${shown()} is shown before the server's ${counted}`);
      }
    };
    hear(OK, OK, ...before, EMPTY, ...ready, EMPTY, EMPTY, EMPTY); // login, presence, that it is an account, the lists
    hear({ response: 202, quantity: 1 }, row, EMPTY, EMPTY, EMPTY); // and what was missed
    assert.deepEqual([shown(), driver.state.conversations.get("bob")!.mentions], [unread, unread], name);
    driver.do({ on: "open", key: "bob" });
    assert.equal(state(driver, "bob").unreadMarker, name === "in no list" ? 8 : 3, name);
  }
});

Deno.test("model of an older server counts what has come since the login", () => {
  const driver = new ModelDriver().do({ on: "enter", me: { name: "ann", method: "login", password: "x" } }, {
    on: "up",
  });
  driver.hear(OK, OK, msg(9, "bob", "ann"), EMPTY, msg(10, "bob", "ann"), EMPTY, EMPTY, EMPTY, no(400), EMPTY, EMPTY);
  assert.equal(state(driver, "bob").unread, 2);
});

Deno.test("model of an older server begins with the first message it has of a new conversation, also if the server stops meanwhile", () => {
  const driver = new ModelDriver().do({ on: "enter", me: { name: "ann", method: "login", password: "x" } }, {
    on: "up",
  });
  driver.hear({ ...OK, token: "secret" }, OK, { response: 100, alert: "the others go on", move: true });
  driver.hear(msg(9, "bob", "ann"), EMPTY, EMPTY, EMPTY, no(400), EMPTY); // and the lists
  driver.do({ on: "down" }, { on: "up" }).hear(OK, OK, EMPTY, EMPTY, EMPTY, no(400), EMPTY);
  driver.hear({ response: 202, quantity: 1 }, msg(9, "bob", "ann"));
  assert.deepEqual([state(driver, "bob").unread, state(driver, "bob").readTo], [1, 8]);
});

Deno.test("model of an older server keeps its count over a failure of the connection, also of messages that are not loaded any more", () => {
  const driver = inside("login").do(unseen).hear(msg(1, "bob", COMMON_ROOM));
  driver.do({ on: "down" }, { on: "up" }).hear(OK, OK, EMPTY, EMPTY, EMPTY, EMPTY, no(400));
  for (const from of [2, 502, 1_002, 1_502]) driver.hear(...page(from, 500)); // more than it keeps: then the latest page
  driver.hear(...page(2_452, 50));
  assert.deepEqual([state(driver).unread, currentConversation(driver.state).messages.length], [2_051, 50]);
  driver.do({ on: "down" }, { on: "up" }).hear(OK, OK, EMPTY, EMPTY, EMPTY, EMPTY, no(400), EMPTY);
  assert.equal(state(driver).unread, 2_051);
});

Deno.test("model that has read further than the server knows keeps its count of what is not loaded any more", () => {
  const driver = account([count({ room: COMMON_ROOM }, 4, 0, 4)], past, unseen);
  driver.hear(msg(5, "bob", COMMON_ROOM)).do(seen, unseen, { on: "down" }, { on: "up" });
  driver.hear(OK, OK, EMPTY, EMPTY, EMPTY, EMPTY, EMPTY); // and no counts
  for (const from of [6, 506, 1_006, 1_506]) driver.hear(...page(from, 500));
  driver.hear(...page(2_456, 50));
  driver.do({ on: "down" }, { on: "up" }).hear(OK, OK, EMPTY, EMPTY, EMPTY, EMPTY);
  driver.hear({ response: 202, quantity: 1 }, count({ room: COMMON_ROOM }, 4, 2_001, 2_505)).hear(EMPTY);
  assert.deepEqual([state(driver).unread, state(driver).readTo], [2_050, 5]);
});

Deno.test("model that has seen a part without a connection counts once what it has not", () => {
  const driver = new ModelDriver().do({ on: "enter", me: { name: "ann", method: "login", password: "x" } }, {
    on: "up",
  });
  const counted = [{ response: 202, quantity: 1 }, count({ user_id: "bob" }, 0, 1, 9)];
  driver.hear(OK, msg(9, "bob", "ann"), OK, EMPTY, EMPTY, EMPTY, EMPTY, ...counted);
  driver.do({ on: "down" }, { on: "open", key: "bob" }, seen, { on: "open", key: COMMON_ROOM }, { on: "up" });
  driver.hear(OK, OK, EMPTY, EMPTY, EMPTY, EMPTY, ...counted, EMPTY);
  driver.hear({ response: 202, quantity: 1 }, msg(9, "bob", "ann"));
  assert.deepEqual([state(driver, "bob").unread, state(driver, "bob").readTo], [1, 8]);
});

Deno.test("model counts the latest page behind more pages than it reads, and nothing of it twice", () => {
  const ofBob = (from: number, count: number) => [
    { response: 202, quantity: count },
    ...Array.from({ length: count }, (_, at) => msg(from + at, "bob", "ann")),
  ];
  for (const [newest, read] of [[2_100, 2_070], [2_020, 1_990]] as const) {
    const driver = account([], past);
    for (let id = 11; id <= 10 + newest; id++) driver.hear(msg(id, "bob", "ann"));
    driver.hear(mark(10 + read, "bob")); // on another device, before it is loaded here
    driver.hear(EMPTY); // it has asked for the counts, which an older server does not have
    for (const from of [11, 511, 1_011, 1_511]) driver.hear(...ofBob(from, 500));
    driver.hear(...ofBob(10 + newest - 49, 50));
    assert.deepEqual([state(driver, "bob").unread, state(driver, "bob").readTo], [30, 10 + read]);
  }
});

Deno.test("model counts what comes between the server's counts and the first page", () => {
  const driver = account([count({ room: COMMON_ROOM }, 2, 2, 4)], [...past, msg(5, "bob", COMMON_ROOM)], unseen);
  assert.deepEqual(state(driver), { unread: 3, mentions: 0, readTo: 2, unreadMarker: 2 });
  const held = new ModelDriver().do({ on: "enter", me: { name: "ann", method: "login", password: "x" } }, { on: "up" });
  held.do(unseen).hear(OK, OK, EMPTY, EMPTY, EMPTY, EMPTY);
  held.hear({ response: 202, quantity: 1 }, count({ room: COMMON_ROOM }, 0, 0, 0));
  for (let id = 1; id <= 60; id++) held.hear(msg(id, "bob", COMMON_ROOM));
  held.hear(...page(11, 50));
  assert.equal(state(held).unread, 60, "the page begins behind the first");
});

Deno.test("model keeps the count of a conversation that is opened and left before its messages are loaded", () => {
  const driver = account([count({ user_id: "bob" }, 3, 2, 9)], past);
  driver.do({ on: "open", key: "bob" }, seen, { on: "open", key: COMMON_ROOM });
  driver.hear(...[{ response: 202, quantity: 2 }, msg(8, "bob", "ann"), msg(9, "bob", "ann")]);
  assert.deepEqual([state(driver, "bob").unread, state(driver, "bob").readTo], [2, 3]);

  driver.do({ on: "down" }, { on: "up" }).hear(OK, OK, EMPTY, EMPTY, EMPTY, EMPTY);
  driver.hear({ response: 202, quantity: 1 }, count({ user_id: "bob" }, 3, 2, 9), EMPTY);
  assert.equal(state(driver, "bob").unread, 2);

  const old = account([count({ room: COMMON_ROOM }, 4, 0, 4)], past);
  old.do(unseen, { on: "down" }, { on: "up" }).hear(OK, OK, EMPTY, EMPTY, EMPTY, EMPTY);
  old.hear({ response: 202, quantity: 1 }, count({ room: COMMON_ROOM }, 4, 2, 6)).do(seen, unseen);
  old.hear({ response: 202, quantity: 2 }, msg(5, "bob", COMMON_ROOM), msg(6, "bob", COMMON_ROOM));
  assert.deepEqual([state(old).unread, state(old).readTo], [2, 4], "what is loaded was seen, not what is missing");
});

Deno.test("model asks the server how much is left where another device has read into what is not loaded", () => {
  const driver = account([count({ room: COMMON_ROOM }, 2, 300, 302)], page(253, 50).slice(1), unseen);
  driver.done();
  driver.hear(mark(260));
  assert.deepEqual([state(driver).unread, driver.said()], [42, []], "all of it is loaded");
  const other = account([count({ room: COMMON_ROOM }, 2, 300, 302)], page(253, 50).slice(1), unseen);
  other.done();
  other.hear(mark(102));
  assert.deepEqual(other.said(), ["unread"]);
  other.hear({ response: 202, quantity: 1 }, count({ room: COMMON_ROOM }, 102, 200, 302));
  assert.equal(state(other).unread, 200);
});

Deno.test("model that has read further without a connection tells the server when it is back", () => {
  const driver = account([count({ room: COMMON_ROOM }, 2, 2, 4)], past);
  assert.deepEqual(state(driver).readTo, 4);
  driver.do({ on: "down" }, { on: "up" }).hear(OK, OK, EMPTY, EMPTY, EMPTY, EMPTY);
  driver.done();
  driver.hear({ response: 202, quantity: 1 }, count({ room: COMMON_ROOM }, 2, 2, 4)).hear(EMPTY);
  assert.deepEqual(state(driver), { unread: 0, mentions: 0, readTo: 4, unreadMarker: 2 });
  driver.state = { ...driver.state, marksAfter: 0 };
  assert.deepEqual(driver.do(seen).done().at(-1), { action: "read", to: COMMON_ROOM, id: 4, time: 1_764_000_000 });
});

Deno.test("model of a guest, or with an older server, counts alone and tells nothing", () => {
  for (const driver of [inside(), inside("login")]) {
    driver.do(unseen).hear(msg(5, "bob", COMMON_ROOM));
    assert.equal(state(driver).unread, 1);
    assert.deepEqual(driver.do(seen).said(), []);
  }
});

Deno.test("model shows who is writing until the message comes, or for six seconds, and nobody that is ignored", () => {
  const driver = inside().do({ on: "ignore", name: "eve", is: true });
  const writes = (from: string, more: object = {}) => ({ action: "typing", time: 1, to: COMMON_ROOM, from, ...more });
  const names = (key = COMMON_ROOM) => [...driver.state.writers.get(key)?.keys() ?? []];
  driver.hear(writes("bob"), writes("eve"), writes("ann"), writes("zoe", { to: "ann" }));
  assert.deepEqual([names(), names("zoe")], [["bob"], ["zoe"]]);
  driver.hear(msg(7, "bob", COMMON_ROOM), writes("zoe", { to: "ann", is: false }));
  assert.deepEqual([names(), names("zoe")], [[], []]);
  driver.hear(writes("bob"));
  driver.state = update(driver.state, { on: "tick" }, 1_764_000_005_999).state;
  assert.deepEqual(names(), ["bob"]);
  driver.state = update(driver.state, { on: "tick" }, 1_764_000_006_000).state;
  assert.deepEqual(names(), []);
});

Deno.test("model tells that the user writes, once in three seconds, and not again to an older server", () => {
  const driver = inside(), type = (text: string) => driver.do({ on: "draft", text }).done();
  const told = { action: "typing", to: COMMON_ROOM, time: 1_764_000_000 };
  assert.deepEqual([type("h"), type("he"), type(""), type(""), type("x")], [
    [told],
    [],
    [{ ...told, is: false }],
    [],
    [told],
  ]);
  driver.do({ on: "send", text: "x" }).done();
  assert.deepEqual(type("y"), [told]);
  driver.hear(no(400), OK, OK, OK, OK);
  driver.state = { ...driver.state, told: undefined };
  assert.deepEqual(type("z"), []);
  assert.equal(driver.state.notice, undefined);
});

Deno.test("model has what people say of themselves from lists and notices, and its own when it is taken", () => {
  const driver = inside("login"), of = (name: string) => driver.state.statuses.get(name);
  const notice = { action: "status", time: 1, user_id: "bob", role: "account" };
  driver.hear({ ...notice, away: true, status: "at lunch" });
  assert.deepEqual(of("bob"), { away: true, emoji: "", text: "at lunch" });
  driver.do({ on: "refreshLists" }).hear(EMPTY, { response: 202, quantity: 2 }, {
    action: "online_list",
    user_id: "bob",
  }, {
    action: "online_list",
    user_id: "eve",
    emoji: "\u{1F35D}",
  });
  assert.deepEqual([of("bob"), of("eve")], [undefined, { away: false, emoji: "\u{1F35D}", text: "" }]);
  driver.done();
  const status = { away: true, emoji: "", text: "back soon" };
  assert.deepEqual(driver.do({ on: "status", status }).done(), [
    { action: "status", away: true, status: "back soon", time: 1_764_000_000 },
  ]);
  assert.equal(of("ann"), undefined);
  driver.hear(OK);
  assert.deepEqual(of("ann"), status);
  driver.do({ on: "status", status: { away: false, emoji: "", text: "" } }).hear(no(403, "muted"));
  assert.deepEqual([of("ann"), driver.state.notice], [status, { words: "muted" }]);
  const { key }: { key: string } = currentConversation(driver.state satisfies State);
  assert.equal(key, COMMON_ROOM);
});
