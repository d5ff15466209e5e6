/**
 * Detects the protocol of a connection by its first line. Any web page can make a browser send an HTTP request to the
 * chat port, with a body of its choice. If that body were handled, the site would chat in the name of its visitor. So
 * an HTTP request is recognised however it is split, answered in HTTP, and closed. A TLS handshake is recognised too.
 * Anything else that is no JSON is answered in JSON.
 */

import type { Language } from "../../jim/mod.ts";
import { catalogues } from "../words/mod.ts";

/** The page, for a redirect from another port. */
export interface Page {
  readonly scheme: "http" | "https";
  readonly port: number;
}

export type Protocol =
  /** JIM, or a line that is answered in JIM. Detection is over. */
  | "jim"
  /** A TLS handshake. */
  | "tls"
  /** An HTTP request that can be answered. */
  | "http"
  /** An HTTP request or the beginning of one: more input is needed. */
  | "wait"
  /** An unfinished line, so far a word as people type it. It is answered in JIM. */
  | "unclear";

/** Bytes that are checked: a longer line without an end is a request, and a longer head is answered at once. */
const LINE = 2 * 1024, HEAD = 8 * 1024;
/** The methods that browsers send. */
const METHODS = ["GET ", "HEAD ", "POST ", "PUT ", "DELETE ", "CONNECT ", "OPTIONS ", "TRACE ", "PATCH ", "PRI "];
/** A whole request line, up to its version: a method is any token. */
const REQUEST = /^[\w!#$%&'*+.^`|~-]+ +\S.* HTTP\//i;
/** The first word of a line, or two that are no JSON. */
const WORDS = /^[\w!#$%&'*+.^`|~-]+( [^{["]*)?$/;
/** The host in a redirect: only letters, digits, `:`, `.`, `_` and `-`. */
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

/** Whether the host is known, or the request seems to be complete. */
function isAnswerable(request: string): boolean {
  return request.endsWith("\n") || request.length >= HEAD || /\n\r?\n/.test(request) || HOST.test(request);
}

/**
 * The answer to an HTTP request: a redirect to the page, or what this port is. A hook, a PUT and a DELETE get no redirect: their
 * programs would follow it, and take the page for a success.
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
  const isWrite = /^\s*(?:POST \/hooks\/|PUT |DELETE )/.test(request);
  const url = page === undefined || host === undefined || isWrite
    ? undefined
    : `${page.scheme}://${host}:${page.port}/`;
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
