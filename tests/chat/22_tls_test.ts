// Encryption as people use it: the program with its certificate, and clients of three kinds that never heard of each other.

import assert from "node:assert/strict";
import { start as startChild } from "../client/run.ts";
import { makeFolder } from "../log/folder.ts";
import { has } from "../may.ts";
import { certificateAt, connectTls, pathOf, pem } from "../server/net/tls/certificates.ts";
import { type Peer, peerOf } from "./peer.ts";
import { cannotRun, type Program, run, startIn } from "./program.ts";
import { lay, startTls } from "./tls.ts";
import { until, within } from "./within.ts";

async function join(server: Program, name: string, options: { readsLater?: boolean } = {}): Promise<Peer> {
  const peer = peerOf(await connectTls(server.port), options);
  if (options.readsLater) await peer.say({ action: "presence", time: 1, user: { account_name: name } });
  else await peer.enter(name);
  return peer;
}

/** Waits until the log has so many lines like this. */
function logged(server: Program, like: RegExp, count = 1): Promise<void> {
  const found = () => server.log().split("\n").filter((line) => like.test(line)).length;
  return until(`${count} lines of the log like ${like}`, () => found() >= count);
}

/** The client of this project, with the server's folder as its own. */
function client(server: Program, ...args: string[]) {
  const { folder, port } = server;
  const flags = ["--allow-net", `--allow-read=${folder}`, `--allow-write=${folder}`];
  const wishes = ["--data", folder, "localhost", String(port), ...args];
  return startChild(["run", "-q", "--no-prompt", ...flags, "client.ts", ...wishes]);
}

const PYTHON = `
import socket, ssl, sys
context = ssl.create_default_context(cafile=sys.argv[2])
with context.wrap_socket(socket.create_connection(("localhost", int(sys.argv[1]))), server_hostname="localhost") as s:
    f = s.makefile("rw", encoding="utf-8", newline="\\n")
    for line in sys.stdin:
        print(line, end="", file=f, flush=True)
        print(f.readline(), end="", flush=True)
    print(f.readline(), end="", flush=True)
`;

/** How other programs are started, which send typed JSON and print JSON. */
const strangers: Record<string, { there: boolean; command: string; args: (port: number, ca: string) => string[] }> = {
  "openssl s_client": {
    there: !cannotRun && has("openssl", "version"),
    command: "openssl",
    args: (
      port,
      ca,
    ) => [
      "s_client",
      "-quiet",
      "-verify_quiet",
      "-verify_return_error",
      "-CAfile",
      ca,
      "-connect",
      `localhost:${port}`,
    ],
  },
  "Python's ssl": {
    there: !cannotRun && has("python3", "--version"),
    command: "python3",
    args: (port, ca) => ["-c", PYTHON, String(port), ca],
  },
};

for (const [who, { there, command, args }] of Object.entries(strangers)) {
  Deno.test(`${who} chats with our client over TLS`, { ignore: !there }, async () => {
    await using server = await startTls();
    await using ann = client(server, "-n", "ann", "--tls", "--ca", `${server.folder}/authority.pem`);
    assert.match(await ann.complaint(), /^Joined /);
    await using stranger = startChild(args(server.port, `${server.folder}/authority.pem`), command);
    await stranger.type('{"action":"presence","time":1,"user":{"account_name":"bob"}}\n');
    assert.equal(JSON.parse(await stranger.line()).response, 200);
    await stranger.type('{"action":"msg","time":1764000000,"message":"from far away"}\n');
    assert.equal(JSON.parse(await stranger.line()).response, 200);
    assert.match(await ann.line(), / bob: from far away$/);
    if (who.startsWith("Python")) await stranger.endInput();
    await ann.type("and back\n");
    assert.equal(JSON.parse(await stranger.line()).message, "and back");
    await ann.endInput();
    assert.equal((await ann.end()).status, 0);
  });
}

Deno.test(
  "a certificate is replaced under load: nobody loses a message, and the next connection is shown the new one",
  {
    ignore: cannotRun || Deno.build.os === "windows",
  },
  async () => {
    const READERS = 20, RENEWALS = 4, EACH = 25;
    await using server = await startTls();
    const readers = await Promise.all(Array.from({ length: READERS }, (_, i) => join(server, `reader${i}`)));
    using writer = await join(server, "writer");
    assert.equal(await certificateAt(server.port), "first");
    let time = 0;
    for (let renewal = 1; renewal <= RENEWALS; renewal++) {
      const name = renewal % 2 === 1 ? "second" : "first";
      const said = (async () => {
        for (let i = 0; i < EACH; i++) await writer.sayOk({ action: "msg", time: ++time, message: "x".repeat(3000) });
      })();
      lay(server.folder, name);
      server.kill("SIGHUP");
      await logged(server, /server\/net\/tls look shows/, renewal + 1);
      assert.equal(await certificateAt(server.port), name);
      await said;
    }
    for (const reader of readers) {
      const heard = await reader.hearAll(time);
      assert.deepEqual(heard.map(({ time }) => time), Array.from({ length: time }, (_, i) => i + 1));
      await reader.silence();
      reader.close();
    }
  },
);

Deno.test("a certificate that is no good does not replace the old one", {
  ignore: cannotRun || Deno.build.os === "windows",
}, async () => {
  await using server = await startTls();
  using ann = await join(server, "ann");
  Deno.writeTextFileSync(`${server.folder}/key.pem`, pem("second.key"));
  server.kill("SIGHUP");
  await logged(server, / error server\/net\/tls renew Cannot use --tls-key .* the old certificate is shown still$/);
  assert.equal(await certificateAt(server.port), "first");
  await ann.silence();
});

Deno.test("our client at a TLS server without --tls shows what the server says", { ignore: cannotRun }, async () => {
  await using server = await startTls();
  await using plain = client(server, "-n", "ann");
  const { status, complained } = await plain.end();
  assert.equal(status, 1);
  assert.ok(complained.includes(`connect with deno task client HOST ${server.port} --tls`), complained);
  assert.equal(complained.trim().split("\n").length, 1, complained);
  await logged(server, /info server\/net close 127\.0\.0\.1:\d+ is lost: it speaks no TLS, and was told so/);
});

Deno.test("our client with --tls at a plain server says so in one line", { ignore: cannotRun }, async () => {
  await using server = await startIn(await Deno.makeTempDir({ prefix: "hanita-plain-" }));
  await using tls = client(server, "--tls");
  const { status, complained } = await tls.end();
  const why = "it does not speak TLS, expected a server with --tls-cert, or no --tls here";
  assert.deepEqual([status, complained], [1, `Cannot connect to localhost port ${server.port}: ${why}\n`]);
});

Deno.test("a stalled reader behind TLS is dropped like any other, and nobody else feels it", {
  ignore: cannotRun,
}, async () => {
  await using server = await startTls("--outbox", "65536", "--rate", "0");
  using ann = await join(server, "ann");
  using _stalled = await join(server, "stalled", { readsLater: true });
  const dropped = /close "stalled" .* dropped: it reads too slowly/;
  let time = 0;
  for (; !dropped.test(server.log()); time++) {
    assert.ok(time < 20_000, "nobody is dropped");
    await ann.sayOk({ action: "msg", time, message: "x".repeat(3900) });
  }
  await ann.silence();
});

for (
  const [name, file, args, said] of [
    ["crowd", "tools/crowd.ts", ["2"], /^2 clients: 10 messages sent, 10 of 10 received .* 0 clients failed$/],
    ["inspect", "tools/inspect.ts", [], / "ann" \S+ lines plain · is here$/],
  ] as const
) {
  Deno.test(`${name} speaks TLS when told to`, { ignore: cannotRun }, async () => {
    await using server = await startTls();
    const ca = `${server.folder}/authority.pem`, where = ["localhost", String(server.port), "--tls", "--ca", ca];
    const run = ["run", "-q", "--no-prompt", `-P=${name}`, `--allow-read=./data,${server.folder}`, file];
    using _ann = await join(server, "ann");
    const own = name === "inspect" ? ["--data", server.folder] : [];
    await using tool = startChild([...run, ...args, ...own, ...where]);
    assert.match(await tool.line(), said);
  });
}

/** A client that begins a handshake, and leaves it at that. */
async function stall(server: Program): Promise<Deno.TcpConn> {
  const conn = await Deno.connect({ hostname: "127.0.0.1", port: server.port });
  await conn.write(new Uint8Array([0x16, 3, 1, 2, 0]));
  return conn;
}

Deno.test("a connection in the middle of a handshake counts for --connections", { ignore: cannotRun }, async () => {
  await using server = await startTls("--connections", "2");
  using ann = await join(server, "ann");
  using stalled = await stall(server);
  await logged(server, /onAccepted 127\.0\.0\.1:\d+ connected, 2 in all$/);
  using bob = peerOf(await connectTls(server.port), {});
  await bob.expect({ response: 403 });
  await bob.expectEnd();
  for (const gone of [stalled, bob]) gone.close();
  await logged(server, /server\/net close /, 2);
  using eve = await join(server, "eve");
  await eve.sayOk({ action: "msg", time: 1, message: "there is room" });
  await ann.expect({ message: "there is room" });
});

Deno.test(
  "a client that does not end a handshake has no longer for it than for presence",
  { ignore: cannotRun },
  async () => {
    await using server = await startTls("--presence-within", "1");
    using stalled = await stall(server), silent = await Deno.connect({ hostname: "127.0.0.1", port: server.port });
    assert.equal(await within("the end", stalled.read(new Uint8Array(1))), null);
    assert.match(
      await within("words", silent.readable.getReader().read().then(({ value }) => new TextDecoder().decode(value))),
      /This server speaks TLS/,
    );
    await logged(server, /is lost: no handshake within 1 s/);
  },
);

Deno.test("a stop behind TLS says goodbye, and ends each stream in peace", { ignore: cannotRun }, async () => {
  await using server = await startTls();
  using ann = await join(server, "ann");
  server.kill("SIGTERM");
  await ann.expect({ response: 100 });
  await ann.expectEnd();
  ann.close();
  assert.equal((await server.ended).code, 0);
});

for (
  const [args, status, line] of [
    [
      ["--tls-cert", "x"],
      2,
      /^hanita-server: expected --tls-key with --tls-cert, got only the latter \(--help .*\)\n$/,
    ],
    [
      ["--tls-cert", pathOf("first.pem"), "--tls-key", pathOf("first.key")],
      1,
      /^hanita-server: Cannot read --tls-cert "\S+": not permitted, add --allow-read=\.\/data,\S+,\S+ after -P=server\n$/,
    ],
  ] as [string[], number, RegExp][]
) {
  Deno.test(
    `server ${args.length > 2 ? "with a certificate that it may not read" : args.join(" ")} says so in one line`,
    {
      ignore: cannotRun,
    },
    async () => {
      using folder = makeFolder();
      const { code, out, err } = await run(folder.path, "-p", "0", ...args);
      assert.deepEqual([code, out], [status, ""]);
      assert.match(err, line);
    },
  );
}
