/**
 * Requests about the sender's own account.
 * @module
 */
import type { Time } from "../time.ts";

/**
 * Gives the sender's account another password, and ends its other sessions: an extension.
 *
 * @example
 * ```ts
 * const change: ChangePassword = {
 *   action: "change_password",
 *   time: 1764000000,
 *   password: "hunter2",
 *   new_password: "correct horse",
 * };
 * ```
 */
export interface ChangePassword {
  /** Its tag. */
  readonly action: "change_password";
  /** When its sender said it. */
  readonly time: Time;
  /** The present one. A secret. */
  readonly password: string;
  /** The one from now on. A secret. */
  readonly new_password: string;
  /** Asks for a session token in the answer: the old ones end. */
  readonly token?: true;
  /** As in an {@linkcode Authenticate}. */
  readonly device?: string;
}

/**
 * Ends one session of the sender's account: an extension.
 *
 * @example
 * ```ts
 * const end: EndSession = { action: "end_session", time: 1764000000, session: "NAR593IWEJ3h" };
 * ```
 */
export interface EndSession {
  /** Its tag. */
  readonly action: "end_session";
  /** When its sender said it. */
  readonly time: Time;
  /** As a row of the list names it. */
  readonly session: string;
}

/**
 * Deletes the sender's account: an extension.
 *
 * @example
 * ```ts
 * const unregister: Unregister = { action: "unregister", time: 1764000000, password: "hunter2" };
 * ```
 */
export interface Unregister {
  /** Its tag. */
  readonly action: "unregister";
  /** When its sender said it. */
  readonly time: Time;
  /** The password of the account. A secret. */
  readonly password: string;
}
