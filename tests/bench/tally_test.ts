import assert from "node:assert/strict";
import fc from "fast-check";
import { MARK, PUBLISHER, SEQUENCE, type Shape, Tally, writeNumber } from "../../bench/tally.ts";

const SHAPE: Shape = { receivers: 2, publishers: 2, window: 4, body: 20, private: false };
const encoder = new TextEncoder();

Deno.test("Tally counts a message done when all receivers have it, and makes room for the next", () => {
  const tally = new Tally(SHAPE);
  for (let i = 0; i < 4; i++) tally.send(0, 0);
  assert.equal(tally.room(0), 0);
  hear(tally, 0, relay(0, 0) + relay(0, 1));
  assert.deepEqual([...tally.done], [0, 0]);
  hear(tally, 1, relay(0, 0));
  assert.deepEqual([[...tally.done], tally.room(0), tally.room(1), tally.delivered], [[1, 0], 1, 4, 3]);
  assert.equal(tally.fault, undefined);
});

Deno.test("Tally counts a private message as done when its one receiver has it", () => {
  const tally = new Tally({ ...SHAPE, private: true });
  tally.send(1, 0);
  hear(tally, 1, relay(1, 0));
  assert.deepEqual([[...tally.done], tally.fault], [[0, 1], undefined]);
});

Deno.test("Tally finds a private message that somebody else hears", () => {
  const tally = new Tally({ ...SHAPE, private: true });
  tally.send(1, 0);
  hear(tally, 0, relay(1, 0));
  assert.equal(tally.fault, "receiver 0 received what publisher 1 sent to somebody else");
});

Deno.test("Tally finds what nobody said: no such publisher, not sent yet, cut short", () => {
  for (const line of [relay(2, 0), relay(0, 1), relay(0, 0).replace('x"', '"')]) {
    const tally = new Tally(SHAPE);
    tally.send(0, 0);
    hear(tally, 0, line);
    assert.equal(tally.fault, "receiver 0 received a text that nobody sent");
  }
});

Deno.test("Tally does not take the mark of the line behind for one of a shorter line", () => {
  const tally = new Tally(SHAPE);
  for (let i = 0; i < 3; i++) tally.send(0, 0);
  const [first, second] = [relay(0, 0), relay(0, 1)];
  const shorter = '{"response":200}\n';
  assert.ok(shorter.length < first.indexOf(MARK));
  hear(tally, 0, first + shorter + second);
  assert.deepEqual([tally.delivered, tally.answers[0], tally.others, tally.fault], [2, 1, 0, undefined]);
});

Deno.test("Tally measures from sending to hearing, in microseconds", () => {
  const tally = new Tally(SHAPE);
  tally.send(0, 10);
  const bytes = encoder.encode(relay(0, 0));
  tally.scan(0, bytes, bytes.length, 10.03);
  assert.equal(tally.latency.percentile(0.5), 29); // 30, but for the floating point
});

Deno.test("Tally finds the same in a stream however it is cut, whatever stands behind it in the buffer", () => {
  const word = fc.constantFrom("relay", "answer", "other");
  fc.assert(
    fc.property(
      fc.array(word, { maxLength: 30 }),
      fc.infiniteStream(fc.integer({ min: 1, max: 120 })),
      (words, cuts) => {
        const tally = new Tally({ ...SHAPE, window: 32 });
        let said = "";
        for (const word of words) {
          if (word === "relay") said += relay(0, tally.send(0, 0));
          else said += word === "answer" ? '{"response":200}\n' : '{"action":"msg","message":"@ a@b"}\n';
        }
        const stream = encoder.encode(said);
        const buffer = encoder.encode(relay(0, 0).repeat(50)); // old bytes, as a buffer in use has them
        let kept = 0;
        for (let at = 0; at < stream.length;) {
          const part = stream.subarray(at, at += cuts.next().value);
          buffer.set(part, kept);
          const end = tally.scan(0, buffer, kept + part.length, 0);
          buffer.copyWithin(0, end, kept + part.length);
          kept += part.length - end;
        }
        const count = (kind: string) => words.filter((word) => word === kind).length;
        assert.deepEqual(
          [tally.fault, tally.delivered, tally.answers[0], tally.others, kept],
          [undefined, count("relay"), count("answer"), count("other"), 0],
        );
      },
    ),
  );
});

function hear(tally: Tally, receiver: number, text: string): void {
  const bytes = encoder.encode(text);
  assert.equal(tally.scan(receiver, bytes, bytes.length, 0), bytes.length);
}

function relay(publisher: number, sequence: number): string {
  const text = encoder.encode(MARK.padEnd(SHAPE.body, "x"));
  writeNumber(text, MARK.length, PUBLISHER, publisher);
  writeNumber(text, MARK.length + PUBLISHER, SEQUENCE, sequence);
  return `{"action":"msg","message":"${new TextDecoder().decode(text)}","id":7}\n`;
}
