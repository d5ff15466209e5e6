import assert from "node:assert/strict";
import { shakeHands } from "../../../server/web/upgrade.ts";

const HOST = "chat.local:8080", ELSEWHERE = ["https://chat.example.org"];
const GOOD = {
  connection: "Upgrade",
  upgrade: "websocket",
  "sec-websocket-version": "13",
  "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
};

async function shake(headers: Record<string, string>): Promise<string | Response> {
  const answer = await shakeHands(new Request(`http://${HOST}/jim`, { headers }), HOST, ELSEWHERE);
  return answer instanceof Response ? answer : new TextDecoder().decode(answer);
}

const welcome: [who: string, headers: Record<string, string>][] = [
  ["a program, which has no origin", {}],
  ["a page of this server", { origin: `http://${HOST}` }],
  ["a page of this server behind a proxy that encrypts", { origin: `https://${HOST.toUpperCase()}` }],
  ["a page of an origin that was named", { origin: "https://chat.example.org" }],
  ["a page that names the protocol", { "sec-websocket-protocol": "chat, jim" }],
];
for (const [who, headers] of welcome) {
  Deno.test(`shakeHands lets in ${who}`, async () => {
    const answer = await shake({ ...GOOD, ...headers });
    assert.ok(typeof answer === "string");
    assert.match(
      answer,
      /^HTTP\/1\.1 101 [^]+\r\nsec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK\+xOo=\r\n/,
    );
    assert.equal(answer.includes("sec-websocket-protocol: jim\r\n"), "sec-websocket-protocol" in headers);
    assert.equal(answer.indexOf("\r\n\r\n"), answer.length - 4);
  });
}

const unwelcome: [who: string, headers: Record<string, string>, status: number][] = [
  ["a page of another origin", { origin: "http://evil.example" }, 403],
  ["a page of the same host on another port", { origin: "http://chat.local" }, 403],
  ["a page of no origin", { origin: "null" }, 403],
  ["a page of an origin that only begins so", { origin: "https://chat.example.org.evil.example" }, 403],
  ["a request without an upgrade", { upgrade: "h2c" }, 426],
  ["another version", { "sec-websocket-version": "8" }, 426],
  ["a bad key", { "sec-websocket-key": "short" }, 400],
];
for (const [who, headers, status] of unwelcome) {
  Deno.test(`shakeHands keeps out ${who}`, async () => {
    const answer = await shake({ ...GOOD, ...headers });
    assert.ok(answer instanceof Response);
    assert.equal(answer.status, status);
  });
}
