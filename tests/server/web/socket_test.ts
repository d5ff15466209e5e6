import assert from "node:assert/strict";
import { PageSocket } from "../../../server/web/socket.ts";
import { frame } from "../../chat/page.ts";
import { until, within } from "../../chat/within.ts";
import { type FakeSocket, fakeSocket } from "../fake.ts";

const TEXT = 1, CLOSE = 8, PING = 9, PONG = 10;
const LINE = new TextEncoder().encode("{}\n");

/** A WebSocket on a socket; the test decides about each read and write of it. */
function pair(come: Uint8Array = new Uint8Array(0)): { wire: FakeSocket; page: PageSocket } {
  const wire = fakeSocket(50_000);
  return { wire, page: new PageSocket(wire, come, 100) };
}

/** The kinds of all frames that were written. */
function kinds(wire: FakeSocket): number[] {
  const found: number[] = [];
  const bytes = wire.writes.flatMap((write) => [...write]);
  for (let at = 0; at < bytes.length; at += 2 + bytes[at + 1]!) found.push(bytes[at]! & 15);
  return found;
}

function bytes(...frames: Uint8Array[]): Uint8Array {
  return new Uint8Array(frames.flatMap((each) => [...each]));
}

async function read(page: PageSocket, room = 100): Promise<string | null> {
  const into = new Uint8Array(room), count = await within("a read", page.read(into));
  return count === null ? null : new TextDecoder().decode(into.subarray(0, count));
}

Deno.test("PageSocket reads a message at a time, also what came with the request", async () => {
  const { page } = pair(bytes(frame(TEXT, "{}"), frame(TEXT, "[7]"), frame(CLOSE, "")));
  assert.deepEqual([await read(page), page.whole], ["{}\n", true]);
  assert.deepEqual([await read(page, 2), page.whole], ["[7", false]);
  assert.deepEqual([await read(page), page.whole], ["]\n", true]);
  assert.deepEqual([await read(page), await read(page), page.fault], [null, null, undefined]);
});

Deno.test("PageSocket's read ends with the stream, and fails with it", async () => {
  const one = pair(), other = pair();
  one.wire.end();
  assert.equal(await read(one.page), null);
  other.wire.fail(new Deno.errors.ConnectionReset("gone"));
  await assert.rejects(read(other.page), Deno.errors.ConnectionReset);
});

Deno.test("PageSocket's write settles when the network has taken all of it, and one waits for the other", async () => {
  const { wire, page } = pair();
  let settled = 0;
  wire.take = 0;
  const writes = [page.write(LINE), page.closeWrite()].map((write) => write.then(() => settled++));
  await Promise.resolve();
  assert.equal(settled, 0);
  wire.take = Infinity;
  await within("both writes", Promise.all(writes));
  assert.deepEqual(kinds(wire), [TEXT, CLOSE]);
});

Deno.test("PageSocket answers pings, of those that wait for a write the last, and none behind its last word", async () => {
  const pings = ["1", "2", "3"].flatMap((payload) => [frame(PING, payload), frame(TEXT, "{}")]);
  const { wire, page } = pair(bytes(...pings));
  wire.take = 0;
  for (let i = 0; i < 3; i++) assert.equal(await read(page), "{}\n");
  wire.take = Infinity;
  await within("the pong", page.write(LINE));
  await until("three frames", () => kinds(wire).length >= 3);
  assert.deepEqual(kinds(wire), [PONG, TEXT, PONG]);
  assert.deepEqual(wire.writes.map((write) => write.at(-1)), ["1", "}", "3"].map((text) => text.charCodeAt(0)));
  await page.closeWrite();
  const late = pair(frame(PING, ""));
  late.wire.end();
  await late.page.closeWrite();
  assert.equal(await read(late.page), null);
  assert.deepEqual(kinds(late.wire), [CLOSE]);
});

Deno.test("PageSocket.close cuts off a page that does not read", () => {
  const { wire, page } = pair();
  wire.take = 0;
  page.write(LINE).catch(() => {});
  page.close();
  assert.equal(wire.closed, true);
  page.close(); // once more harms nobody
});

Deno.test("PageSocket.close says the last word first, and waits until the peer has gone", async () => {
  const { wire, page } = pair();
  page.close();
  await until("the end of our half", () => wire.shut);
  assert.deepEqual([kinds(wire), wire.closed], [[CLOSE], false]);
  wire.end();
  await until("the end", () => wire.closed);
});

Deno.test("PageSocket that is closed is ended with its port, though its peer has not gone", async () => {
  const leaving = new Set<() => void>(), wire = fakeSocket(1);
  const page = new PageSocket(wire, new Uint8Array(0), 1_000, wire.remoteAddr, leaving);
  page.close();
  await until("the end of our half", () => wire.shut);
  assert.equal(leaving.size, 1);
  for (const end of leaving) end(); // and no timer is left behind
  assert.deepEqual([wire.closed, leaving.size], [true, 0]);
});

Deno.test("PageSocket.close echoes its peer's close frame, and is done", async () => {
  const { wire, page } = pair(frame(CLOSE, ""));
  assert.equal(await read(page), null);
  page.close();
  await until("the end", () => wire.closed);
  assert.deepEqual(kinds(wire), [CLOSE]);
});

Deno.test("PageSocket.close echoes a close frame also behind a pong that is being written", async () => {
  const { wire, page } = pair(bytes(frame(PING, "p"), frame(CLOSE, Uint8Array.of(3, 0xe9))));
  wire.take = 0;
  assert.equal(await read(page), null);
  page.close();
  wire.take = Infinity;
  await until("the end", () => wire.closed);
  assert.deepEqual(kinds(wire), [PONG, CLOSE]);
  assert.deepEqual([...wire.writes.at(-1)!], [0x88, 2, 3, 0xe9]);
});

Deno.test("PageSocket.close says nothing to a peer that has ended its stream", async () => {
  const { wire, page } = pair();
  wire.end();
  assert.equal(await read(page), null);
  page.close();
  assert.deepEqual([kinds(wire), wire.closed], [[], true]);
});
