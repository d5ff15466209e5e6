// Which word was meant: slips, other chats' words, and words that mean nothing here.

import assert from "node:assert/strict";
import fc from "fast-check";
import { findFieldTypo, findMisnamedField, suggestAction } from "../../jim/suggest.ts";
import { distance } from "../../jim/nearest.ts";
import { may } from "../may.ts";

const actions: [sent: string, meant: string | undefined][] = [
  ["MSG", "msg"],
  ["Msg ", "msg"],
  ["mgs", "msg"],
  ["massage", "msg"],
  ["mesage", "msg"],
  ["prescence", "presence"],
  ["PRESENCE", "presence"],
  ["autenticate", "authenticate"],
  ["login", "authenticate"],
  ["who-online", "who_online"],
  ["whoOnline", "who_online"],
  ["getContacts", "get_contacts"],
  ["log_out", "logout"],
  ["jion", "join"],
  ["kik", "kick"],
  ["sing", undefined],
  ["dance", undefined],
  ["", undefined],
  ["__proto__", undefined],
  ["toString", undefined],
  ["constructor", undefined],
];

Deno.test("suggestAction finds the action behind a slip or another chat's word, and none behind others", () => {
  for (const [sent, meant] of actions) assert.equal(suggestAction(sent), meant, sent);
});

Deno.test("sentInstead finds the field that stands for a missing one", () => {
  assert.equal(findMisnamedField({ action: "msg", mesage: "hello" }, "message"), "mesage");
  assert.equal(findMisnamedField({ Action: "msg" }, "action"), "Action");
  for (const slip of ["acton", "tpye", "typ", "comand", "cmd", "act", "event"]) {
    assert.equal(findMisnamedField({ [slip]: "msg", message: "hello" }, "action"), slip);
  }
  for (const other of ["message", "text", "status"]) {
    assert.equal(findMisnamedField({ [other]: "quit" }, "action"), undefined, other);
  }
  assert.equal(findMisnamedField({ user: { usernmae: "ann" } }, "user.account_name"), "usernmae");
  assert.equal(findMisnamedField({ data: "hello" }, "time"), undefined, "another word than date");
  assert.equal(findMisnamedField({ user: { username: "ann" } }, "user.account_name"), "username");
  assert.equal(findMisnamedField({ action: "msg", to: "#all" }, "message"), undefined);
  assert.equal(findMisnamedField({ user: 7 }, "user.account_name"), undefined);
  assert.equal(findMisnamedField(JSON.parse('{"__proto__":1}'), "message"), undefined);
});

Deno.test("distance is a distance, and a swap of neighbours is one step", () => {
  const word = fc.string({ maxLength: 8, unit: fc.constantFrom(..."abc") });
  fc.assert(fc.property(word, word, (one, other) => {
    assert.equal(distance(one, other), distance(other, one));
    assert.equal(distance(one, other) === 0, one === other);
    assert.ok(distance(one, other) <= Math.max(one.length, other.length));
    assert.ok(distance(one, other) >= Math.abs(one.length - other.length));
  }));
  assert.equal(distance("abcd", "abdc"), 1);
});

Deno.test("slipIn finds an optional field that is misspelt, where that field is not there", () => {
  const slips: [fields: Record<string, unknown>, meant: string | undefined][] = [
    [{ action: "msg", too: "bob", message: "hi" }, "to"],
    [{ action: "msg", To: "bob", message: "hi" }, "to"],
    [{ action: "msg", room: "#cats", message: "hi" }, "to"],
    [{ action: "msg", recipient: "bob", message: "hi" }, "to"],
    [{ action: "history", befor: 7 }, "before"],
    [{ action: "history", Limit: 7 }, "limit"],
    [{ action: "history", rooom: "#cats" }, "room"],
    [{ action: "search", text: "hi", wiht: "bob" }, "with"],
    [{ action: "who_online", romm: "#cats" }, "room"],
    [{ action: "presence", wacth: true }, "watch"],
    [{ action: "authenticate", feature: ["id"] }, "features"],
    [{ action: "ban", user_id: "eve", untill: 7 }, "until"],
    [{ action: "mute", user_id: "eve", resaon: "spam" }, "reason"],
    [{ action: "msg", to: "bob", too: "bob", message: "hi" }, undefined],
    [{ action: "msg", to: "bob", room: "#cats", message: "hi" }, undefined],
    ...["t", "ts", "tz", "no", "so", "id", "text", "from", "from_", "topic", "role", "token", "x"].map((
      field,
    ): [Record<string, unknown>, undefined] => [{ action: "msg", [field]: 1, message: "hi" }, undefined]),
    [{ action: "history", recipient: "bob" }, undefined],
    [{ action: "probe", too: "bob" }, undefined],
    [{ action: "constructor", too: "bob" }, undefined],
    [JSON.parse('{"action":"msg","__proto__":1,"toString":2}'), undefined],
    [{ action: "msg", ["too".repeat(10_000)]: 1 }, undefined],
  ];
  for (const [fields, meant] of slips) {
    assert.equal(findFieldTypo(fields)?.suggestion, meant, JSON.stringify(fields).slice(0, 99));
  }
});

Deno.test("slipIn says nothing of what the recorded programs send", { ignore: !may("read") }, () => {
  const folder = new URL("../chat/fixtures/", import.meta.url);
  let objects = 0;
  for (const { name } of Deno.readDirSync(folder)) {
    const scenarios: Record<string, unknown[][]> = JSON.parse(Deno.readTextFileSync(new URL(name, folder)));
    for (const [, , what, text] of Object.values(scenarios).flat()) {
      if (what !== "says") continue;
      objects++;
      assert.equal(findFieldTypo(JSON.parse(String(text))), undefined, String(text));
    }
  }
  assert.ok(objects > 10, `${objects} objects`);
});
