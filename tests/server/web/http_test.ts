import assert from "node:assert/strict";
import fc from "fast-check";
import { type Asked, parseHead, readRequest, words, writeResponse } from "../../../server/web/http.ts";
import { fakeSocket } from "../fake.ts";

const encoder = new TextEncoder();
const NOTHING = new Uint8Array(0);
const GET = "GET /class?x=1 HTTP/1.1\r\nHost: localhost:8080\r\nAccept: */*\r\n\r\n";

const wrong: [what: string, head: string, status: number][] = [
  ["no request", "hello\r\n\r\n", 400],
  ["JIM", '{"action":"presence"}\r\n\r\n', 400],
  ["another version", "GET / HTTP/2.0\r\nHost: x\r\n\r\n", 400],
  ["no host", "GET / HTTP/1.1\r\n\r\n", 400],
  ["a host that is markup", "GET / HTTP/1.1\r\nHost: <b>\r\n\r\n", 400],
  ["two hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400],
  ["a header over two lines", "GET / HTTP/1.1\r\nHost: a\r\nx: 1\r\n 2\r\n\r\n", 400],
  ["a space before the colon", "GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400],
  ["a NUL", "GET / HTTP/1.1\r\nHost: a\r\nx: \0\r\n\r\n", 400],
  ["no path", "GET * HTTP/1.1\r\nHost: a\r\n\r\n", 400],
  ["another scheme", "GET file:///etc/passwd HTTP/1.1\r\nHost: a\r\n\r\n", 400],
  ["a POST", "POST / HTTP/1.1\r\nHost: a\r\ncontent-length: 3\r\n\r\n", 405],
  ["a CONNECT", "CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n", 405],
];
for (const [what, head, status] of wrong) {
  Deno.test(`parseHead answers ${what} with ${status}`, async () => {
    const answer = parseHead(encoder.encode(head));
    assert.ok(answer instanceof Response);
    assert.equal(answer.status, status);
    assert.match(await answer.text(), /^Expected /);
  });
}

Deno.test("parseHead reads a request, its host, and whether another may follow", () => {
  const { request, host, stays } = parseHead(encoder.encode(GET)) as Asked;
  assert.deepEqual([request.method, request.url], ["GET", "http://localhost:8080/class?x=1"]);
  assert.deepEqual([host, stays], ["localhost:8080", true]);
  const stay = (head: string) => (parseHead(encoder.encode(head)) as Asked).stays;
  assert.equal(stay("GET / HTTP/1.0\r\nHost: a\r\n\r\n"), false);
  assert.equal(stay("GET / HTTP/1.1\r\nHost: a\r\nConnection: Close\r\n\r\n"), false);
  assert.equal(stay("GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"), false);
  assert.equal(stay("GET / HTTP/1.1\nHost: [::1]:80\nCookie: naïve\n\n"), true);
});

Deno.test("parseHead never fails, whatever comes", () => {
  const part = fc.constantFrom(
    "GET",
    " ",
    "/",
    "HTTP/1.1",
    "\r\n",
    "Host",
    ":",
    "a",
    "\0",
    "é",
    "\n",
    "%",
    "//",
    "[",
    "@",
  );
  fc.assert(fc.property(fc.array(part, { maxLength: 30 }), (parts) => {
    parseHead(encoder.encode(`GET ${parts.join("")}\r\n\r\n`));
    parseHead(encoder.encode(`GET /${parts.join("").replace(/\s/g, "")} HTTP/1.1\r\nHost: a\r\n\r\n`));
    parseHead(encoder.encode(`GET / HTTP/1.1\r\nHost: a\r\n${parts.join("")}\r\n\r\n`));
  }));
});

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
  assert.equal((await readRequest(long, NOTHING, "http") as Response).status, 431);
  const over = fakeSocket(1);
  over.give("GET / HTTP/1.1\r\n");
  over.end();
  assert.equal(await readRequest(over, NOTHING, "http"), undefined);
});

Deno.test("writeResponse writes a whole response, and of an answer to HEAD all but its body", async () => {
  const written = async (response: Response, how = {}) => {
    const socket = fakeSocket(1);
    socket.take = 7; // bytes a write
    await writeResponse(socket, response, how);
    return socket.heard;
  };
  assert.equal(
    await written(words(404, "nothing", { allow: "GET" }), { stays: true }),
    "HTTP/1.1 404 Not Found\r\nallow: GET\r\ncontent-type: text/plain; charset=utf-8\r\n" +
      "x-content-type-options: nosniff\r\ncontent-length: 8\r\nconnection: keep-alive\r\n\r\nnothing\n",
  );
  assert.match(await written(words(200, "ok"), { method: "HEAD" }), /content-length: 3\r\nconnection: close\r\n\r\n$/);
  assert.doesNotMatch(await written(new Response(null, { status: 304 })), /content-length/);
});
