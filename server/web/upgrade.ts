/**
 * The WebSocket handshake (RFC 6455, section 4). It accepts pages of this server, pages of the origins that the
 * operator has named, and programs that are no browser: a page cannot hide its origin.
 */
import { catalogues, type Texts } from "../words/mod.ts";
import { hasBody, hasToken } from "./head.ts";
import { textResponse } from "./text_response.ts";

/** What is agreed on, if a client asks for it by name. */
const PROTOCOL = "jim";
/** What the RFC adds to a key before it is digested. */
const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/**
 * The answer to a request for a WebSocket: the bytes that open it, or the response that says why there is none.
 *
 * @param host the server, as the request names it
 * @param origins other places with pages that may connect, such as `https://chat.example.org`
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const headers = { connection: "Upgrade", upgrade: "websocket", "sec-websocket-version": "13", "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==" };
 * const opened = await shakeHands(new Request("http://localhost/jim", { headers }), "localhost", []);
 * assert.match(new TextDecoder().decode(opened as Uint8Array), /accept: s3pPLMBiTxaQ9kYGzzhZRbK\+xOo=\r\n/);
 * const stranger = { ...headers, origin: "http://evil.example" };
 * const refused = await shakeHands(new Request("http://localhost/jim", { headers: stranger }), "localhost", []);
 * assert.equal((refused as Response).status, 403);
 * ```
 */
export async function shakeHands(
  { method, headers }: Request,
  host: string,
  origins: readonly string[],
  texts: Texts = catalogues.en,
): Promise<Uint8Array | Response> {
  if (method !== "GET" || !hasToken(headers, "upgrade", "websocket")) {
    return textResponse(426, texts.webSocketOnly, { upgrade: "websocket" });
  }
  if (!hasToken(headers, "connection", "upgrade")) return textResponse(400, "Expected the header Connection: Upgrade");
  if (hasBody(headers) !== false) return textResponse(400, "Expected a request without a body");
  if (headers.get("sec-websocket-version") !== "13") {
    return textResponse(426, "Expected version 13 of WebSocket", {
      upgrade: "websocket",
      "sec-websocket-version": "13",
    });
  }
  const key = headers.get("sec-websocket-key") ?? "";
  if (!/^[A-Za-z0-9+/]{22}==$/.test(key)) {
    return textResponse(400, "Expected one Sec-WebSocket-Key of 16 bytes in base 64");
  }
  const origin = headers.get("origin");
  if (origin !== null && !mayCome(origin, host, origins)) {
    return textResponse(403, texts.origin(JSON.stringify(origin)));
  }
  const digest = await crypto.subtle.digest("SHA-1", new TextEncoder().encode(key + GUID));
  const asked = headers.get("sec-websocket-protocol")?.split(",").some((name) => name.trim() === PROTOCOL);
  return new TextEncoder().encode([
    "HTTP/1.1 101 Switching Protocols",
    "upgrade: websocket",
    "connection: Upgrade",
    `sec-websocket-accept: ${new Uint8Array(digest).toBase64()}`,
    ...asked ? [`sec-websocket-protocol: ${PROTOCOL}`] : [],
    "\r\n",
  ].join("\r\n"));
}

function mayCome(origin: string, host: string, origins: readonly string[]): boolean {
  const plain = origin.toLowerCase(), url = URL.parse(plain);
  if (origins.some((other) => other.toLowerCase() === plain)) return true;
  // A proxy in front may speak https where we do not: the host tells, and a page cannot choose what is sent as its own.
  return url !== null && url.origin === plain && url.host === URL.parse(`${url.protocol}//${host}`)?.host;
}
