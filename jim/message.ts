/**
 * What can be said: every message as one union, tagged by its `action`. These are the shapes inside a program, after
 * {@linkcode parse} has checked them: fields are there or `undefined`, never of another type.
 * @module
 */

/** Unix seconds, fractions welcome; `null` where a peer's own time could not be read, so the reader's clock counts. */
export type Time = number | null;

/** "I am here, by this name." The first thing anybody says; said again, it renames a guest. */
export interface Presence {
  readonly action: "presence";
  readonly time: Time;
  readonly user: { readonly account_name: string; readonly status: string };
}

/** A text for everybody ({@linkcode COMMON}), for a room (`#name`), or for one person. */
export interface Msg {
  readonly action: "msg";
  readonly time: Time;
  /** `#all` for the common chat, however its sender spelt that. */
  readonly to: string;
  readonly message: string;
}

/** "Are you there?" A server asks it, and a presence answers; a client may ask it too. */
export interface Probe {
  readonly action: "probe";
  readonly time: Time;
}

/** "I am going." The handout's own example has no `time`. */
export interface Quit {
  readonly action: "quit";
  readonly time: Time;
}

/** Whatever a client may ask. */
export type Message = Presence | Msg | Probe | Quit;

/** The room that everybody is in, in Hanita's own spelling. */
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
