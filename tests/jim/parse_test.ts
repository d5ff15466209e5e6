// The only place that checks shape: each field's bad inputs with the sentence that the sender gets to read, the good
// ones with what becomes of them, and the law that nothing whatever makes it throw.

import assert from "node:assert/strict";
import fc from "fast-check";
import { type Limits, roomy, strict } from "../../jim/limits.ts";
import { parse, type Reading } from "../../jim/parse.ts";
import { EXAMPLE_PRESENCE, explain } from "../../jim/words.ts";
import { anyJson, anyText } from "./any.ts";

const encoder = new TextEncoder();

/** The message, or the sentence that refuses it. */
function said(json: string | Uint8Array, reading?: Reading): unknown {
  const parsed = parse(typeof json === "string" ? encoder.encode(json) : json, reading);
  return "refusal" in parsed ? explain(parsed.refusal) : parsed.message;
}

/** The same of an object's fields, by default those of a good message. */
function read(fields: object, reading?: Reading): unknown {
  return said(JSON.stringify({ action: "msg", time: 1, message: "hello", ...fields }), reading);
}

function presence(account_name: unknown, more: object = {}): unknown {
  return read({ action: "presence", user: { account_name, ...more } });
}

const bare: Reading = { bare: true };
const msg = (fields: object) => ({ action: "msg", time: 1, to: "#all", message: "hello", ...fields });
const ann = (more: object) => ({ action: "presence", time: 1, user: { account_name: "ann", status: "", ...more } });

const json =
  'Expected valid JSON in UTF-8, such as {"action":"msg","time":1764000000,"to":"#all","message":"hello"}, got ';
const object = `Expected a JSON object, such as ${EXAMPLE_PRESENCE}, got `;
const action = 'action: expected a string such as "presence", "msg" or "quit", got ';
const unknown = (got: string) =>
  `action: expected one of presence, msg, probe, quit, got ${got}, which is no action of JIM`;
const user = 'user: expected an object with account_name, such as {"account_name":"ann"}, got ';
const time = "time: expected Unix seconds as a number, got ";
const account = "user.account_name: expected a name of 1 to 25 characters that does not begin with #, got ";
const name = "to: expected a name of 1 to 25 characters that does not begin with #, got ";
const room = 'to: expected a room such as "#cats", of 1 to 25 characters after the #, got ';
const to = 'to: expected "#all", a "#room" or a name, got ';
const text = 'message: expected a text, such as "hello", got ';
const letters = (at: string, got: string) => `${at}: expected visible characters and plain spaces, got ${got}`;

const objects: [json: string, said: unknown][] = [
  ['{"action":"quit"', `${json}"{\\"action\\":\\"quit\\""`],
  ["", `${json}""`],
  ['{"a":\0}', `${json}"{\\"a\\":\\u0000}"`],
  ["{'action':'quit'}", `${json}"{'action':'quit'}"`],
  ['{"a":"\u202e"', `${json}"{\\"a\\":\\"\\u202e\\""`],
  ["[]", `${object}[]`],
  ["[[1,2,3],[4,5,6],[7,8,9],[10,11,12],[13,14]]", `${object}[[1,2,3],[4,5,6],[7,8,9],[10,11,12],[13,…`],
  ["null", `${object}null`],
  ['"quit"', `${object}"quit"`],
  ["7", `${object}7`],
  ["{}", `${action}nothing`],
  ['{"action":1}', `${action}1`],
  ['{"action":null}', `${action}null`],
  ['{"action":["msg"]}', `${action}["msg"]`],
  [`{"action":"${"a".repeat(26)}"}`, `${action}"${"a".repeat(26)}"`],
  ['{"action":"sing"}', unknown('"sing"')],
  ['{"action":""}', unknown('""')],
  ['{"action":"MSG"}', unknown('"MSG"')],
  ['{"action":"toString"}', unknown('"toString"')],
  ['{"action":"__proto__"}', unknown('"__proto__"')],
  ['{"__proto__":{"action":"quit"}}', `${action}nothing`],
  ['{"action":"quit","__proto__":{"time":"x"}}', { action: "quit", time: null }],
  ['{"action":"sing","action":"quit"}', { action: "quit", time: null }],
  ['{"action":"quit","action":"sing"}', unknown('"sing"')],
  [' \t\r\n{ "action" : "quit" }\n', { action: "quit", time: null }],
  ['{"action":"quit","time":1.5,"more":{"of":["it"]}}', { action: "quit", time: 1.5 }],
  ['{"action":"quit","time":"soon"}', `${time}"soon"`],
  ['{"action":"quit","time":null}', `${time}null`],
  ['{"action":"probe","time":2}', { action: "probe", time: 2 }],
  ['{"action":"probe"}', `${time}nothing`],
  ['{"action":"presence","time":1}', `${user}nothing`],
  ['{"action":"presence","time":1,"user":null}', `${user}null`],
  ['{"action":"presence","time":1,"user":"ann"}', `${user}"ann"`],
  ['{"action":"presence","time":1,"user":["ann"]}', `${user}["ann"]`],
  ['{"action":"presence","time":1,"user":{}}', `${account}nothing`],
  ['{"action":"presence","user":{"account_name":"ann"}}', `${time}nothing`],
  ['{"action":"msg","time":1}', `${text}nothing`],
];

Deno.test("parse says of each object what is wrong, or reads it", () => {
  for (const [json, expected] of objects) assert.deepEqual(said(json), expected, json);
});

Deno.test("parse refuses an action that is known and not built, and names it", () => {
  for (const known of "authenticate register join leave get_contacts add_contact del_contact who_online".split(" ")) {
    const sentence = `action: "${known}" is an action of JIM that this server does not perform yet`;
    assert.equal(said(`{"action":"${known}","time":1}`), sentence);
  }
});

Deno.test("parse refuses bytes that are no UTF-8, instead of reading question marks", () => {
  for (const bad of [[0xff], [0xc3], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80]]) {
    const bytes = Uint8Array.of(...encoder.encode('{"action":"quit","a":"'), ...bad, ...encoder.encode('"}'));
    assert.match(String(said(bytes)), /^Expected valid JSON in UTF-8/);
  }
});

const times: [value: unknown, line: unknown, bare?: unknown][] = [
  [0, 0],
  [-1, -1],
  [1764000000.25, 1764000000.25],
  [1e300, 1e300],
  ["1764000000", 1764000000],
  [" -1.50\n", -1.5],
  ["007", 7],
  ["12:03", `${time}"12:03"`, null],
  [" 11:47PM", `${time}" 11:47PM"`, null],
  ["2026-11-22T10:00:00Z", `${time}"2026-11-22T10:00:00Z"`, null],
  ["", `${time}""`, null],
  ["1e5", `${time}"1e5"`, null],
  ["0x10", `${time}"0x10"`, null],
  ["Infinity", `${time}"Infinity"`, null],
  ["9".repeat(400), `${time}"${"9".repeat(39)}…`, null],
  [null, `${time}null`],
  [true, `${time}true`],
  [[1], `${time}[1]`],
  [{}, `${time}{}`],
];

Deno.test("parse reads a time that is a number, in a string too; a bare peer's other string is null", () => {
  for (const [value, line, loose = line] of times) {
    const outcome = (time: unknown) => typeof time === "string" ? time : { action: "probe", time };
    const json = JSON.stringify({ action: "probe", time: value });
    assert.deepEqual(said(json), outcome(line), json);
    assert.deepEqual(said(json, bare), outcome(loose), json);
  }
  assert.equal(said('{"action":"probe","time":1e999}', bare), `${time}Infinity`);
  assert.equal(said('{"action":"probe"}', bare), `${time}nothing`);
});

Deno.test("parse takes names of 1 to 25 visible characters", () => {
  for (const name of ["a", "Анна Ёлкина", "😀".repeat(25), "a#b", 'q"\\', "❤️", "名前", "x".repeat(25), "__proto__"]) {
    assert.deepEqual(presence(name), ann({ account_name: name }));
    assert.deepEqual(read({ to: name }), msg({ to: name }));
  }
});

Deno.test("parse refuses a name that is none, too long, or a room's", () => {
  for (const value of ["", "#ann", "x".repeat(26), 7, null, true, ["ann"], {}]) {
    assert.equal(presence(value), account + JSON.stringify(value));
  }
  assert.equal(presence("😀".repeat(26)), `${account}"${"😀".repeat(19)}…`, "never half a letter");
});

Deno.test("parse refuses a name with characters that nobody sees", () => {
  const unseen = [
    ...["\n", "\r", "\t", "\0", "\x1b", "\x7f", "\x9b"], // controls
    ...["\u202e", "\u2066", "\u061c", "\u200e"], // these turn the text around
    ...["\u00a0", "\u2003", "\u3000", "\u202f", "\u2028", "\u2029"], // these look like a space, or end a line
    ...["\u200b", "\u200d", "\ufeff", "\u00ad", "\u3164", "\u115f", "\u1160", "\uffa0", "\u2800"], // these look like nothing
    ...["\ud800", "\udc00", "\ue000", "\u{e0041}"], // halves of letters, nobody's letters, tags
  ];
  for (const character of unseen) {
    for (const name of [`${character}ann`, `a${character}nn`, `ann${character}`, character]) {
      assert.match(String(presence(name)), /^user\.account_name: expected visible characters/, JSON.stringify(name));
      assert.match(String(read({ to: name })), /^to: expected visible characters/, JSON.stringify(name));
      assert.match(String(read({ to: `#${name}` })), /^to: expected visible characters/, JSON.stringify(name));
    }
  }
  for (const name of [" ann", "ann ", " "]) {
    assert.equal(presence(name), letters("user.account_name", JSON.stringify(name)));
  }
  assert.equal(presence("a\u202eb"), letters("user.account_name", '"a\\u202eb"'));
});

Deno.test("parse reads a status, left out or null as empty", () => {
  assert.deepEqual(presence("ann", { status: "busy\n" }), ann({ status: "busy\n" }));
  assert.deepEqual(presence("ann", { status: null }), ann({}));
  assert.deepEqual(presence("ann"), ann({}));
  assert.equal(presence("ann", { status: 1 }), "user.status: expected a string, got 1");
  assert.equal(
    presence("ann", { status: "x".repeat(4001) }),
    "user.status: expected at most 4000 characters, got 4001",
  );
});

Deno.test("parse reads an addressee: the common chat in all its spellings, a room, a person", () => {
  for (const common of [undefined, null, "", "#", "#all", "#chat", "#ALL", "#Chat"]) {
    assert.deepEqual(read({ to: common }), msg({}), String(common));
  }
  for (const other of ["#cats", "#Кошки", "##", `#${"x".repeat(25)}`, "bob", "all"]) {
    assert.deepEqual(read({ to: other }), msg({ to: other }));
  }
  for (const value of [7, false, ["#all"], { toString: 1 }]) {
    assert.equal(read({ to: value }), to + JSON.stringify(value));
    assert.equal(read({ to: value }, bare), to + JSON.stringify(value));
  }
  assert.equal(read({ to: "x".repeat(26) }), `${name}"${"x".repeat(26)}"`);
  assert.equal(read({ to: `#${"x".repeat(26)}` }), `${room}"#${"x".repeat(26)}"`);
  assert.equal(read({ to: "# cats" }), letters("to", '"# cats"'));
});

Deno.test("parse takes any text up to the limit, counted in code points", () => {
  for (const message of ["", "a\nb\0", "😀".repeat(4000), "\ud83d", "й".repeat(4000)]) {
    assert.deepEqual(read({ message }), msg({ message }));
  }
  for (const letter of ["x", "😀", "\ud83d", "\ude00"]) {
    const sentence = "message: expected at most 4000 characters, got 4001";
    assert.equal(read({ message: letter.repeat(4001) }), sentence, JSON.stringify(letter));
  }
  for (const value of [7, null, false, ["hello"], { text: "hello" }]) {
    assert.equal(read({ message: value }), text + JSON.stringify(value));
  }
});

Deno.test("parse keeps the handout's own limits when they are asked for", () => {
  const limits: Limits = strict;
  assert.deepEqual(read({ message: "й".repeat(500) }, { limits }), msg({ message: "й".repeat(500) }));
  assert.equal(read({ message: "x".repeat(501) }, { limits }), "message: expected at most 500 characters, got 501");
  assert.equal(read({ action: "a".repeat(16) }, { limits }), `${action}"${"a".repeat(16)}"`);
  const filled = (size: number) => `{"action":"quit","more":"${"й".repeat(size - 27)}"}`;
  assert.deepEqual(said(filled(640), { limits }), { action: "quit", time: null });
  assert.equal(said(filled(641), { limits }), "Expected an object of at most 640 characters, got 641");
});

Deno.test("parse takes limits as data", () => {
  const limits: Limits = { ...roomy, name: 3, text: 2, action: 4 };
  assert.equal(read({ message: "abc" }, { limits }), "message: expected at most 2 characters, got 3");
  assert.equal(read({ message: "ab", to: "#abcd" }, { limits }), room.replace("25", "3") + '"#abcd"');
  assert.equal(read({ action: "probe" }, { limits }), `${action}"probe"`);
});

Deno.test("parse refuses brackets as deep as they fit in an object", () => {
  for (const [open, close] of [["[", "]"], ['{"a":', "}"], ['{"a":1,"0":', "}"]] as const) {
    const deep = open.repeat(5_000) + "1" + close.repeat(5_000);
    assert.match(String(said(`{"action":${deep}}`)), /^action: expected a string/);
    assert.match(String(said(`{"action":"msg","time":1,"message":"","to":${deep}}`, bare)), /^to: expected/);
  }
});

const field = fc.constantFrom("action", "time", "to", "from", "message", "user", "type", "mess_text", "message_text");
const names = fc.constantFrom("account_name", "accaunt_name", "client_name", "status");
const good: fc.Arbitrary<unknown> = fc.constantFrom(
  "presence",
  "msg",
  "message",
  "probe",
  "quit",
  "exit",
  1,
  "1",
  "#all",
  "ann",
);
const request = fc.tuple(
  fc.dictionary(fc.oneof(field, names, anyText), fc.oneof(good, anyJson), { maxKeys: 8 }),
  fc.option(fc.dictionary(names, fc.oneof(good, anyJson))),
).map(([fields, user]) => JSON.stringify(user === null ? fields : { ...fields, user }));
const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 100 }),
  request.map((json) => encoder.encode(json)),
  anyJson.map((value) => encoder.encode(JSON.stringify(value))),
  fc.tuple(request, fc.nat(), fc.nat(255)).map(([json, at, byte]) => {
    const bytes = encoder.encode(json);
    bytes[at % bytes.length] = byte;
    return bytes;
  }),
);

Deno.test("parse never throws, and gives a message of its type or a sentence in one line", () => {
  fc.assert(
    fc.property(bytes, fc.boolean(), fc.constantFrom(roomy, strict), (bytes, bare, limits) => {
      const parsed = parse(bytes, { bare, limits });
      if ("refusal" in parsed) {
        const sentence = explain(parsed.refusal);
        assert.match(sentence, /^\P{C}+$/u);
        assert.doesNotMatch(sentence, /undefined/);
        assert.equal(parsed.refusal.code, 400);
      } else {
        const { message } = parsed;
        assert.ok(message.time === null || Number.isFinite(message.time));
        if (message.time === null) assert.ok(bare || message.action === "quit");
        if (message.action === "msg") assert.ok(typeof message.to === "string" && typeof message.message === "string");
        if (message.action === "presence") {
          assert.ok(message.user.account_name.length > 0 && typeof message.user.status === "string");
        }
      }
    }),
    { numRuns: 3000 },
  );
});
