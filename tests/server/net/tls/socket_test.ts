// A connection through the TLS engine behaves as a plain one: what it carries, where it ends, and which side must wait.

import assert from "node:assert/strict";
import { configureSocket, type Socket } from "../../../../server/net/connection.ts";
import { TlsSocket } from "../../../../server/net/tls/socket.ts";
import { within } from "../../../chat/within.ts";
import { may } from "../../../may.ts";
import { connectTls, contextOf } from "./certificates.ts";

const cannot = !may("net", "read");
const LONG = Uint8Array.from({ length: 100_000 }, (_, i) => i * i);

interface Ends extends AsyncDisposable {
  /** The side under test. */
  readonly ours: TlsSocket;
  readonly theirs: Deno.TlsConn;
  /** What carries it; a test may get in its way. */
  readonly carrier: Deno.TcpConn;
}

async function join(): Promise<Ends> {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const [theirs, { ours, carrier }] = await within(
    "a handshake",
    Promise.all([connectTls((listener.addr as Deno.NetAddr).port), greet(listener)]),
  );
  return {
    ours,
    theirs,
    carrier,
    async [Symbol.asyncDispose]() {
      theirs.close();
      ours.close();
      await within("the end", read(ours).catch(() => {}));
    },
  };
}

async function greet(listener: Deno.Listener): Promise<{ ours: TlsSocket; carrier: Deno.TcpConn }> {
  const carrier = await listener.accept() as Deno.TcpConn;
  const first = new Uint8Array(2048);
  const count = await carrier.read(first);
  const ours = new TlsSocket(carrier as unknown as Socket, first.subarray(0, count!), contextOf("first"));
  await ours.secured;
  return { ours, carrier };
}

type Side = Pick<Socket, "read" | "write">;

async function write(side: Side, bytes: Uint8Array): Promise<void> {
  for (let rest = bytes; rest.length > 0;) rest = rest.subarray(await within("room", side.write(rest)));
}

/** Reads that many bytes, or up to the end of the stream. */
async function read(side: Side, count = Infinity): Promise<Uint8Array> {
  const all: number[] = [];
  const into = new Uint8Array(4096);
  while (all.length < count) {
    const got = await within("bytes", side.read(into));
    if (got === null) break;
    all.push(...into.subarray(0, got));
  }
  return Uint8Array.from(all);
}

Deno.test("TlsSocket carries 100,000 bytes unharmed, both ways at once", { ignore: cannot }, async () => {
  await using ends = await join();
  const { ours, theirs } = ends;
  const [a, b] = await Promise.all([
    read(ours, LONG.length),
    read(theirs, LONG.length),
    write(ours, LONG),
    write(theirs, LONG),
  ]);
  assert.deepEqual(a, LONG);
  assert.deepEqual(b, LONG);
});

Deno.test("TlsSocket hands out what was read ahead in pieces of any size", { ignore: cannot }, async () => {
  await using ends = await join();
  const { ours, theirs } = ends;
  await write(theirs, LONG.subarray(0, 5000));
  const got: number[] = [];
  for (let size = 1; got.length < 5000; size++) {
    const into = new Uint8Array(size);
    const count = await within("bytes", ours.read(into));
    got.push(...into.subarray(0, count!));
  }
  assert.deepEqual(Uint8Array.from(got), LONG.subarray(0, 5000));
});

Deno.test("TlsSocket reads the end of the peer's half as null, and can still write", { ignore: cannot }, async () => {
  await using ends = await join();
  const { ours, theirs } = ends;
  await write(theirs, LONG);
  await theirs.closeWrite();
  assert.deepEqual(await read(ours), LONG);
  assert.equal(await ours.read(new Uint8Array(1)), null);
  await write(ours, LONG);
  await ours.closeWrite();
  assert.deepEqual(await read(theirs), LONG);
  assert.equal(await ours.read(new Uint8Array(1)), null); // for good, and never a reset
});

Deno.test("TlsSocket takes a bare end of the carrier for the end of the peer's half", { ignore: cannot }, async () => {
  await using ends = await join();
  const { ours, theirs, carrier } = ends;
  await write(theirs, LONG.subarray(0, 1));
  await read(ours, 1);
  carrier.read = () => Promise.resolve(null);
  assert.equal((await read(ours)).length, 0);
  await write(ours, LONG);
  await ours.closeWrite();
  assert.deepEqual(await read(theirs), LONG);
});

Deno.test("TlsSocket reads on after it has closed its own half", { ignore: cannot }, async () => {
  await using ends = await join();
  const { ours, theirs } = ends;
  await ours.closeWrite();
  assert.equal(await within("the end", theirs.read(new Uint8Array(1))), null);
  await write(theirs, LONG);
  await theirs.closeWrite();
  assert.deepEqual(await read(ours), LONG);
});

Deno.test("TlsSocket ends with a word, so that nobody takes it for a cut", { ignore: cannot }, async () => {
  await using ends = await join();
  const { ours, theirs } = ends;
  await write(ours, LONG.subarray(0, 100));
  const pending = ours.read(new Uint8Array(1));
  ours.close();
  await assert.rejects(pending, Deno.errors.Interrupted);
  assert.equal((await read(theirs)).length, 100); // without the word, this rejects with UnexpectedEof
});

Deno.test("TlsSocket draws nothing from the network while nobody reads", { ignore: cannot }, async () => {
  await using ends = await join();
  const { ours, theirs, carrier } = ends;
  await write(theirs, LONG.subarray(0, 1));
  assert.equal((await read(ours, 1)).length, 1);
  let drawn = 0;
  const draw = carrier.read.bind(carrier);
  carrier.read = async (into) => {
    const count = await draw(into);
    drawn += count ?? 0;
    return count;
  };
  const sent = write(theirs, LONG);
  await bystanders();
  assert.ok(drawn <= 64 * 1024, `${drawn} bytes were drawn, and nobody reads`);
  const got = read(ours, LONG.length);
  await sent;
  assert.deepEqual(await got, LONG);
});

Deno.test("TlsSocket's write settles when the network has taken it, and not before", { ignore: cannot }, async () => {
  await using ends = await join();
  const { ours, theirs, carrier } = ends;
  const gate = Promise.withResolvers<void>();
  const send = carrier.write.bind(carrier);
  carrier.write = async (bytes) => {
    await gate.promise;
    return send(bytes);
  };
  let settled = false;
  const written = ours.write(LONG).then((count) => (settled = true, count));
  await bystanders();
  assert.equal(settled, false);
  gate.resolve();
  const got = read(theirs, LONG.length);
  assert.equal(await within("the write", written), LONG.length);
  assert.deepEqual(await got, LONG);
});

Deno.test("TlsSocket's pending write and read reject when the connection breaks", { ignore: cannot }, async () => {
  await using ends = await join();
  const { ours, carrier } = ends;
  const broken = Promise.withResolvers<number>();
  carrier.write = () => broken.promise;
  const written = ours.write(LONG), heard = ours.read(new Uint8Array(1));
  const outcomes = Promise.allSettled([written, heard]);
  broken.reject(new Deno.errors.ConnectionReset("broken"));
  const [write, read] = await within("both", outcomes);
  assert.deepEqual([write.status, read.status], ["rejected", "rejected"]);
});

Deno.test("TlsSocket's pending write rejects when it is cut, also behind the end of our half", {
  ignore: cannot,
}, async () => {
  await using ends = await join();
  const { ours, carrier } = ends;
  const stuck = Promise.withResolvers<number>();
  carrier.write = () => stuck.promise;
  const written = ours.write(LONG), shut = ours.closeWrite();
  ours.cut();
  const [write] = await within("both", Promise.allSettled([written, shut]));
  assert.equal(write.status, "rejected");
});

Deno.test("TlsSocket cuts off a peer that reads nothing when it is closed", { ignore: cannot }, async () => {
  await using ends = await join();
  const { ours, carrier } = ends;
  const stuck = Promise.withResolvers<number>();
  carrier.write = () => stuck.promise;
  const written = ours.write(LONG);
  ours.close();
  await assert.rejects(within("the write", written), /^Interrupted: the connection was closed/);
});

Deno.test("TlsSocket takes it calmly that it is cut before anybody has set it up", { ignore: cannot }, async () => {
  await using ends = await join();
  const { ours } = ends;
  ours.cut();
  assert.equal(configureSocket(ours), false);
  await assert.rejects(ours.read(new Uint8Array(1)), Deno.errors.Interrupted);
  await assert.rejects(ours.write(LONG));
  await assert.rejects(ours.closeWrite());
  ours.close();
});

/** Others' connections live through a whole handshake and a chat meanwhile: whatever could happen at once has happened. */
async function bystanders(): Promise<void> {
  for (let i = 0; i < 3; i++) {
    await using ends = await join();
    await write(ends.theirs, LONG.subarray(0, 10));
    await read(ends.ours, 10);
  }
}
