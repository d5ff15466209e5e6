// The short way against the long one: whatever canonicalEnd finds to the last byte must be, byte for byte read back, what parsing it and wording its relay would have made of it.

import assert from "node:assert/strict";
import fc from "fast-check";
import { canonicalEnd, canonicalMiddle } from "../../jim/canonical.ts";
import { plain } from "../../jim/dialects/mod.ts";
import { Framer } from "../../jim/frame.ts";
import { DEFAULT_LIMITS, STRICT_LIMITS } from "../../jim/limits.ts";
import { parse } from "../../jim/parse.ts";
import { anyName, anyText } from "./any.ts";

const encoder = new TextEncoder(), decoder = new TextDecoder();

function written(time: string, name: string, message: string): string {
  const [from, text] = [JSON.stringify(name), JSON.stringify(message)];
  return `{"action":"msg","time":${time},"to":"#all","from":${from},"encoding":"utf-8","message":${text}}`;
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function short(object: Uint8Array | string, name: string, limits = DEFAULT_LIMITS): boolean {
  const bytes = typeof object === "string" ? encoder.encode(object) : object;
  return bytes.length > 0 && canonicalEnd(view(bytes), 0, bytes.length, canonicalMiddle(name), limits) === bytes.length;
}

/** Whether it took the short way; fails when the long way would have made something else of it. */
function agrees(object: Uint8Array, name: string, limits = DEFAULT_LIMITS): boolean {
  if (!short(object, name, limits)) return false;
  const parsed = parse(object, { limits });
  assert.ok("message" in parsed && parsed.message.action === "msg" && parsed.dialect === undefined);
  const { time, to, message } = parsed.message;
  assert.ok(time !== null && to === "#all");
  const relayed = `${decoder.decode(object.subarray(0, -1))},"id":7}`;
  const long = plain.formatRelay({ time, to, from: name, message, id: 7 }, "reader");
  assert.equal(JSON.stringify(JSON.parse(relayed)), JSON.stringify(long));
  return true;
}

const time = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.integer().map(String),
  fc.constantFrom(
    "0",
    "007",
    "0.5",
    "00.5",
    "1.",
    ".5",
    "-1",
    "1e9",
    "999999999999.999",
    "7999999999999.99",
    "8000000000000",
    "8640000000000.1",
    "9999999999999",
    "1764000000123456",
    '"1"',
    "null",
    "12345678901234567",
    "123456789012345678",
  ),
);
const clean = fc.string({ unit: fc.constantFrom(..."abc {}[]:,'/дйё€😀\u2028\ufeff") });

Deno.test("canonicalEnd takes the short way when a message is as Hanita itself would write it", () => {
  fc.assert(fc.property(fc.nat(), anyName, clean, (time, name, text) => {
    assert.ok(agrees(encoder.encode(written(String(time), name, text)), name));
    assert.ok(agrees(encoder.encode(written(`${time}.25`, name, text)), name));
    assert.ok(agrees(encoder.encode(written("7999999999999", name, text)), name));
  }));
});

Deno.test("canonicalEnd agrees with the long way whatever the time, the name and the text", () => {
  fc.assert(
    fc.property(
      time,
      anyName,
      fc.oneof(clean, anyText),
      fc.constantFrom(DEFAULT_LIMITS, STRICT_LIMITS),
      (time, name, text, limits) => {
        agrees(encoder.encode(written(time, name, text)), name, limits);
      },
    ),
    { numRuns: 1000 },
  );
});

/** A change of a few bytes at a place: bytes out, bytes in. Places near the end and the time are as likely as the rest. */
const change = fc.record({
  at: fc.oneof(fc.nat(200), fc.integer({ min: -4, max: -1 }), fc.integer({ min: 23, max: 32 })),
  out: fc.nat(2),
  put: fc.oneof(
    fc.uint8Array({ maxLength: 2 }),
    fc.constantFrom(...'0."\\{}, e-\n\0\x7f').map((text) => encoder.encode(text)),
    fc.constantFrom([0xff], [0xc3], [0xd0, 0xb9], [0xc0, 0x80], [0xed, 0xa0, 0x80]).map((bytes) =>
      Uint8Array.from(bytes)
    ),
  ),
});

Deno.test("canonicalEnd agrees with the long way when bytes are flipped, lost and put in", () => {
  let taken = 0, runs = 0;
  fc.assert(
    fc.property(
      fc.nat(),
      anyName,
      clean,
      fc.array(change, { minLength: 1, maxLength: 2 }),
      (time, name, text, changes) => {
        const bytes = [...encoder.encode(written(String(time), name, text))];
        for (const { at, out, put } of changes) bytes.splice(at, out, ...put);
        runs++;
        if (agrees(Uint8Array.from(bytes), name)) taken++;
      },
    ),
    { numRuns: 5000 },
  );
  assert.ok(taken > 0 && taken < runs, "the changes leave some messages canonical and others not");
});

const hello = written("1764000000.5", "ann", "hello");
const long: [name: string, object: string][] = [
  ["is another's", written("1", "eve", "hello")],
  [
    "has its fields in another order",
    '{"time":1,"action":"msg","to":"#all","from":"ann","encoding":"utf-8","message":""}',
  ],
  ["has white space in it", JSON.stringify(JSON.parse(hello), null, 1)],
  ["has white space behind it", `${hello} `],
  ["is for a room", hello.replace("#all", "#cats")],
  ["spells the common chat its own way", hello.replace("#all", "#ALL")],
  ["has another encoding", hello.replace("utf-8", "ascii")],
  ["has an escape", hello.replace("hello", "\\u0041")],
  ["has a control character", hello.replace("hello", "a\x01")],
  ["has a quote in its text", hello.replace("hello", 'a","to":"bob')],
  ["has another field", hello.replace('hello"', 'hello","x":1')],
  ["has a time that begins with noughts", hello.replace("1764000000.5", "007")],
  ["has a time without digits", hello.replace("1764000000.5", "")],
  ["has a time with a point and nothing more", hello.replace("1764000000.5", "1764000000.")],
  ["has a time below nought", hello.replace("1764000000.5", "-1")],
  ["has a time in a string", hello.replace("1764000000.5", '"1764000000.5"')],
  ["has a time that a Date cannot hold", hello.replace("1764000000.5", "8640000000001")],
  ["has a time in nanoseconds", hello.replace("1764000000.5", "1764000000123456789")],
  ["has a time of 14 digits", hello.replace("1764000000.5", "17640000000000")],
  ["has a time too long to be one", hello.replace("1764000000.5", "9".repeat(400))],
  ["is longer in bytes than a text may be in characters", written("1", "ann", "й".repeat(2001))],
  ["ends early", hello.slice(0, -1)],
  ["has no text", hello.slice(0, hello.indexOf('hello"'))],
  ["is empty", ""],
];

Deno.test("canonicalEnd looks at each byte of a text, whatever stands beside it", () => {
  const isPlain = (byte: number) => byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c;
  for (let at = 0; at < 4; at++) {
    const bytes = encoder.encode(written("1", "ann", `${"x".repeat(at)}??xxxx`)), place = bytes.indexOf(63);
    const object = view(bytes), middle = canonicalMiddle("ann"), { length } = bytes;
    for (let first = 0; first < 256; first++) {
      for (let second = 0; second < 256; second++) {
        bytes[place] = first;
        bytes[place + 1] = second;
        const isLetter = first >= 0xc2 && first <= 0xdf && second >= 0x80 && second <= 0xbf;
        const taken = canonicalEnd(object, 0, length, middle, DEFAULT_LIMITS) === length;
        const wanted = isLetter || (isPlain(first) && isPlain(second));
        if (taken !== wanted) assert.fail(`${first}, ${second} behind ${at} others: ${taken}`);
      }
    }
  }
});

Deno.test("canonicalEnd takes the long way when anything is otherwise", () => {
  assert.equal(short(hello, "ann"), true);
  for (const [name, object] of long) assert.equal(short(object, "ann"), false, `when it ${name}`);
});

Deno.test("canonicalEnd keeps the limits", () => {
  assert.equal(short(written("1", "ann", "x".repeat(500)), "ann", STRICT_LIMITS), true);
  assert.equal(short(written("1", "ann", "x".repeat(501)), "ann", STRICT_LIMITS), false);
  assert.equal(short(hello, "ann", { ...DEFAULT_LIMITS, object: hello.length }), true);
  assert.equal(short(hello, "ann", { ...DEFAULT_LIMITS, object: hello.length - 1 }), false);
});

Deno.test("canonicalEnd says where a message ends as soon as its last byte has come, and never sooner", () => {
  const before = encoder.encode('{"action":"quit"}'), middle = canonicalMiddle("ann");
  fc.assert(
    fc.property(clean, fc.nat(), fc.constantFrom("", "\n", '{"action":"msg"', '"}'), (text, cut, behind) => {
      const object = encoder.encode(written("1764000000.5", "ann", text));
      const bytes = Uint8Array.of(...before, ...object, ...encoder.encode(behind));
      const start = before.length, end = start + object.length;
      const filled = start + cut % (bytes.length - start + 1); // what is behind is left from an earlier read
      assert.equal(canonicalEnd(view(bytes), start, filled, middle, DEFAULT_LIMITS), filled < end ? 0 : end);
      assert.equal(canonicalEnd(view(bytes), 0, bytes.length, middle, DEFAULT_LIMITS), 0);
    }),
    { numRuns: 500 },
  );
});

Deno.test("canonicalEnd is 0 when the bytes of an earlier read would make it whole", () => {
  const said = encoder.encode(hello), middle = canonicalMiddle("ann");
  for (let filled = 0; filled < said.length; filled++) {
    assert.equal(canonicalEnd(view(said), 0, filled, middle, DEFAULT_LIMITS), 0, `${filled} of ${said.length} bytes`);
  }
});

Deno.test("Framer.nextKnown takes what next would have found, and leaves the rest to it", () => {
  const canonical = clean.map((text) => written("1764000000.5", "ann", text));
  const other = fc.constantFrom('{"action":"quit"}', "{", "}", "oops", '{"a":"', hello.slice(0, -2), hello.slice(1));
  const said = fc.array(fc.tuple(fc.oneof(canonical, other), fc.constantFrom("", "\n", "\r\n", " ")));
  const middle = canonicalMiddle("ann");
  fc.assert(
    fc.property(said, fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1 }), (said, cuts) => {
      const bytes = encoder.encode(said.flat().join(""));
      const trying = new Framer(), walking = new Framer();
      for (let from = 0, i = 0; from < bytes.length; i++) {
        const piece = bytes.subarray(from, from += cuts[i % cuts.length]!);
        trying.push(piece);
        walking.push(piece);
        let found;
        do {
          const known = trying.takeMatching((bytes, start, filled) =>
            canonicalEnd(bytes, start, filled, middle, DEFAULT_LIMITS)
          );
          found = known ? trying.matched.slice() : trying.next();
          assert.deepEqual(found, walking.next());
          if (known) assert.ok(found instanceof Uint8Array && short(found, "ann"));
        } while (found !== undefined);
        assert.equal(trying.isLineDelimited, walking.isLineDelimited);
        assert.equal(trying.pendingBytes, walking.pendingBytes);
      }
    }),
    { numRuns: 500 },
  );
});

Deno.test("Framer.nextKnown takes each message of its form that came whole", () => {
  const framer = new Framer(), middle = canonicalMiddle("ann"), seen = [];
  framer.push(
    encoder.encode(`{}\n${hello}\n${hello} {"action":"quit"}\r\n\t ${hello}\x01\n${hello}${hello.slice(0, 50)}`),
  );
  for (let i = 0; i < 8; i++) {
    const known = framer.takeMatching((bytes, start, filled) =>
      canonicalEnd(bytes, start, filled, middle, DEFAULT_LIMITS)
    );
    const found = known ? framer.matched : framer.next();
    seen.push([known, found instanceof Uint8Array ? decoder.decode(found) : found]);
  }
  assert.deepEqual(seen, [
    [false, "{}"], // the first object of all shows how its sender frames
    [true, hello],
    [true, hello],
    [false, '{"action":"quit"}'],
    [true, hello],
    [false, "garbage"],
    [false, hello],
    [false, undefined],
  ]);
  assert.equal(framer.pendingBytes, 50);
});
