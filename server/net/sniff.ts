/**
 * What protocol a connection speaks, by its first line. The page of any site can make its reader's browser send an HTTP
 * request to the chat's port, with a body of its own choice; were that body heard, the site would chat as its reader. So a
 * request is recognised however it is cut, answered in HTTP, and closed. A TLS handshake is recognised too: parts of it are
 * chosen by others as well. Anything else that is no JSON is answered in JSON, as ever.
 */

import type { Language } from "../../jim/mod.ts";
import { catalogues } from "../words/mod.ts";

/** The page, as somebody at another port is sent to it. */
export interface Page {
  readonly scheme: "http" | "https";
  readonly port: number;
}

export type Protocol =
  /** JIM, or a line that JIM answers: the connection's first line is of no more interest. */
  | "jim"
  /** A TLS handshake. */
  | "tls"
  /** An HTTP request, of which enough has come to answer it. */
  | "http"
  /** An HTTP request, or the beginning of one: nothing is answered before more has come. */
  | "wait"
  /** The line has not ended. So far it is a word as people type it, and is answered as such. */
  | "unclear";

/** What is looked at: a line without an end that is longer is a request's, and a head that is longer is answered at once. */
const LINE = 2 * 1024, HEAD = 8 * 1024;
/** What browsers begin a request with. They send no other method unless a server has agreed to it. */
const METHODS = ["GET ", "HEAD ", "POST ", "PUT ", "DELETE ", "CONNECT ", "OPTIONS ", "TRACE ", "PATCH ", "PRI "];
/** A whole request line, up to its version: a method is any token. */
const REQUEST = /^[\w!#$%&'*+.^`|~-]+ +\S.* HTTP\//i;
/** The first word of a line, or two that are no JSON. */
const WORDS = /^[\w!#$%&'*+.^`|~-]+( [^{["]*)?$/;
/** What is said back of a host is letters, digits and `:` only. */
const HOST = /\nhost:[ \t]*(\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(?::\d{1,5})?[ \t]*\r?\n/i;
/** The first byte of a TLS connection: the type of a record that carries a handshake. */
const HANDSHAKE = "\x16";

/**
 * Adds the next bytes of a connection to its beginning, a character for each byte, as far as {@linkcode sniff} needs it.
 */
export function appendFirstLine(before: string, bytes: Uint8Array): string {
  return before + String.fromCharCode(...bytes.subarray(0, HEAD - before.length));
}

/**
 * Tells a protocol by the first bytes of a connection.
 *
 * @param text what has come so far, a character for each byte
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(sniff('{"action":"quit"}'), "jim");
 * assert.equal(sniff("hello\n"), "jim");
 * assert.equal(sniff("PO"), "wait");
 * assert.equal(sniff("POST /any HTTP/1.1\r\n"), "http");
 * ```
 */
export function sniff(text: string): Protocol {
  const begun = text.replace(/^[\r\n]+/, "");
  if (begun.startsWith(HANDSHAKE)) return "tls";
  const [line = "", ...more] = begun.split("\n", 2), ended = more.length > 0;
  if (REQUEST.test(line)) return isAnswerable(begun) ? "http" : "wait";
  if (ended) return "jim";
  if (line === "") return "unclear";
  const capitals = line.toUpperCase();
  if (METHODS.some((method) => method.startsWith(capitals) || capitals.startsWith(method))) {
    return line.length < LINE ? "wait" : "http";
  }
  return WORDS.test(line) && line.length < LINE ? "unclear" : "jim";
}

/** Its host or its end has come, or no more of it seems to be on the way. */
function isAnswerable(request: string): boolean {
  return request.endsWith("\n") || request.length >= HEAD || /\n\r?\n/.test(request) || HOST.test(request);
}

/**
 * The answer to an HTTP request: the way to the page, or what this port is.
 *
 * @param request its head, as far as it has come, a character for each byte
 * @param page where the page is, if it is served
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const bytes = httpAnswer("GET / HTTP/1.1\r\nHost: 10.0.0.7:7777\r\n\r\n", { scheme: "http", port: 8080 });
 * const answer = new TextDecoder().decode(bytes);
 * assert.match(answer, /^HTTP\/1\.1 303 See Other\r\nlocation: http:\/\/10\.0\.0\.7:8080\/\r\n/);
 * ```
 */
export function httpAnswer(request: string, page: Page | undefined, language: Language = "en"): Uint8Array {
  const texts = catalogues[language];
  const [, host] = HOST.exec(request.replace(/(\n\r?\n)[^]*/, "$1")) ?? []; // not of the body
  const url = page === undefined || host === undefined ? undefined : `${page.scheme}://${host}:${page.port}/`;
  const where = page === undefined ? texts.pageOff : texts.pageAt(page.port);
  const body = url === undefined ? `${texts.speaksJim} ${where}\n` : `${texts.see(url)}\n`;
  return encoder.encode([
    `HTTP/1.1 ${url === undefined ? "400 Bad Request" : "303 See Other"}`,
    ...url === undefined ? [] : [`location: ${url}`],
    "content-type: text/plain; charset=utf-8",
    `content-length: ${encoder.encode(body).length}`,
    `connection: close\r\n\r\n${request.trimStart().startsWith("HEAD ") ? "" : body}`,
  ].join("\r\n"));
}

const encoder = new TextEncoder();
