// The sentences: the framer's and the server's. Those of each field are in parse_test.ts and fields_test.ts, beside
// what is refused with them.

import assert from "node:assert/strict";
import fc from "fast-check";
import { parse } from "../../jim/parse.ts";
import { quote, quoteBytes, type RefusalReason, refuse } from "../../jim/refusal.ts";
import { EXAMPLE_PRESENCE, explain, explainNote, languages } from "../../jim/explain.ts";
import { english } from "../../jim/words/english.ts";
import { russian } from "../../jim/words/russian.ts";
import { anyJson } from "./any.ts";

const reasons = Object.keys(english.refusals) as RefusalReason[];

const sentences: [reason: RefusalReason, sentence: string][] = [
  ["garbage", `Expected a JSON object that begins with {, such as ${EXAMPLE_PRESENCE}, got "GOT"`],
  ["broken", 'Expected the object to be closed by } before anything new begins, got "GOT"'],
  ["big", "Expected an object of at most 9 bytes, got a larger one, which was left out"],
  ["deep", "Expected at most 9 brackets inside each other, got more; the object was left out"],
  ["length", 'Expected four bytes that say the next object\'s length, got "GOT"; the connection is closed'],
  ["endless", "Expected the large object to end within another 9 bytes; the connection is closed"],
  ["presence", `Expected a presence before anything else, such as ${EXAMPLE_PRESENCE}`],
  ["nobody", 'to: nobody here has the name "GOT"'],
  [
    "members",
    'user.account_name: "GOT" may come in with a password only: guests are not let in here, so authenticate',
  ],
  [
    "reserved",
    'user.account_name: "GOT" belongs to an account, so authenticate with its password or take another name',
  ],
  ["login", 'user: no account "GOT" with that password'],
  ["devices", 'user: "GOT" is connected 9 times already, which is as often as may be'],
  ["closed", "New accounts are made by the operator here"],
  ["taken", 'user.account_name: "GOT" is somebody else\'s name already'],
  ["password", "user.password: expected at least 9 characters"],
  ["account", 'action: expected a guest\'s name, but you are logged in as "GOT"; quit first'],
  ["noname", `user.account_name: expected a name to go by, such as ${EXAMPLE_PRESENCE}`],
  ["noroom", 'to: there is no room "GOT"; the first join makes it'],
  ["outside", 'to: expected a room that you are in, so join "GOT" first'],
  ["rooms", "room: expected at most 9 rooms at a time, so leave one first"],
  ["everybody", "room: #all is everybody's room, it can be neither joined nor left"],
  ["gone", 'to: "GOT" was a guest and has left'],
  ["stranger", 'user_id: "GOT" is not among your contacts'],
  ["own", 'with: what was said with "GOT" is kept for accounts only, so authenticate or register'],
  ["store", "The server cannot write to its disk just now: nothing was kept or sent, so try again later"],
  [
    "nospace",
    "The server has no room left to keep anything: nothing was kept or sent, so tell its operator, who can make some",
  ],
];

Deno.test("explain says what was wrong and what would be right", () => {
  for (const [reason, sentence] of sentences) {
    assert.equal(explain(refuse(reason, { at: "to", limit: 9, got: '"GOT"' })), sentence);
  }
});

Deno.test("explain says when a ban ends, and of a moment that no clock can show nothing", () => {
  assert.equal(explain(refuse("banned", { until: 4e9 })), "You may not come in here until 2096-10-02T07:06:40.000Z");
  for (const language of languages) {
    for (const until of [9999999999999, -1e300, Infinity, NaN]) {
      for (const reason of ["banned", "muted"] as const) {
        assert.equal(explain(refuse(reason, { until }), language), explain(refuse(reason), language));
      }
    }
  }
});

Deno.test("EXAMPLE_PRESENCE is a presence that parse takes", () => {
  const message = JSON.parse(EXAMPLE_PRESENCE);
  assert.deepEqual(parse(new TextEncoder().encode(EXAMPLE_PRESENCE)), { message });
});

Deno.test("explain gives examples that parse takes", () => {
  for (const reason of ["garbage", "json", "object", "presence", "noname"] as const) {
    const sentence = explain(refuse(reason, { got: "nothing" }));
    const example = sentence.slice(sentence.indexOf('{"'), sentence.lastIndexOf("}") + 1);
    assert.ok("message" in parse(new TextEncoder().encode(example)), example);
  }
});

Deno.test("each language has a sentence of its own for every reason and every remark", () => {
  assert.deepEqual(Object.keys(russian.refusals).sort(), reasons.toSorted());
  assert.deepEqual(Object.keys(russian.notes), Object.keys(english.notes));
  for (const reason of reasons) assert.match(explain(refuse(reason), "ru"), /[а-яё]{3}/i, reason);
  for (const note of ["time", "norelays"] as const) assert.match(explainNote(note, "ru"), /[а-яё]{3}/i, note);
});

Deno.test("explain quotes in every language what it quotes in English", () => {
  const marks = { at: "AT", got: '"GOT"', limit: 9173, character: "U+034F", position: 4127, like: '"LIKE"' };
  for (const reason of reasons) {
    const quoted = Object.values(marks).map(String);
    const [inEnglish, inRussian] = languages.map((language) => {
      const sentence = explain(refuse(reason, marks), language);
      return quoted.map((mark) => sentence.includes(mark));
    });
    assert.deepEqual(inRussian, inEnglish, reason);
  }
});

Deno.test("explain says one line that a terminal can show, whatever came", () => {
  const got = fc.oneof(anyJson.map(quote), fc.uint8Array({ maxLength: 80 }).map(quoteBytes));
  fc.assert(fc.property(got, fc.constantFrom(...languages), (got, language) => {
    for (const reason of reasons) {
      const sentence = explain(
        refuse(reason, { at: "to", got, limit: 25, character: "U+034F", position: 4127, like: got }),
        language,
      );
      assert.match(sentence, /^\P{C}+$/u);
      assert.doesNotMatch(sentence, /undefined|[\u2028\u2029]|[.:;]$/);
    }
  }));
});
