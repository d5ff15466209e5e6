import assert from "node:assert/strict";
import fc from "fast-check";
import { FIRST_ID, firstId, MAX_ID, renumber, shifted } from "../../../server/journal/ids.ts";

const encoder = new TextEncoder(), decoder = new TextDecoder();

/** Texts that look like what stands around an id. */
const text = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.constantFrom(',"id":1000000000000001}', '\\",\\"id\\":', '"id":1', "\n", "x".repeat(300)),
);
const tail = fc.constantFrom({}, { role: "account" }, { role: "operator" }, { guest: 12 });
const line = fc.record({ message: text, id: fc.integer({ min: FIRST_ID, max: MAX_ID - 1000 }), tail });

Deno.test("renumber adds to the id of each line, and changes nothing else", () => {
  fc.assert(fc.property(fc.array(line, { maxLength: 10 }), fc.nat({ max: 1000 }), (lines, shift) => {
    const objects = lines.map(({ message, id, tail }) => ({ action: "msg", message, id, ...tail }));
    const bytes = encoder.encode(objects.map((each) => `${JSON.stringify(each)}\n`).join("")), { length } = bytes;
    renumber(bytes, shift);
    const read = decoder.decode(bytes).split("\n").slice(0, -1).map((line) => JSON.parse(line));
    assert.equal(bytes.length, length);
    assert.deepEqual(read, objects.map((each) => ({ ...each, id: each.id + shift })));
  }));
});

Deno.test("renumber throws for a line that has no id of 16 digits", () => {
  for (
    const line of ["{}\n", '{"id":1000000000000000}\n', '{"message":"","id":7}\n', `{"a":"","id":${"x".repeat(16)}}`]
  ) {
    assert.throws(() => renumber(encoder.encode(line), 1), /it has no id of 16 digits/, line);
  }
});

Deno.test("shifted changes each record's own id, and leaves the records as they are without a shift", () => {
  const records = [{ id: FIRST_ID, kind: "member", account: FIRST_ID - 1, room: 7, is: true }] as const;
  assert.equal(shifted(records, 0), records);
  assert.deepEqual(shifted(records, 5), [{ ...records[0], id: FIRST_ID + 5 }]);
});

Deno.test("firstId is ahead of the log and of a clock that is to be believed, and has 16 digits", () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: MAX_ID - 1 }), fc.double({ noNaN: true }), (last, now) => {
    const id = firstId(last, now);
    assert.ok(Number.isSafeInteger(id) && id > last && `${id}`.length === 16);
    assert.ok(id > now * 1000 || now * 1000 >= 2 ** 52);
  }));
});
