// Requests for files on sockets that the test moves: how long they may take, and who gives way.
import assert from "node:assert/strict";
import type { SharedFile } from "../../../jim/mod.ts";
import { Files } from "../../../server/uploads/files.ts";
import { type Answered, FileRequests } from "../../../server/uploads/requests.ts";
import { type Asked, parseHead } from "../../../server/web/head.ts";
import { catalogues } from "../../../server/words/mod.ts";
import { sha256 } from "../../chat/uploading.ts";
import { until } from "../../chat/within.ts";
import { makeFolder } from "../../log/folder.ts";
import { may } from "../../may.ts";
import { type FakeSocket, fakeSocket } from "../fake.ts";

const encoder = new TextEncoder(), PIECE = 64 * 1024, AT_ONCE = 128;
const guest = { host: "10.0.0.8", network: "10.0.0.8" };

interface Setup {
  /** Announces an upload. */
  announced(size: number): Promise<string>;
  /** Keeps a file that a message has. Returns its path. */
  kept(bytes: Uint8Array): Promise<string>;
  /** Asks, as a client at an address. `extended` counts how often it was given more time. */
  ask(host: string, line: string, ...headers: string[]): Request;
}

interface Request {
  readonly socket: FakeSocket;
  readonly answered: Promise<Answered | undefined>;
  readonly extended: () => number;
}

function on(what: string, act: (setup: Setup) => Promise<void>): void {
  Deno.test(what, { ignore: !may("read", "write") }, async () => {
    using dir = makeFolder();
    const lines = new Map<string, SharedFile>(), all: Request[] = [];
    const files = await Files.open({
      folder: `${dir.path}/files`,
      limit: 1 << 24,
      daily: 0,
      space: 0,
      syncs: false,
      now: () => performance.now(),
      journal: {
        fileLine: (key) => encoder.encode(JSON.stringify({ action: "msg", message: "", file: lines.get(key), id: 1 })),
        filesAmong: (hashes) => [...hashes],
      },
    });
    const requests = new FileRequests(files, catalogues.en);
    const announced = async (size: number) => {
      const found = await files.announce({ name: "a.bin", size }, guest);
      return "upload" in found ? found.upload : assert.fail(found.reason);
    };
    try {
      await act({
        announced,
        async kept(bytes) {
          const upload = await announced(bytes.length);
          const pieces = async function* () {
            yield await Promise.resolve(bytes);
          };
          assert.equal(await files.receive(files.find(upload)!, 0, pieces(), () => {}), "whole");
          const file = files.attach(upload);
          if (!("key" in file)) assert.fail(file.reason);
          lines.set(file.key, file);
          return `/files/${file.key}`;
        },
        ask(host, line, ...headers) {
          const socket = fakeSocket(all.length + 1, host);
          const asked = parseHead(encoder.encode([line, "Host: here", ...headers, "\r\n"].join("\r\n"))) as Asked;
          assert.ok("path" in asked, line);
          let count = 0;
          const transfer = { socket, host, extend: () => void count++ };
          const answered = requests.answer(transfer, asked).catch(() => undefined);
          const request = { socket, answered, extended: () => count };
          all.push(request);
          return request;
        },
      });
    } finally {
      for (const { socket } of all) {
        socket.end();
        socket.take = Infinity;
      }
      await Promise.all(all.map(({ answered }) => answered));
      await files.close();
    }
  });
}

on("a file may be brought from the broker for longer than an answer takes", async ({ kept, ask }) => {
  const { socket, extended, answered } = ask("a", `GET ${await kept(encoder.encode("hello"))} HTTP/1.1`);
  assert.deepEqual([extended(), socket.heard], [1, ""]);
  await answered;
  assert.match(socket.heard, /^HTTP\/1\.1 200 /);
});

on("a sender gets more time for each whole piece, and none for a byte", async ({ announced, ask }) => {
  const upload = await announced(2 * PIECE);
  const { socket, extended, answered } = ask("a", `PUT /uploads/${upload} HTTP/1.1`, `Content-Length: ${2 * PIECE}`);
  for (let i = 0; i < 100; i++) socket.give("x");
  await until("the first piece", () => extended() === 2);
  socket.giveBytes(new Uint8Array(PIECE - 100));
  await until("the next piece", () => extended() === 3);
  socket.giveBytes(new Uint8Array(PIECE));
  await answered;
  assert.match(socket.heard, /^HTTP\/1\.1 201 /);
});

on("the beginning of a piece is kept when its sender is gone", async ({ announced, ask }) => {
  const upload = await announced(PIECE), put = `PUT /uploads/${upload} HTTP/1.1`;
  const { socket, answered } = ask("a", put, `Content-Length: ${PIECE}`);
  socket.give("x".repeat(1000));
  socket.end();
  await answered;
  const state = ask("a", `HEAD /uploads/${upload} HTTP/1.1`);
  await state.answered;
  assert.match(state.socket.heard, /^upload-offset: 1000\r$/m);
});

on("readers that do not read give way to another address, one after the other", async ({ kept, ask }) => {
  const path = await kept(new Uint8Array(2 * PIECE)), get = `GET ${path} HTTP/1.1`;
  const stall = () => {
    const request = ask("a", get);
    request.socket.take = 0; // a write of it never ends
    return request;
  };
  const first = stall(); // begun before the others: their files are opened in any order
  await until("the first to be answered", () => first.socket.writes.length > 0);
  const stalled = [first, ...Array.from({ length: AT_ONCE - 1 }, stall)];
  await until("all of them to be answered", () => stalled.every(({ socket }) => socket.writes.length > 0));
  const own = ask("a", get);
  await own.answered; // while all is taken: what the other address has taken is free again, for anybody, when it is done
  const other = ask("b", get);
  await other.answered;
  assert.match(own.socket.heard, /^HTTP\/1\.1 503 [^]*^retry-after: 5\r$/m);
  assert.match(other.socket.heard, /^HTTP\/1\.1 200 /);
  assert.equal(other.socket.heard.length > 2 * PIECE, true);
  assert.deepEqual(stalled.flatMap(({ socket }, i) => socket.closed ? [i] : []), [0]);
});

on("ranges, HEAD and conditions are as RFC 9110 says", async ({ kept, ask }) => {
  const bytes = encoder.encode("0123456789"), path = await kept(bytes), etag = `"${sha256(bytes)}"`;
  const rows: [status: number, body: string, line: string, ...headers: string[]][] = [
    [200, "0123456789", "GET"],
    [200, "", "HEAD"],
    [206, "123", "GET", "Range: bytes=1-3"],
    [206, "789", "GET", "Range: bytes=-3"],
    [206, "0123456789", "GET", "Range: bytes=-99999999999999999999"],
    [206, "9", "GET", "Range: bytes=9-99999999999999999999"],
    [416, "", "GET", "Range: bytes=10-"],
    [416, "", "GET", "Range: bytes=99999999999999999999-"],
    [416, "", "GET", "Range: bytes=-0"],
    [200, "0123456789", "GET", "Range: bytes=0-1,3-4"],
    [200, "0123456789", "GET", `Range: bytes=${"0-0,".repeat(1000)}1-1`],
    [200, "0123456789", "GET", "Range: bytes=a-b"],
    [200, "0123456789", "GET", "Range: lines=1-2"],
    [200, "", "HEAD", "Range: bytes=1-3"],
    [206, "123", "GET", "Range: bytes=1-3", `If-Range: ${etag}`],
    [200, "0123456789", "GET", "Range: bytes=1-3", 'If-Range: "another"'],
    [200, "0123456789", "GET", "Range: bytes=1-3", "If-Range: Sun, 29 Nov 2026 20:00:00 GMT"],
    [304, "", "GET", `If-None-Match: ${etag}`],
    [304, "", "HEAD", `If-None-Match: "x", W/${etag}`],
    [304, "", "GET", "If-None-Match: *"],
    [200, "0123456789", "GET", 'If-None-Match: "another"'],
  ];
  for (const [status, body, method, ...headers] of rows) {
    const { socket, answered } = ask("a", `${method} ${path} HTTP/1.1`, ...headers), row = `${method} ${headers}`;
    await answered;
    const [head = "", said] = socket.heard.split("\r\n\r\n");
    assert.match(head, new RegExp(`^HTTP/1\\.1 ${status} `), row.slice(0, 100));
    if (status !== 416) assert.equal(said, body, row.slice(0, 100));
  }
});
