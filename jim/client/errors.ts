/**
 * What may go wrong in a chat, as errors. A chat goes on behind a refusal of a message; the others end it.
 * @module
 */

/**
 * The server has refused something. Its words are the message.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const error = new RefusedError(404, 'to: nobody here has the name "bob"');
 * assert.deepEqual([error.code, error.message], [404, 'to: nobody here has the name "bob"']);
 * ```
 */
export class RefusedError extends Error {
  override name = "RefusedError";
  /** JIM's code, from 400 on; `undefined` of a server that tells none. */
  readonly code: number | undefined;

  constructor(code: number | undefined, words: string) {
    super(words);
    this.code = code;
  }
}

/**
 * There is no connection, or it ended before the answer.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(new ConnectionError("The chat is closed").mayHaveArrived, false);
 * ```
 */
export class ConnectionError extends Error {
  override name = "ConnectionError";
  /** Of a message: it was sent, and nothing tells whether it was kept. */
  readonly mayHaveArrived: boolean;

  constructor(message: string, mayHaveArrived = false, options?: ErrorOptions) {
    super(message, options);
    this.mayHaveArrived = mayHaveArrived;
  }
}

/**
 * Why there is no connection. Node.js tries all addresses of a name, and has an error of many without a message then.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const refused = ["::1", "127.0.0.1"].map((address) => new Error(`connect ECONNREFUSED ${address}:7777`));
 * assert.equal(reasonOf(new AggregateError(refused)), "connect ECONNREFUSED ::1:7777, connect ECONNREFUSED 127.0.0.1:7777");
 * ```
 */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === "") return error.errors.map(reasonOf).join(", ");
  return error instanceof Error ? error.message : String(error);
}

/**
 * Whether a refusal is of a server in trouble, as without its journal: the same request may be accepted in a while.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual([403, 503, undefined].map((code) => isTrouble(code)), [false, true, false]);
 * ```
 */
export function isTrouble(code = 0): boolean {
  return code >= 500;
}
