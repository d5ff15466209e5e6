/**
 * Parses the head of a request (RFC 9112, RFC 9110), from bytes to a platform `Request`, or to the response that
 * names the broken rule. Ambiguous requests are refused, since they can be smuggled past a proxy: a length twice, a
 * header over two lines, a space before a colon.
 */
import { textResponse } from "./text_response.ts";

/** A valid request, and its effect on the connection. */
export interface Asked {
  readonly request: Request;
  /** Its path, in which no letter is written as `%41` that could be written as itself. */
  readonly path: string;
  /** Its host, as the browser names it: `192.168.1.5:8080`. */
  readonly host: string;
  /** Another may follow on the same connection. */
  readonly stays: boolean;
  /** What has come behind it. */
  readonly rest: Uint8Array;
  /** Bytes of its body, if it says so. */
  readonly length: number | undefined;
}

/** A request that is answered by what is wrong with it. */
export interface Refused {
  readonly response: Response;
  /** Its method, since an answer to HEAD has no body. */
  readonly method: string;
}

/** `GET /path HTTP/1.1`, with single spaces. A method is any token, and the version's name is in capitals. */
const REQUEST_LINE = /^([\w!#$%&'*+.^`|~-]+) (\S+) HTTP\/(\d)\.(\d)$/;
/**
 * A name, a colon right behind it, and a value without control characters; `Headers` takes the spaces around it away. No two
 * parts may match the same letters: an expression that can be tried in many ways holds the loop for minutes with one request.
 */
const HEADER = /^([\w!#$%&'*+.^`|~-]+):([\t\x20-\x7e\x80-\xff]*)$/;
/** What a host may look like; whatever else it may be is not repeated in an answer. */
const HOST = /^(\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(:\d{0,5})?$/i;
/** Stands for the host in a request of HTTP/1.0, which need not name one. No name ends so (RFC 2606). */
const NAMELESS = "unnamed.invalid";
/** What a target may consist of: what URLs do (RFC 3986), and what browsers leave as it is. Neither `#`, `\` nor `<`. */
const TARGET = /^[!$-;=?-\[\]-~]+$/;
/** The characters that mean the same as their `%` form (RFC 3986, section 2.3). */
const UNRESERVED = /[\w.~-]/;
/** What RFC 9110, section 9.3, and RFC 5789 define and we do not allow. Any other method is not known here. */
const NOT_ALLOWED: ReadonlySet<string> = new Set(["POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"]);

/** Paths of incoming hooks. */
export const HOOKS = "/hooks/";
/** Uploads, which are changed by these. */
const CHANGED = "/uploads/", CHANGES: ReadonlySet<string> = new Set(["PUT", "DELETE"]);

/**
 * A request from the bytes of its head, with the empty line at its end.
 *
 * @param rest what has come behind it
 * @param scheme how the connection is encrypted, for the URL
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const head = new TextEncoder().encode("GET /class HTTP/1.1\r\nHost: localhost:8080\r\n\r\n");
 * const asked = parseHead(head) as Asked;
 * assert.equal(asked.request.url, "http://localhost:8080/class");
 * assert.equal((parseHead(new Uint8Array(0)) as Refused).response.status, 400);
 * ```
 */
export function parseHead(
  head: Uint8Array,
  rest: Uint8Array = new Uint8Array(0),
  scheme: "http" | "https" = "http",
): Asked | Refused {
  const [first = "", ...lines] = latin(head).replace(/(\r?\n)*$/, "").split(/\r?\n/);
  const [, method, target = "", major, minor] = REQUEST_LINE.exec(first) ?? [];
  const refuse = (status: number, text: string, headers?: Record<string, string>): Refused => ({
    response: textResponse(status, text, headers),
    method: method ?? "GET",
  });
  if (method === undefined) return refuse(400, "Expected a request such as GET / HTTP/1.1");
  if (major !== "1") return refuse(505, "Expected HTTP/1.1");
  const old = minor === "0"; // a later one than 1 is read as 1 (RFC 9110, section 2.5)
  const headers = parseHeaders(lines);
  if (headers === undefined) return refuse(400, "Expected header lines such as Host: localhost");
  const named = headers.get("host") ?? (old ? NAMELESS : "");
  if (!HOST.test(named)) return refuse(400, "Expected one header Host that names this server");
  const isHook = method === "POST" && target.startsWith(HOOKS);
  const changes = (CHANGES.has(method) && target.startsWith(CHANGED)) || isHook;
  if (NOT_ALLOWED.has(method) && !changes) {
    return refuse(405, "Expected GET or HEAD: there is nothing to be changed here", { allow: "GET, HEAD" });
  }
  if (method !== "GET" && method !== "HEAD" && !changes) return refuse(501, "Expected GET or HEAD, in capitals");
  const url = parseTarget(target, scheme, named);
  if (url === undefined) return refuse(400, "Expected a path such as /, or a URL of this server");
  const body = hasBody(headers);
  if (body === 400) return refuse(400, "Expected one Content-Length in digits, or Transfer-Encoding: chunked");
  if (body === 501) return refuse(501, "Expected no Transfer-Encoding but chunked");
  const expected = headers.get("expect");
  if (!old && expected !== null && expected.toLowerCase() !== "100-continue") {
    return refuse(417, "Expected no Expect but 100-continue");
  }
  if (old) { for (const name of ["upgrade", "expect"]) headers.delete(name); // ignored then (RFC 9110, sections 7.8 and 10.1.1)
   }
  const host = target.startsWith("/") ? named : url.host; // the header does not count beside a whole URL
  // Where a body ends would have to be found out, and no request of a page has one: it is read away behind the answer.
  const stays = !old && !body && !hasToken(headers, "connection", "close");
  const length = headers.has("content-length") ? Number(headers.get("content-length")) : undefined;
  return { request: new Request(url, { method, headers }), path: plainPath(url), host, stays, rest, length };
}

/** Whether a header that is a list has a word, in any case. */
export function hasToken(headers: Headers, name: string, token: string): boolean {
  return headers.get(name)?.split(",").some((each) => each.trim().toLowerCase() === token) ?? false;
}

/** Whether a body is announced; or the status that says that its end cannot be told (RFC 9112, section 6.3). */
export function hasBody(headers: Headers): boolean | 400 | 501 {
  const coding = headers.get("transfer-encoding")?.toLowerCase(), length = headers.get("content-length");
  if (coding === undefined) return length === null ? false : /^\d+$/.test(length) ? Number(length) > 0 : 400; // two: "1, 1"
  if (length !== null || !/(^|,[ \t]*)chunked$/.test(coding)) return 400;
  return coding === "chunked" ? true : 501;
}

function parseHeaders(lines: readonly string[]): Headers | undefined {
  const headers = new Headers();
  for (const line of lines) {
    const [, name, value = ""] = HEADER.exec(line) ?? [];
    if (name === undefined) return undefined;
    headers.append(name, value);
  }
  return headers;
}

function parseTarget(target: string, scheme: string, host: string): URL | undefined {
  if (!TARGET.test(target)) return undefined;
  const whole = /^https?:\/\/[^/?]/i.test(target); // as a client asks a proxy; its host is not empty
  if (!whole && !target.startsWith("/")) return undefined;
  const url = URL.parse(whole ? target : `${scheme}://${host}${target}`);
  return url === null || url.username !== "" || url.password !== "" || !HOST.test(url.host) ? undefined : url;
}

function plainPath({ pathname }: URL): string {
  return pathname.replace(/%([0-9a-f]{2})/gi, (code, hex) => {
    const letter = String.fromCharCode(parseInt(hex, 16));
    return UNRESERVED.test(letter) ? letter : code;
  });
}

/** A header's bytes are no UTF-8: each is a character. */
function latin(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
