// The only place that checks shape: what is no request, each action with its fields, and the law that nothing whatever makes
// parse throw. Each bad request has the sentence that its sender reads. What a time, a name or a text may be is in fields_test.ts.

import { ACTION_LIST } from "../action_list.ts";
import assert from "node:assert/strict";
import fc from "fast-check";
import { EXAMPLE_PRESENCE, explain } from "../../jim/explain.ts";
import { DEFAULT_LIMITS, STRICT_LIMITS } from "../../jim/limits.ts";
import { parse } from "../../jim/parse.ts";
import { refuse } from "../../jim/refusal.ts";
import { isTime } from "../../jim/time.ts";
import { anyJson, anyText } from "./any.ts";
import { account, action, ann, bare, encoder, letters, name, read, room, said, text, time } from "./parsed.ts";

/** After a login. */
const nameless = ann({ account_name: undefined });

const json = "Expected valid JSON, got ";
const object = `Expected a JSON object, such as ${EXAMPLE_PRESENCE}, got `;
const unknown = (got: string) => `action: expected one of ${ACTION_LIST}, got ${got}, which is no action of JIM`;
const user = 'user: expected an object with account_name, such as {"account_name":"ann"}, got ';

const objects: [json: string, said: unknown][] = [
  [
    '{"action":"quit"',
    `${json}the end of the text before the end of the object at position 16, behind {"action":"quit"; close it with }`,
  ],
  ["", `${json}the end of the text before the end of the object at position 0; write an object`],
  [
    '{"a":\0}',
    `${json}a character that JSON has inside strings only at position 5, between {"a": and \\u0000}; ` +
    "leave it out, or write it in a string",
  ],
  [
    "{'action':'quit'}",
    `${json}another quotation mark than the double one at position 1, between { and 'action':'quit'}; ` +
    'write " on both sides (in Python: json.dumps, not str)',
  ],
  [
    '{"a":"\u202e"',
    `${json}the end of the text before the end of the object at position 8, behind {"a":"\\u202e"; close it with }`,
  ],
  ["[]", `${object}[]`],
  ["[[1,2,3],[4,5,6],[7,8,9],[10,11,12],[13,14]]", `${object}[[1,2,3],[4,5,6],[7,8,9],[10,11,12],[13,…`],
  ["null", `${object}null`],
  ['"quit"', `${object}"quit"`],
  ["7", `${object}7`],
  ["{}", `${action}nothing`],
  ['{"action":1}', `${action}1`],
  ['{"action":null}', `${action}null`],
  ['{"action":["msg"]}', `${action}["msg"]`],
  [`{"action":"${"a".repeat(26)}"}`, `${action}"${"a".repeat(26)}", which has 26`],
  ['{"action":"sing"}', unknown('"sing"')],
  ['{"action":""}', unknown('""')],
  ['{"action":"MSG"}', `${unknown('"MSG"')}; did you mean "msg"?`],
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
  ['{"action":"presence","time":1}', nameless],
  ['{"action":"presence","time":1,"user":null}', nameless],
  ['{"action":"presence","time":1,"user":{}}', nameless],
  ['{"action":"presence","time":1,"user":"ann"}', `${user}"ann"`],
  ['{"action":"presence","time":1,"user":["ann"]}', `${user}["ann"]`],
  ['{"action":"presence","time":1,"user":7}', `${user}7`],
  ['{"action":"presence","user":{"account_name":"ann"}}', `${time}nothing`],
  ['{"action":"msg","time":1}', `${text}nothing`],
];

Deno.test("parse says of each object what is wrong, or reads it", () => {
  for (const [json, expected] of objects) assert.deepEqual(said(json), expected, json);
});

/** What each action takes beside `action` and `time`, and what it makes of that or says against it. */
const actions: [fields: object, said: unknown][] = [
  [{ action: "get_contacts" }, {}],
  [{ action: "sessions" }, {}],
  [{ action: "export" }, {}],
  [{ action: "end_session", session: "q1YyXfAZ3nVb" }, { session: "q1YyXfAZ3nVb" }],
  [{ action: "bots" }, {}],
  [{ action: "add_bot", user_id: "helper" }, { user_id: "helper" }],
  [{ action: "bot_token", user_id: "helper" }, { user_id: "helper" }],
  [{ action: "del_bot", user_id: "helper" }, { user_id: "helper" }],
  [{ action: "add_hook", room: "#cats", name: "ci" }, { room: "#cats", name: "ci" }],
  [
    { action: "add_hook", room: "#cats", name: "a".repeat(19) },
    `name: expected a name of 1 to 18 characters that does not begin with #, got "${"a".repeat(19)}", which has 19`,
  ],
  [{ action: "hooks", room: "#CHAT" }, { room: "#all" }],
  [{ action: "del_hook", room: "#cats", hook: "q1YyXfAZ3nVb" }, { room: "#cats", hook: "q1YyXfAZ3nVb" }],
  [{ action: "hook", token: "q1Yy", message: "done" }, { token: "q1Yy", message: "done" }],
  [{ action: "hook", token: 7, message: "done" }, "token: expected a string, got a value of type number"],
  [{ action: "end_session" }, "session: expected a string, got nothing"],
  [{ action: "unregister", password: "" }, { password: "" }],
  [{ action: "unregister", password: ["hunter2"] }, "password: expected a string, got a value of type object"],
  [{ action: "change_password", password: "a", new_password: "b", token: true, device: " desk " }, {
    password: "a",
    new_password: "b",
    token: true,
    device: "desk",
  }],
  [{ action: "change_password", password: "a", new_password: "b", token: 1, device: "" }, {
    password: "a",
    new_password: "b",
  }],
  [{ action: "change_password", password: "a" }, "new_password: expected a string, got nothing"],
  [
    { action: "change_password", password: "a", new: "b" },
    'new_password: expected a string, got nothing; did you mean "new_password" where you wrote "new"?',
  ],
  [
    { action: "change_password", password: "a", new_password: "b", device: "a\nb" },
    'device: expected visible characters, and plain spaces only between them, got "a\\nb" with U+000A',
  ],
  [
    { action: "change_password", password: "a", new_password: "b", device: "x".repeat(61) },
    "device: expected at most 60 characters, got 61",
  ],
  [{ action: "authenticate", user: { account_name: "ann", password: "a" }, new_password: "b", token: true }, {
    user: { account_name: "ann", password: "a" },
    new_password: "b",
    token: true,
  }],
  [{ action: "authenticate", user: { account_name: "ann", password: "a" }, new_password: null }, {
    user: { account_name: "ann", password: "a" },
  }],
  [
    { action: "authenticate", user: { account_name: "ann", password: "a" }, new_password: ["hunter2"] },
    "new_password: expected a string, got a value of type object",
  ],
  [{ action: "rooms" }, {}],
  [{ action: "who_online" }, { room: undefined }],
  [{ action: "who_online", room: "#cats" }, { room: "#cats" }],
  [{ action: "who_online", room: "#ALL" }, { room: "#all" }],
  [{ action: "who_online", room: null }, at("room", "null")],
  [{ action: "topic", room: "#cats", topic: " Which of them\ud800 is asleep? 😴\u200d " }, {
    action: "topic",
    time: 1,
    room: "#cats",
    topic: "Which of them\ufffd is asleep? 😴\u200d",
  }],
  [{ action: "topic", room: "#cats", topic: "" }, { action: "topic", time: 1, room: "#cats", topic: "" }],
  [{ action: "topic", room: "#cats" }, "topic: expected a string, got nothing"],
  [
    { action: "topic", room: "#cats", topik: "x" },
    'topic: expected a string, got nothing; did you mean "topic" where you wrote "topik"?',
  ],
  [{ action: "topic", room: "#cats", topic: null }, "topic: expected a string, got null"],
  [{ action: "topic", room: "#cats", topic: "x".repeat(201) }, "topic: expected at most 200 characters, got 201"],
  [{ action: "topic", room: "#cats", topic: "one\ntwo" }, letters("topic", '"one\\ntwo"', "U+000A")],
  [{ action: "topic", room: "#cats", topic: "a\u202eb" }, letters("topic", '"a\\u202eb"', "U+202E")],
  [
    { action: "topic", room: "cats", topic: "x" },
    'room: expected a room such as "#cats", of 1 to 25 characters after the #, got "cats"',
  ],
  [{ action: "read", id: 7 }, { to: "#all", id: 7 }],
  [{ action: "notify", to: "bob", level: "none" }, { to: "bob", level: "none" }],
  [{ action: "notify" }, 'level: expected "all", "mentions", "none" or "default", got nothing'],
  [
    { action: "read", to: "bob" },
    "id: expected the id of a message, a whole number from 0 to 9007199254740991, got nothing",
  ],
  [{ action: "unread", to: 7 }, {}],
  [{ action: "typing", to: "bob" }, { to: "bob", is: true }],
  [{ action: "typing", is: false }, { to: "#all", is: false }],
  [{ action: "typing", is: 0 }, "is: expected true or false, got 0"],
  [{ action: "status" }, { away: false, status: "" }],
  [{ action: "status", away: true, emoji: "\u2600", status: " at\ud800 sea " }, {
    away: true,
    emoji: "\u2600\ufe0f",
    status: "at\ufffd sea",
  }],
  [{ action: "status", away: null, emoji: "", status: null }, { away: false, status: "" }],
  [{ action: "status", away: "yes" }, 'away: expected true or false, got "yes"'],
  [{ action: "status", emoji: "at sea" }, 'emoji: expected one emoji, such as "\u{1F44D}", got "at sea"'],
  [{ action: "status", status: "x".repeat(201) }, "status: expected at most 200 characters, got 201"],
  [{ action: "status", status: "a\u202eb" }, letters("status", '"a\\u202eb"', "U+202E")],
  ...["join", "leave"].flatMap((action): [object, unknown][] => [
    [{ action, room: "#cats" }, { room: "#cats" }],
    [{ action, room: "#Кошки 2" }, { room: "#Кошки 2" }],
    [{ action, room: `#${"😀".repeat(25)}` }, { room: `#${"😀".repeat(25)}` }],
    [{ action, room: "#chat" }, { room: "#all" }],
    [{ action }, at("room", "nothing")],
    [{ action, room: "cats" }, at("room", '"cats"')],
    [{ action, room: "" }, at("room", '""')],
    [{ action, room: 7 }, at("room", "7")],
    [{ action, room: ["#cats"] }, at("room", '["#cats"]')],
    [{ action, room: `#${"x".repeat(26)}` }, at("room", `"#${"x".repeat(26)}", which has 26`)],
    [{ action, room: "#a\u202eb" }, letters("room", '"#a\\u202eb"', "U+202E")],
    [{ action, room: "#a\u00a0b" }, letters("room", '"#a\u00a0b"', "U+00A0")],
  ]),
  ...["add_contact", "del_contact"].flatMap((action): [object, unknown][] => [
    [{ action, user_id: "bob" }, { user_id: "bob" }],
    [{ action }, called("user_id", "nothing")],
    [{ action, user_id: "#bob" }, called("user_id", '"#bob"')],
    [{ action, user_id: ["bob"] }, called("user_id", '["bob"]')],
    [{ action, user_id: "x".repeat(26) }, called("user_id", `"${"x".repeat(26)}", which has 26`)],
    [{ action, user_id: "b\nob" }, letters("user_id", '"b\\nob"', "U+000A")],
  ]),
  ...["authenticate", "register"].map((action): [object, unknown] => [
    { action, token: true, user: { account_name: "ann", password: "x" } },
    { token: true, user: { account_name: "ann", password: "x" } },
  ]),
  ...[false, null, ""].map((token): [object, unknown] => [
    { action: "authenticate", token, user: { account_name: "ann", password: "x" } },
    { user: { account_name: "ann", password: "x" } },
  ]),
  [{ action: "authenticate", token: "secret" }, { token: "secret" }],
  [{ action: "authenticate", token: "secret", user: { account_name: "#" } }, { token: "secret" }],
  [{ action: "authenticate", token: ["secret"] }, "token: expected a string, got a value of type object"],
  [{ action: "authenticate", token: true }, `${user}nothing`],
  [{ action: "register", token: "secret", user: { account_name: "ann", password: "x" } }, {
    user: { account_name: "ann", password: "x" },
  }],
  [{ action: "logout" }, {}],
  [{ action: "logout", token: "secret" }, { token: "secret" }],
  [{ action: "logout", token: 7 }, "token: expected a string, got a value of type number"],
  ...["authenticate", "register"].flatMap((action): [object, unknown][] => [
    [{ action, user: { account_name: "ann", password: "sésame" } }, {
      user: { account_name: "ann", password: "sésame" },
    }],
    [{ action, user: { account_name: "ann" } }, { user: { account_name: "ann", password: "" } }],
    [{ action, user: { account_name: "ann", password: null } }, { user: { account_name: "ann", password: "" } }],
    ...Object.entries({ number: 8675309123, boolean: true, array: ["hunter2"], object: { a: "hunter2" } }).map((
      [type, password],
    ): [object, unknown] => [
      { action, user: { account_name: "ann", password } },
      `user.password: expected a string, got a value of type ${type}`,
    ]),
    [{ action, user: ["ann", "hunter2"] }, `${user}a value of type array`],
    [{ action, user: { account_name: "ann", password: "x".repeat(4001) } }, tooLong("user.password")],
    [{ action, user: { password: "x" } }, `${account}nothing`],
    [{ action, user: { account_name: ["ann"], password: "x" } }, `${account}["ann"]`],
    [{ action }, `${user}nothing`],
    [{ action, user: "ann:hunter2" }, `${user}a value of type string`],
  ]),
  ...["history", "search"].flatMap((action): [object, unknown][] => {
    const text = action === "search" ? { text: "hello" } : {};
    const page = (fields: object): [object, unknown] => [{ action, ...text, ...fields }, { ...text, ...fields }];
    const none = (fields: object, said: unknown): [object, unknown] => [{ action, ...text, ...fields }, said];
    return [
      none({}, { room: "#all", limit: 50, ...text }),
      page({ room: "#cats", limit: 1 }),
      page({ with: "bob", limit: 500, before: 9, after: 0 }),
      page({ room: "#all", limit: 50, before: Number.MAX_SAFE_INTEGER }),
      none({ room: "#chat", before: null, after: null, limit: null }, { room: "#all", limit: 50, ...text }),
      ...[[-5, 1], [0, 1], [0.5, 1], [1.9, 1], [501, 500], [1e300, 500]].map(([limit, taken]) =>
        none({ limit }, { room: "#all", limit: taken, ...text })
      ),
      ...["7", [7], true].map((limit) =>
        none({ limit }, `limit: expected a number from 1 to 500, got ${JSON.stringify(limit)}`)
      ),
      ...["before", "after"].flatMap((bound) =>
        [-1, 1.5, "1", [1], 2 ** 53].map((value) =>
          none(
            { [bound]: value },
            `${bound}: expected the id of a message, a whole number from 0 to 9007199254740991, got ${
              JSON.stringify(value)
            }`,
          )
        )
      ),
      none(
        { before: "", after: 1 },
        `before: expected the id of a message, a whole number from 0 to 9007199254740991, got ""`,
      ),
      none({ room: "cats" }, at("room", '"cats"')),
      none({ with: "#cats" }, called("with", '"#cats"')),
      none({ with: ["bob"] }, called("with", '["bob"]')),
      none({ room: "#all", with: "bob" }, 'with: expected either a room or a name, got both; the name is "bob"'),
    ];
  }),
  ...[undefined, null, "", 7, ["hello"]].map((text): [object, unknown] => [
    { action: "search", text },
    `text: expected words to look for, got ${text === undefined ? "nothing" : JSON.stringify(text)}`,
  ]),
  [{ action: "search", text: "x".repeat(201) }, tooLong("text", 200)],
  [{ action: "search", from: "bob" }, { room: "#all", limit: 50, from: "bob" }],
  [{ action: "search", from: "bob", text: "" }, 'text: expected words to look for, got ""'],
  [{ action: "search", from: "#bob", text: "hi" }, called("from", '"#bob"')],
  [{ action: "search", everywhere: true, context: true, text: "hi" }, {
    everywhere: true,
    context: true,
    limit: 50,
    text: "hi",
  }],
  [{ action: "search", everywhere: false, context: null, text: "hi" }, { room: "#all", limit: 50, text: "hi" }],
  [{ action: "history", events: false, context: 1 }, { room: "#all", limit: 50 }],
  [{ action: "search", context: 1, text: "hi" }, "context: expected true or false, got 1"],
  [{ action: "search", everywhere: "no", text: "hi" }, 'everywhere: expected true or false, got "no"'],
  [{ action: "history", events: "yes" }, 'events: expected true or false, got "yes"'],
  [{ action: "join", room: "#cats", create: false }, { room: "#cats", create: false }],
  [{ action: "join", room: "#cats", create: "no" }, 'create: expected true or false, got "no"'],
  [{ action: "join", room: "#cats", private: "yes" }, 'private: expected true or false, got "yes"'],
  ...[{ room: "#all" }, { with: "bob" }].map((where): [object, unknown] => [
    { action: "search", everywhere: true, text: "hi", ...where },
    `everywhere: expected neither a room nor a name beside it, got ${JSON.stringify(Object.values(where)[0])}`,
  ]),
  [{ action: "history", text: 7 }, { room: "#all", limit: 50 }],
];

function at(field: string, got: string): string {
  return room.replace("to", field) + got;
}

function called(field: string, got: string): string {
  return name.replace("to", field) + got;
}

function tooLong(field: string, limit = 4000): string {
  return `${field}: expected at most ${limit} characters, got ${limit + 1}`;
}

Deno.test("parse reads the fields of each action, or says which is wrong", () => {
  for (const [fields, expected] of actions) {
    const { action } = fields as { action: string };
    const outcome = typeof expected === "string" ? expected : { action, time: 1, ...expected as object };
    assert.deepEqual(read({ message: undefined, ...fields }), outcome, JSON.stringify(fields));
  }
});

Deno.test("parse refuses each action without a time, quit alone needs none", () => {
  const good = new Map(
    actions.filter(([, said]) => typeof said !== "string").map((
      [fields],
    ) => [(fields as { action: string }).action, fields]),
  );
  assert.equal(good.size, 31);
  for (const fields of good.values()) assert.equal(read({ ...fields, time: undefined }), `${time}nothing`);
});

Deno.test("parse reads from a plain true only whether a program wants notices of presence", () => {
  for (const watch of [true, false, 1, "true", null, undefined, [true]]) {
    const user = { account_name: "ann" };
    const features = watch === true ? { features: ["watch"] } : {};
    assert.deepEqual(read({ action: "presence", user, watch }), { ...ann({}), ...features });
  }
});

Deno.test("parse reads the features that it knows, wherever somebody comes in, and ignores those that it does not", () => {
  const user = { account_name: "ann", password: "" }, named = ["video", "id", "watch", "id", ""];
  const coming = [
    { action: "presence", user },
    { action: "authenticate", user },
    { action: "authenticate", token: "abc" },
    { action: "register", user, token: true },
  ];
  for (const fields of coming) {
    const without = read(fields) as object;
    assert.equal("features" in without, false);
    assert.deepEqual(read({ ...fields, features: named }), { ...without, features: ["watch", "id"] });
    assert.deepEqual(read({ ...fields, features: ["id"], watch: true }), { ...without, features: ["watch", "id"] });
    for (const features of [null, [], ["video"]]) assert.deepEqual(read({ ...fields, features }), without);
  }
});

Deno.test("parse refuses features that are no list of names", () => {
  const expected = 'features: expected an array of names, such as ["id"], got ';
  for (const [features, got] of [["id", '"id"'], [1, "1"], [{ id: true }, '{"id":true}'], [["id", 1], '["id",1]']]) {
    assert.equal(read({ action: "presence", features }), `${expected}${got}`);
  }
  assert.equal(
    explain(refuse("features", { got: '"id"' }), "ru"),
    'features: нужен массив имён, например ["id"], а пришло "id"',
  );
});

Deno.test("parse refuses bytes that are no UTF-8, instead of reading question marks", () => {
  for (const bad of [[0xff], [0xc3], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80]]) {
    const bytes = Uint8Array.of(...encoder.encode('{"action":"quit","a":"'), ...bad, ...encoder.encode('"}'));
    assert.match(String(said(bytes)), /^Expected UTF-8, got byte/);
  }
});

Deno.test("parse refuses brackets as deep as they fit in an object", () => {
  for (const [open, close] of [["[", "]"], ['{"a":', "}"], ['{"a":1,"0":', "}"]] as const) {
    const deep = open.repeat(5_000) + "1" + close.repeat(5_000);
    assert.match(String(said(`{"action":${deep}}`)), /^action: expected a string/);
    assert.match(String(said(`{"action":"msg","time":1,"message":"","to":${deep}}`, bare)), /^to: expected/);
  }
});

const field = fc.constantFrom(
  ...["action", "time", "to", "from", "message", "user", "type", "mess_text", "message_text"],
  ...[
    "room",
    "with",
    "user_id",
    "before",
    "after",
    "limit",
    "text",
    "watch",
    "features",
    "reply_to",
    "name",
    "size",
    "sha256",
    "file",
  ],
);
const names = fc.constantFrom("account_name", "accaunt_name", "client_name", "status", "password");
const good: fc.Arbitrary<unknown> = fc.constantFrom(
  "presence",
  "msg",
  "message",
  "upload",
  "probe",
  "quit",
  "exit",
  "authenticate",
  "join",
  "topic",
  "who_online",
  "add_contact",
  "history",
  "search",
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

Deno.test("a field that was meant otherwise is quoted so that no character of it draws anything", () => {
  assert.equal(
    said(JSON.stringify({ "\x7fction": "quit", time: 1 })),
    'action: expected a string such as "presence", "msg" or "quit", got nothing; did you mean "action" where you wrote "\\u007fction"?',
  );
});

Deno.test("parse never throws, and gives a message of its type or a sentence in one line", () => {
  fc.assert(
    fc.property(bytes, fc.boolean(), fc.constantFrom(DEFAULT_LIMITS, STRICT_LIMITS), (bytes, bare, limits) => {
      const parsed = parse(bytes, { bare, limits });
      if ("refusal" in parsed) {
        const sentence = explain(parsed.refusal);
        assert.match(sentence, /^\P{C}+$/u);
        assert.doesNotMatch(sentence, /undefined/);
        assert.equal(parsed.refusal.code, 400);
      } else {
        const { message } = parsed;
        assert.ok(message.time === null || isTime(message.time));
        assert.ok(JSON.stringify(message).isWellFormed() && !/\\ud[89a-f]/.test(JSON.stringify(message)));
        if (message.action === "msg") assert.ok(typeof message.to === "string" && typeof message.message === "string");
        if (message.action === "presence") {
          assert.ok(message.user.account_name !== "" && typeof message.user.status === "string");
        }
      }
    }),
    { numRuns: 3000 },
  );
});
