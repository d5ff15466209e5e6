// The PROXY protocol: a listener that no slow proxy holds up.

import assert from "node:assert/strict";
import fc from "fast-check";
import type { Socket } from "../../../server/net/connection.ts";
import { trustIn } from "../../../server/net/trusted_proxies.ts";
import type { Header } from "../../../server/net/proxy_header.ts";
import { listenProxied } from "../../../server/net/proxy_protocol.ts";
import { until, within } from "../../chat/within.ts";
import { type FakeSocket, fakeSocket, quiet } from "../fake.ts";
import { broken, none, SIGNATURE, text, whole } from "./proxy_headers.ts";

/** A listener that gets its connections from the test, and what it gives. */
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

Deno.test("listenProxied bounds the connections that have sent no header yet, and fails as its listener does", async () => {
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
