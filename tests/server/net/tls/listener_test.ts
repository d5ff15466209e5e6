// Which connections the TLS listener accepts, and how it refuses the others; each over real TCP.

import assert from "node:assert/strict";
import type { SecureContext } from "node:tls";
import type { Socket } from "../../../../server/net/connection.ts";
import type { Listener } from "../../../../server/net/listener.ts";
import { listenTls } from "../../../../server/net/tls/listener.ts";
import { cutOff } from "../../../chat/break_off.ts";
import { within } from "../../../chat/within.ts";
import { may } from "../../../may.ts";
import { certificateAt, connectTls, contextOf } from "./certificates.ts";

const cannot = !may("net", "read");
const HELLO = new TextEncoder().encode("hello");
/** What a TLS client begins with: a record of a handshake, of 512 bytes that do not come. */
const STALLED = new Uint8Array([0x16, 3, 1, 2, 0]);

interface Door extends Disposable {
  readonly port: number;
  readonly listener: Listener;
  context: SecureContext;
  /** Why the next connection does not get through. */
  failure(): Promise<string>;
}

/** A listener as the server has it. A peer has `patience` milliseconds for its handshake. */
function open(patience = 60_000, around = (listener: Listener) => listener): Door {
  const plain = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = plain.addr as Deno.NetAddr;
  const listener = listenTls(around(plain as unknown as Listener), {
    context: () => door.context,
    port,
    wall: () => 1_764_000_000_500,
    patience,
  });
  const door: Door = {
    port,
    listener,
    context: contextOf("first"),
    async failure() {
      const arrival = await within("an accept", listener.accept());
      return await within("a failure", arrival.read(new Uint8Array(1)).then(String, ({ message }) => message));
    },
    [Symbol.dispose]() {
      try {
        listener.close();
      } catch (error) {
        if (!(error instanceof Deno.errors.BadResource)) throw error;
      }
    },
  };
  return door;
}

/** An accepted connection, from both sides. */
async function pair(door: Door): Promise<{ ours: Socket; theirs: Deno.TlsConn }> {
  const accepted = door.listener.accept();
  const theirs = await within("a handshake", connectTls(door.port));
  return { ours: await within("an accept", accepted), theirs };
}

async function readAll(conn: { read(into: Uint8Array): Promise<number | null> }): Promise<string> {
  let text = "";
  const into = new Uint8Array(1024), decoder = new TextDecoder();
  for (;;) {
    const count = await within("bytes", conn.read(into));
    if (count === null) return text;
    text += decoder.decode(into.subarray(0, count), { stream: true });
  }
}

Deno.test(
  "listenTls gives a connection after its handshake, with the address of its peer",
  { ignore: cannot },
  async () => {
    using door = open();
    const { ours, theirs } = await pair(door);
    const { hostname, port } = theirs.localAddr as Deno.NetAddr;
    assert.deepEqual([ours.remoteAddr.hostname, ours.remoteAddr.port], [hostname, port]);
    await theirs.write(HELLO);
    const into = new Uint8Array(10);
    assert.equal(await ours.read(into), HELLO.length);
    assert.deepEqual(into.subarray(0, HELLO.length), HELLO);
    ours.close();
    theirs.close();
  },
);

for (const [what, bytes] of [["JSON", '{"action":"presence"}\n'], ["nothing", ""]] as const) {
  Deno.test(
    `listenTls tells a peer that sends ${what} what to do, and closes in peace`,
    { ignore: cannot },
    async () => {
      using door = open(bytes === "" ? 1 : undefined);
      const failure = door.failure();
      using plain = await Deno.connect({ hostname: "127.0.0.1", port: door.port });
      await plain.write(new TextEncoder().encode(bytes));
      const words = `This server speaks TLS: connect with deno task client HOST ${door.port} --tls, ` +
        `or openssl s_client -quiet -connect HOST:${door.port}`;
      const answer = JSON.stringify({ response: 400, time: 1764000000, error: words, alert: words });
      assert.equal(await readAll(plain), `${answer}\n`);
      await plain.write(HELLO); // is read away: no reset takes back what was said
      await plain.closeWrite();
      assert.equal(await failure, "it speaks no TLS, and was told so");
    },
  );
}

Deno.test("listenTls answers a browser's request in HTTP, wherever it is cut, and hears nothing behind it", {
  ignore: cannot,
}, async () => {
  using door = open();
  const text = `POST /${"a".repeat(300)} HTTP/1.1\r\nHost: localhost\r\n\r\n{"action":"presence"}\n`;
  const request = new TextEncoder().encode(text);
  for (let cut = 1; cut < request.length; cut += 7) {
    const failure = door.failure();
    using browser = await Deno.connect({ hostname: "127.0.0.1", port: door.port });
    browser.setNoDelay();
    await browser.write(request.subarray(0, cut));
    await browser.write(request.subarray(cut));
    await browser.closeWrite();
    assert.match(await readAll(browser), /^HTTP\/1\.1 400 [^]+\r\n\r\nThis port speaks JIM, [^\n]+\n$/);
    assert.equal(await failure, "it speaks no TLS, and was told so");
  }
});

Deno.test("listenTls lets others in when a peer breaks off behind any byte of its handshake", {
  ignore: cannot,
}, async () => {
  const hello = await firstFlight();
  using door = open();
  for (let end = 0; end <= hello.length; end += 20) {
    const failure = door.failure().catch(({ name }) => name); // it may be gone before it is accepted
    await cutOff(door.port, hello.subarray(0, end));
    assert.notEqual(await failure, "");
  }
  const { ours, theirs } = await pair(door);
  ours.close();
  theirs.close();
});

/** What a TLS client says before it hears anything. */
async function firstFlight(): Promise<Uint8Array> {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const client = certificateAt((listener.addr as Deno.NetAddr).port);
  const conn = await within("a client", listener.accept());
  const into = new Uint8Array(4_096), count = await within("its first flight", conn.read(into));
  conn.close();
  await assert.rejects(client);
  return into.subarray(0, count!);
}

Deno.test("listenTls lets others in while a handshake stalls", { ignore: cannot }, async () => {
  using door = open();
  using stalled = await Deno.connect({ hostname: "127.0.0.1", port: door.port });
  await stalled.write(STALLED);
  const failure = door.failure();
  const { ours, theirs } = await pair(door);
  stalled.close();
  assert.equal(await failure, "it left in the middle of the handshake");
  ours.close();
  theirs.close();
});

Deno.test("listenTls gives up a handshake that takes too long", { ignore: cannot }, async () => {
  using door = open(1_500); // in which its first bytes are there, on a busy machine too
  const failure = door.failure();
  using stalled = await Deno.connect({ hostname: "127.0.0.1", port: door.port });
  await stalled.write(STALLED);
  assert.equal(await failure, "no handshake within 1.5 s");
  await ended(stalled);
});

const failing: [who: string, bytes: Uint8Array, why: RegExp][] = [
  ["ends in the middle of a handshake", STALLED, /^it left in the middle of the handshake$/],
  ["ends without a byte", new Uint8Array(), /^it closed without a byte$/],
  ["sends garbage for a handshake", new Uint8Array(600).fill(0x16), /^received corrupt message/],
];

for (const [who, bytes, why] of failing) {
  Deno.test(`listenTls gives up a peer that ${who}, and goes on`, { ignore: cannot }, async () => {
    using door = open();
    using peer = await Deno.connect({ hostname: "127.0.0.1", port: door.port });
    await peer.write(bytes);
    if (who.includes("ends")) await peer.closeWrite();
    assert.match(await door.failure(), why);
    const { ours, theirs } = await pair(door);
    ours.close();
    theirs.close();
  });
}

Deno.test("listenTls says of a client that it distrusts the certificate", { ignore: cannot }, async () => {
  using door = open();
  const failure = door.failure();
  // Not by its name, which is an IPv6 address first on some machines.
  const plain = await Deno.connect({ hostname: "127.0.0.1", port: door.port });
  const stranger = await Deno.startTls(plain, { hostname: "localhost" });
  await assert.rejects(stranger.handshake(), /UnknownIssuer/);
  assert.match(await failure, /^it does not trust the certificate \(.*UnknownCA\)$/);
  stranger.close();
});

Deno.test("listenTls shows a new certificate to the next peer, and leaves alone those that are in", {
  ignore: cannot,
}, async () => {
  using door = open();
  const before = await pair(door);
  assert.equal(await shownAt(door), "first");
  door.context = contextOf("second");
  assert.equal(await shownAt(door), "second");
  const after = await pair(door);
  for (const { ours, theirs } of [before, after]) {
    await ours.write(HELLO);
    assert.equal(await within("bytes", theirs.read(new Uint8Array(10))), HELLO.length);
    ours.close();
    theirs.close();
  }
});

/** Which certificate a peer is shown that connects now. */
async function shownAt(door: Door): Promise<string> {
  const accepted = door.listener.accept();
  const name = await within("a certificate", certificateAt(door.port));
  (await within("an accept", accepted)).close();
  return name;
}

Deno.test("listenTls passes on that accepting failed, and tries again at the next accept", {
  ignore: cannot,
}, async () => {
  let failures = 2;
  using door = open(undefined, (listener) => ({
    accept: () => failures-- > 0 ? Promise.reject(new Error("Too many open files")) : listener.accept(),
    close: () => listener.close(),
  }));
  await assert.rejects(door.listener.accept(), /Too many open files/);
  await assert.rejects(door.listener.accept(), /Too many open files/);
  const { ours, theirs } = await pair(door);
  ours.close();
  theirs.close();
});

Deno.test("listenTls closes handshakes under way when told to, and leaves alone those that are in", {
  ignore: cannot,
}, async () => {
  using door = open();
  const { ours, theirs } = await pair(door);
  for (const bytes of [new Uint8Array(), STALLED]) {
    using halfway = await Deno.connect({ hostname: "127.0.0.1", port: door.port });
    await halfway.write(bytes);
    const arrival = await within("an accept", door.listener.accept());
    const read = assert.rejects(arrival.read(new Uint8Array(1)));
    arrival.close();
    await read;
    await ended(halfway);
  }
  door.listener.close();
  await theirs.write(HELLO);
  assert.equal(await within("bytes", ours.read(new Uint8Array(10))), HELLO.length);
  ours.close();
  theirs.close();
});

/** Waits for the end of a stream, with a last word or without. */
async function ended(conn: Deno.Conn): Promise<void> {
  const count = await within("the end", conn.read(new Uint8Array(1))).catch((error) => {
    if (!(error instanceof Deno.errors.UnexpectedEof)) throw error;
    return null;
  });
  assert.equal(count, null);
}
