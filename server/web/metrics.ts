/**
 * `/metrics`: what the server counts, for this machine's own people, and for who shows the token. The token is in a file,
 * for what is on a command line is seen by everybody who lists the processes.
 */
import process from "node:process";
import { isEqual } from "../passwords.ts";
import { METRICS_TYPE, type Process } from "../metrics.ts";
import { words } from "./http.ts";
import type { Handler } from "./site.ts";

/** A file without a token in it. The message is one line and names the file. */
export class TokenRefused extends Error {
  override name = "TokenRefused";
}

/** What can be guessed is no secret. */
const SHORTEST = 16;

/** The process that this is. */
export const itself: Process = {
  began: performance.timeOrigin / 1000,
  memory: () => Deno.memoryUsage(),
  cpu() {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  },
};

/**
 * The token in a file; white space around it is not its own.
 *
 * @throws {TokenRefused} When there is none, or a bad one.
 */
export function readToken(file: string): string {
  let token: string;
  try {
    token = Deno.readTextFileSync(file).trim();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const why = error instanceof Deno.errors.NotCapable
      ? `not permitted, add --allow-read=./data,${file} after -P=server`
      : error.message.replace(/ \(os error \d+\).*/, "");
    throw new TokenRefused(`Cannot read --metrics-token-file "${file}": ${why}`);
  }
  if (token.length >= SHORTEST && /^[\x21-\x7e]+$/.test(token)) return token;
  throw new TokenRefused(
    `Cannot use --metrics-token-file "${file}": expected one word of at least ${SHORTEST} ASCII characters`,
  );
}

/**
 * What answers at `/metrics`.
 *
 * @param read what there is to know, as text
 * @param token without one nobody else is answered
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const answer = metricsPage(() => "hanita_deliveries_total 7\n", "a-token-of-letters");
 * const stranger = { host: "chat:8080", address: "10.0.0.7", local: false };
 * assert.equal((await answer(new Request("http://chat:8080/metrics"), stranger)).status, 403);
 * const headers = { authorization: "Bearer a-token-of-letters" };
 * assert.equal((await answer(new Request("http://chat:8080/metrics", { headers }), stranger)).status, 200);
 * ```
 */
export function metricsPage(read: () => string, token: string | undefined): Handler {
  return ({ headers }, { local }) => {
    if (!local && !shows(headers.get("authorization"), token)) {
      return words(
        403,
        token === undefined
          ? "Expected a request from the server's own machine, to localhost: it was started without --metrics-token-file"
          : "Expected the header Authorization: Bearer TOKEN, or a request from the server's own machine, to localhost",
      );
    }
    return new Response(read(), { headers: { "content-type": METRICS_TYPE, "cache-control": "no-store" } });
  };
}

function shows(authorization: string | null, token: string | undefined): boolean {
  if (token === undefined || authorization === null) return false;
  const encoder = new TextEncoder();
  return isEqual(encoder.encode(authorization.replace(/^Bearer +/i, "")), encoder.encode(token));
}
