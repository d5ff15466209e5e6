import assert from "node:assert/strict";
import fc from "fast-check";
import { Blocks, type Lines } from "../../../server/journal/blocks.ts";
import { memoryJournal } from "../../../server/journal/memory.ts";

const ROOM = 16_384;

/** A turn of so many bytes, each of which says which turn it is of. */
function turn(id: number, length: number, conversation = "#all"): Lines {
  return { conversation, first: id, last: id, count: 1, time: id, bytes: new Uint8Array(length).fill(id % 251) };
}

/** What there is, copied, since the next turn may write over it. */
function all(blocks: Blocks, newestFirst = false): Lines[] {
  return [...blocks.turns(newestFirst)].map((lines) => ({ ...lines, bytes: lines.bytes.slice() }));
}

Deno.test("Blocks keeps the latest turns whole and in order, and the last one however long it is", () => {
  const length = fc.oneof(fc.nat(300), fc.nat(2 * ROOM));
  fc.assert(
    fc.property(fc.array(length, { minLength: 1, maxLength: 200 }), (lengths) => {
      const blocks = new Blocks(ROOM), added = lengths.map((length, id) => turn(id, length));
      for (const lines of added) blocks.add(lines);
      const kept = all(blocks);
      assert.ok(kept.length > 0);
      assert.deepEqual(kept, added.slice(-kept.length));
      assert.deepEqual(all(blocks, true), kept.toReversed());
    }),
  );
});

Deno.test("Blocks keeps nearly as much as it may and no more, and makes no buffer when all have been used", () => {
  const blocks = new Blocks(ROOM), buffers = new Set<ArrayBufferLike>();
  for (let id = 0; id < 1000; id++) {
    blocks.add(turn(id, 100));
    let used = 0;
    for (const { bytes } of blocks.turns()) {
      buffers.add(bytes.buffer);
      used += 300;
    }
    if (id < 100) continue;
    assert.ok(used <= ROOM && used > ROOM * 0.75, `${used} bytes`);
  }
  assert.equal(buffers.size, 16);
});

Deno.test("Blocks.keep forgets the conversations that do not stay", () => {
  const blocks = new Blocks(ROOM);
  for (let id = 0; id < 20; id++) blocks.add(turn(id, 100, id % 2 === 0 ? "even" : "odd"));
  blocks.keep((conversation) => conversation === "odd");
  assert.deepEqual(all(blocks).map(({ first }) => first), [1, 3, 5, 7, 9, 11, 13, 15, 17, 19]);
});

Deno.test("memoryJournal hands out a page that stays as it is when its place is used again", async () => {
  const journal = memoryJournal({ bytes: ROOM });
  const line = (id: number) => new TextEncoder().encode(`{"time":1,"message":"${String(id).repeat(50)}","id":${id}}\n`);
  const put = (id: number) => {
    const message = { kind: "message", id, last: id, count: 1, conversation: "#all", lines: line(id) } as const;
    journal.append({ first: id, end: id + 1, records: [message] });
  };
  put(1);
  const page = await journal.read("#all", await journal.page({ conversation: "#all", limit: 1 }));
  for (let id = 2; id < 500; id++) put(id);
  assert.deepEqual(page, [line(1).slice(0, -1)]);
});
