/**
 * The part of HTTP/1.1 that the server needs: it reads the head of a request, and writes whole responses. The body of a
 * request is read by the handler that takes one, of a file or a hook. It runs on the server's own sockets, because one of
 * them may become a WebSocket that can be paused and cut off; see {@linkcode PageSocket} for what `Deno.upgradeWebSocket`
 * cannot do.
 */
import { writeAll } from "../../select/write_all.ts";
import type { Socket } from "../net/connection.ts";
import { catalogues, type Texts } from "../words/mod.ts";
import { type Asked, parseHead, type Refused } from "./head.ts";
import { textResponse } from "./text_response.ts";

/** Bytes of a request before its body, at most: those of a browser take one or two thousand. */
const HEAD = 8 * 1024;
const LF = 10, CR = 13;
/** No request of HTTP begins with one of these. `{` and `[` begin JSON; 0 is the first byte of a JIM object's length. */
const JIM: ReadonlySet<number | undefined> = new Set([0, "{".charCodeAt(0), "[".charCodeAt(0)]);

const REASONS: Readonly<Record<number, string>> = {
  200: "OK",
  201: "Created",
  206: "Partial Content",
  303: "See Other",
  304: "Not Modified",
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  409: "Conflict",
  411: "Length Required",
  413: "Content Too Large",
  414: "URI Too Long",
  416: "Range Not Satisfiable",
  415: "Unsupported Media Type",
  417: "Expectation Failed",
  422: "Unprocessable Content",
  426: "Upgrade Required",
  429: "Too Many Requests",
  431: "Request Header Fields Too Large",
  500: "Internal Server Error",
  501: "Not Implemented",
  503: "Service Unavailable",
  505: "HTTP Version Not Supported",
  507: "Insufficient Storage",
};

/** A client that speaks JIM, without HTTP around it. */
export interface JimInstead {
  /** Its objects have their length before them, as 4 bytes. */
  readonly isPrefixed: boolean;
}

/**
 * Reads the next request, or what is wrong with it; nothing when the peer has ended its stream before. JIM is recognised by
 * its first byte, since nothing may follow before it is answered.
 *
 * @param come what has been read already
 */
export async function readRequest(
  socket: Socket,
  come: Uint8Array,
  scheme: "http" | "https",
  texts: Texts = catalogues.en,
): Promise<Asked | Refused | JimInstead | undefined> {
  const buffer = new Uint8Array(Math.max(HEAD, come.length));
  buffer.set(come);
  for (let start = 0, from = 0, filled = come.length;;) {
    while (start < filled && isNewline(buffer[start]!)) start++; // empty lines before a request (RFC 9112, section 2.2)
    if (start < filled && JIM.has(buffer[start])) return { isPrefixed: buffer[start] === 0 };
    const end = headEnd(buffer, Math.max(start, from), filled);
    if (end > 0) return parseHead(buffer.subarray(start, end), buffer.slice(end, filled), scheme);
    if (filled >= HEAD) return tooLong(buffer.indexOf(LF, start) < 0, texts);
    const count = await socket.read(buffer.subarray(from = filled));
    if (count === null) return undefined;
    filled += count;
  }
}

function tooLong(line: boolean, texts: Texts): Refused {
  const response = line ? textResponse(414, texts.longPath(HEAD)) : textResponse(431, texts.longRequest(HEAD));
  return { response, method: "GET" };
}

/**
 * Writes a response.
 *
 * @param options.method an answer to HEAD has no body
 * @param options.stays promises that the connection is good for another request
 * @param options.now milliseconds since 1970
 */
export async function writeResponse(
  socket: Socket,
  response: Response,
  { method = "GET", stays = false, now = Date.now() } = {},
): Promise<void> {
  const body = await response.bytes();
  await writeAll(socket, encodeHead(response, body.length, { stays, now }));
  if (method !== "HEAD") await writeAll(socket, body);
}

/**
 * The head of a response, for a body that is written behind it.
 *
 * @param length bytes of the body
 */
export function encodeHead(
  { status, headers }: Pick<Response, "status" | "headers">,
  length: number,
  { stays = false, now = Date.now() } = {},
): Uint8Array {
  let head = `HTTP/1.1 ${status} ${REASONS[status] ?? ""}\r\ndate: ${new Date(now).toUTCString()}\r\n`;
  for (const [name, value] of headers) head += `${name}: ${value}\r\n`;
  if (status !== 304) head += `content-length: ${length}\r\n`;
  // Another protocol is offered for this connection only, and that has to be said (RFC 9110, section 7.8).
  head += `connection: ${headers.has("upgrade") ? "upgrade, " : ""}${stays ? "keep-alive" : "close"}\r\n\r\n`;
  return new TextEncoder().encode(head);
}

/** Tells a client that waits with the body of its request to send it (RFC 9110, section 15.2.1). */
export const CONTINUE: Uint8Array = new TextEncoder().encode("HTTP/1.1 100 Continue\r\n\r\n");

/** All sockets read into it what is discarded: nothing looks at these bytes. */
const away = new Uint8Array(64 * 1024);

/** Reads away what still comes, up to the end of the stream or so many bytes: closing on them would take our last word back. */
export async function readAway(socket: Socket, most: number): Promise<void> {
  for (let left = most; left > 0;) {
    const count = await socket.read(away);
    if (count === null) return;
    left -= count;
  }
}

/** Where the first head ends, behind its empty line, looked for from the bytes that are new; 0 while it has not. */
function headEnd(bytes: Uint8Array, from: number, filled: number): number {
  for (let at = bytes.indexOf(LF, from); at >= 0 && at < filled; at = bytes.indexOf(LF, at + 1)) {
    if (bytes[at - 1] === LF || (bytes[at - 1] === CR && bytes[at - 2] === LF)) return at + 1;
  }
  return 0;
}

function isNewline(byte: number): boolean {
  return byte === CR || byte === LF;
}
