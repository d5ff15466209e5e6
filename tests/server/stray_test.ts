import assert from "node:assert/strict";
import { type Page, strayAnswer } from "../../server/stray.ts";

const PAGE: Page = { scheme: "https", port: 8443 };

function answer(request: string, page: Page | undefined = PAGE): string | undefined {
  const bytes = strayAnswer(new TextEncoder().encode(request), page);
  return bytes && new TextDecoder().decode(bytes);
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
  Deno.test(`strayAnswer leads to the page on the host of ${JSON.stringify(header)}`, () => {
    const said = answer(request("Accept: */*", header))!;
    assert.ok(said.startsWith(`HTTP/1.1 303 See Other\r\nlocation: https://${host}:8443/\r\n`), said);
    const [head, body] = said.split("\r\n\r\n");
    assert.match(head!, new RegExp(`content-length: ${body!.length}\\r\\nconnection: close$`));
  });
}

for (const header of ["Host: evil.example/x", "Host: a\tb", "Host: <script>", "Host: a@b", "X: Host: a", "Host:"]) {
  Deno.test(`strayAnswer repeats nothing of ${JSON.stringify(header)}`, () => {
    const said = answer(request(header))!;
    assert.match(said, /^HTTP\/1\.1 400 Bad Request\r\ncontent-type: text\/plain/);
    assert.match(said, /\r\n\r\nThis port speaks JIM, a chat in JSON, and not HTTP\. The page is at port 8443\.\n$/);
  });
}

Deno.test("strayAnswer says what the port is where there is no page", () => {
  const said = new TextDecoder().decode(strayAnswer(new TextEncoder().encode(request("Host: a")), undefined));
  assert.match(
    said,
    /^HTTP\/1\.1 400 [^]*\r\n\r\nThis port speaks JIM, [^\n]* The server's page is off: --web turns it on\.\n$/,
  );
});

Deno.test("strayAnswer is for every method, and for nothing but HTTP", () => {
  for (const method of ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "CONNECT"]) {
    assert.match(answer(`${method} / HTTP/1.0\nHost: a\n\n`)!, /^HTTP\/1\.1 303 /);
  }
  for (
    const words of ["GET /", "hello\n", '{"action":"msg"}\n', " GET / HTTP/1.1\r\n", "GET / HTTP/1.1", "\x16\x03\x01"]
  ) {
    assert.equal(answer(words), undefined);
  }
});
