/**
 * What was wrong with a request, as data: which rule, where, what came. {@linkcode explain} makes a sentence of it, so
 * that the sentence can be in the learner's language and the rule is known to programs by its name.
 * @module
 */
import { detectWideEncoding } from "./encoding.ts";
import { findJsonError, type JsonError } from "./json_error.ts";
import type { FramingError } from "./frame.ts";
import { truncate } from "./length.ts";
import type { Limits } from "./limits.ts";
import { hideLogin } from "./secret.ts";
import { escapeInvisible } from "./invisible.ts";

/**
 * The rule that a request broke. The first six are the framer's: bytes that are no object at all. `presence` and
 * `nobody` are for a server, which knows the people in the chat.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const reason: RefusalReason = "nobody";
 * assert.equal(refuse(reason, { code: 404 }).code, 404);
 * ```
 */
export type RefusalReason =
  | FramingError
  | "json"
  | "utf8"
  | "object"
  | "twice"
  | "size"
  | "action"
  | "unknown"
  | "user"
  | "time"
  | "name"
  | "letters"
  | "marks"
  | "room"
  | "to"
  | "text"
  | "long"
  | "string"
  | "presence"
  | "nobody"
  | "either"
  | "everywhere"
  | "words"
  | "id"
  | "limit"
  | "features"
  // What the chat's own rules refuse.
  | "noname"
  | "members"
  | "reserved"
  | "login"
  | "devices"
  | "queue"
  | "closed"
  | "ended"
  | "taken"
  | "password"
  | "account"
  | "noroom"
  | "outside"
  | "rooms"
  | "newrooms"
  | "newaccounts"
  | "accountquota"
  | "networkquota"
  | "everybody"
  | "gone"
  | "writeonly"
  | "self"
  | "stranger"
  | "contacts"
  | "own"
  | "accounts"
  | "nomessage"
  | "unkept"
  | "deleted"
  | "notyours"
  | "sharedname"
  | "guestreaction"
  | "noedits"
  | "oldmessage"
  | "edits"
  | "emptied"
  | "emoji"
  | "flag"
  | "kinds"
  | "reactions"
  | "file"
  | "filename"
  | "filesize"
  | "sha256"
  | "nofiles"
  | "largefile"
  | "uploads"
  | "fileaccountquota"
  | "filenetworkquota"
  | "filespace"
  | "filedisk"
  | "noupload"
  | "partial"
  | "full"
  | "crowd"
  | "unready"
  | "late"
  | "idle"
  | "unfinished"
  | "frame"
  | "address"
  | "until"
  | "duration"
  | "beside"
  | "over"
  | "yourself"
  | "ownsession"
  | "lastoperator"
  | "alloperators"
  | "noaccount"
  | "appointed"
  | "unappointed"
  | "unbanned"
  | "operator"
  // What a room's own rules refuse.
  | "rank"
  | "level"
  | "levels"
  | "owners"
  | "moderators"
  | "higher"
  | "ranked"
  | "ranks"
  | "nomember"
  | "noranks"
  | "restraints"
  | "roombanned"
  | "roommuted"
  | "announcements"
  | "uninvited"
  | "noinvitation"
  | "invited"
  | "invitations"
  | "roomremoved"
  | "roomleft"
  | "roomtaken"
  | "ungrouped"
  | "groupsize"
  | "manyrooms"
  | "users"
  | "pins"
  | "unpinned"
  | "inspect"
  | "token"
  | "banned"
  | "muted"
  | "kicked"
  | "removed"
  | "changed"
  | "renamed"
  | "session"
  | "revoked"
  | "newpassword"
  | "onetime"
  | "samepassword"
  | "wrongpassword"
  | "unknownhash"
  | "onlyoperator"
  | "nosession"
  | "hooktoken"
  | "hookname"
  | "hookrate"
  | "hookonly"
  | "hooks"
  | "nohook"
  | "nobot"
  | "lookalike"
  | "default"
  | "store"
  | "nospace"
  | "undecided";

/**
 * One refusal: a value, never thrown.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const refusal: Refusal = refuse("long", { at: "message", limit: 4000, got: "4001" });
 * assert.equal(refusal.code, 400);
 * ```
 */
export interface Refusal {
  /** JIM's code: 400, 401, 404 and so on. */
  readonly code: number;
  /** Which rule: what a program goes by. */
  readonly reason: RefusalReason;
  /** The field, as a path from the object: `user.account_name`. */
  readonly at?: string;
  /** What came instead, as JSON, shortened. */
  readonly got?: string;
  /** The character of a name that was wrong, as `U+034F`, or the byte of a text, as `0xEF`. */
  readonly character?: string;
  /** Where that byte stands, counted from 0. */
  readonly position?: number;
  /** What the text looks like that is no UTF-8. */
  readonly encoding?: string;
  /** The limit that was passed, where one was. */
  readonly limit?: number;
  /** How long what came is, in what that limit counts, where it is too long. */
  readonly length?: number;
  /** Unix seconds when what stands in the way ends by itself. */
  readonly until?: number;
  /** What it can be mistaken for. */
  readonly like?: string;
  /** Where the text stops being JSON. */
  readonly jsonError?: JsonError;
  /** The word that was meant, it seems. */
  readonly suggestion?: string;
  /** The field that was sent instead of the one that was meant, as JSON. */
  readonly misnamed?: string;
  /** Why an operator has ordered it, in the operator's words; they can stand in a sentence. */
  readonly why?: string;
}

/**
 * Makes a refusal, of code 400 unless told otherwise.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(refuse("time", { at: "time", got: '"12:03"' }), { code: 400, reason: "time", at: "time", got: '"12:03"' });
 * ```
 */
export function refuse(
  reason: RefusalReason,
  more: Omit<Refusal, "code" | "reason"> & { code?: number } = {},
): Refusal {
  return { code: 400, reason, ...more };
}

/**
 * Makes a refusal of what a {@linkcode Framer} found instead of an object.
 *
 * @param excerpt its bytes, as the framer's own `excerpt` has them
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { DEFAULT_LIMITS } from "./limits.ts";
 * const refusal = framingRefusal("garbage", new TextEncoder().encode("hello"), DEFAULT_LIMITS);
 * assert.deepEqual([refusal.reason, refusal.got], ["garbage", '"hello"']);
 * ```
 */
export function framingRefusal(fault: FramingError, excerpt: Uint8Array, { depth, objectBytes }: Limits): Refusal {
  if (fault === "garbage" && isTwice(excerpt)) return refuse("twice", { got: quoteBytes(excerpt) });
  const jsonError = fault === "broken" ? findJsonError(new TextDecoder().decode(excerpt)) : undefined;
  const encoding = fault === "utf16" ? detectWideEncoding(excerpt) : undefined;
  return refuse(fault, {
    ...(encoding === undefined ? {} : { encoding }),
    limit: fault === "deep" ? depth : objectBytes,
    got: quoteBytes(excerpt),
    ...(jsonError === undefined ? {} : { jsonError }),
  });
}

/** An object that was made JSON of, and the text that this gave once more, begins so. */
function isTwice(bytes: Uint8Array): boolean {
  return /^"\s*\{\s*\\"/.test(new TextDecoder().decode(bytes.subarray(0, MAX_QUOTE)));
}

/** Characters of a text that are quoted, in a refusal and in a remark of a client: enough to know it again, and no more. */
export const MAX_QUOTE = 40;

/**
 * What came, as it can stand in a sentence: JSON, one line, shortened, without its passwords.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(quote("12:03"), '"12:03"');
 * assert.equal(quote(undefined), "nothing");
 * ```
 */
export function quote(value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value === "number") return String(value); // JSON would call Infinity null
  const json = escapeInvisible(
    typeof value === "string" ? stringified(hideLogin(value)) : hideLogin(stringified(value)),
  );
  return json.length <= MAX_QUOTE ? json : `${truncate(json, MAX_QUOTE)}\u2026`;
}

/**
 * Bytes that are no JSON, as they can stand in a sentence.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(quoteBytes(new TextEncoder().encode("hello\r\n")), '"hello"');
 * ```
 */
export function quoteBytes(bytes: Uint8Array): string {
  return quote(new TextDecoder().decode(bytes.subarray(0, 4 * MAX_QUOTE)).split(/[\r\n]/, 1)[0]!);
}

/** JSON.parse reads what JSON.stringify may find too deep to write. */
function stringified(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (error instanceof RangeError) return "brackets too deep to show";
    throw error;
  }
}
