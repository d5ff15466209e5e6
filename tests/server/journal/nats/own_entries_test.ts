// What a server appends to the log: one entry at a time, its own batch before a part of a seed, and again what was void.
import assert from "node:assert/strict";
import { decodeEntry } from "../../../../server/journal/nats/entry.ts";
import { OwnEntries } from "../../../../server/journal/nats/own_entries.ts";

const BASE = 16, LOG = { maxBytes: 10_000 };
const nothing = () => undefined;
const batchOf = (text: string) => ({ first: 10, end: 11, records: [{ id: 10, kind: "motd", text } as const] });

/** The kind of an entry, and after which one it is appended if it is a batch. */
function shown(frame: Uint8Array | undefined): string | undefined {
  if (frame === undefined) return undefined;
  const entry = decodeEntry(frame);
  if (typeof entry === "string") return entry;
  return entry.kind === "batch" ? `batch ${entry.ifAfter}` : entry.kind;
}

Deno.test("OwnEntries gives one entry at a time, and a batch before a part of a seed", () => {
  const own = new OwnEntries(), batch = batchOf("hello"), part = new Uint8Array(3);
  own.add(batch, Infinity);
  assert.equal(own.next(undefined, LOG, nothing), undefined, "the log has no beginning");
  assert.equal(shown(own.next(BASE, LOG, () => part)), "batch Infinity");
  assert.equal(own.next(BASE, LOG, () => part), undefined, "one is under way");
  assert.equal(own.noteBack()?.batch, batch);
  assert.equal(own.takeEnded()?.batch, batch);
  assert.equal(own.isBusy, false);
  assert.equal(own.next(BASE, LOG, () => part), part);
  assert.equal(own.noteBack(), undefined);
  assert.equal(own.noteBack(), undefined, "nothing is under way");
});

Deno.test("OwnEntries gives an entry of several frames one by one, and its batch with the last", () => {
  const own = new OwnEntries(), batch = batchOf("x".repeat(25_000)), kinds: (string | undefined)[] = [];
  own.add(batch, Infinity);
  for (;;) {
    kinds.push(shown(own.next(BASE, LOG, nothing)));
    const back = own.noteBack();
    if (back !== undefined) break;
    assert.equal(own.takeEnded(), undefined);
  }
  assert.deepEqual(kinds, ["part", "part", "part"]);
  assert.equal(own.takeEnded()?.batch, batch);
});

Deno.test("OwnEntries is as it was before a transaction that failed", () => {
  const own = new OwnEntries(), batch = batchOf("hello");
  own.add(batch, Infinity);
  own.next(BASE, LOG, nothing);
  const saved = own.save();
  assert.equal(own.noteBack()?.batch, batch);
  own.restore(saved);
  assert.equal(own.next(BASE, LOG, nothing), undefined, "it is under way");
  assert.equal(own.noteBack()?.batch, batch);
});

Deno.test("OwnEntries appends a batch of a log that is gone again, after no entry if it had to be after one", () => {
  for (const [ifAfter, again] of [[7, "batch -1"], [Infinity, "batch Infinity"]] as const) {
    const own = new OwnEntries();
    own.add(batchOf("hello"), ifAfter);
    assert.equal(shown(own.next(BASE, LOG, nothing)), `batch ${ifAfter}`);
    own.restart();
    assert.equal(shown(own.next(BASE, LOG, nothing)), again);
  }
});

Deno.test("OwnEntries gives back the batch that was refused, that was not sent, or that another log has", () => {
  const own = new OwnEntries(), batch = batchOf("hello");
  own.add(batch, Infinity);
  assert.equal(own.takeWaiting()?.batch, batch);
  assert.equal(own.isBusy, false);
  own.add(batch, Infinity);
  own.next(BASE, LOG, nothing);
  assert.equal(own.takeWaiting(), undefined, "it is sent");
  assert.equal(own.takeRefused()?.batch, batch);
  assert.deepEqual([own.isBusy, own.takeRefused()], [false, undefined]);
  own.add(batch, Infinity);
  assert.equal(own.takePast()?.batch, batch);
  assert.equal(own.next(BASE, LOG, nothing), undefined, "it is not appended again");
});
