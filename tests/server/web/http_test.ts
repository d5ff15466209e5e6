import assert from "node:assert/strict";
import type { Asked, Refused } from "../../../server/web/head.ts";
import { readRequest, writeResponse } from "../../../server/web/http.ts";
import { textResponse } from "../../../server/web/text_response.ts";
import { fakeSocket } from "../fake.ts";

const NOTHING = new Uint8Array(0);
const GET = "GET /class?x=1 HTTP/1.1\r\nHost: localhost:8080\r\nAccept: */*\r\n\r\n";

Deno.test("readRequest reads one request after the other, however they are cut", async () => {
  const two = GET + GET.replace("class", "second");
  for (let cut = 1; cut < two.length; cut++) {
    const socket = fakeSocket(1);
    socket.give(two.slice(0, cut));
    socket.give(two.slice(cut));
    const first = await readRequest(socket, NOTHING, "http") as Asked;
    assert.equal(first.request.url, "http://localhost:8080/class?x=1");
    const second = await readRequest(socket, first.rest, "https") as Asked;
    assert.deepEqual([second.request.url, second.rest.length], ["https://localhost:8080/second?x=1", 0]);
  }
});

Deno.test("readRequest says that a head is too long, and nothing when the peer ends before it has", async () => {
  const long = fakeSocket(1);
  long.give(`GET / HTTP/1.1\r\nHost: a\r\nx: ${"y".repeat(10_000)}`);
  assert.equal((await readRequest(long, NOTHING, "http") as Refused).response.status, 431);
  const over = fakeSocket(1);
  over.give("GET / HTTP/1.1\r\n");
  over.end();
  assert.equal(await readRequest(over, NOTHING, "http"), undefined);
});

Deno.test("readRequest recognises JIM by its first byte, also behind empty lines", async () => {
  for (const [bytes, isPrefixed] of [["{", false], ["\r\n[", false], ["\0\0\0\x2a{", true]] as const) {
    const socket = fakeSocket(1);
    socket.give(bytes);
    assert.deepEqual(await readRequest(socket, NOTHING, "http"), { isPrefixed });
  }
});

Deno.test("writeResponse writes a whole response, and of an answer to HEAD all but its body", async () => {
  const written = async (response: Response, how = {}) => {
    const socket = fakeSocket(1);
    socket.take = 7; // bytes a write
    await writeResponse(socket, response, { now: 1_764_000_000_000, ...how });
    return socket.heard;
  };
  assert.equal(
    await written(textResponse(404, "nothing", { allow: "GET" }), { stays: true }),
    "HTTP/1.1 404 Not Found\r\ndate: Mon, 24 Nov 2025 16:00:00 GMT\r\nallow: GET\r\ncontent-type: text/plain; charset=utf-8\r\n" +
      "x-content-type-options: nosniff\r\ncontent-length: 8\r\nconnection: keep-alive\r\n\r\nnothing\n",
  );
  assert.match(
    await written(textResponse(200, "ok"), { method: "HEAD" }),
    /content-length: 3\r\nconnection: close\r\n\r\n$/,
  );
  assert.doesNotMatch(await written(new Response(null, { status: 304 })), /content-length/);
});
