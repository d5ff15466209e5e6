/**
 * `/metrics`, for a request with a token. A token is read from a file, since every user can read the command lines of
 * processes.
 */
import process from "node:process";
import { LocalizedError } from "../../cli/language.ts";
import { systemReason } from "../../cli/system.ts";
import { decodeText } from "../../jim/mod.ts";
import { METRICS_TYPE, type Process } from "../observe/metrics.ts";
import { isSameToken } from "../auth/token.ts";
import { catalogues, inEach, type Texts } from "../words/mod.ts";
import type { Handler } from "./handler.ts";
import { textResponse } from "./text_response.ts";

/** A file without a token in it. The message is one line and names the file. */
export class TokenRefused extends LocalizedError {
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
    token = decodeText(Deno.readFileSync(file)).trim();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const isForbidden = error instanceof Deno.errors.NotCapable, { message } = error;
    throw new TokenRefused(inEach((texts, language) => {
      const why = isForbidden ? texts.readNotPermitted(file) : systemReason(message, language);
      return texts.cannotRead("--metrics-token-file", file, why);
    }));
  }
  if (token.length >= SHORTEST && /^[\x21-\x7e]+$/.test(token)) return token;
  throw new TokenRefused(inEach(({ weakToken }) => weakToken(file, SHORTEST)));
}

/**
 * What answers at `/metrics`.
 *
 * @param read what there is to know, as text
 * @param tokens each of them is enough
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const answer = metricsPage(() => "hanita_deliveries_total 7\n", ["a-token-of-letters"]);
 * const caller = { host: "chat:8080" };
 * assert.equal((await answer(new Request("http://chat:8080/metrics"), caller)).status, 403);
 * const headers = { authorization: "Bearer a-token-of-letters" };
 * assert.equal((await answer(new Request("http://chat:8080/metrics", { headers }), caller)).status, 200);
 * ```
 */
export function metricsPage(read: () => string, tokens: readonly string[], texts: Texts = catalogues.en): Handler {
  return ({ headers }) => {
    const [, shown] = /^Bearer +(\S+)$/i.exec(headers.get("authorization") ?? "") ?? [];
    if (shown === undefined || !tokens.some((token) => isSameToken(shown, token))) {
      return textResponse(403, texts.metricsToken);
    }
    return new Response(read(), { headers: { "content-type": METRICS_TYPE, "cache-control": "no-store" } });
  };
}
