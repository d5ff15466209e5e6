/**
 * How much of anything a peer may send. A limit is data, so that a server can have large limits for a team, the handout's own for a
 * class, and tiny ones for a test.
 * @module
 */

/**
 * What one object may be. Names and texts are counted in Unicode code points, as a person counts letters.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { parse } from "./parse.ts";
 * const terse: Limits = { ...DEFAULT_LIMITS, text: 140 };
 * const long = JSON.stringify({ action: "msg", time: 1, message: "x".repeat(141) });
 * assert.ok("refusal" in parse(new TextEncoder().encode(long), { limits: terse }));
 * ```
 */
export interface Limits {
  /** Bytes of one object as they come over the wire. */
  readonly objectBytes: number;
  /** Code points of one object: the handout counts characters, not bytes. */
  readonly object: number;
  /** Brackets inside brackets. */
  readonly depth: number;
  /** Code points of a message's text. */
  readonly text: number;
  /** Code points of a name or of a room's name without its `#`. */
  readonly name: number;
  /** Code points of an action. */
  readonly action: number;
}

/**
 * What Hanita takes unless told otherwise: long texts, and room for every field around them.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(DEFAULT_LIMITS.text, 4000);
 * ```
 */
export const DEFAULT_LIMITS: Limits = {
  objectBytes: 65_536,
  object: 65_536,
  depth: 32,
  text: 4_000,
  name: 25,
  action: 25,
};

/**
 * The handout's own figures (`--strict`): 640 characters an object, 500 a text, 15 an action. Four bytes are the most
 * that one character takes, hence the bytes.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(STRICT_LIMITS.text, 500);
 * ```
 */
export const STRICT_LIMITS: Limits = { objectBytes: 4 * 640, object: 640, depth: 32, text: 500, name: 25, action: 15 };

/** Code points of a short text: the reason for a ban, a topic. */
export const SHORT_TEXT = 200;

/** Messages on a page of the past, at most: a client that asks for more gets so many. */
export const MAX_PAGE = 500;

/** What the name of a hook ends with, and no other name. */
export const HOOK_MARK = " (hook)";

/** Code points of the shortest password that an account may have. */
export const MIN_PASSWORD = 8;
