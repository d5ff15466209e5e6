import assert from "node:assert/strict";
import fc from "fast-check";
import { heard } from "../../client/heard.ts";

const read = (object: unknown) => heard(JSON.stringify(object));

Deno.test("heard reads a message in the words of every family", () => {
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
    assert.equal(said.what, "message");
    if (said.what === "message") assert.deepEqual({ from: said.from, text: said.text, time: said.time }, expected);
  }
});

Deno.test("heard reads whom a message is to and its number, where they are there", () => {
  const more = (fields: object) => {
    const said = read({ action: "msg", from: "ann", message: "", ...fields });
    return said.what === "message" ? [said.to, said.id] : said;
  };
  assert.deepEqual(more({ to: "#cats", id: 7 }), ["#cats", 7]);
  assert.deepEqual(more({ to: "", id: "7" }), [undefined, undefined]);
  assert.deepEqual(more({ to: ["ann"], id: 0.5 }), [undefined, undefined]);
});

Deno.test("heard reads a time back to the millisecond that was written", () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 4e12 }), (time) => {
    const said = read({ action: "msg", message: "", time: time / 1000 });
    return said.what === "message" && said.time === time;
  }));
});

Deno.test("heard reads the rows of lists, and who comes and goes", () => {
  assert.deepEqual(read({ action: "online_list", user_id: "ann" }), { what: "listed", name: "ann", member: false });
  assert.deepEqual(read({ action: "contact_list", user_id: "ann" }), { what: "listed", name: "ann", member: false });
  const room = { action: "room_list", room: "#cats", member: true };
  assert.deepEqual(read(room), { what: "listed", name: "#cats", member: true });
  const user = { account_name: "ann", status: "offline" };
  assert.deepEqual(read({ action: "presence", user }), { what: "status", name: "ann", status: "offline" });
  for (const odd of [{ action: "room_list" }, { action: "presence" }, { action: "presence", user: null }]) {
    assert.deepEqual(read(odd), { what: "unknown", action: odd.action, id: undefined });
  }
});

Deno.test("heard reads who enters a room and who leaves it", () => {
  const user = { account_name: "ann" }, ann = { what: "member", room: "#cats", name: "ann" };
  assert.deepEqual(read({ action: "join", room: "#cats", user, role: "account" }), {
    ...ann,
    entered: true,
    role: "account",
  });
  assert.deepEqual(read({ action: "leave", room: "#cats", user }), { ...ann, entered: false });
  for (const odd of [{ action: "join", room: "#cats" }, { action: "leave", user }, { action: "join", user: null }]) {
    assert.deepEqual(read(odd), { what: "unknown", action: odd.action, id: undefined });
  }
});

Deno.test("heard tells the action and the number of what it does not know", () => {
  assert.deepEqual(read({ action: "topic", id: 7, room: "#cats" }), { what: "unknown", action: "topic", id: 7 });
  assert.deepEqual(read({ action: 7, id: -1 }), { what: "unknown", action: "", id: undefined });
  assert.deepEqual(read([]), { what: "unknown", action: "", id: undefined });
});

Deno.test("heard reads times as numbers, numeric strings and date-times, and no others", () => {
  const timeOf = (time: unknown) => {
    const said = read({ action: "msg", from: "ann", message: "", time });
    assert.equal(said.what, "message");
    return said.what === "message" ? said.time : undefined;
  };
  assert.equal(timeOf(2), 2000);
  assert.equal(timeOf("2.5"), 2500);
  assert.equal(timeOf("1970-01-01T00:00:03Z"), 3000);
  for (const time of [" 11:47PM", "", null, undefined, 1e300, 1764000000123456789, {}, true]) {
    assert.equal(timeOf(time), undefined);
  }
});

Deno.test("heard takes an object without action for an answer, by its code or else by its error", () => {
  const answer = (object: object) => {
    const said = read(object);
    return said.what === "answer" ? [said.refused, said.words] : said;
  };
  assert.deepEqual(answer({ response: 200, alert: "ok" }), [false, "ok"]);
  assert.deepEqual(answer({ response: "200" }), [false, "200"]);
  assert.deepEqual(answer({ time: 1, alert: "ОК" }), [false, "ОК"]);
  assert.deepEqual(answer({ response: 400, alert: "no", error: "Bad Request" }), [true, "Bad Request"]);
  assert.deepEqual(answer({ response: "409" }), [true, "409"]);
  assert.deepEqual(answer({ error: "what?" }), [true, "what?"]);
  assert.deepEqual(answer({ response: "never" }), [true, "never"]);
  assert.deepEqual(answer({ response: { toString: "" } }), [true, '{"toString":""}']);
  assert.deepEqual(answer({ response: 100, alert: "bye" }), { what: "notice", words: "bye" });
  const list = read({ response: 202, quantity: 3 });
  assert.equal(list.what === "answer" && list.quantity, 3);
});

Deno.test("heard knows a server that takes many objects at once", () => {
  const jim = (object: object) => (read(object) as { jim?: boolean }).jim;
  assert.equal(jim({ response: 200, jim: 1 }), true);
  assert.equal(jim({ response: 200 }), false);
  assert.equal(jim({ response: 200, jim: "1" }), false);
});

Deno.test("heard knows a probe in Latin and in the handout's Cyrillic letters", () => {
  assert.deepEqual(read({ action: "probe", time: 1 }), { what: "probe" });
  assert.deepEqual(read({ action: "prоbe", time: 1 }), { what: "probe" });
});

Deno.test("heard throws at nothing", () => {
  fc.assert(fc.property(fc.oneof(fc.json(), fc.string()), (json) => void heard(json)));
  const key = fc.constantFrom("action", "response", "error", "alert", "message", "mess_text", "from", "time");
  const value = fc.oneof(fc.jsonValue(), fc.constantFrom("msg", "message", "probe"));
  fc.assert(fc.property(fc.dictionary(key, value), (object) => void read(object)));
  for (const odd of [{ toString: "" }, { toString: {}, valueOf: 1 }, [[]], true]) {
    for (const field of ["response", "time", "id", "quantity", "jim"]) void read({ [field]: odd });
  }
});
