import assert from "node:assert/strict";
import fc from "fast-check";
import { milliseconds } from "../../../jim/client/event.ts";
import { readEvent } from "../../../jim/client/read_event.ts";
import { anyObject, nestedArray } from "../../client/any_object.ts";
import { read as fieldsOf } from "../../../jim/client/fields.ts";

const read = (object: unknown, isJim = false) => readEvent(fieldsOf(JSON.stringify(object)), isJim);

Deno.test("readEvent reads a message in the words of every family", () => {
  const expected = { from: "ann", text: "hello", time: 1795391115770 };
  const time = 1795391115.77;
  for (
    const object of [
      { action: "msg", time, to: "#all", from: "ann", encoding: "utf-8", message: "hello", id: 7 },
      { action: "msg", time, to: "#chat", from: "ann", encoding: "ascii", message: "hello" },
      { action: "message", sender: "ann", time, mess_text: "hello" },
      { action: "message", from: "ann", to: "bob", time, mess_text: "hello" },
      { action: "message", sender: "ann", time, message_text: "hello" },
      { action: "message", account_name: "ann", time: String(time), message_text: "hello" },
    ]
  ) {
    const said = read(object);
    assert.equal(said.kind, "message");
    if (said.kind === "message") {
      assert.deepEqual({ from: said.from, text: said.text, time: milliseconds(said.time) }, expected);
    }
  }
});

Deno.test("readEvent reads whom a message is to and its number, where they are there", () => {
  const more = (fields: object) => {
    const said = read({ action: "msg", from: "ann", message: "", ...fields });
    return said.kind === "message" ? [said.to, said.id] : said;
  };
  assert.deepEqual(more({ to: "#cats", id: 7 }), ["#cats", 7]);
  assert.deepEqual(more({ to: "", id: "7" }), [undefined, undefined]);
  assert.deepEqual(more({ to: ["ann"], id: 0.5 }), [undefined, undefined]);
});

Deno.test("readEvent reads a time back to the millisecond that was written", () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 4e12 }), (time) => {
    const said = read({ action: "msg", message: "", time: time / 1000 });
    return said.kind === "message" && milliseconds(said.time) === time;
  }));
});

Deno.test("readEvent reads the rows of lists, and who enters and leaves the chat", () => {
  assert.deepEqual(read({ action: "online_list", user_id: "ann" }), { kind: "row", name: "ann", member: false });
  assert.deepEqual(read({ action: "contact_list", user_id: "ann" }), { kind: "row", name: "ann", member: false });
  const room = { action: "room_list", room: "#cats", member: true };
  assert.deepEqual(read(room), { kind: "row", name: "#cats", member: true });
  const user = { account_name: "ann", status: "offline" };
  assert.deepEqual(read({ action: "presence", user }), {
    kind: "presence",
    name: "ann",
    status: "offline",
    gone: true,
  });
  for (const odd of [{ action: "room_list" }, { action: "presence" }, { action: "presence", user: null }]) {
    assert.deepEqual(read(odd), { kind: "unknown", action: odd.action, id: undefined, fields: odd });
  }
});

Deno.test("readEvent reads who enters a room and who leaves it", () => {
  const user = { account_name: "ann" }, ann = { kind: "membership", room: "#cats", name: "ann" };
  assert.deepEqual(read({ action: "join", room: "#cats", user, role: "account" }), {
    ...ann,
    entered: true,
    role: "account",
  });
  assert.deepEqual(read({ action: "leave", room: "#cats", user }), { ...ann, entered: false });
  for (const odd of [{ action: "join", room: "#cats" }, { action: "leave", user }, { action: "join", user: null }]) {
    assert.deepEqual(read(odd), { kind: "unknown", action: odd.action, id: undefined, fields: odd });
  }
});

Deno.test("readEvent tells the action and the number of what it does not know", () => {
  const topic = { action: "topic", id: 7, room: "#cats" };
  assert.deepEqual(read(topic), { kind: "unknown", action: "topic", id: 7, fields: topic });
  for (const odd of [{ action: 7, id: -1 }, {}]) {
    assert.deepEqual(read(odd), { kind: "unknown", action: "", id: undefined, fields: odd });
  }
  assert.equal(read([]).kind, "unknown");
});

Deno.test("readEvent reads times as numbers, numeric strings and date-times, and no others", () => {
  const timeOf = (time: unknown) => {
    const said = read({ action: "msg", from: "ann", message: "", time });
    assert.equal(said.kind, "message");
    return said.kind === "message" ? milliseconds(said.time) : undefined;
  };
  assert.equal(timeOf(2), 2000);
  assert.equal(timeOf("2.5"), 2500);
  assert.equal(timeOf("1970-01-01T00:00:03Z"), 3000);
  for (const time of [" 11:47PM", "", null, undefined, 1e300, 1764000000123456789, {}, true]) {
    assert.equal(timeOf(time), undefined);
  }
});

Deno.test("readEvent takes an object without action for an answer, by its code or else by its error", () => {
  const answer = (object: object) => {
    const said = read(object);
    return said.kind === "answer" ? [said.refused, said.words] : said;
  };
  assert.deepEqual(answer({ response: 200, alert: "ok" }), [false, "ok"]);
  assert.deepEqual(answer({ response: "200" }), [false, "200"]);
  assert.deepEqual(answer({ time: 1, alert: "ОК" }), [false, "ОК"]);
  assert.deepEqual(answer({ response: 400, alert: "no", error: "Bad Request" }), [true, "Bad Request"]);
  assert.deepEqual(answer({ response: "409" }), [true, "409"]);
  assert.deepEqual(answer({ error: "what?" }), [true, "what?"]);
  assert.deepEqual(answer({ response: "never" }), [true, "never"]);
  assert.deepEqual(answer({ response: { toString: "" } }), [true, '{"toString":""}']);
  assert.deepEqual(answer({ response: 100, alert: "bye" }), { kind: "notice", words: "bye" });
  const list = read({ response: 202, quantity: 3 });
  assert.equal(list.kind === "answer" && list.quantity, 3);
});

Deno.test("readEvent takes an object without a code for no answer where the server speaks JIM", () => {
  for (const odd of [{ kind: "vote", message: "for" }, { error: "no" }, { response: "200" }]) {
    assert.deepEqual([read(odd).kind, read(odd, true).kind], ["answer", "unknown"]);
  }
  assert.equal(read({ response: 200, action: "vote" }, true).kind, "answer");
});

Deno.test("readEvent knows a server that takes many objects at once", () => {
  const jim = (object: object) => (read(object) as { jim?: boolean }).jim;
  assert.equal(jim({ response: 200, jim: 1 }), true);
  assert.equal(jim({ response: 200 }), false);
  assert.equal(jim({ response: 200, jim: "1" }), false);
});

Deno.test("readEvent knows a probe in Latin and in the handout's Cyrillic letters", () => {
  assert.deepEqual(read({ action: "probe", time: 1 }), { kind: "probe" });
  assert.deepEqual(read({ action: "prоbe", time: 1 }), { kind: "probe" });
});

Deno.test("readEvent throws at nothing", () => {
  fc.assert(fc.property(fc.oneof(fc.json(), fc.string()), (json) => void readEvent(fieldsOf(json))));
  const key = fc.constantFrom("action", "response", "error", "alert", "message", "mess_text", "from", "time");
  const value = fc.oneof(fc.jsonValue(), fc.constantFrom("msg", "message", "probe"));
  fc.assert(fc.property(fc.dictionary(key, value), (object) => void [read(object), read(object, true)]));
  for (const odd of [{ toString: "" }, { toString: {}, valueOf: 1 }, [[]], true]) {
    for (const field of ["response", "time", "id", "quantity", "jim"]) void read({ [field]: odd });
  }
});

Deno.test("readEvent never throws, whatever JSON is in whichever field", () => {
  fc.assert(fc.property(anyObject, fc.boolean(), (object, isJim) => {
    assert.equal(typeof read(object, isJim).kind, "string");
  }));
});

Deno.test("readEvent shows no text that is nested too deeply to be written", () => {
  for (const field of ["response", "error", "alert", "message"]) {
    assert.equal(readEvent(fieldsOf(`{"${field}":${nestedArray()}}`)).kind, "answer");
  }
  assert.equal(readEvent(fieldsOf(`{"action":"msg","from":${nestedArray()},"message":"hi"}`)).kind, "message");
});
