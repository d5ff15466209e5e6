import assert from "node:assert/strict";
import fc from "fast-check";
import { decode, encode, type Encoded, faultOfRun, sumOfRun } from "../../../server/journal/encoding.ts";
import { kinds } from "../../../server/journal/record_kinds.ts";
import type { StateRecord } from "../../../server/journal/records.ts";
import { proposal, proposals } from "./proposals.ts";

const id = fc.maxSafeNat(), time = fc.integer({ min: 0, max: 2 ** 45 });
const record: fc.Arbitrary<StateRecord> = fc.tuple(id, proposal).map(([id, proposal]) => ({ ...proposal, id }));

/** A record with another body or header, and yet with the right checksum: as a newer Hanita, or a strange one, writes it. */
function written(body: string, { kind = "motd", version = 1 } = {}): Encoded {
  const bytes = new TextEncoder().encode(body);
  return { kind, version, body: bytes, sum: sumOf(kind, version, bytes) };
}

/** As `encode` makes it, found out by what it accepts: a run's sum has another header. */
function sumOf(kind: string, version: number, body: Uint8Array): number {
  return crc(body, crc(new TextEncoder().encode(`${kind} ${version} 7 0`)));
}

/** CRC-32 as it is defined (ISO 3309), bit by bit: what is on a disk must not change with a library. */
function crc(bytes: Uint8Array, before = 0): number {
  let sum = ~before;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = sum >>> 1 ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return ~sum >>> 0;
}

Deno.test("decode gives what encode was given, for each kind", () => {
  fc.assert(
    fc.property(
      record,
      time,
      (record, time) => assert.deepEqual(decode(record.id, time, encode(record, time)), record),
    ),
  );
  for (const arbitrary of Object.values(proposals)) {
    fc.assert(
      fc.property(
        arbitrary,
        (proposal) => assert.deepEqual(decode(1, 2, encode({ ...proposal, id: 1 }, 2)), { ...proposal, id: 1 }),
      ),
      { numRuns: 20 },
    );
  }
});

Deno.test("decode finds each damage of one byte of the body, and each of the header", () => {
  fc.assert(fc.property(record, time, fc.nat(), fc.integer({ min: 1, max: 255 }), (record, time, at, change) => {
    const encoded = encode(record, time), body = encoded.body.slice(), { id } = record;
    body[at % body.length]! ^= change;
    assert.equal(decode(id, time, { ...encoded, body }), "damaged");
    assert.equal(decode(id, time, { ...encoded, sum: encoded.sum ^ change }), "damaged");
    assert.equal(decode(id, time, { ...encoded, version: encoded.version + change }), "damaged");
    assert.equal(decode(id, time, { ...encoded, kind: `${encoded.kind}s` }), "damaged");
    assert.equal(decode(id, time + change, encoded), "damaged");
    assert.equal(decode(id - change, time, encoded), "damaged");
    assert.equal(decode(id, time, { ...encoded, body: body.subarray(1) }), "damaged");
  }));
});

Deno.test("decode never throws, whatever the bytes are", () => {
  fc.assert(fc.property(fc.uint8Array(), fc.string(), fc.integer(), fc.integer(), (body, kind, version, sum) => {
    assert.equal(typeof decode(7, 0, { kind, version, sum, body }), "string");
  }));
});

Deno.test("decode leaves out a kind and a version that only a newer Hanita knows", () => {
  assert.equal(decode(7, 0, written('{"text":"x"}', { kind: "balloon" })), "unknown");
  assert.equal(decode(7, 0, written('{"text":"x"}', { kind: "constructor" })), "unknown");
  assert.equal(decode(7, 0, written('{"text":"x"}', { version: kinds.motd.version + 1 })), "unknown");
  assert.deepEqual(decode(7, 0, written('{"text":"x","colour":"red"}')), {
    id: 7,
    kind: "motd",
    text: "x",
    colour: "red",
  });
});

Deno.test("decode takes no record without its fields, and no other kind or id out of a body", () => {
  for (const body of ["", "null", "[]", "7", "{}", '{"text":7}', '{"text":"x"', "\ufeff{}"]) {
    assert.equal(decode(7, 0, written(body)), "damaged", body);
  }
  assert.deepEqual(decode(7, 0, written('{"text":"x","id":9,"kind":"room"}')), { id: 7, kind: "motd", text: "x" });
});

Deno.test("faultOfRun finds damaged lines, a changed header, and a newer version", () => {
  const lines = new TextEncoder().encode('{"action":"msg","id":1000000000000001}\n'.repeat(3));
  const header = { version: 1, id: 5, last: 7, count: 3, conversation: 1, time: 9 }, sum = sumOfRun(header, lines);
  assert.equal(faultOfRun(header, sum, lines), undefined);
  for (let at = 0; at < lines.length; at++) {
    const damaged = lines.slice();
    damaged[at]! ^= 1;
    assert.equal(faultOfRun(header, sum, damaged), "damaged");
  }
  for (const field of ["id", "last", "count", "conversation", "time", "version"] as const) {
    assert.equal(faultOfRun({ ...header, [field]: 99 }, sum, lines), "damaged", field);
  }
  const newer = { ...header, version: 2 };
  assert.equal(faultOfRun(newer, sumOfRun(newer, lines), lines), "unknown");
});
