// Where objects end, by laws: whatever comes, cut wherever the network cuts it, gives the same. The tests feed a framer
// both ways, by push() and through its own space(), and hold it against the list of objects that was written.

import assert from "node:assert/strict";
import fc from "fast-check";
import { Framer, type FramingError } from "../../jim/frame.ts";
import { prefixLength } from "../../jim/encode.ts";
import { DEFAULT_LIMITS, type Limits } from "../../jim/limits.ts";

const encoder = new TextEncoder(), decoder = new TextDecoder();

/** So small that random bytes meet every limit. */
const tiny: Limits = { ...DEFAULT_LIMITS, objectBytes: 24, depth: 3 };

/** What a framer found: an object's text in one string, a fault in brackets. */
type Found = string | [FramingError];

interface Feed {
  /** Pieces of so many bytes, over and over, instead of all at once. */
  cuts?: readonly number[];
  /** Read into the framer's own buffer, as a socket does, instead of pushing. */
  read?: boolean;
}

function feed(framer: Framer, bytes: Uint8Array, { cuts = [], read = false }: Feed = {}): Found[] {
  const found: Found[] = [];
  for (let from = 0, i = 0; from < bytes.length; i++) {
    let piece = bytes.subarray(from, from + (cuts.length === 0 ? bytes.length : cuts[i % cuts.length]!));
    if (read) {
      const space = framer.reserve();
      assert.ok(space.length > 0, "there is no room to read into");
      piece = piece.subarray(0, space.length);
      space.set(piece);
      framer.commit(piece.length);
    } else framer.push(piece);
    from += piece.length;
    found.push(...drain(framer));
  }
  return found;
}

function drain(framer: Framer): Found[] {
  const found: Found[] = [];
  for (let next = framer.next(); next !== undefined; next = framer.next()) {
    found.push(typeof next === "string" ? [next] : decoder.decode(next));
    assert.ok(found.length < 1_000_000, "it finds things for ever");
  }
  return found;
}

function framed(text: string, limits?: Limits): Found[] {
  return feed(new Framer(limits), encoder.encode(text));
}

const cuts = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 });

/** Strings of all that could confuse a search for brackets. */
const tricky = fc.string({ unit: fc.constantFrom(...'{}[]":,\\/ \n\r\t\0aй日😀\u2028') });
const { value: json } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    tricky,
    fc.double(),
    fc.constantFrom(null, true, 7),
    tie("list"),
    tie("record"),
  ),
  list: fc.array(tie("value"), { maxLength: 4 }),
  record: fc.dictionary(tricky, tie("value"), { maxKeys: 4 }),
}));
const objectText = fc.tuple(fc.dictionary(tricky, json, { maxKeys: 5 }), fc.constantFrom(0, 1, "\t"))
  .map(([object, indent]) => JSON.stringify(object, null, indent));
const between = fc.constantFrom("", "\n", "\r\n", "\n\r", " ");

Deno.test("Framer finds the same objects and lines however they are joined, cut and fed", () => {
  fc.assert(
    fc.property(between, fc.array(fc.tuple(objectText, between)), cuts, fc.boolean(), (before, said, cuts, read) => {
      const framer = new Framer();
      const found = feed(framer, encoder.encode(before + said.flat().join("")), { cuts, read });
      assert.deepEqual(found, said.map(([text]) => text));
      assert.equal(framer.isLineDelimited, said.some(([, after]) => /[\r\n]/.test(after)));
    }),
    { numRuns: 500 },
  );
});

Deno.test("Framer finds the same objects and faults in any bytes however they are cut and fed", () => {
  const noise = fc.array(fc.constantFrom(...encoder.encode('{}[]":,\\\n\r a1\0\0\0{\ufeff'), 0xd0, 0xff, 0xfe), {
    maxLength: 200,
  });
  const mixed = fc.array(
    fc.oneof(noise.map((bytes) => Uint8Array.from(bytes)), objectText.map((t) => encoder.encode(t))),
  );
  fc.assert(
    fc.property(mixed, cuts, fc.boolean(), fc.constantFrom(tiny, DEFAULT_LIMITS), (pieces, cuts, read, limits) => {
      const bytes = Uint8Array.from(pieces.flatMap((piece) => [...piece]));
      const whole = new Framer(limits), cut = new Framer(limits);
      assert.deepEqual(feed(cut, bytes, { cuts, read }), feed(whole, bytes));
      assert.equal(cut.isLineDelimited, whole.isLineDelimited);
    }),
    { numRuns: 1000 },
  );
});

Deno.test("Framer is in step again by the second line after any noise", () => {
  const noise = fc.string({ unit: fc.constantFrom(...'{}[]":,\\a1 \n') });
  const line = fc.dictionary(tricky, json, { maxKeys: 3 }).map((object) => JSON.stringify(object));
  fc.assert(
    fc.property(noise, line, line, (noise, first, second) => {
      // A line may be lost: it is a fine value for an object that broke off behind a colon.
      const found = framed(`{}\n${noise}\n${first}\n${second}\n`);
      assert.equal(found.at(-1), second);
    }),
    { numRuns: 500 },
  );
});

const faulty: [name: string, text: string, found: Found[]][] = [
  ["garbage before an object", 'hello {"a":1}', [["garbage"], '{"a":1}']],
  ["garbage between objects", '{"a":1}oops{"b":2}', ['{"a":1}', ["garbage"], '{"b":2}']],
  ["garbage up to the newline when a peer ends lines", '{"a":1}\nx {"b":2}\n{"c":3}', [
    '{"a":1}',
    ["garbage"],
    '{"c":3}',
  ]],
  ["garbage up to a lone CR when a peer ends lines so", '{"a":1}\rx\r{"c":3}\r', ['{"a":1}', ["garbage"], '{"c":3}']],
  ["a line of garbage each", "a\nb\n\n{}", [["garbage"], ["garbage"], "{}"]],
  ["a closing bracket alone", '}{"a":1}', [["garbage"], '{"a":1}']],
  ["a NUL between objects", '\0{"a":1}', [["garbage"], '{"a":1}']],
  ["half a byte order mark behind a word", 'x\ufeff{"a":1}', [["garbage"], '{"a":1}']],
  ["an HTTP request", "GET / HTTP/1.1\r\nHost: x\r\n\r\n", [["garbage"], ["garbage"]]],
  ["an object inside which another begins", '{"a":1{"b":2}', [["broken"], '{"b":2}']],
  ["an object that breaks off in its line", '{}\n{"a":1 {"b":2}\n{"c":3}\n', ["{}", ["broken"], '{"c":3}']],
  ["an object that breaks off behind a backslash", '{}\n{"a":"b\\\n{"c":3}\n', ["{}", ["broken"], '{"c":3}']],
  ["an object that breaks off with its line", '{}\n{"a":1\n{"c":3}\n', ["{}", ["broken"], '{"c":3}']],
  ["a string that runs into a newline", '{"a":"b\n{"c":3}', [["broken"], '{"c":3}']],
  ["a string that runs into a CR", '{"a":"b\r{"c":3}', [["broken"], '{"c":3}']],
  ["a string after a string", '{"a" "b"}{"c":3}', [["broken"], '{"c":3}']],
];

for (const [name, text, found] of faulty) {
  Deno.test(`Framer recovers when there is ${name}`, () => assert.deepEqual(framed(text), found));
}

Deno.test("Framer takes a byte order mark before an object for white space, wherever it is cut", () => {
  for (const text of ['\ufeff{"a":1}\n{"b":2}', '{"a":1}\n\ufeff{"b":2}', '\ufeff \ufeff{"a":1}\n\ufeff{"b":2}']) {
    for (let size = 1; size < 8; size++) {
      const framer = new Framer();
      assert.deepEqual(feed(framer, encoder.encode(text), { cuts: [size] }), ['{"a":1}', '{"b":2}']);
      assert.equal(framer.isLineDelimited, true);
    }
  }
  const framer = new Framer();
  assert.deepEqual(feed(framer, Uint8Array.of(0xef, 0xbb)), []);
  assert.equal(framer.endFrame(), "garbage", "half a mark, and the transport says that no more comes");
  assert.deepEqual(feed(framer, encoder.encode("{}")), ["{}"]);
});

/** A text in UTF-16, or with four bytes a unit in UTF-32. */
function wide(text: string, { larger = false, mark = false, width = 2 } = {}): Uint8Array {
  const units = [...mark ? "\ufeff" : "", ...text].map((letter) => letter.charCodeAt(0)),
    zeros = Array(width - 2).fill(0);
  return Uint8Array.from(
    units.flatMap((unit) => larger ? [...zeros, unit >> 8, unit & 255] : [unit & 255, unit >> 8, ...zeros]),
  );
}

Deno.test("Framer says of each object in UTF-16 or UTF-32 that it is one, and finds the next that is not", () => {
  const objects = ['{"action":"msg","user":{"a":"Тест { \\" Ѝ"}}', '[{"a":"\\\\"}]', "{}"];
  for (const larger of [false, true]) {
    for (const mark of [false, true]) {
      for (const end of ["", "\n", "\r\n"]) {
        for (const size of [1, 2, 3, 7, 1000]) {
          for (const [first, width] of [["", 2], ['{"a":1}\n', 2], ["", 4], ['{"a":1}\n', 4]] as const) {
            const said = objects.map((object) => object + end).join("");
            const bytes = [first, wide(said, { larger, mark, width }), '{"b":2}\n{"c":3}\n'].flatMap((part) =>
              typeof part === "string" ? [...encoder.encode(part)] : [...part]
            );
            const found = feed(new Framer(), Uint8Array.from(bytes), { cuts: [size] });
            const faults: Found[] = objects.map(() => ["utf16"]);
            assert.deepEqual(found, [...first === "" ? [] : ['{"a":1}'], ...faults, '{"b":2}', '{"c":3}']);
          }
        }
      }
    }
  }
});

Deno.test("Framer is in step again behind an object in UTF-16 that breaks off", () => {
  const broken = wide('{"action":"msg","message":"he');
  for (const end of ["", "\n"]) {
    const bytes = Uint8Array.from([...broken, ...encoder.encode(`${end}{"a":1}\n{"b":2}\n{"c":3}\n`)]);
    const found = feed(new Framer(), bytes, { cuts: [1] });
    assert.deepEqual(found[0], ["utf16"]);
    assert.equal(found.at(-1), '{"c":3}');
  }
  const framer = new Framer();
  framer.push(broken);
  assert.equal(framer.next(), "utf16");
  assert.equal(framer.next(), undefined);
  assert.equal(framer.endFrame(), undefined, "its fault has been said");
  assert.deepEqual(feed(framer, encoder.encode("{}")), ["{}"]);
});

Deno.test("Framer passes on what only a parser can judge", () => {
  const bytes = Uint8Array.of(123, 34, 0xff, 0xc3, 34, 58, 0, 125); // {"..":\0}: no UTF-8, and a NUL
  const framer = new Framer();
  framer.push(bytes);
  assert.deepEqual(framer.next(), bytes);
  assert.deepEqual(framed("[1,[2]]{]"), ["[1,[2]]", "{]"]);
});

Deno.test("Framer says big once, and goes on behind the object's end", () => {
  const fits = `{"a":"${"x".repeat(tiny.objectBytes - 8)}"}`, big = `{"a":"${"x".repeat(tiny.objectBytes - 7)}"}`;
  assert.equal(fits.length, tiny.objectBytes);
  assert.deepEqual(framed(`${fits}${big}{"b":2}`, tiny), [fits, ["big"], '{"b":2}']);
  const tricks = String.raw`{"a":"xxxxxxxxxxxxxxxxxxx}","\\\"}{":{"[":[]}}`; // brackets that count, and others in strings
  assert.deepEqual(framed(`${tricks}{"b":2}`, tiny), [["big"], '{"b":2}']);
});

Deno.test("Framer says deep once, and goes on behind the object's end", () => {
  assert.deepEqual(framed('{"a":[[1]]}{"a":[[[1]],"]}"]}{"b":2}', tiny), ['{"a":[[1]]}', ["deep"], '{"b":2}']);
  const brackets = "[".repeat(100_000);
  assert.deepEqual(framed(brackets), [["deep"], ["endless"]]);
  assert.deepEqual(framed(`${"[".repeat(30_000)}${"]".repeat(30_000)}{}`), [["deep"], "{}"]);
});

Deno.test("Framer has patience with a long text, and none with its end behind a newline", () => {
  assert.deepEqual(framed(`{"a":"${"x".repeat(1_000_000)}"}{"b":2}`), [["big"], '{"b":2}']);
  assert.deepEqual(framed(`{"a":"${"x".repeat(100_000)}\n{"b":2}`), [["big"], '{"b":2}']);
});

Deno.test("Framer says endless once and then nothing when a big object does not end", () => {
  const framer = new Framer(tiny);
  const endless = encoder.encode(`{"a":"${"x".repeat(10_000_000)}`);
  assert.deepEqual(feed(framer, endless, { cuts: [65_536], read: true }), [["big"], ["endless"]]);
  assert.deepEqual(feed(framer, encoder.encode('"}\n{"b":2}\n')), []);
  assert.ok(framer.reserve().length <= 2 * 65_536, "what is passed over is not kept");
});

Deno.test("Framer.lines is true when a newline comes in a later segment", () => {
  for (const newline of ["\n", "\r", "\r\n", "\n\r", "  \n"]) {
    const framer = new Framer();
    feed(framer, encoder.encode("{}"));
    assert.equal(framer.isLineDelimited, false);
    feed(framer, encoder.encode(newline));
    assert.equal(framer.isLineDelimited, true);
    feed(framer, encoder.encode("{}{}"));
    assert.equal(framer.isLineDelimited, true, "once true, true for good");
  }
});

Deno.test("Framer.lines is true when next() hands out an object with a newline behind it", () => {
  const framer = new Framer();
  framer.push(encoder.encode("{}{} \n"));
  framer.next();
  assert.equal(framer.isLineDelimited, false);
  framer.next();
  assert.equal(framer.isLineDelimited, true);
});

Deno.test("Framer.lines stays false when white space comes before or in an object, or after a fault", () => {
  for (const text of ["\n{}", "\r\n \n{}", '{"a":\n1}', "x\n{}", '{}x\n{"a":"b\n{}', '{}{"a":"b\n']) {
    const framer = new Framer();
    feed(framer, encoder.encode(text));
    assert.equal(framer.isLineDelimited, false, JSON.stringify(text));
  }
});

Deno.test("Framer.excerpt begins where the fault's bytes begin", () => {
  for (const [text, excerpt] of [["{} hello", "hello"], ['{"a":1{"b":2}', '{"a":1{"b":2}'], ["{}]", "]"]] as const) {
    const framer = new Framer();
    framer.push(encoder.encode(text));
    while (typeof framer.next() !== "string");
    assert.equal(decoder.decode(framer.excerpt), excerpt);
  }
});

Deno.test("Framer.pending counts the bytes of an object that has not ended", () => {
  const framer = new Framer();
  assert.equal(framer.pendingBytes, 0);
  feed(framer, encoder.encode('{} {"a":'));
  assert.equal(framer.pendingBytes, 5);
  feed(framer, encoder.encode("1}"));
  assert.equal(framer.pendingBytes, 0);
});

Deno.test("Framer.next hands out bytes that stay as they are until more are read", () => {
  const framer = new Framer();
  framer.push(encoder.encode('{"a":1}{"b":2}{"c"'));
  const objects = [framer.next(), framer.next(), framer.next()] as Uint8Array[];
  assert.deepEqual(objects.slice(0, 2).map((bytes) => decoder.decode(bytes)), ['{"a":1}', '{"b":2}']);
});

Deno.test("Framer.space grows when a peer sends much, and shrinks when it is quiet again", () => {
  const framer = new Framer();
  const idle = framer.reserve().length;
  assert.ok(idle <= 256);
  const object = encoder.encode('{"action":"quit"}\n');
  const burst = new Uint8Array(500_000).map((_, i) => object[i % object.length]!);
  feed(framer, burst, { read: true });
  const busy = framer.reserve().length;
  assert.ok(busy > 60_000 && busy <= 131_072, `${busy} bytes`);
  feed(framer, encoder.encode(" ".repeat(object.length)), { read: true });
  feed(framer, object, { read: true });
  assert.ok(framer.reserve().length > 60_000, "one short read is no reason: the next burst may follow");
  for (let i = 0; i < 20; i++) feed(framer, object, { read: true });
  assert.ok(framer.reserve().length <= idle);
});

Deno.test("Framer.space has room when nobody has asked for the objects yet", () => {
  const framer = new Framer(tiny);
  framer.push(encoder.encode("{}".repeat(200_000)));
  const space = framer.reserve();
  space.fill(32);
  framer.commit(space.length);
  assert.ok(framer.reserve().length > 0);
  assert.equal(drain(framer).length, 200_000);
});

Deno.test("Framer looks at each byte once when a long object comes byte by byte", () => {
  const limits = { ...DEFAULT_LIMITS, objectBytes: 2_000_000 };
  const bytes = encoder.encode(`{"a":"${'x{\\"'.repeat(300_000)}","b":[${"  1,".repeat(100_000)}1]}`);
  const framer = new Framer(limits);
  const deadline = performance.now() + 60_000; // a fraction of a second, if not every byte costs all those before it
  for (let i = 0; i < bytes.length - 1; i++) {
    framer.push(bytes.subarray(i, i + 1));
    assert.ok(framer.next() === undefined, `it ends at byte ${i}`);
    if (i % 10_000 === 0) assert.ok(performance.now() < deadline, `gave up at byte ${i}`);
  }
  framer.push(bytes.subarray(-1));
  const whole = framer.next();
  assert.ok(whole instanceof Uint8Array && whole.length === bytes.length);
});

/** Texts with their lengths before them, one behind the other. */
function byLength(...texts: string[]): Uint8Array {
  return new Uint8Array(texts.flatMap((text) => [...prefixLength(encoder.encode(text))]));
}

Deno.test("Framer finds objects by the lengths before them, however they are cut and fed", () => {
  fc.assert(
    fc.property(fc.array(objectText, { minLength: 1, maxLength: 6 }), cuts, fc.boolean(), (texts, cuts, read) => {
      const framer = new Framer();
      assert.deepEqual(feed(framer, byLength(...texts), { cuts, read }), texts);
      assert.deepEqual([framer.isLengthPrefixed, framer.isLineDelimited, framer.pendingBytes], [true, false, 0]);
    }),
  );
});

Deno.test("Framer passes over what is too long by its length, says so once, and goes on behind it", () => {
  const size = fc.integer({ min: tiny.objectBytes + 1, max: 400 });
  fc.assert(fc.property(size, cuts, fc.boolean(), (size, cuts, read) => {
    const framer = new Framer(tiny);
    const bytes = byLength('{"a":1}', "x".repeat(size), '{"b":2}');
    assert.deepEqual(feed(framer, bytes, { cuts, read }), ['{"a":1}', ["big"], '{"b":2}']);
  }));
});

Deno.test("Framer takes what has a length for an object, and leaves it to the parser whether it is one", () => {
  assert.deepEqual(feed(new Framer(), byLength("{}", "", "hello", "\0")), ["{}", "", "hello", "\0"]);
});

Deno.test("Framer says length once and then nothing when a length was wrong and text stands where the next should be", () => {
  const framer = new Framer();
  const short = byLength("{}", '{"a":1}{"b":2}');
  short[9] = 7; // says less than there is: {"b" is taken for the next length
  assert.deepEqual(feed(framer, short, { cuts: [3] }), ["{}", '{"a":1}', ["length"]]);
  assert.deepEqual(feed(framer, byLength("{}", "{}")), []);
  assert.equal(framer.pendingBytes, 0);
  assert.ok(framer.reserve().length <= 65_536, "what comes after is not kept");
});

Deno.test("Framer takes zero bytes that are no length for garbage, and answers it", () => {
  for (
    const [what, garbage] of Object.entries({
      "only zeros": "\0\0\0\0\0",
      "a length without an object": "\0\0\0\x05hello",
      "a length that no object may have": "\0\xff\xff\xff{}",
      "a zero before an object": '\0{"a":1}',
    })
  ) {
    const framer = new Framer();
    const [first] = feed(framer, Uint8Array.from(garbage, (letter) => letter.charCodeAt(0)));
    assert.deepEqual([first, framer.isLengthPrefixed], [["garbage"], false], what);
    assert.deepEqual(feed(framer, encoder.encode('\n{"c":3}\n')).at(-1), '{"c":3}', what);
  }
});

Deno.test("Framer takes no later zeros for a length", () => {
  const framer = new Framer();
  feed(framer, encoder.encode("{}"));
  assert.deepEqual(feed(framer, byLength("{}")), [["garbage"], "{}"]);
  assert.equal(framer.isLengthPrefixed, false);
});

for (const begun of ['{"a":', '{"a":"b', '{"a":{', "["]) {
  Deno.test(`Framer.cut ends what has begun with ${begun}, and what comes next stands for itself`, () => {
    const framer = new Framer();
    framer.push(encoder.encode(begun));
    assert.equal(framer.next(), undefined);
    assert.equal(framer.endFrame(), "broken");
    assert.equal(decoder.decode(framer.excerpt), begun);
    assert.deepEqual([framer.next(), framer.endFrame(), framer.pendingBytes], [undefined, undefined, 0]);
    framer.push(encoder.encode("{}"));
    assert.equal(decoder.decode(framer.next() as Uint8Array), "{}");
  });
}

Deno.test("Framer.endFrame ends an object that is skipped, without a second error, and does nothing where none has begun", () => {
  const framer = new Framer({ ...DEFAULT_LIMITS, objectBytes: 8 });
  assert.equal(framer.endFrame(), undefined);
  framer.push(encoder.encode('{"a":"bcdefgh'));
  assert.equal(framer.next(), "big");
  assert.equal(framer.endFrame(), undefined);
  framer.push(encoder.encode("{}"));
  assert.equal(decoder.decode(framer.next() as Uint8Array), "{}");
});

Deno.test("a framer says how much has come that it has not handed out, and whether any of it is more than white space", () => {
  const framer = new Framer();
  assert.deepEqual([framer.unreadBytes, framer.isBlank], [0, true]);
  framer.push(encoder.encode('{"a":1}\r\n \t'));
  assert.deepEqual([framer.unreadBytes, framer.isBlank], [11, false]);
  framer.next();
  assert.deepEqual([framer.unreadBytes, framer.isBlank], [4, true]);
  framer.push(encoder.encode("{"));
  assert.deepEqual([framer.unreadBytes, framer.isBlank], [5, false]);
});

Deno.test("Framer counts bytes that belong to no object, but for a line end or a length between two", () => {
  const bytes = (text: string) => new TextEncoder().encode(text);
  const counted = (text: string) => {
    const framer = new Framer();
    framer.push(bytes(text));
    while (framer.next() !== undefined);
    return framer.wastedBytes;
  };
  for (const text of ["", "{}\n{}\n{}\n", "{}\r\n{}\r\n", "{}{}", '{"a":1}\n', "\0\0\0\x02{}\0\0\0\x02{}"]) {
    assert.equal(counted(text), 0, text);
  }
  assert.equal(counted(`{}${" ".repeat(100)}{}\n`), 100);
  assert.equal(counted(" \n".repeat(100)), 200);
  assert.ok(counted(`hello ${"x".repeat(100)}`) >= 100);
  assert.ok(counted(`{"a":"${"x".repeat(100)}\n{}\n`) >= 100, "and those of an object that broke off");
});

Deno.test("Framer grows no further than an object needs where memory is short, and is small again when recycled", () => {
  const framer = new Framer(),
    read = (count: number, byte: number, grows: boolean) => {
      for (let left = count; left > 0;) {
        const space = framer.reserve(grows), some = Math.min(left, space.length);
        space.fill(byte, 0, some);
        framer.commit(some);
        left -= some;
        framer.next();
      }
    };
  read(200_000, 10, false);
  assert.ok(framer.capacity <= 4_096);
  read(200_000, 10, true);
  assert.equal(framer.capacity, 65_536);
  framer.reserve(false);
  assert.ok(framer.capacity <= 4_096);
  read(1, 123, false);
  read(1, 34, false);
  read(20_000, 120, false);
  assert.ok(framer.capacity >= 20_002);
  assert.equal(framer.pendingBytes, 20_002);
  framer.recycle();
  assert.deepEqual([framer.capacity, framer.pendingBytes, framer.next()], [256, 0, undefined]);
});
