/**
 * What can be said: every message as one union, tagged by its `action`. These are the shapes inside a program, after
 * {@linkcode parse} has checked them: fields are there or `undefined`, never of another type.
 * @module
 */

/**
 * Unix seconds, fractions welcome; `null` where a peer's own time could not be read, so the reader's clock counts.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const time: Time = null;
 * assert.equal(time ?? 1764000000, 1764000000);
 * ```
 */
export type Time = number | null;

/**
 * "I am here, by this name." The first thing anybody says; said again, it renames a guest.
 *
 * @example
 * ```ts
 * const presence: Presence = {
 *   action: "presence",
 *   time: 1764000000,
 *   user: { account_name: "ann", status: "" },
 * };
 * ```
 */
export interface Presence {
  /** Its tag. */
  readonly action: "presence";
  /** When its sender said it. */
  readonly time: Time;
  /** The name to go by, and what its owner is up to, perhaps nothing. */
  readonly user: { readonly account_name: string; readonly status: string };
}

/**
 * A text for everybody ({@linkcode COMMON}), for a room (`#name`), or for one person.
 *
 * @example
 * ```ts
 * const msg: Msg = { action: "msg", time: 1764000000, to: COMMON, message: "hello" };
 * ```
 */
export interface Msg {
  /** Its tag. */
  readonly action: "msg";
  /** When its sender wrote it. */
  readonly time: Time;
  /** `#all` for the common chat, however its sender spelt that. */
  readonly to: string;
  /** The text, perhaps empty. It may hold anything: make it harmless before it is shown. */
  readonly message: string;
}

/**
 * "Are you there?" A server asks it, and a presence answers; a client may ask it too.
 *
 * @example
 * ```ts
 * const probe: Probe = { action: "probe", time: 1764000000 };
 * ```
 */
export interface Probe {
  /** Its tag. */
  readonly action: "probe";
  /** When its sender asked. */
  readonly time: Time;
}

/**
 * "I am going." The handout's own example has no `time`.
 *
 * @example
 * ```ts
 * const quit: Quit = { action: "quit", time: null };
 * ```
 */
export interface Quit {
  /** Its tag. */
  readonly action: "quit";
  /** When its sender went, `null` where it did not say. */
  readonly time: Time;
}

/**
 * Whatever a client may ask.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * function text(message: Message): string {
 *   return message.action === "msg" ? message.message : ""; // the tag tells which fields there are
 * }
 * assert.equal(text({ action: "quit", time: null }), "");
 * ```
 */
export type Message = Presence | Msg | Probe | Quit;

/**
 * The room that everybody is in, in Hanita's own spelling.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(isCommon(COMMON), true);
 * ```
 */
export const COMMON = "#all";

/** Other spellings of {@linkcode COMMON} that programs use, in lower case. */
const commonly: ReadonlySet<string> = new Set([COMMON, "#chat", "#"]);

/**
 * Whether an addressee is the common chat: `#all`, `#chat` or `#`, in any case.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(isCommon("#ALL"), true);
 * assert.equal(isCommon("#cats"), false);
 * ```
 */
export function isCommon(to: string): boolean {
  return commonly.has(to.toLowerCase());
}

/** The actions that JIM and its late versions name but this Hanita does not perform yet. */
export const unbuilt: ReadonlySet<string> = new Set([
  "authenticate",
  "register",
  "join",
  "leave",
  "get_contacts",
  "add_contact",
  "del_contact",
  "who_online",
]);
