import assert from "node:assert/strict";
import fc from "fast-check";
import { mask, show } from "../../log/redact.ts";

const SECRET = "hunter2";
const secretName = fc.constantFrom(
  "password",
  "Password",
  "new_password",
  "token",
  "accessToken",
  "secret",
  "my secret",
);

Deno.test("show hides a secret at any depth, in objects, arrays, maps and sets", () => {
  const holder = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: "small" },
      fc.dictionary(secretName, fc.oneof(fc.constant(SECRET), fc.constant([SECRET]), fc.constant({ x: SECRET }))),
      fc.dictionary(fc.constantFrom("user", "a b", "", "x"), tie("value")),
      fc.array(tie("value"), { maxLength: 3 }),
      fc.tuple(secretName, fc.constant(SECRET)).map(([name, secret]) => new Map([[name, secret]])),
      tie("value").map((value) => new Set([value])),
    ),
  })).value;
  fc.assert(fc.property(holder, (value) => {
    assert.ok(!show(value).includes(SECRET));
    assert.ok(!show(JSON.stringify(value)).includes(SECRET));
    assert.ok(!show({ text: JSON.stringify({ quoted: JSON.stringify(value) }) }).includes(SECRET));
  }));
});

Deno.test("mask hides a secret in any JSON, however deep it is quoted and wherever it is cut", () => {
  const text = fc.tuple(secretName, fc.string({ unit: fc.constantFrom('"', "\\", "s", "}", " ", "'"), maxLength: 6 }));
  fc.assert(fc.property(text, fc.integer({ min: 0, max: 3 }), fc.nat(100), ([name, noise], quoted, cut) => {
    let json = JSON.stringify({ action: "authenticate", [name]: `${noise}${SECRET}${noise}`, time: 1 });
    for (let i = 0; i < quoted; i++) json = JSON.stringify(json);
    assert.ok(!mask(json).includes(SECRET), mask(json));
    assert.ok(!mask(json.slice(0, cut)).includes(SECRET.slice(0, 4)), mask(json.slice(0, cut)));
  }));
});

Deno.test("mask hides a secret in a beginner's JSON", () => {
  assert.equal(mask("{'password': 'hunter2', 'time': 1}"), "{'password': ***, 'time': 1}");
  assert.equal(mask('{"password" : 12345}'), '{"password" : ***}');
  assert.equal(mask('{"user":{"password":"hunter2"},"time":1}'), '{"user":{"password":***},"time":1}');
});

Deno.test("mask leaves a text as it is when it only speaks of a secret", () => {
  const text = "token: expected a string, got 12; the password is wrong";
  assert.equal(mask(text), text);
});

Deno.test("show is short, whatever it is given", () => {
  fc.assert(fc.property(fc.anything({ maxDepth: 6, maxKeys: 40, withMap: true, withSet: true }), (value) => {
    assert.ok(show(value).length < 20_000);
  }));
  assert.equal(show("x".repeat(1_000_000)).length, 200 + '""… (999800 more)'.length);
  assert.match(show(Array.from({ length: 1_000 }, (_, i) => i)), /^\[0, 1, .*, 15, … 984 more\]$/);
  assert.equal(show({ a: { b: { c: { d: { e: 1 } } } } }), "{a: {b: {c: {d: …}}}}");
  const wide = Object.fromEntries(Array.from({ length: 16 }, (_, i) => [`k${i}`, Array(16).fill(Array(16).fill(0))]));
  assert.ok(show(wide).length < 1_000);
});

Deno.test("show says what a thing is when it has no short text", () => {
  assert.equal(show(new Uint8Array(5)), "<5 bytes>");
  assert.equal(show(new DataView(new ArrayBuffer(7))), "<7 bytes>");
  assert.equal(show(new ArrayBuffer(8)), "<8 bytes>");
  assert.equal(
    show([undefined, null, 1n, Symbol("s"), () => 1, -0, NaN]),
    "[undefined, null, 1n, Symbol(s), <function>, 0, NaN]",
  );
  assert.equal(show(new Date(0)), "1970-01-01T00:00:00.000Z");
  assert.equal(show(new Date(NaN)), "<invalid date>");
  assert.equal(show(new TypeError("no")), 'TypeError: "no"');
  assert.equal(show(new Map<unknown, unknown>([["a", 1], [2, { b: 3 }]])), "Map {a: 1, 2: {b: 3}}");
  assert.equal(
    show(
      new (class Conn {
        id = 7;
      })(),
    ),
    "Conn {id: 7}",
  );
  assert.equal(show(Object.create(null)), "{}");
  assert.equal(show(`{"text": "it's"}`), `\`{"text": "it's"}\``);
});

Deno.test("show ends when the value is a circle, and shows a thing twice that only appears twice", () => {
  const circle: Record<string, unknown> = { name: "a" };
  circle.self = circle;
  assert.equal(show(circle), '{name: "a", self: <circle>}');
  const twin = { x: 1 };
  assert.equal(show([twin, twin]), "[{x: 1}, {x: 1}]");
});

Deno.test("show runs none of the value's own code", () => {
  let ran = 0;
  class Trap {
    get [Symbol.toStringTag]() {
      return String(ran++);
    }
    toString() {
      return String(ran++);
    }
    toJSON() {
      return ran++;
    }
  }
  const value = Object.defineProperty(new Trap(), "field", { get: () => ran++, enumerable: true });
  assert.equal(show(value), "Trap {field: <function>}");
  assert.equal(ran, 0);
});

Deno.test("show does not throw when the value is a hostile proxy", () => {
  const { proxy: revoked, revoke } = Proxy.revocable({}, {});
  revoke();
  const hostile = new Proxy({}, {
    ownKeys: () => {
      throw new Error("no");
    },
  });
  const endless: object = new Proxy({}, {
    ownKeys: () => ["again"],
    getOwnPropertyDescriptor: () => ({ value: endless, enumerable: true, configurable: true }),
  });
  assert.equal(show([1, revoked, hostile, 2]), "[1, <unreadable>, <unreadable>, 2]");
  assert.match(show(endless), /^\{again: /);
  assert.equal(show(Object.create(Map.prototype)), "<unreadable>");
});
