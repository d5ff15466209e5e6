import assert from "node:assert/strict";
import fc from "fast-check";
import { closeFrame, Incoming, pingFrame, pongFrame, textFrames } from "../../../server/web/frames.ts";
import { frame } from "../../chat/page.ts";
import { CLOSE, FRAME_RULES, PING, PONG, TEXT } from "./frame_rules.ts";

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
    assert.equal(textFrames(bytes), textFrames(bytes)); // framed once for all pages that get it
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

for (const { section, rule, bytes, heard, code, closed = false, pong } of FRAME_RULES) {
  Deno.test(`Incoming keeps RFC 6455, ${section}: ${rule}`, () => {
    for (const [cuts, room] of [[[1_000_000], 10_000], [[1], 3]] as const) {
      const incoming = new Incoming(1_000);
      const text = taken(incoming, bytes, cuts, room);
      assert.equal(text.slice(0, text.lastIndexOf("\n") + 1), heard); // text streams, also that of a message with a fault
      assert.deepEqual([incoming.over?.code, incoming.closed], [code, closed]);
      assert.equal(incoming.pinged && decoder.decode(incoming.pinged), pong);
      assert.match(incoming.over?.reason ?? "", closed || code === undefined ? /^$/ : /^expected /);
      assert.equal(incoming.take(new Uint8Array(10)), 0);
    }
  });
}

const huge: [what: string, bytes: Uint8Array][] = [
  ["ten megabytes", new Uint8Array([0x81, 0xff, 0, 0, 0, 0, 0, 0x9f, 0, 0])],
  ["an exabyte", new Uint8Array([0x81, 0xff, 16, 0, 0, 0, 0, 0, 0, 0])],
];
for (const [what, bytes] of huge) {
  Deno.test(`Incoming ends at a message of ${what} before that is taken`, () => {
    const incoming = new Incoming(100);
    assert.equal(taken(incoming, bytes, [5], 1000), "");
    assert.deepEqual([incoming.over?.code, incoming.closed], [1009, false]);
  });
}

Deno.test("Incoming tells text that is no UTF-8 exactly where the engine does, however it is cut", () => {
  const byte = fc.constantFrom(
    0x41,
    0x7f,
    0x80,
    0x8f,
    0x90,
    0x9f,
    0xa0,
    0xbf,
    0xc1,
    0xc2,
    0xdf,
    0xe0,
    0xed,
    0xef,
    0xf0,
    0xf4,
  );
  const cuts = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1 });
  fc.assert(fc.property(fc.uint8Array({ maxLength: 3 }), fc.array(byte, { maxLength: 12 }), cuts, (any, some, cuts) => {
    const text = new Uint8Array([...any, ...some].filter((byte) => byte !== 10)), incoming = new Incoming(100);
    taken(incoming, frame(TEXT, text), cuts, 2);
    assert.equal(incoming.over?.code, isUtf8(text) ? undefined : 1007);
  }));

  function isUtf8(bytes: Uint8Array): boolean {
    try {
      new TextDecoder("utf-8", { fatal: true }).decode(bytes);
      return true;
    } catch {
      return false;
    }
  }
});

Deno.test("Incoming never fails, whatever comes", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 500 }), fc.integer({ min: 1, max: 20 }), (bytes, room) => {
    taken(new Incoming(64), bytes, [3, 50], room);
  }));
});

Deno.test("Incoming keeps a small buffer for short messages, and a larger one for long ones", () => {
  const incoming = new Incoming(65_536);
  assert.ok(incoming.space().length <= 256);
  taken(incoming, frame(TEXT, "x".repeat(60_000)), [100_000], 65_536);
  assert.ok(incoming.space().length > 2_048);
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
