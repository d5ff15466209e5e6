// The PROXY protocol: its forms, each cut anywhere, and a listener that no slow proxy holds up.

import assert from "node:assert/strict";
import fc from "fast-check";
import type { Socket } from "../../../server/net/connection.ts";
import { trustIn } from "../../../server/net/trusted_proxies.ts";
import { type Header, listenProxied, readHeader } from "../../../server/net/proxy_protocol.ts";
import { until, within } from "../../chat/within.ts";
import { type FakeSocket, fakeSocket, quiet } from "../fake.ts";

const text = (bytes: string) => Uint8Array.from(bytes, (letter) => letter.charCodeAt(0));
const SIGNATURE = text("\r\n\r\n\0\r\nQUIT\n");

/** A header of version 2. */
function second(command: number, family: number, body: Uint8Array | readonly number[], length = body.length) {
  return Uint8Array.of(...SIGNATURE, command, family, length >> 8, length & 255, ...body);
}

const V4 = [203, 0, 113, 9, 10, 0, 0, 1, 0xc4, 0xec, 0x1e, 0x61];
const V6 = [
  ...[0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9],
  ...[0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
  ...[0xc4, 0xec, 0x1e, 0x61],
];
const MAPPED = [...Array(10).fill(0), 255, 255, 203, 0, 113, 9, ...V6.slice(16)];
const TLV = [0x01, 0, 2, 104, 50, 0x04, 0, 3, 0, 0, 0];
const four = { kind: "client", host: "203.0.113.9", port: 50412 } as const;
const proxy = { kind: "proxy" } as const;

const whole: [what: string, bytes: Uint8Array, header: object][] = [
  ["TCP4", text("PROXY TCP4 203.0.113.9 10.0.0.1 50412 7777\r\n"), four],
  ["TCP4 of the largest numbers", text("PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535\r\n"), {
    kind: "client",
    host: "255.255.255.255",
    port: 65535,
  }],
  ["TCP6", text("PROXY TCP6 2001:DB8:0::9 ::1 50412 7777\r\n"), { ...four, host: "2001:db8::9" }],
  ["TCP6 of IPv4", text("PROXY TCP6 ::ffff:203.0.113.9 ::1 50412 7777\r\n"), four],
  ["UNKNOWN", text("PROXY UNKNOWN\r\n"), proxy],
  ["UNKNOWN of 107 bytes", text(`PROXY UNKNOWN ${"f".repeat(91)}\r\n`), proxy],
  ["version 2, IPv4", second(0x21, 0x11, V4), four],
  ["version 2, IPv6", second(0x21, 0x21, V6), { ...four, host: "2001:db8::9" }],
  ["version 2, IPv4 in IPv6", second(0x21, 0x21, MAPPED), four],
  ["version 2 with fields", second(0x21, 0x11, [...V4, ...TLV]), four],
  ["version 2 with many fields", second(0x21, 0x11, [...V4, ...Array(4_000).fill(4)]), four],
  ["version 2, UDP", second(0x21, 0x12, V4), proxy],
  ["version 2, a socket of Unix", second(0x21, 0x31, Array(216).fill(0)), proxy],
  ["version 2, no family", second(0x21, 0x00, []), proxy],
  ["version 2, no family with fields", second(0x21, 0x00, TLV), proxy],
  ["LOCAL", second(0x20, 0x00, []), proxy],
  ["LOCAL with addresses", second(0x20, 0x11, V4), proxy],
  ["LOCAL with less than the addresses", second(0x20, 0x11, [1]), proxy],
];

const broken: [what: string, bytes: Uint8Array][] = [
  ["no family", text("PROXY \r\n")],
  ["another family", text("PROXY TCP5 203.0.113.9 10.0.0.1 50412 7777\r\n")],
  ["a family in lower case", text("PROXY tcp4 203.0.113.9 10.0.0.1 50412 7777\r\n")],
  ["IPv6 in TCP4", text("PROXY TCP4 2001:db8::9 ::1 50412 7777\r\n")],
  ["IPv4 in TCP6", text("PROXY TCP6 203.0.113.9 10.0.0.1 50412 7777\r\n")],
  ["one address", text("PROXY TCP4 203.0.113.9 50412 7777\r\n")],
  ["one port", text("PROXY TCP4 203.0.113.9 10.0.0.1 50412\r\n")],
  ["an octal address", text("PROXY TCP4 0203.0.113.9 10.0.0.1 50412 7777\r\n")],
  ["a port too large", text("PROXY TCP4 203.0.113.9 10.0.0.1 65536 7777\r\n")],
  ["a port with a zero before it", text("PROXY TCP4 203.0.113.9 10.0.0.1 050412 7777\r\n")],
  ["two spaces", text("PROXY  TCP4 203.0.113.9 10.0.0.1 50412 7777\r\n")],
  ["a space at the end", text("PROXY TCP4 203.0.113.9 10.0.0.1 50412 7777 \r\n")],
  ["no carriage return", text("PROXY TCP4 203.0.113.9 10.0.0.1 50412 7777\n")],
  ["UNKNOWNS", text("PROXY UNKNOWNS\r\n")],
  ["108 bytes", text(`PROXY UNKNOWN ${"f".repeat(92)}\r\n`)],
  ["no end", text(`PROXY UNKNOWN ${"f".repeat(200)}`)],
  ["version 1 in the form of 2", second(0x11, 0x11, V4)],
  ["version 3", second(0x31, 0x11, V4)],
  ["another command", second(0x22, 0x11, V4)],
  ["another family of 2", second(0x21, 0x41, V4)],
  ["another transport", second(0x21, 0x13, V4)],
  ["IPv4 of 11 bytes", second(0x21, 0x11, V4.slice(1))],
  ["IPv6 of 35 bytes", second(0x21, 0x21, V6.slice(1))],
  ["a socket of Unix of 215 bytes", second(0x21, 0x31, Array(215).fill(0))],
];

const none = [
  '{"action":"presence"}\n',
  "GET / HTTP/1.1\r\n",
  "PROXIED",
  "PROXY\n",
  "proxy TCP4",
  "\r\n{",
  "\x16\x03\x01",
  "hello",
];

for (const [what, bytes, header] of whole) {
  Deno.test(`readHeader reads ${what}, and nothing of what follows`, () => {
    for (const next of ["", "{", "PROXY TCP4 1.1.1.1 1.1.1.1 1 1\r\n"]) {
      assert.deepEqual(readHeader(Uint8Array.of(...bytes, ...text(next))), { ...header, length: bytes.length });
    }
  });
}

Deno.test("readHeader waits for the rest of every header, and knows from the start of it that it is one", () => {
  for (const [what, bytes] of whole) {
    const begins = bytes[0] === 13 ? SIGNATURE.length : 6;
    for (let size = 0; size < bytes.length; size++) {
      assert.deepEqual(
        readHeader(bytes.subarray(0, size)),
        { kind: "part", begun: size >= begins },
        `${what}: ${size}`,
      );
    }
  }
});

for (const [what, bytes] of broken) {
  Deno.test(`readHeader finds ${what} broken`, () => {
    assert.equal(readHeader(bytes).kind, "broken");
  });
}

Deno.test("readHeader takes nothing else for a header", () => {
  for (const bytes of none) assert.deepEqual(readHeader(text(bytes)), { kind: "none" }, bytes);
});

Deno.test("readHeader never fails, and never takes more than there is", () => {
  const starts = fc.constantFrom(
    new Uint8Array(0),
    text("PROXY "),
    text("PROXY TCP4 "),
    SIGNATURE,
    second(0x21, 0x11, []),
  );
  fc.assert(fc.property(starts, fc.uint8Array({ maxLength: 300 }), (start, rest) => {
    const bytes = Uint8Array.of(...start, ...rest), header = readHeader(bytes);
    if ("length" in header) assert.ok(header.length <= bytes.length);
  }));
});

Deno.test("readHeader says the same of the same header, once it is decided, whatever comes behind", () => {
  const some = fc.constantFrom(...whole.map(([, bytes]) => bytes), ...broken.map(([, bytes]) => bytes));
  fc.assert(fc.property(some, fc.uint8Array(), fc.nat(), (bytes, rest, cut) => {
    const all = Uint8Array.of(...bytes, ...rest), early = readHeader(all.subarray(0, cut % all.length));
    if (early.kind !== "part") assert.deepEqual(readHeader(all), early);
  }));
});

/** A listener whose connections come from the test, and what it gives. */
function listening(patience = 60_000, expected = false) {
  const arrived: (Socket | Error)[] = [];
  let waiting: PromiseWithResolvers<Socket> | undefined, closed = false;
  const listener = listenProxied({
    accept() {
      waiting = Promise.withResolvers();
      const { promise } = waiting;
      give();
      return promise;
    },
    close() {
      closed = true;
      waiting?.reject(new Deno.errors.BadResource("closed"));
    },
  }, { trusts: trustIn("127.0.0.1,::1"), expected, patience });
  function give(): void {
    const next = waiting && arrived.shift();
    if (next === undefined) return;
    if (next instanceof Error) waiting!.reject(next);
    else waiting!.resolve(next);
    waiting = undefined;
  }
  let ports = 1;
  return {
    listener,
    closed: () => closed,
    accept: () => within("a connection", listener.accept()),
    comes(hostname = "127.0.0.1"): FakeSocket {
      const socket = fakeSocket(ports++, hostname);
      arrived.push(socket);
      give();
      return socket;
    },
    fails(error: Error): void {
      arrived.push(error);
      give();
    },
  };
}

/** All that a socket reads up to its end. */
async function readAll(socket: Socket, room = 7): Promise<string> {
  let all = "";
  const into = new Uint8Array(room), decoder = new TextDecoder();
  for (;;) {
    const count = await within("a read", socket.read(into));
    if (count === null) return all;
    all += decoder.decode(into.subarray(0, count), { stream: true });
  }
}

Deno.test("listenProxied gives a trusted proxy's connection with its client's address, however the bytes are cut", async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...whole), fc.array(fc.nat({ max: 30 }), { maxLength: 8 }), async (each, cuts) => {
      const [, header, { kind, host, port }] = each as [string, Uint8Array, Header & { host?: string; port?: number }];
      const { comes, accept } = listening(), accepted = accept(), socket = comes();
      let rest = Uint8Array.of(...header, ...text('{"action":"quit"}\n'));
      for (const cut of cuts) {
        if (cut > 0 && cut < rest.length) socket.giveBytes(rest.slice(0, cut));
        if (cut > 0 && cut < rest.length) rest = rest.slice(cut);
      }
      socket.giveBytes(rest);
      socket.end();
      const { remoteAddr, read } = await accepted.then((socket) => ({
        remoteAddr: socket.remoteAddr,
        read: () => readAll(socket),
      }));
      assert.deepEqual(
        [remoteAddr.hostname, remoteAddr.port],
        kind === "client" ? [host, port] : ["127.0.0.1", socket.remoteAddr.port],
      );
      assert.equal(await read(), '{"action":"quit"}\n');
    }),
    { numRuns: 60 },
  );
});

Deno.test("listenProxied leaves a peer that is not trusted alone: its header is garbage like any other", async () => {
  const { comes, accept } = listening(), accepted = accept(), stranger = comes("203.0.113.7");
  stranger.give("PROXY TCP4 127.0.0.1 127.0.0.1 1 1\r\n");
  stranger.end();
  const socket = await accepted;
  assert.equal(socket, stranger, "it is handed on as it is");
  assert.equal(await readAll(socket), "PROXY TCP4 127.0.0.1 127.0.0.1 1 1\r\n");
});

Deno.test("listenProxied takes a proxy without a header by its own address, at once or when it has said nothing", async () => {
  const { comes, accept } = listening(5);
  for (const words of none.map(text)) {
    const socket = comes();
    socket.giveBytes(words);
    socket.end();
    const accepted = await accept();
    assert.equal(accepted.remoteAddr.port, socket.remoteAddr.port);
    assert.equal(await readAll(accepted), new TextDecoder().decode(words));
  }
  for (const before of ["", "\r\n"]) {
    const silent = comes();
    if (before !== "") silent.give(before);
    const accepted = await accept(), read = readAll(accepted);
    silent.give("{}");
    silent.end();
    assert.equal(await read, `${before}{}`, "a read that was in flight is not lost");
  }
});

Deno.test("listenProxied's connection writes, ends and closes as the proxy's own does", async () => {
  const { comes, accept } = listening(), accepted = accept(), socket = comes();
  socket.give("PROXY UNKNOWN\r\n");
  const { write, rest } = await accepted.then((each) => ({ write: each.write.bind(each), rest: each }));
  assert.equal(await write(text("hello")), 5);
  rest.setNoDelay();
  rest.setKeepAlive();
  await rest.closeWrite();
  rest.close();
  assert.deepEqual([socket.heard, socket.shut, socket.closed], ["hello", true, true]);
});

Deno.test("listenProxied closes what has a broken header, or one without an end", async () => {
  const { comes, accept } = listening(5), accepted = accept();
  const sockets = broken.map(([, bytes]) => {
    const socket = comes();
    socket.giveBytes(bytes);
    return socket;
  });
  const late = comes(), ended = comes(), lost = comes();
  late.give("PROXY TCP4 203.0");
  ended.giveBytes(SIGNATURE);
  ended.end();
  lost.fail(new Deno.errors.ConnectionReset("reset"));
  for (const socket of [...sockets, late, ended, lost]) {
    await until("its end", () => socket.closed);
  }
  const good = comes();
  good.give("PROXY TCP4 203.0.113.9 10.0.0.1 50412 7777\r\n");
  assert.equal((await accepted).remoteAddr.hostname, "203.0.113.9");
});

Deno.test("listenProxied lets no connection wait for the header of another", async () => {
  const { comes, accept } = listening(), first = accept();
  const slow = comes(), quick = comes(), stranger = comes("203.0.113.7");
  slow.give("PROXY TCP4 203.0");
  quick.give("PROXY TCP4 203.0.113.9 10.0.0.1 50412 7777\r\n");
  const both = [await first, await accept()];
  assert.deepEqual(both.map(({ remoteAddr }) => remoteAddr.hostname).sort(), ["203.0.113.7", "203.0.113.9"]);
  assert.ok(both.includes(stranger));
  const third = accept();
  slow.give(".113.5 10.0.0.1 50412 7777\r\n");
  assert.equal((await third).remoteAddr.hostname, "203.0.113.5");
});

Deno.test("listenProxied bounds those whose header is awaited, and fails as its listener does", async () => {
  const { comes, accept, fails, listener } = listening(), accepted = accept();
  const silent = Array.from({ length: 1_001 }, () => comes());
  await until("the end of the first", () => silent[0]!.closed);
  assert.equal(silent.filter(({ closed }) => closed).length, 1);
  fails(new Deno.errors.NotConnected("gone"));
  await assert.rejects(accepted, Deno.errors.NotConnected);
  const again = accept();
  silent[1]!.give("PROXY UNKNOWN\r\n");
  assert.equal((await again).remoteAddr.port, silent[1]!.remoteAddr.port);
  listener.close();
  await until("the end of all", () => silent.every(({ closed }, i) => closed || i === 1));
});

Deno.test("listenProxied closes with its listener what nobody has taken", async () => {
  const { comes, listener, closed } = listening(), accepted = listener.accept();
  const silent = comes(), ready = comes("203.0.113.7"), more = comes("203.0.113.8");
  assert.equal(await within("a connection", accepted), ready);
  const rejected = assert.rejects(
    within("the end", listener.accept().then(() => listener.accept())),
    Deno.errors.BadResource,
  );
  await quiet();
  listener.close();
  await rejected;
  assert.deepEqual([closed(), silent.closed, more.closed], [true, true, false]);
});
