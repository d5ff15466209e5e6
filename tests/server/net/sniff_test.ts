import assert from "node:assert/strict";
import fc from "fast-check";
import { appendFirstLine, httpAnswer, type Page, type Protocol, sniff } from "../../../server/net/sniff.ts";

const PAGE: Page = { scheme: "https", port: 8443 };
const LONG = "a".repeat(300), ENDLESS = "a".repeat(100_000);
/** What a browser's page may send, if the chat heard it. */
const JIM = '{"action":"msg","time":1,"to":"#all","message":"from a browser"}\n';

const requests: [what: string, text: string][] = [
  ["a GET", "GET / HTTP/1.1\r\nHost: a\r\n\r\n"],
  ["a GET of HTTP/1.0", "GET / HTTP/1.0\n\n"],
  ["a POST with a long path and JIM in its body", `POST /${LONG} HTTP/1.1\r\nHost: a\r\n\r\n${JIM}`],
  ["a POST with a path that does not end", `POST /${ENDLESS} HTTP/1.1\r\nHost: a\r\n\r\n${JIM}`],
  ["a path of JIM", `POST /?${JIM.trim()} HTTP/1.1\r\nHost: a\r\n\r\n`],
  ["a head that does not end", `GET / HTTP/1.1\r\nX: ${ENDLESS}`],
  ["a preflight", "OPTIONS / HTTP/1.1\r\nOrigin: null\r\n\r\n"],
  ["a WebSocket", "GET / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n"],
  ["a proxy's request", "GET http://a/ HTTP/1.1\r\n\r\n"],
  ["a tunnel", "CONNECT a:443 HTTP/1.1\r\n\r\n"],
  ["HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"],
  ["a method in lower case", "post / HTTP/1.1\r\nHost: a\r\n\r\n"],
  ["a version in lower case", "GET / http/1.1\r\nHost: a\r\n\r\n"],
  ["empty lines before", `\r\n\r\nGET / HTTP/1.1\r\n\r\n${JIM}`],
];
for (const [what, text] of requests) {
  Deno.test(`sniff takes ${what} for HTTP, however it is cut, and for nothing else on the way`, () => {
    const bytes = new TextEncoder().encode(text); // they are ASCII
    fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: text.length }), { minLength: 1 }), (cuts) => {
      assert.equal(outcome(bytes, cuts), "http");
    }));
    assert.equal(outcome(bytes, [text.length]), "http");
    assert.equal(outcome(bytes.subarray(0, 3_000), [1]), "http");
  });
}

Deno.test("sniff takes an unknown method for HTTP, though it answers its first letters as a word", () => {
  for (const text of ["BREW /pot HTTP/1.1\r\n", "m-search * HTTP/1.1\r\n", "X y HTTP/1.1\n"]) {
    assert.equal(sniff(text), "http");
    for (let cut = 1; cut < text.indexOf("1.1"); cut++) assert.notEqual(sniff(text.slice(0, cut)), "jim");
  }
});

const others: [text: string, protocol: Protocol][] = [
  ['{"action":"presence"}', "jim"],
  ["[1,2]", "jim"],
  ["\0\0\0\x02{}", "jim"],
  ['"hello"', "jim"],
  ["hello\n", "jim"],
  ["hello, is anybody there?", "jim"],
  ["hello world\n", "jim"],
  ['hello {"action":"quit"}', "jim"],
  ["GET /\r\n", "jim"],
  ["get me a coffee\n", "jim"],
  [ENDLESS, "jim"],
  ["\xd0\xbf", "jim"],
  ["", "unclear"],
  ["\n", "unclear"],
  ["hello", "unclear"],
  ["hello wor", "unclear"],
  ["HELLO", "unclear"],
  ["G", "wait"],
  ["GET /", "wait"],
  ["GET / HTTP/1.1", "wait"],
  ["GET / HTTP/1.1\r\nUser-Agent: x", "wait"],
  ["\x16\x03\x01", "tls"],
];
for (const [text, protocol] of others) {
  Deno.test(`sniff says ${protocol} of ${JSON.stringify(text.slice(0, 30))}`, () => {
    assert.equal(sniff(text), protocol);
  });
}

/** What becomes of a connection that sends this in pieces: no answer before it is clear. */
function outcome(bytes: Uint8Array, cuts: readonly number[]): Protocol {
  let come = "", protocol: Protocol = "unclear";
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const end = at + cuts[i % cuts.length]!;
    protocol = sniff(come = appendFirstLine(come, bytes.subarray(at, end)));
    if (protocol !== "wait" && come.trim() !== "") return protocol;
    at = end;
  }
  return sniff(`${come}\n`); // its stream has ended
}

function answer(request: string, page: Page | undefined = PAGE): string {
  return new TextDecoder().decode(httpAnswer(request, page));
}

function request(...headers: string[]): string {
  return ["GET /x HTTP/1.1", ...headers, "\r\n"].join("\r\n");
}

const hosts: [header: string, host: string][] = [
  ["Host: 10.0.0.7:7777", "10.0.0.7"],
  ["HOST:chat.example.org", "chat.example.org"],
  ["host:  [2001:db8::5]:7777 ", "[2001:db8::5]"],
];
for (const [header, host] of hosts) {
  Deno.test(`httpAnswer leads to the page on the host of ${JSON.stringify(header)}`, () => {
    const said = answer(request("Accept: */*", header));
    assert.ok(said.startsWith(`HTTP/1.1 303 See Other\r\nlocation: https://${host}:8443/\r\n`), said);
    const [head, body] = said.split("\r\n\r\n");
    assert.match(head!, new RegExp(`content-length: ${body!.length}\\r\\nconnection: close$`));
  });
}

for (const header of ["Host: evil.example/x", "Host: a\tb", "Host: <script>", "Host: a@b", "X: Host: a", "Host:"]) {
  Deno.test(`httpAnswer repeats nothing of ${JSON.stringify(header)}`, () => {
    const said = answer(request(header));
    assert.match(said, /^HTTP\/1\.1 400 Bad Request\r\ncontent-type: text\/plain/);
    assert.match(said, /\r\n\r\nThis port speaks JIM, a chat in JSON, and not HTTP\. The page is at port 8443\.\n$/);
  });
}

Deno.test("httpAnswer leads no hook to the page, and nothing that is put or deleted", () => {
  assert.match(answer("POST / HTTP/1.1\r\nHost: a\r\n\r\n"), /^HTTP\/1\.1 303 /, "a form");
  for (const method of ["POST", "PUT", "DELETE"]) {
    assert.match(
      answer(`${method} /hooks/a HTTP/1.1\r\nHost: a\r\n\r\n`),
      /^HTTP\/1\.1 400 Bad Request\r\ncontent-type: [^]*The page is at port 8443\.\n$/,
    );
  }
});

Deno.test("httpAnswer says what the port is where there is no page", () => {
  const said = new TextDecoder().decode(httpAnswer(request("Host: a"), undefined));
  assert.match(
    said,
    /^HTTP\/1\.1 400 [^]*\r\n\r\nThis port speaks JIM, [^\n]* The server's page is off: --web turns it on\.\n$/,
  );
});

Deno.test("httpAnswer is in the server's language, with a length in bytes", () => {
  const said = new TextDecoder().decode(httpAnswer(request("Host: a"), undefined, "ru"));
  const [head, body] = said.split("\r\n\r\n");
  assert.equal(
    body,
    "Этот порт говорит на JIM, это чат в JSON, а не HTTP. Страница сервера выключена, её включает --web.\n",
  );
  assert.ok(head!.includes(`content-length: ${new TextEncoder().encode(body).length}\r\n`), head);
});

Deno.test("httpAnswer takes no host from a body, and has none itself for HEAD", () => {
  assert.match(answer(`POST / HTTP/1.1\r\n\r\nHost: a\r\n`), /^HTTP\/1\.1 400 /);
  assert.match(answer(`HEAD / HTTP/1.1\r\nHost: a\r\n\r\n`), /^HTTP\/1\.1 303 [^]*\r\nconnection: close\r\n\r\n$/);
});
