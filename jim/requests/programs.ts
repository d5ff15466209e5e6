/**
 * Requests about programs in the chat: bots, and incoming hooks.
 * @module
 */
import type { Time } from "../time.ts";

/**
 * Makes a bot, an account that a program logs in to by the token of the answer; gives one another token, which ends the former
 * one; or removes one. An extension for operators.
 *
 * @example
 * ```ts
 * const add: BotRequest = { action: "add_bot", time: 1764000000, user_id: "helper" };
 * ```
 */
export interface BotRequest {
  /** Its tag. */
  readonly action: "add_bot" | "bot_token" | "del_bot";
  /** When its sender said it. */
  readonly time: Time;
  /** The name of the bot. */
  readonly user_id: string;
}

/**
 * Makes an incoming hook of a room: whatever has the token of the answer says something there, without an account. An extension
 * for owners of the room, and for operators.
 *
 * @example
 * ```ts
 * const add: AddHook = { action: "add_hook", time: 1764000000, room: "#lesson7", name: "ci" };
 * ```
 */
export interface AddHook {
  /** Its tag. */
  readonly action: "add_hook";
  /** When its sender said it. */
  readonly time: Time;
  /** The room, or `#all`. */
  readonly room: string;
  /** What its messages are from: `ci (hook)`. */
  readonly name: string;
}

/**
 * Lists the hooks of a room.
 *
 * @example
 * ```ts
 * const ask: HookQuery = { action: "hooks", time: 1764000000, room: "#lesson7" };
 * ```
 */
export interface HookQuery {
  /** Its tag. */
  readonly action: "hooks";
  /** When its sender asked. */
  readonly time: Time;
  /** The room, or `#all`. */
  readonly room: string;
}

/**
 * Removes a hook: its token is of no use any more.
 *
 * @example
 * ```ts
 * const del: DeleteHook = { action: "del_hook", time: 1764000000, room: "#lesson7", hook: "q1YyXfAZ3nVb" };
 * ```
 */
export interface DeleteHook {
  /** Its tag. */
  readonly action: "del_hook";
  /** When its sender said it. */
  readonly time: Time;
  /** The room, or `#all`. */
  readonly room: string;
  /** As a row of the list names it. */
  readonly hook: string;
}

/**
 * Says something by a hook, without a presence. `POST /hooks/TOKEN` does the same.
 *
 * @example
 * ```ts
 * const say: HookMessage = { action: "hook", time: 1764000000, token: "NAR593IWEJ3h", message: "The build is done" };
 * ```
 */
export interface HookMessage {
  /** Its tag. */
  readonly action: "hook";
  /** When its sender said it. */
  readonly time: Time;
  /** The hook's own. A secret. */
  readonly token: string;
  /** The text. */
  readonly message: string;
}
