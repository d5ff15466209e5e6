import assert from "node:assert/strict";
import fc from "fast-check";
import { closeFrame, Incoming, pingFrame, pongFrame, textFrames } from "../../../server/web/frames.ts";
import { frame } from "../../chat/page.ts";

const TEXT = 1, BINARY = 2, CLOSE = 8, PING = 9, PONG = 10;
const encoder = new TextEncoder(), decoder = new TextDecoder();

/** The texts of frames that a server sends, each of them whole. */
function unframed(bytes: Uint8Array): string[] {
  const texts: string[] = [], view = new DataView(bytes.buffer, bytes.byteOffset);
  for (let at = 0; at < bytes.length;) {
    assert.equal(bytes[at], 0x80 | TEXT);
    const short = bytes[at + 1]!, wide = short === 126 ? 2 : short === 127 ? 8 : 0;
    const length = wide === 0 ? short : wide === 2 ? view.getUint16(at + 2) : Number(view.getBigUint64(at + 2));
    at += 2 + wide;
    texts.push(decoder.decode(bytes.subarray(at, at += length)));
  }
  return texts;
}

/** All that is taken out of bytes that come in pieces, with so much room each time; a character is a byte. */
function taken(incoming: Incoming, bytes: Uint8Array, cuts: readonly number[], room: number): string {
  const into = new Uint8Array(room);
  let text = "";
  const take = () => {
    for (let count = incoming.take(into); count > 0; count = incoming.take(into)) {
      for (const byte of into.subarray(0, count)) text += String.fromCharCode(byte);
    }
  };
  take();
  for (let at = 0, i = 0; at < bytes.length && incoming.over === undefined; i++) {
    const space = incoming.space(), count = Math.min(space.length, bytes.length - at, cuts[i % cuts.length]!);
    space.set(bytes.subarray(at, at + count));
    incoming.wrote(count);
    at += count;
    take();
  }
  return text;
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(parts.flatMap((part) => [...part]));
}

const line = fc.string({ unit: fc.constantFrom("{", "}", '"', "я", "👋"), minLength: 1, maxLength: 200 });

Deno.test("textFrames makes one frame of each line, whatever its length and whether a newline ends the last", () => {
  fc.assert(fc.property(fc.array(line), fc.boolean(), (lines, ended) => {
    const bytes = encoder.encode(lines.join("\n") + (ended ? "\n" : ""));
    assert.deepEqual(unframed(textFrames(bytes)), lines);
    assert.equal(textFrames(bytes), textFrames(bytes)); // framed once for all who are owed it
  }));
  for (const length of [1, 125, 126, 65_535, 65_536]) {
    assert.deepEqual(unframed(textFrames(encoder.encode("x".repeat(length) + "\n")))[0]!.length, length);
  }
});

Deno.test("Incoming takes out the text of frames, however they are cut, whatever lies between", () => {
  const cuts = fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1 });
  const between = fc.constantFrom(frame(PING, "p"), frame(PONG, ""), new Uint8Array(0));
  const message = fc.array(line, { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(fc.array(message), between, cuts, fc.integer({ min: 1, max: 300 }), (messages, extra, cuts, room) => {
      const frames = messages.flatMap((parts) =>
        parts.flatMap((part, i) => [frame(i === 0 ? TEXT : 0, part, { last: i === parts.length - 1 }), extra])
      );
      const text = taken(new Incoming(65_536), concat(frames), cuts, room);
      const said = encoder.encode(messages.map((parts) => parts.join("") + "\n").join(""));
      assert.equal(text, String.fromCharCode(...said));
    }),
  );
});

Deno.test("Incoming stops at the end of a message, and says that it is one", () => {
  const incoming = new Incoming(100, concat([frame(TEXT, "{}"), frame(TEXT, "7")]));
  const into = new Uint8Array(100);
  assert.equal(incoming.take(into.subarray(0, 1)), 1);
  assert.equal(incoming.whole, false);
  assert.equal(incoming.take(into), 2);
  assert.equal(incoming.whole, true);
  assert.equal(incoming.take(into), 2);
  assert.equal(incoming.take(into), 0);
  assert.equal(incoming.whole, false);
});

Deno.test("Incoming notes the last ping, and that its peer closes", () => {
  const incoming = new Incoming(100);
  taken(incoming, concat([frame(PING, "one"), frame(PING, "two")]), [1], 100);
  assert.equal(decoder.decode(incoming.pinged), "two");
  assert.deepEqual([incoming.over, incoming.closed], [undefined, false]);
  assert.equal(taken(incoming, concat([frame(CLOSE, ""), frame(TEXT, "unheard")]), [100], 100), "");
  assert.deepEqual([incoming.over, incoming.closed], [{ code: 1000, reason: "" }, true]);
});

const faults: [what: string, bytes: Uint8Array, code: number][] = [
  ["a binary frame", frame(BINARY, "{}"), 1003],
  ["a frame without a mask", frame(TEXT, "{}", { masked: false }), 1002],
  ["a reserved bit", new Uint8Array([0xc1, 0x80]), 1002],
  ["a kind that there is not", frame(3, "{}"), 1002],
  ["a control frame that there is not", frame(11, ""), 1002],
  ["a ping in pieces", frame(PING, "", { last: false }), 1002],
  ["a ping that is long", frame(PING, "x".repeat(126)), 1002],
  ["a message within a message", concat([frame(TEXT, "{", { last: false }), frame(TEXT, "}")]), 1002],
  ["a piece of no message", frame(0, "}"), 1002],
  ["a message that is too long", frame(TEXT, "x".repeat(101)), 1009],
  ["one that is so in pieces", concat([frame(TEXT, "x".repeat(60), { last: false }), frame(0, "x".repeat(41))]), 1009],
  ["one of ten megabytes", new Uint8Array([0x81, 0xff, 0, 0, 0, 0, 0, 0x9f, 0, 0]), 1009],
  ["one of an exabyte", new Uint8Array([0x81, 0xff, 16, 0, 0, 0, 0, 0, 0, 0]), 1009],
];
for (const [what, bytes, code] of faults) {
  Deno.test(`Incoming ends at ${what}, before that is taken`, () => {
    const incoming = new Incoming(100), good = frame(TEXT, "{}");
    const text = taken(incoming, concat([good, bytes, good]), [5], 1000);
    assert.deepEqual([incoming.over?.code, incoming.closed], [code, false]);
    assert.match(incoming.over!.reason, /^expected /);
    assert.match(text, /^\{\}\n(x{60}|\{)?$/);
    assert.equal(incoming.take(new Uint8Array(10)), 0);
  });
}

Deno.test("Incoming never fails, whatever comes", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 500 }), fc.integer({ min: 1, max: 20 }), (bytes, room) => {
    taken(new Incoming(64), bytes, [3, 50], room);
  }));
});

Deno.test("Incoming keeps little room for who says little, and more for who says much", () => {
  const incoming = new Incoming(65_536);
  assert.ok(incoming.space().length <= 256);
  taken(incoming, frame(TEXT, "x".repeat(60_000)), [100_000], 65_536);
  assert.ok(incoming.space().length > 4_096);
  taken(incoming, frame(TEXT, "x"), [100], 100);
  assert.ok(incoming.space().length <= 256);
});

Deno.test("control frames carry what they are given, and a reason is cut between two letters", () => {
  assert.deepEqual(pingFrame(), new Uint8Array([0x89, 0]));
  assert.deepEqual(pongFrame(new Uint8Array([7])), new Uint8Array([0x8a, 1, 7]));
  assert.deepEqual(closeFrame({ code: 1001, reason: "я" }), new Uint8Array([0x88, 4, 3, 233, 0xd1, 0x8f]));
  const long = closeFrame({ code: 1008, reason: "я".repeat(100) });
  assert.deepEqual([long.length, long[1]], [2 + 2 + 122, 124]);
});
