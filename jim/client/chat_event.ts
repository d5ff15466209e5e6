/**
 * What a program gives for a chat, and what it gets of it.
 * @module
 */
import type { Feature } from "../features.ts";
import type { RefusedError } from "./errors.ts";
import type { Answer, Message, ServerEvent } from "./event.ts";
import type { Pauses } from "./reconnect.ts";

/** A name, with a password if it is an account's; or the token of a bot. */
export type Login =
  | { readonly name: string; readonly password?: string }
  | { readonly token: string };

/** A message of somebody, and where to answer it. */
export interface ChatMessage extends Omit<Message, "kind"> {
  /** The room, or the other person. */
  readonly conversation: string;
  /** It is one's own, said on another connection. */
  readonly isOwn: boolean;
}

/** What happens beside messages: what the server tells, and what becomes of the connection. */
export type ChatEvent =
  | Exclude<ServerEvent, Message>
  | { readonly kind: "connected" }
  /** Another attempt is made after so many milliseconds. */
  | { readonly kind: "disconnected"; readonly reason: string; readonly retryIn: number }
  /** A room cannot be joined any more. */
  | { readonly kind: "excluded"; readonly room: string; readonly error: RefusedError };

/** What a chat is. */
export interface SessionOptions {
  readonly login: Login;
  readonly rooms: readonly string[];
  /** The last id that the program knows from an earlier chat. */
  readonly after: number | undefined;
  readonly features: readonly Feature[];
  readonly pauses: Pauses | undefined;
}

/** The answer to a request, with the objects that follow it if it is a list. */
export interface Result extends Answer {
  readonly rows: readonly ServerEvent[];
}

/** What is known of a message that the server has taken. */
export interface Said {
  /** Of a server that tells ids. */
  readonly id: number | undefined;
}
