// Whatever the server says, and whatever is found in the tab's storage, the page goes on: what can be shown is shown, the rest
// is passed over, and nothing throws.

import assert from "node:assert/strict";
import fc from "fast-check";
import { COMMON_ROOM } from "../../jim/message.ts";
import { read } from "../../jim/client/fields.ts";
import { parseSnapshot, restore, takeSnapshot } from "../../web/snapshot.ts";
import { update } from "../../web/model.ts";
import { currentConversation, type Event, type State } from "../../web/model/state.ts";
import { mentions } from "../../jim/mention.ts";
import { pieces } from "../../web/text.ts";
import { clockOf, dateOf, dayOf, sameDay } from "../../web/formats.ts";
import { lastAnswer, lastObject, newRoster, record, stateOf } from "../../web/class/roster.ts";
import { readTraceEvent } from "../../web/class/trace_event.ts";
import { newInspectorSession } from "../../web/class/inspector_session.ts";
import { browse, cannot } from "./browser.ts";
import { inside, msg, OK } from "./model/model_driver.ts";
import { serveOdd } from "./odd_server.ts";

const NOW = 1_764_000_000_000;
const usual = fc.constantFrom<unknown>(
  ...["msg", "probe", "presence", "online_list", "room_list", "trace", "in", "out", "refused", "here", "gone"],
  ...["#all", "#cats", "#", "", "ann", "bob", "offline", "\ud800", "\u202eevil", "\u0000"],
  ...[100, 200, 201, 202, 400, 401, 403, 409, 0, 1, 2, 50, 500, -1, 0.5, 1e300, -1e300, 2 ** 53, 8.64e12 + 1],
  ...[1764000000123456789, true, false, null, [], {}, { toString: "" }, { account_name: "eve", status: "online" }],
);
const FIELDS = [
  ...["action", "response", "error", "alert", "message", "from", "to", "time", "id", "user", "user_id", "room"],
  ...["member", "quantity", "role", "guest", "guests", "way", "text", "name", "address", "framing", "dialect", "owed"],
  ...["code", "refusals", "missed"],
];
const object = fc.dictionary(
  fc.constantFrom(...FIELDS),
  fc.oneof({ weight: 3, arbitrary: usual }, fc.jsonValue({ maxDepth: 2 })),
);
const doing = fc.constantFrom<Event>(
  { on: "send", text: "hello" },
  { on: "open", key: "#cats" },
  { on: "open", key: "bob" },
  { on: "open", key: COMMON_ROOM },
  { on: "close", key: "#cats" },
  { on: "refreshLists" },
  { on: "loadOlder" },
  { on: "jumpTo", id: 7 },
  { on: "search", text: "x" },
  { on: "contact", name: "bob", add: true },
  { on: "register", password: "correct horse" },
  { on: "endVisible", is: true },
  { on: "idle" },
  { on: "down" },
  { on: "up" },
);

/** What the parts make of a state, without a screen to draw it on. */
function draw(state: State): void {
  for (const { messages, outgoing } of state.conversations.values()) {
    let last = 0;
    for (
      const { from = "ann", text, time } of [...messages, ...outgoing] as {
        from?: string;
        text: string;
        time: number;
      }[]
    ) {
      for (const language of ["en", "ru"] as const) {
        void [clockOf(time, language), dayOf(time, NOW / 1000, language), sameDay(last, time)];
      }
      void [dateOf(time)?.toISOString(), mentions(text, from)];
      assert.equal(pieces(text, state.me!.name).map(({ text }) => text).join(""), text);
      last = time;
    }
  }
  for (const name of [...state.online, ...state.members, ...state.contacts]) {
    assert.equal(typeof name, "string");
    assert.ok(!name.startsWith("#") && name !== "");
  }
}

Deno.test("page bears whatever is in whichever field, of a guest and of an account, at any time", () => {
  const heard = object.map((object): Event => ({ on: "received", object }));
  const all = fc.array(fc.oneof({ weight: 3, arbitrary: heard }, { weight: 1, arbitrary: doing }), { maxLength: 40 });
  for (const method of ["guest", "login"] as const) {
    const started = inside(method).state;
    fc.assert(fc.property(all, (events) => {
      let state = started;
      for (const event of events) {
        if (state.stage === "out") return;
        ({ state } = update(state, event, NOW));
        draw(state);
      }
      assert.ok(parseSnapshot(takeSnapshot(state, undefined) ?? null) !== undefined || state.stage !== "in");
    }));
  }
  fc.assert(fc.property(fc.string(), (frame) => void update(started(), { on: "received", object: read(frame) }, NOW)));
  function started(): State {
    return inside().state;
  }
});

Deno.test("page makes a state of whatever is in the tab's storage, and keeps what makes sense of it", () => {
  const field = fc.constantFrom(
    ...[
      "name",
      "guest",
      "lastSentTime",
      "open",
      "scroll",
      "conversations",
      "key",
      "readTo",
      "draft",
      "outgoing",
      "upTo",
      "messages",
    ],
    ...["text", "time", "state", "why", "after", "from", "id", "later", "offset"],
  );
  const some = fc.letrec<{ value: unknown; fields: object }>((tie) => ({
    value: fc.oneof({ depthSize: "small" }, usual, tie("fields"), fc.array(tie("value"), { maxLength: 3 })),
    fields: fc.dictionary(field, tie("value")),
  }));
  const kept = fc.record({
    name: fc.constant("ann"),
    conversations: fc.array(some.fields),
    open: usual,
    place: some.value,
  });
  fc.assert(fc.property(fc.oneof(some.value, kept), (kept) => {
    const keepsake = parseSnapshot(JSON.stringify(kept) ?? null);
    if (keepsake === undefined) return;
    let state = restore(7, keepsake);
    draw(state);
    for (
      const event of [{ on: "enter", me: state.me! }, { on: "up" }, { on: "received", object: OK }] satisfies Event[]
    ) {
      ({ state } = update(state, event, NOW));
    }
    draw(state);
  }));
  const driver = inside().hear(msg(1, "bob", "ann", "psst")).do({ on: "open", key: "bob" }, {
    on: "send",
    text: "what?",
  });
  const again = restore(7, parseSnapshot(takeSnapshot(driver.state, { id: 1, offset: 3.5, height: 40 })!)!);
  assert.deepEqual(again.conversations.get("bob")?.messages, driver.state.conversations.get("bob")?.messages);
  assert.deepEqual(again.conversations.get("bob")?.outgoing.map(({ text, state }) => [text, state]), [[
    "what?",
    "unknown",
  ]]);
});

Deno.test("page reads on behind a page of the past with rows that make no sense", () => {
  const driver = inside().do({ on: "down" }, { on: "up" }).hear(OK);
  for (const quantity of [0, 0]) driver.hear({ response: 202, quantity });
  driver.done();
  const rows = Array.from(
    { length: 500 },
    (_, at) => at % 2 === 0 ? msg(at + 1, "bob", COMMON_ROOM) : { action: "msg", id: {} },
  );
  driver.hear({ response: 202, quantity: 500 }, ...rows);
  assert.deepEqual(driver.done().map((each) => typeof each === "string" ? each : [each.action, each.after]), [
    ["history", 499],
  ]);
  driver.hear({ response: 202, quantity: 500 }, ...rows); // the same again: it leads no further
  assert.equal(currentConversation(driver.state).live, true);
  assert.equal(currentConversation(driver.state).messages.length, 250);
});

Deno.test("page takes an answer before the end of a list for its end", () => {
  const driver = inside().do({ on: "refreshLists" });
  driver.hear({ response: 202, quantity: 1e15 }, { action: "room_list", room: "#cats", member: false }, OK);
  assert.deepEqual([driver.state.rooms, driver.state.pending.list], [["#cats"], undefined]);
});

/** What the class does of its own accord, of which nothing is looked at here. */
const DEAF = {
  connect() {},
  disconnect() {},
  retry() {},
  send() {},
  started() {},
  unknownObject() {},
  forgetToken() {},
  saveSessionToken() {},
  orderAnswered() {},
  deletionAnswered() {},
  queryAnswered() {},
  bansReceived() {},
  greetingReceived() {},
  greetingRefused() {},
};

Deno.test("class page bears whatever is in whichever field", () => {
  fc.assert(fc.property(fc.array(object), (objects) => {
    const roster = newRoster();
    const step = newInspectorSession({
      ...DEAF,
      traced(fields) {
        const sight = readTraceEvent(fields);
        if (sight !== undefined) record(roster, sight);
      },
    }, () => 1);
    step({ on: "up" });
    for (const each of objects) step({ on: "frame", frame: JSON.stringify({ action: "trace", ...each }) });
    for (const each of objects) step({ on: "frame", frame: JSON.stringify(each) });
    for (const student of roster.students) {
      void [stateOf(student, 1), lastObject(student), lastAnswer(student)];
      for (const { time, text } of student.rows) void [dateOf(time)?.toTimeString(), text.split("\n")];
    }
  }));
  fc.assert(fc.property(fc.string(), (frame) => {
    newInspectorSession({ ...DEAF, traced: () => {} }, () => 1)({ on: "frame", frame });
  }));
});

Deno.test(
  "page draws messages with times that are none, and everything that comes after them",
  { ignore: cannot },
  async () => {
    const times = [1764000000123456789, 1e300, 8.64e12 + 1, -1e300, -5, 0.25, null, "soon", {}, 1764000000];
    const past = times.map((time, at) => ({ ...msg(at + 1, "bob", COMMON_ROOM, `past ${at}`), id: at + 1, time }));
    await using server = serveOdd(past);
    await using browser = await browse();
    const ann = await browser.open(server.url);
    await ann.join("ann");
    await ann.hears(`past ${times.length - 1}`);
    times.forEach((time, at) => server.tell({ ...msg(100 + at, "bob", COMMON_ROOM, `live ${at}`), time }));
    server.tell(msg(2 ** 53, "bob", COMMON_ROOM, "no number"));
    server.tell({
      action: "msg",
      id: 200,
      from: "\u202eevil\ud800\u0000",
      to: COMMON_ROOM,
      message: { toString: "" },
      time: 5,
    });
    server.tell(msg(300, "bob", COMMON_ROOM, "in the end"));
    await ann.hears("in the end");
    const said = await ann.said();
    assert.deepEqual(said.slice(0, 2 * times.length), [
      ...times.map((_, at) => `past ${at}`),
      ...times.map((_, at) => `live ${at}`),
    ]);
    await ann.page.getByRole("button", { name: "Search" }).click();
    await ann.page.getByRole("searchbox").fill("past");
    await ann.page.getByRole("searchbox").press("Enter");
    await ann.page.getByText(`${times.length} messages found`).waitFor();
    await ann.page.reload();
    await ann.hears(`past ${times.length - 1}`);
    assert.deepEqual(ann.wrong, []);
  },
);

Deno.test("page connects again as soon as ever though the clock on the wall jumps", { ignore: cannot }, async () => {
  await using server = serveOdd();
  await using browser = await browse();
  const ann = await browser.open(server.url);
  await ann.join("ann");
  for (const jump of [-3_600_000, 7_200_000]) {
    await ann.page.evaluate((jump) => {
      const now = Date.now;
      Date.now = () => now() + jump;
    }, jump);
    const knocks = () => server.heard.filter(({ action }) => action === "presence").length;
    const before = knocks();
    const trying = ann.page.getByText(/^No connection\. Trying again (now|in 1 s)$/).waitFor();
    server.cut();
    await trying;
    await ann.page.getByText("What you write is sent").waitFor({ state: "detached" });
    assert.equal(knocks(), before + 1);
  }
  assert.deepEqual(ann.wrong, []);
});
