// The web port by the book: each rule's request goes in at the listener, and its answer comes out of the socket.

import assert from "node:assert/strict";
import fc from "fast-check";
import { type Asked, parseHead, type Refused } from "../../../server/web/head.ts";
import { until } from "../../chat/within.ts";
import { fakeSocket } from "../fake.ts";
import { HEAD_RULES } from "./head_rules.ts";
import { openPort } from "./port.ts";

for (const { section, rule, request, status, has = /^/ } of HEAD_RULES) {
  Deno.test(`the web port keeps ${section}: ${rule}`, async () => {
    const socket = fakeSocket(1);
    socket.giveBytes(Uint8Array.from(request, (letter) => letter.charCodeAt(0)));
    using port = await openPort(socket);
    await until("an answer", () => socket.heard.includes("\r\n\r\n"));
    assert.match(socket.heard, new RegExp(`^HTTP/1\\.1 ${status} [A-Z]`));
    assert.match(socket.heard, has);
    assert.equal(port.joined.length, status === 101 ? 1 : 0);
    assert.equal(socket.shut, /^connection: .*close\r$/m.test(socket.heard)); // what is announced is done
    socket.end();
  });
}

Deno.test("parseHead reads a request, its path and its host, and whether another may follow", () => {
  const head = "GET /%63lass?x=1 HTTP/1.1\r\nHost: localhost:8080\r\nAccept: */*\r\n\r\n";
  const { request, path, host, stays } = parseHead(new TextEncoder().encode(head)) as Asked;
  assert.deepEqual([request.method, request.url], ["GET", "http://localhost:8080/%63lass?x=1"]);
  assert.deepEqual([path, host, stays], ["/class", "localhost:8080", true]);
});

Deno.test("parseHead tells an empty body of a PUT from one of unknown length", () => {
  const lengthOf = (...headers: string[]) =>
    (parseHead(
      new TextEncoder().encode(["PUT /uploads/x HTTP/1.1", "Host: here", ...headers, "\r\n"].join("\r\n")),
    ) as Asked)
      .length;
  assert.deepEqual(
    [lengthOf(), lengthOf("Content-Length: 0"), lengthOf("Content-Length: 7"), lengthOf("Transfer-Encoding: chunked")],
    [undefined, 0, 7, undefined],
  );
});

Deno.test("parseHead never fails, whatever comes", () => {
  const parts = [
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
    "\\",
    "?",
  ];
  const encode = (text: string) => new TextEncoder().encode(text);
  fc.assert(fc.property(fc.array(fc.constantFrom(...parts), { maxLength: 30 }), (parts) => {
    const text = parts.join("");
    for (
      const head of [
        `${text}\r\n\r\n`,
        `GET ${text} HTTP/1.1\r\nHost: a\r\n\r\n`,
        `GET http://${text.replace(/\s/g, "")} HTTP/1.1\r\nHost: a\r\n\r\n`,
        `GET / HTTP/1.1\r\nHost: a\r\n${text}\r\n\r\n`,
      ]
    ) {
      const { response } = parseHead(encode(head)) as Refused;
      assert.ok(response === undefined || response.status >= 400);
    }
  }));
});
