/**
 * A browser that was sent to the chat's own port asks for a page there, in HTTP. It gets a small whole answer in HTTP: the
 * way to the page, or what this port is. Anything else that is no JSON is answered in JSON, as ever.
 */

/** The page, as somebody at another port is sent to it. */
export interface Page {
  readonly scheme: "http" | "https";
  readonly port: number;
}

/** How a request begins, and its host if that has come. What is said back of a host is letters, digits and `:` only. */
const REQUEST = /^[A-Z]{3,7} \S+ HTTP\/1\.[01]\r?\n/;
const HOST = /\r?\nhost:[ \t]*(\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(?::\d{1,5})?[ \t]*\r?\n/i;

/**
 * The answer to bytes that are an HTTP request, or nothing when they are not.
 *
 * @param page where the page is, if it is served
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const request = new TextEncoder().encode("GET / HTTP/1.1\r\nHost: 10.0.0.7:7777\r\n\r\n");
 * const answer = new TextDecoder().decode(strayAnswer(request, { scheme: "http", port: 8080 }));
 * assert.match(answer, /^HTTP\/1\.1 303 See Other\r\nlocation: http:\/\/10\.0\.0\.7:8080\/\r\n/);
 * assert.equal(strayAnswer(new TextEncoder().encode("hello\n"), undefined), undefined);
 * ```
 */
export function strayAnswer(bytes: Uint8Array, page: Page | undefined): Uint8Array | undefined {
  const request = decoder.decode(bytes);
  if (!REQUEST.test(request)) return undefined;
  const [, host] = HOST.exec(request) ?? [];
  const url = page === undefined || host === undefined ? undefined : `${page.scheme}://${host}:${page.port}/`;
  const where = page === undefined
    ? "The server's page is off: --web turns it on."
    : `The page is at port ${page.port}.`;
  const body = url === undefined ? `This port speaks JIM, a chat in JSON, and not HTTP. ${where}\n` : `See ${url}\n`;
  return encoder.encode([
    `HTTP/1.1 ${url === undefined ? "400 Bad Request" : "303 See Other"}`,
    ...url === undefined ? [] : [`location: ${url}`],
    "content-type: text/plain; charset=utf-8",
    `content-length: ${encoder.encode(body).length}`,
    `connection: close\r\n\r\n${body}`,
  ].join("\r\n"));
}

const encoder = new TextEncoder(), decoder = new TextDecoder();
