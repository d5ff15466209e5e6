/**
 * Requests to enter the chat, and to leave it.
 * @module
 */
import type { Feature } from "../features.ts";
import type { Time } from "../time.ts";

/**
 * Enters the chat by a name. It is the first request of a connection; later it renames a guest.
 *
 * @example
 * ```ts
 * const presence: Presence = {
 *   action: "presence",
 *   time: 1764000000,
 *   user: { account_name: "ann", status: "" },
 *   features: ["watch", "id"],
 * };
 * ```
 */
export interface Presence {
  /** Its tag. */
  readonly action: "presence";
  /** When its sender said it. */
  readonly time: Time;
  /** The name, `undefined` after a login; and a free text, perhaps empty. */
  readonly user: { readonly account_name: string | undefined; readonly status: string };
  /** What its sender understands beyond plain JIM, from now on: an extension. */
  readonly features?: readonly Feature[];
}

/**
 * Enters the chat by the name and the password of an account.
 *
 * @example
 * ```ts
 * const login: Authenticate = { action: "authenticate", time: 1764000000, user: { account_name: "ann", password: "hunter2" } };
 * ```
 */
export interface Authenticate {
  /** Its tag. */
  readonly action: "authenticate";
  /** When its sender said it. */
  readonly time: Time;
  /** The name, and its secret. */
  readonly user: { readonly account_name: string; readonly password: string };
  /** The password from now on: an extension. A login with a one-time password needs it. */
  readonly new_password?: string;
  /** Asks for a session token in the answer: an extension. */
  readonly token?: true;
  /** The device or program, as the list of the account's sessions names it: an extension. */
  readonly device?: string;
  /** As in a {@linkcode Presence}. */
  readonly features?: readonly Feature[];
}

/**
 * "I have logged in before, and this token proves it": an extension. Counts as presence, too. The name is that of the
 * account that the token was given to.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const again: Resume = { action: "authenticate", time: 1764000000, token: "NAR593IWEJ3h" };
 * const isResume = (message: Authenticate | Resume): message is Resume => !("user" in message);
 * assert.equal(isResume(again), true);
 * ```
 */
export interface Resume {
  /** Its tag, the same as that of a login by password. */
  readonly action: "authenticate";
  /** When its sender said it. */
  readonly time: Time;
  /** The session token from an earlier answer. A secret. */
  readonly token: string;
  /** As in a {@linkcode Presence}. */
  readonly features?: readonly Feature[];
}

/**
 * "Let this name be mine from now on": an extension. Its sender is present under it from then on.
 *
 * @example
 * ```ts
 * const register: Register = { action: "register", time: 1764000000, user: { account_name: "ann", password: "hunter2" } };
 * ```
 */
export interface Register {
  /** Its tag. */
  readonly action: "register";
  /** When its sender said it. */
  readonly time: Time;
  /** The name, and the secret that is to prove it. */
  readonly user: { readonly account_name: string; readonly password: string };
  /** Asks for a session token in the answer. */
  readonly token?: true;
  /** As in an {@linkcode Authenticate}. */
  readonly device?: string;
  /** As in a {@linkcode Presence}. */
  readonly features?: readonly Feature[];
}

/**
 * Asks whether the other side is alive. A client answers a server's probe with a presence; a client may send one too.
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
 * Ends the connection. The handout's own example has no `time`.
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
 * "I am going, and this device is to log in by itself no more": an extension. The token is of no use from then on.
 *
 * @example
 * ```ts
 * const logout: Logout = { action: "logout", time: 1764000000, token: "NAR593IWEJ3h" };
 * ```
 */
export interface Logout {
  /** Its tag. */
  readonly action: "logout";
  /** When its sender said it. */
  readonly time: Time;
  /** Which token; unless given, the one that this connection was given or has logged in with. */
  readonly token?: string;
}
