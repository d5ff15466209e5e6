/**
 * Serves the files of the page. Each is compressed once, at the start, and has an ETag of its content, so that
 * browsers revalidate it. Headers restrict the page to its own scripts, styles and server.
 */
import type { Handler } from "./handler.ts";

/** Content types by file extension. */
const TYPES: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml; charset=utf-8",
  json: "application/manifest+json; charset=utf-8",
  txt: "text/plain; charset=utf-8",
};

/** No script or style but from a file of ours, no form, no frame; older browsers do not count WebSockets as `'self'`. */
function policy(host: string, servers: readonly string[]): string {
  const others = servers.map((origin) => ` ${origin.replace("http", "ws")}`).join("");
  return "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; manifest-src 'self'; " +
    `connect-src 'self' ws://${host} wss://${host}${others}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
}

/**
 * Returns the handler of one file.
 *
 * @param name its extension tells the type
 * @param servers origins of the chat's other servers, which the file may connect to
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const answer = await file("page.html", "<!doctype html><p>hello");
 * const caller = { host: "localhost:8080" };
 * const response = await answer(new Request("http://localhost:8080/"), caller);
 * assert.equal(await response.text(), "<!doctype html><p>hello");
 * const again = new Request("http://localhost:8080/", { headers: { "if-none-match": response.headers.get("etag")! } });
 * assert.equal((await answer(again, caller)).status, 304);
 * ```
 */
export async function file(name: string, text: string, servers: readonly string[] = []): Promise<Handler> {
  const plain = new TextEncoder().encode(text);
  const packed = await gzip(plain);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", plain));
  const etag = `W/"${digest.toHex().slice(0, 32)}"`; // weak, since it names the packed bytes as well
  const type = TYPES[name.slice(name.lastIndexOf(".") + 1)]!;
  return (request, { host }) => {
    const headers = new Headers({
      "content-type": type,
      "etag": etag,
      "cache-control": "no-cache", // kept, and asked for again: a new server has a new page
      "vary": "accept-encoding",
      "content-security-policy": policy(host, servers),
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "cross-origin-resource-policy": "same-origin",
    });
    if (knows(request.headers.get("if-none-match"), etag)) return new Response(null, { status: 304, headers });
    const packs = /\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/.test(request.headers.get("accept-encoding") ?? "");
    if (packs) headers.set("content-encoding", "gzip");
    return new Response(packs ? packed : plain, { headers });
  };
}

/** Whether the file is one that the browser has: by a weak comparison, or because any will do (RFC 9110, section 13.1.2). */
function knows(tags: string | null, etag: string): boolean {
  const opaque = etag.replace("W/", "");
  return tags?.split(",").some((tag) => tag.trim() === "*" || tag.trim().replace(/^W\//, "") === opaque) ?? false;
}

async function gzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return await new Response(new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"))).bytes();
}
