// The values of the fields that many actions have: times, names, addressees, texts and files; which of them parse takes, and the
// sentence that refuses each other one.

import assert from "node:assert/strict";
import { DEFAULT_LIMITS, type Limits, STRICT_LIMITS } from "../../jim/limits.ts";
import { account, action, ann, bare, letters, name, read, room, said, text, time } from "./parsed.ts";

function presence(account_name: unknown, more: object = {}): unknown {
  return read({ action: "presence", user: { account_name, ...more } });
}

const msg = (fields: object) => ({ action: "msg", time: 1, to: "#all", message: "hello", ...fields });
const to = 'to: expected "#all", a "#room" or a name, got ';
const marks = (got: string, character: string) =>
  "user.account_name: expected each accent on a letter that takes it, at most four and none twice, " +
  `got ${got} with ${character}`;

const times: [value: unknown, line: unknown, bare?: unknown][] = [
  [0, 0],
  [-1, -1],
  [1764000000.25, 1764000000.25],
  [1764000000000, 1764000000000], // milliseconds: wrong, and yet a time
  [8.64e12, 8.64e12],
  [-8.64e12, -8.64e12],
  [8.64e12 + 0.001, null],
  [-8640000000001, null],
  [9999999999999, null],
  [1764000000123456789, null], // nanoseconds
  [1e300, null],
  ["1764000000123456789", null],
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

const untils: [value: unknown, until: unknown][] = [
  [undefined, undefined],
  [null, undefined],
  [4_000_000_000, 4_000_000_000],
  [-1.5, -1.5],
  [8.64e12, 8.64e12],
  [8.64e12 + 1, "8640000000001"],
  [9999999999999, "9999999999999"],
  [1e308, "1e+308"],
  ["1764086400", '"1764086400"'],
  ["tomorrow", '"tomorrow"'],
  [[1], "[1]"],
  [true, "true"],
];

Deno.test("parse takes the end of a ban that a Date can hold, and shows what is right beside another", () => {
  for (const [value, until] of untils) {
    const outcome = typeof until === "string"
      ? `until: expected Unix seconds as a number of at most 8640000000000, such as 1764086400, got ${until}`
      : { user_id: "eve", ...(until === undefined ? {} : { until }) };
    for (const action of ["ban", "mute"]) {
      const expected = typeof outcome === "string" ? outcome : { action, time: 1, ...outcome };
      assert.deepEqual(read({ message: undefined, action, user_id: "eve", until: value }), expected, String(value));
    }
  }
  const infinite = said('{"action":"ban","time":1,"user_id":"eve","until":1e999}');
  assert.match(String(infinite), /^until: expected .* got Infinity$/);
});

Deno.test("parse reads a time that is a number, in a string too; a bare peer's other string is null", () => {
  for (const [value, line, loose = line] of times) {
    const outcome = (time: unknown) => typeof time === "string" ? time : { action: "probe", time };
    const json = JSON.stringify({ action: "probe", time: value });
    assert.deepEqual(said(json), outcome(line), json);
    assert.deepEqual(said(json, bare), outcome(loose), json);
  }
  assert.deepEqual(said('{"action":"probe","time":1e999}'), { action: "probe", time: null });
  assert.equal(said('{"action":"probe"}', bare), `${time}nothing`);
});

Deno.test("parse takes names of 1 to 25 visible characters", () => {
  for (const name of ["a", "Анна Ёлкина", "😀".repeat(25), "a#b", 'q"\\', "❤️", "名前", "x".repeat(25), "__proto__"]) {
    assert.deepEqual(presence(name), ann({ account_name: name }));
    assert.deepEqual(read({ to: name }), msg({ to: name }));
  }
});

Deno.test("parse refuses a name that is none, too long, or a room's", () => {
  for (const value of ["", "#ann", 7, null, true, ["ann"], {}]) {
    assert.equal(presence(value), account + JSON.stringify(value));
  }
  assert.equal(presence("x".repeat(26)), `${account}"${"x".repeat(26)}", which has 26`);
  assert.equal(presence("😀".repeat(26)), `${account}"${"😀".repeat(19)}…, which has 26`, "never half a letter");
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
    assert.equal(presence(name), letters("user.account_name", JSON.stringify(name), "U+0020"));
  }
  assert.equal(presence("a\u202eb"), letters("user.account_name", '"a\\u202eb"', "U+202E"));
  assert.equal(presence("ann\u034f"), letters("user.account_name", '"ann\\u034f"', "U+034F"));
  assert.equal(presence("ann\u{e0100}"), letters("user.account_name", '"ann\\udb40\\udd00"', "U+E0100"));
  assert.equal(presence("ann\ud83d"), letters("user.account_name", '"ann\\ud83d"', "U+D83D"));
});

Deno.test("parse refuses a name with marks that belong to no letter", () => {
  assert.equal(presence("\u0301\u0302"), marks('"\u0301\u0302"', "U+0301"));
  assert.equal(presence("e\u0301\u0301"), marks('"e\u0301\u0301"', "U+0301"));
  assert.equal(presence("ann\u17d2"), marks('"ann\u17d2"', "U+17D2"));
  assert.match(String(read({ to: "#\u0301" })), /^to: expected each accent on a letter/);
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
  assert.equal(read({ to: "x".repeat(26) }), `${name}"${"x".repeat(26)}", which has 26`);
  assert.equal(read({ to: `#${"x".repeat(26)}` }), `${room}"#${"x".repeat(26)}", which has 26`);
  assert.equal(read({ to: "# cats" }), letters("to", '"# cats"', "U+0020"));
});

Deno.test("parse takes any text up to the limit, counted in code points", () => {
  for (const message of ["", "a\nb\0", "😀".repeat(4000), "й".repeat(4000)]) {
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

Deno.test("parse reads half a surrogate pair in a text as U+FFFD, which every program can print", () => {
  for (const half of ["\ud83d", "\ude00", "\ude00\ud83d", "😀\ud83d"]) {
    const text = `cut ${half}`, whole = text.toWellFormed();
    assert.deepEqual(read({ message: text }), msg({ message: whole }));
    assert.deepEqual(presence("ann", { status: text }), ann({ status: whole }));
    assert.deepEqual(read({ message: undefined, action: "motd", text }), { action: "motd", time: 1, text: whole });
    const search = { action: "search", time: 1, room: "#all", limit: 50 };
    assert.deepEqual(read({ message: undefined, action: "search", text }), { ...search, text: whole });
  }
});

Deno.test("parse keeps the handout's own limits when they are asked for", () => {
  const limits: Limits = STRICT_LIMITS;
  assert.deepEqual(read({ message: "й".repeat(500) }, { limits }), msg({ message: "й".repeat(500) }));
  assert.equal(read({ message: "x".repeat(501) }, { limits }), "message: expected at most 500 characters, got 501");
  assert.equal(read({ action: "a".repeat(16) }, { limits }), `${action}"${"a".repeat(16)}", which has 16`);
  const filled = (size: number) => `{"action":"quit","more":"${"й".repeat(size - 27)}"}`;
  assert.deepEqual(said(filled(640), { limits }), { action: "quit", time: null });
  assert.equal(said(filled(641), { limits }), "Expected an object of at most 640 characters, got 641");
});

Deno.test("parse takes limits as data", () => {
  const limits: Limits = { ...DEFAULT_LIMITS, name: 3, text: 2, action: 4 };
  assert.equal(read({ message: "abc" }, { limits }), "message: expected at most 2 characters, got 3");
  assert.equal(read({ message: "ab", to: "#abcd" }, { limits }), room.replace("25", "3") + '"#abcd", which has 4');
  assert.equal(read({ action: "probe" }, { limits }), `${action}"probe", which has 5`);
});

Deno.test("parse reads the name, the size and the sum of a file, or says which is wrong", () => {
  const upload = { action: "upload", time: 1, to: "#all", name: "cat.png", size: 70 };
  const sum = "9D".repeat(32), hidden = "name: expected visible characters, and plain spaces only between them, got ";
  const name = 'name: expected the name of a file without a folder, such as "cat.png", got ';
  const size = "size: expected the bytes of the file, a whole number of 1 or more, got ";
  const rows: [fields: object, said: unknown][] = [
    [{}, upload],
    [{ sha256: sum, to: "#CHAT" }, { ...upload, sha256: sum.toLowerCase() }],
    [{ name: "Кошка и кот.png" }, { ...upload, name: "Кошка и кот.png" }],
    [{ name: "e\u0301.txt" }, { ...upload, name: "\u00e9.txt" }],
    [{ name: ".profile" }, { ...upload, name: ".profile" }],
    [{ name: "../../etc/passwd" }, `${name}"../../etc/passwd"`],
    [{ name: "C:\\cat.png" }, String.raw`${name}"C:\\cat.png"`],
    ...["", ".", "..", "a/b"].map((bad): [object, string] => [{ name: bad }, `${name}"${bad}"`]),
    [{ name: undefined }, `${name}nothing`],
    [{ name: "gnp.\u202eexe" }, String.raw`${hidden}"gnp.\u202eexe" with U+202E`],
    [{ name: " cat.png" }, `${hidden}" cat.png" with U+0020`],
    [{ name: "x".repeat(201) }, "name: expected at most 200 characters, got 201"],
    ...[0, -1, 1.5, "70", null].map((bad): [object, string] => [{ size: bad }, `${size}${JSON.stringify(bad)}`]),
    [{ sha256: "9d" }, 'sha256: expected the SHA-256 of the file as 64 hexadecimal digits, got "9d"'],
  ];
  for (const [fields, expected] of rows) assert.deepEqual(read({ ...upload, ...fields, message: undefined }), expected);
  assert.deepEqual(read({ file: "q1Yy_-" }), { action: "msg", time: 1, to: "#all", message: "hello", file: "q1Yy_-" });
  for (const file of [7, "", "../secret", "x".repeat(65)]) {
    const said = read({ file });
    assert.equal(
      said,
      `file: expected the upload in the answer to an upload, a string, got a value of type ${typeof file}`,
    );
  }
});
