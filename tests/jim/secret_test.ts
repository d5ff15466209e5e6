// A password is in nothing that is said of the object that it came in, however that is broken.

import assert from "node:assert/strict";
import fc from "fast-check";
import { Framer } from "../../jim/frame.ts";
import { DEFAULT_LIMITS } from "../../jim/limits.ts";
import { parse } from "../../jim/parse.ts";
import { framingRefusal, quote, quoteBytes, type RefusalReason } from "../../jim/refusal.ts";
import { hideLogin, hideSecrets, isSecretName, mentionsSecret } from "../../jim/secret.ts";
import { explain, languages } from "../../jim/explain.ts";
import { english } from "../../jim/words/english.ts";
import { format } from "../../log/format.ts";
import { show } from "../../log/redact.ts";
import { newToken } from "../../server/auth/token.ts";

const encoder = new TextEncoder(), decoder = new TextDecoder();

const hidden: [text: string, shown: string][] = [
  ['{"user":{"password":"hunter2"},"time":1}', '{"user":{"password":"…"},"time":1}'],
  ['{"password" : 8675309123, "time": 1}', '{"password" : …, "time": 1}'],
  ["{'password': 'hunter2', 'time': 1}", "{'password': '…', 'time': 1}"],
  ['{"password":["hunter2"],"time":1}', '{"password":…'],
  ['{"password":{"a":"hunter2"}}', '{"password":…'],
  ['{"password":"hunter2', '{"password":"…'],
  ['{"password":hunter2', '{"password":…'],
  ['{"password":"hun"ter2"}', '{"password":"…'],
  ['{"password" "hunter2"}', '{"password" "…"}'],
  ['{"password";"hunter2"}', '{"password"…'],
  ['{password: "hunter2"}', '{password: "…"}'],
  ["{password: hunter2, name: ann}", "{password: …"],
  ['{"PassWord":"hunter2"}', '{"PassWord":"…"}'],
  ['{"pass":"hunter2","passwd":"hunter3"}', '{"pass":"…","passwd":"…"}'],
  ['{"pw":"hunter2","parol":"hunter3"}', '{"pw":"…","parol":"…"}'],
  ['{"passwrod":"hunter2"}', '{"passwrod":"…"}'],
  ['{"пароль":"hunter2"}', '{"пароль":"…"}'],
  ['{"p\\u0061ssw\\u006Frd":"hunter2"}', '{"p\\u0061ssw\\u006Frd":"…"}'],
  ['{"password":"my \\"own\\" hunter2"}', '{"password":"…"}'],
  ['"{\\"password\\":\\"hunter2\\",\\"time\\":1}"', '"{\\"password\\":\\"…\\",\\"time\\":1}"'],
  ['"token: x" (10.0.0.7:5): 400 "password": 7', '"token: …" (10.0.0.7:5): 400 "password": …'],
  ['"pass\\": \\"x" ([::1]:5) is here', '"pass\\": \\"…\\"" ([::1]:5) is here'],
  ["name=ann&password=hunter2", "name=ann&password=…"],
  ["<password>hunter2</password>", "<password>…"],
  ['{"action":"inspect","token":"abcdef"}', '{"action":"inspect","token":"…"}'],
  ['{"action":"authenticate","session":"abcdef"}', '{"action":"authenticate","session":"…"}'],
  ['{"action":"authenticate","session" "abcdef"}', '{"action":"authenticate","session" "…"}'],
  ["sessionId=abcdef", "sessionId=…"],
  ['{\0"\0p\0a\0s\0s\0w\0o\0r\0d\0"\0:\0"\0h\0u\0n\0', '{"password":"…'],
];

Deno.test("hideSecrets hides what stands behind the name of a secret, to the end of the text if need be", () => {
  for (const [text, shown] of hidden) assert.equal(hideSecrets(text), shown);
});

Deno.test("what has the shape of a token is hidden behind whatever name, and in a command with what stands before it", () => {
  const token = "NAR593IWEJ3h4dX77Dh_jud1590SAFAwyDab3dxBa8k";
  assert.equal(token.length, newToken().length);
  for (const field of ["tokn", "toekn", "tkn", "sid", "auth", "key", "Токен"]) {
    const text = JSON.stringify({ action: "logout", [field]: token }), shown = text.replace(token, "…");
    assert.equal(hideSecrets(text), shown);
    assert.equal(hideLogin(text), shown);
  }
  for (const text of [token, `{"action":"logout","tokn":"${token}",}`, `/logout ${token}`, `got "${token}"`]) {
    assert.equal(hideSecrets(text).includes(token.slice(0, 9)), false);
    assert.equal(quote(text).includes(token.slice(0, 9)), false);
  }
  assert.equal(hideLogin(`/login ann hunter2 ${token}`), "/login …");
  const others = ["x".repeat(43), `${token}x`, token.slice(1), token.toUpperCase(), "0".repeat(43)];
  for (const text of others) assert.equal(hideSecrets(text), text);
});

Deno.test("hideLogin hides a password that has no name, too", () => {
  const nameless: [text: string, shown: string][] = [
    ["PASS hunter2", "PASS …"],
    ["password hunter2", "password …"],
    ["/login ann hunter2", "/login …"],
    ["authenticate(ann, hunter2)", "authenticate(…"],
    ['["authenticate","ann","hunter2"]', '["authenticate",…'],
    ['{"action":"authenticate","ann","hunter2"}', '{"action":"authenticate",…'],
    ["{'action': 'register', 'user': ['ann', 'hunter2']}", "{'action': 'register', 'user': …"],
    ['{"user":"ann:hunter2","action":"authenticate"}', '{"user":…'],
    ['{"action":"authenticate","user":["ann","hunter2"', '{"action":"authenticate","user":…'],
    ['{"action":"authenticate","user":{"ann":"hunter2"}}', '{"action":"authenticate","user":{"ann":…'],
    ["{'user': {'ann': 'hunter2'}, 'action': 'authenticate'}", "{'user': {'ann': …"],
    ['{"action":"authenticate","account_name":"ann","hunter2"}', '{"action":"authenticate","account_name":"ann",…'],
    [
      '{"action":"register","user":{"account_name":"ann", "hunter2"',
      '{"action":"register","user":{"account_name":"ann", …',
    ],
  ];
  for (const [text, shown] of nameless) {
    assert.equal(hideLogin(text), shown);
    assert.equal(hideLogin(shown), shown);
    assert.doesNotMatch(quote(text), /hunter2/);
    assert.doesNotMatch(quoteBytes(encoder.encode(text)), /hunter2/);
    const parsed = parse(encoder.encode(text));
    assert.ok("refusal" in parsed, text);
    for (const language of languages) assert.doesNotMatch(explain(parsed.refusal, language), /hunter2/);
  }
  const others = [
    '{"action":"presence","user":"ann"}',
    '{"action":"msg","message":"pass the salt, please register"}',
    '{"action":"authenticate","user":{"account_name":"ann"},"time":1}',
    '{"action":"authenticate","time":1,"user":{}}',
    "pass: on",
    "hello",
  ];
  for (const text of others) assert.equal(hideLogin(text), hideSecrets(text));
});

Deno.test("hideSecrets leaves what only speaks of a secret, and hides nothing twice", () => {
  const words = [
    '{"action":"msg","message":"what is my password","time":1}',
    "I have forgotten my password, and the token is gone",
    '"password" (127.0.0.1:50312): 400 user: expected an object, got 7',
    '"token" ([2001:db8::1]:50312) is here',
    '{"compass":"north","message":"pass the salt"}',
    '{"password":"","time":1}'.replace('""', '"…"'),
  ];
  for (const text of words) assert.equal(hideSecrets(text), text);
  for (const [, shown] of hidden) assert.equal(hideSecrets(shown), shown);
});

Deno.test("hideSecrets leaves every sentence of our own", () => {
  for (const language of languages) {
    for (const reason of Object.keys(english.refusals) as RefusalReason[]) {
      const more = { at: "user.account_name", got: '"ann"', limit: 8, character: "U+034F", position: 1 };
      const sentence = explain(
        { code: 400, reason, like: '"ann"', ...more } as Parameters<typeof explain>[0],
        language,
      );
      assert.equal(hideSecrets(sentence), sentence);
    }
  }
  const { refusal } = parse(
    encoder.encode('{"action":"register","time":1,"user":{"account_name":"a","password":1}}'),
  ) as never;
  const sentence = explain(refusal);
  assert.equal(hideSecrets(sentence), sentence);
});

Deno.test("isSecretName knows a password with a slip, and no field of JIM", () => {
  for (
    const name of ["password", "pasword", "passwrd", "possword", "Password1", "user_password", "pwd", "psw", "PASS"]
  ) {
    assert.equal(isSecretName(name), true, name);
  }
  const fields =
    "action time user account_name status message to from encoding room text type user_id limit before after " +
    "with watch features until address response alert error quantity jim id role guest guests sender mess_text message_text";
  for (const name of fields.split(" ")) assert.equal(isSecretName(name), false, name);
});

Deno.test("mentionsSecret finds the name of a secret, whatever is left of its object", () => {
  for (
    const text of [
      '{"password":"hun',
      '{"password":',
      '{"password"',
      '{"token":]',
      '{"a":1,"pass',
      "{'pass]",
      '{"password":"…"}',
    ]
  ) {
    assert.equal(mentionsSecret(text), true, text);
  }
  for (const text of ["", '{"a":"password"}', "what is my password, please", '{"action":"msg","message":']) {
    assert.equal(mentionsSecret(text), false, text);
  }
});

Deno.test("hideSecrets takes time that grows with the text, whatever it is", () => {
  const size = 200_000;
  for (
    const text of [
      "password",
      "password:",
      '"password"',
      "\\",
      "\\u0070",
      '"',
      "p",
      '{"password":"',
      "pass word ",
      "\0",
    ]
  ) {
    const long = text.repeat(size / text.length), before = performance.now();
    hideSecrets(long);
    hideSecrets(`{"password":"${long}`);
    assert.ok(performance.now() - before < 10_000, text);
  }
});

/** A secret, of which no six letters in a row may be seen. */
const secret = fc.string({ unit: fc.constantFrom(..."abcdefgHIJKLM0123456789жщ"), minLength: 6, maxLength: 20 })
  .map((letters) => `Zq${letters}`);
const name = fc.constantFrom(
  "password",
  "Password",
  "PASSWORD",
  "pass",
  "passwd",
  "pwd",
  "user_password",
  "p\\u0061ssword",
);
const value = (secret: string) =>
  fc.constantFrom(
    JSON.stringify(secret),
    `'${secret}'`,
    secret,
    `["${secret}"]`,
    `{"a":"${secret}"}`,
    `{"a":{"b":["x","${secret}"]}}`,
    `"x${secret}`,
    `\\"${secret}\\"`,
  );
/** An object that has a secret in it; `at` is where the value begins. */
const login = fc.tuple(secret, name, fc.constantFrom('"', "'", ""), fc.constantFrom(":", " : ", ":\t", "="))
  .chain(([secret, name, quote, colon]) =>
    fc.tuple(value(secret), fc.constantFrom("authenticate", "register", "presence", "msg", "sing"), fc.boolean()).map((
      [value, action, nested],
    ) => {
      const field = `${quote}${name}${quote}${colon}${value}`;
      const user = nested ? `"user":{"account_name":"ann",${field}}` : `"account_name":"ann",${field}`;
      const text = `{"action":"${action}","time":1,${user},"more":1}`, start = text.indexOf(field);
      const end = start + `${quote}${name}${quote}${colon}`.length;
      return { secret, text, name: { start, end, frail: name.length < 8 || quote === "" } };
    })
  );
/** Changes of a character, so few that a name of a secret can still be known. */
const changes = fc.array(
  fc.tuple(
    fc.nat(),
    fc.constantFrom("", "x", "1", '"', "'", ":", ",", "{", "}", "[", "]", " ", "\\", "\n", "\0", "\u00e9"),
    fc.nat(1),
  ),
  { maxLength: 1 },
);
/** One change, which is behind the name of the secret where that could not be known any more; or the end is lost. */
const broken = fc.tuple(login, changes, fc.option(fc.nat(), { freq: 3 })).map(
  ([{ secret, text, name }, changes, cut]) => {
    for (const [place, put, out] of changes) {
      const any = place % text.length, at = name.frail && any >= name.start && any < name.end ? name.end : any;
      text = text.slice(0, at) + put + text.slice(at + out);
    }
    return { secret, text: cut === null ? text : text.slice(0, cut % (text.length + 1)) };
  },
);

function assertHidden(shown: string, secret: string, text: string): void {
  for (let i = 0; i + 6 <= secret.length; i++) {
    if (!shown.includes(secret.slice(i, i + 6))) continue;
    assert.fail(`${JSON.stringify(text)} is shown as ${JSON.stringify(shown)}`);
  }
}

Deno.test("a password is in no refusal, no trace and no log, however its object is broken", () => {
  fc.assert(
    fc.property(broken, fc.boolean(), ({ secret, text }, lines) => {
      const bytes = encoder.encode(text);
      assertHidden(hideSecrets(text), secret, text);
      assertHidden(quote(text), secret, text);
      assertHidden(quoteBytes(bytes), secret, text);
      assertHidden(show([text, { text }]), secret, text);
      for (const message of [text, `ann: ${text}`, `got ${JSON.stringify(text)}`]) {
        assertHidden(format({ time: 0, level: "debug", module: "m", fn: "f", message }), secret, text);
      }
      const parsed = parse(bytes);
      if ("refusal" in parsed) {
        for (const language of languages) assertHidden(explain(parsed.refusal, language), secret, text);
      }
      const framer = new Framer();
      framer.push(encoder.encode(lines ? '{"action":"quit"}\n' : ""));
      framer.next();
      framer.push(encoder.encode(`${text}\n`));
      const found = framer.next();
      if (typeof found === "string") {
        assertHidden(explain(framingRefusal(found, framer.excerpt, DEFAULT_LIMITS)), secret, text);
        assertHidden(hideSecrets(decoder.decode(framer.excerpt)), secret, text);
      }
    }),
    { numRuns: 5_000 },
  );
});
