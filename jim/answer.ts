/**
 * What a server says back: `{"response":200,"time":1764000000,"alert":"ok"}`. A new object for each answer, never a
 * shared one that somebody could change.
 * @module
 */
import type { Role, SharedFile } from "./dialects/mod.ts";
import type { Refusal } from "./refusal.ts";
import { isTime } from "./time.ts";
import { explain, type Language } from "./explain.ts";

/**
 * An answer to one request, or a notice that nobody asked for (1xx). `alert` speaks up to 299, `error` from 400.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { encode } from "./encode.ts";
 * const answer: Answer = { ...ok(1764000000), id: 1764000000000007 };
 * assert.equal(
 *   new TextDecoder().decode(encode(answer)),
 *   '{"response":200,"time":1764000000,"alert":"ok","id":1764000000000007}\n',
 * );
 * ```
 */
export interface Answer {
  /** What became of the request: one of {@linkcode STATUS_TEXT}, or an extension's own. */
  readonly response: number;
  /** Unix seconds, by the server's clock. */
  readonly time: number;
  /** What a person may read when it went well. */
  readonly alert?: string;
  /** What a person should read when it did not. */
  readonly error?: string;
  /** The id under which a message was relayed and can be found again. */
  readonly id?: number;
  /** How many objects follow, after 202. */
  readonly quantity?: number;
  /** In the answer to presence: the server finds where objects end, so a client may send many to a write. */
  readonly jim?: 1;
  /** In the answer to presence and to a login: what the connection is now. */
  readonly role?: Role;
  /** In the answer to a login that asked for one: what stands for the password from now on. A secret. */
  readonly token?: string;
  /** In the answer to a new hook: as the list names it. */
  readonly hook?: string;
  /** In the answer to presence and to a login that has named the feature `rules`: what everybody may do here. */
  readonly rules?: { readonly registration: boolean; readonly guests: boolean };
  /** In the answer to an upload: by it the bytes are sent, and the file in a message is named. A secret. */
  readonly upload?: string;
  /** In the answer to a message with a file, to a program that knows files. */
  readonly file?: SharedFile;
  /** In the answer to presence and to a login that has named the feature `files`: bytes that a file may have; 0: there are none. */
  readonly file_limit?: number;
  /** In the answer to a question for the greeting. */
  readonly text?: string;
  /** The password was right, and is for the first login only: the login needs a `new_password`. */
  readonly new_password?: true;
  /** An operator has put the connection out: its program should not connect again by itself. */
  readonly kicked?: true;
  /** In a notice: the server stops, and the chat goes on at other servers. */
  readonly move?: true;
  /** Unix seconds when the ban or the mute ends that it is about. None of one that does not end by itself. */
  readonly until?: number;
  /** The name that it has now, where that is not spelt as the request spelt it. */
  readonly account_name?: string;
  /** In the answer to a request for a direct group: the room that it is. */
  readonly room?: string;
}

/**
 * JIM's codes, each with what it means. The list is open: an extension may add to it.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(STATUS_TEXT[404], "not found");
 * ```
 */
export const STATUS_TEXT: Readonly<Record<number, string>> = {
  100: "notice",
  101: "important notice",
  200: "ok",
  201: "created",
  202: "accepted",
  400: "bad request",
  401: "not authorised",
  402: "wrong login or password",
  403: "forbidden",
  404: "not found",
  409: "already connected",
  410: "gone",
  500: "server error",
};

/**
 * An answer of success, or a notice; without words of its own it says what its code means.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(ok(1764000000), { response: 200, time: 1764000000, alert: "ok" });
 * ```
 */
export function ok(time: number, response = 200, alert: string = STATUS_TEXT[response] ?? "ok"): Answer {
  return { response, time, alert };
}

/**
 * The answer to a request that is refused.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { refuse } from "./refusal.ts";
 * assert.deepEqual(refused(refuse("time", { got: '"12:03"' }), 1764000000), {
 *   response: 400,
 *   time: 1764000000,
 *   error: 'time: expected Unix seconds as a number, got "12:03"',
 * });
 * ```
 */
export function refused(refusal: Refusal, time: number, language: Language = "en"): Answer {
  const { code, reason, until } = refusal;
  const field = reason === "onetime" ? { new_password: true } as const : untilField(until);
  return { response: code, time, error: explain(refusal, language), ...field };
}

/**
 * The field `until` of an answer about a ban or a mute, unless that has no end, or one that no clock can show.
 *
 * @param until Unix seconds
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual([4e9, Infinity, undefined].map(untilField), [{ until: 4e9 }, {}, {}]);
 * ```
 */
export function untilField(until: number | undefined): { until?: number } {
  return until !== undefined && isTime(until) ? { until } : {};
}
