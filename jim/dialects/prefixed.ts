/**
 * Programs that put four bytes before each object which say its length. They authenticate first, send a
 * presence without a name, read the text of an answer from `message`, and end at any code but 200. So other successes get the
 * code 200, too; only a list keeps its own. The framing tells them from other programs, so no field has to.
 * @module
 */
import type { Dialect } from "./dialect.ts";
import { plain } from "./plain.ts";

/**
 * The dialect of length-prefixed programs.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(prefixed.formatAnswer({ response: 200, time: 1, alert: "ok" }), {
 *   response: 200,
 *   time: 1,
 *   alert: "ok",
 *   message: "ok",
 * });
 * ```
 */
export const prefixed: Dialect = {
  ...plain,
  name: "prefixed",
  formatAnswer: (answer) => ({
    ...answer,
    response: isSuccess(answer.response) && !("quantity" in answer) ? 200 : answer.response,
    message: answer.alert ?? answer.error,
  }),
};

function isSuccess(code: number): boolean {
  return code >= 200 && code < 300;
}
