/**
 * As much of HTTP/1.1 as a page needs: requests without a body come in, whole responses go out. It is written here, on the
 * server's own sockets, because one of them is to become a WebSocket that can be paused and be got rid of; see
 * {@linkcode PageSocket} for what `Deno.upgradeWebSocket` cannot do. Requests and responses are the platform's own objects.
 */
import type { Socket } from "../connection.ts";

/** A request, and what it means for the connection. */
export interface Asked {
  readonly request: Request;
  /** Its host, as the browser names it: `192.168.1.5:8080`. */
  readonly host: string;
  /** Another may follow on the same connection. */
  readonly stays: boolean;
  /** What has come behind it. */
  readonly rest: Uint8Array;
}

/** Bytes of a request before its body, at most: those of a browser take one or two thousand. */
const HEAD = 8 * 1024;
/** What a host may look like; whatever else it may be is not repeated in an answer. */
const HOST = /^(\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(:\d{1,5})?$/i;

const REASONS: Readonly<Record<number, string>> = {
  200: "OK",
  303: "See Other",
  304: "Not Modified",
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  426: "Upgrade Required",
  431: "Request Header Fields Too Large",
  503: "Service Unavailable",
};

/** Something in plain words; every answer of ours that is no page is one. */
export function words(status: number, text: string, headers: Record<string, string> = {}): Response {
  return new Response(`${text}\n`, {
    status,
    headers: { "content-type": "text/plain; charset=utf-8", "x-content-type-options": "nosniff", ...headers },
  });
}

/**
 * Reads the next request. Without one there is the response to what came in its place, or nothing when the peer has ended.
 *
 * @param come what has been read already
 */
export async function readRequest(
  socket: Socket,
  come: Uint8Array,
  scheme: "http" | "https",
): Promise<Asked | Response | undefined> {
  const buffer = new Uint8Array(HEAD);
  buffer.set(come);
  for (let from = 0, filled = come.length;;) {
    const end = headEnd(buffer, from, filled);
    if (end > 0) return parseHead(buffer.subarray(0, end), buffer.slice(end, filled), scheme);
    if (filled === HEAD) return words(431, `Expected a request of at most ${HEAD} bytes`);
    const count = await socket.read(buffer.subarray(from = filled));
    if (count === null) return undefined;
    filled += count;
  }
}

/**
 * A request from the bytes of its head, or the response that says what is wrong with them.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const head = new TextEncoder().encode("GET /class HTTP/1.1\r\nHost: localhost:8080\r\n\r\n");
 * const asked = parseHead(head) as Asked;
 * assert.equal(asked.request.url, "http://localhost:8080/class");
 * assert.equal((parseHead(new Uint8Array(0)) as Response).status, 400);
 * ```
 */
export function parseHead(
  head: Uint8Array,
  rest: Uint8Array = new Uint8Array(0),
  scheme: "http" | "https" = "http",
): Asked | Response {
  const [first = "", ...lines] = latin(head).trimEnd().split(/\r?\n/);
  const [, method, target = "", minor] = /^([A-Z]+) (\S+) HTTP\/1\.([01])$/.exec(first) ?? [];
  if (method === undefined) return words(400, "Expected a request such as GET / HTTP/1.1");
  const headers = new Headers();
  for (const line of lines) {
    const [, name, value = ""] = /^([\w!#$%&'*+.^`|~-]+):[ \t]*(.*?)[ \t]*$/.exec(line) ?? [];
    if (name === undefined || value.includes("\0")) return words(400, "Expected header lines such as Host: localhost");
    headers.append(name, value);
  }
  const host = headers.get("host") ?? "";
  if (!HOST.test(host)) return words(400, "Expected a header Host that names this server");
  if (method !== "GET" && method !== "HEAD") {
    return words(405, "Expected GET or HEAD: there is nothing to be changed here", { allow: "GET, HEAD" });
  }
  const url = URL.parse(target.startsWith("/") ? `${scheme}://${host}${target}` : target);
  if (url === null || !url.protocol.startsWith("http")) return words(400, "Expected a path such as /");
  const connection = headers.get("connection")?.toLowerCase() ?? "";
  // What follows a body would have to be found first, and no request of a page has one.
  const body = headers.has("transfer-encoding") || (headers.get("content-length") ?? "0") !== "0";
  const stays = minor === "1" && !body && !/\bclose\b/.test(connection);
  return { request: new Request(url, { method, headers }), host, stays, rest };
}

/** Writes a response; `stays` promises that the connection is good for another request. */
export async function writeResponse(
  socket: Socket,
  response: Response,
  { method = "GET", stays = false } = {},
): Promise<void> {
  const body = await response.bytes();
  const { status, headers } = response;
  let head = `HTTP/1.1 ${status} ${REASONS[status] ?? ""}\r\n`;
  for (const [name, value] of headers) head += `${name}: ${value}\r\n`;
  if (status !== 304) head += `content-length: ${body.length}\r\n`;
  head += `connection: ${stays ? "keep-alive" : "close"}\r\n\r\n`;
  await writeAll(socket, new TextEncoder().encode(head));
  if (method !== "HEAD") await writeAll(socket, body);
}

/** Writes all of it, however little a write takes. */
export async function writeAll(socket: Socket, bytes: Uint8Array): Promise<void> {
  for (let rest = bytes; rest.length > 0;) rest = rest.subarray(await socket.write(rest));
}

/** Where the first head ends, behind its empty line, looked for from the bytes that are new; 0 while it has not. */
function headEnd(bytes: Uint8Array, from: number, filled: number): number {
  for (let at = bytes.indexOf(10, from); at >= 0 && at < filled; at = bytes.indexOf(10, at + 1)) {
    if (bytes[at - 1] === 10 || (bytes[at - 1] === 13 && bytes[at - 2] === 10)) return at + 1;
  }
  return 0;
}

/** A header's bytes are no UTF-8: each is a character. */
function latin(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
