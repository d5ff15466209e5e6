/**
 * Requests for what the server knows: people, rooms, contacts, the past, the traffic.
 * @module
 */
import type { Time } from "../time.ts";

/**
 * A request without details for a list: of the sender's contacts, of unread messages, of its account's sessions, of all that is
 * kept about its account, of the rooms, or, for operators, of the bans or the bots.
 *
 * @example
 * ```ts
 * const ask: Query = { action: "get_contacts", time: 1764000000 };
 * ```
 */
export interface Query {
  /** Its tag. */
  readonly action: "get_contacts" | "rooms" | "unread" | "sessions" | "export" | "bots" | "bans";
  /** When its sender asked. */
  readonly time: Time;
  /** Of bans: those of one room. */
  readonly room?: string;
}

/**
 * A request for the list of people in the whole chat, or in one room.
 *
 * @example
 * ```ts
 * const ask: WhoOnline = { action: "who_online", time: 1764000000, room: undefined };
 * ```
 */
export interface WhoOnline {
  /** Its tag. */
  readonly action: "who_online";
  /** When its sender asked. */
  readonly time: Time;
  /** One room, or everybody. */
  readonly room: string | undefined;
}

/**
 * A request for earlier messages of a room or of a private conversation, oldest first: an extension.
 *
 * @example
 * ```ts
 * const ask: HistoryQuery = { action: "history", time: 1764000000, room: "#all", before: 1764000000000001, limit: 50 };
 * ```
 */
export interface HistoryQuery {
  /** Its tag; a search has a `text`. */
  readonly action: "history" | "search";
  /** When its sender asked. */
  readonly time: Time;
  /** The room, unless it is about a person. */
  readonly room?: string;
  /** The person. */
  readonly with?: string;
  /** Only what came before that id. */
  readonly before?: number;
  /** Only what came after that id; 0 is the beginning. */
  readonly after?: number;
  /** At most so many, 1 to 500. */
  readonly limit: number;
  /** For a search: words that are all in the message; `*` behind one: words that begin so. Left out with `from` only. */
  readonly text?: string;
  /** For a search: the name of the messages' sender. */
  readonly from?: string;
  /** For a search: in all rooms and private conversations of the asker, which then names neither. */
  readonly everywhere?: true;
  /** For a search: with the message before and the one behind each. */
  readonly context?: true;
  /** Messages as they were first said, and what has become of them. */
  readonly events?: true;
}

/**
 * "Show me all that passes": an extension for an operator, or for a program that has the server's token. From the answer
 * on, each object of each connection follows as a `trace`.
 *
 * @example
 * ```ts
 * const inspect: Inspect = { action: "inspect", time: 1764000000, token: "NAR593IWEJ3h" };
 * ```
 */
export interface Inspect {
  /** Its tag. */
  readonly action: "inspect";
  /** When its sender asked. */
  readonly time: Time;
  /** What the server has made at its start; an operator needs none. A secret: show it to nobody. */
  readonly token?: string;
}

/**
 * Adds a person to the sender's contacts, or removes one.
 *
 * @example
 * ```ts
 * const add: ContactRequest = { action: "add_contact", time: 1764000000, user_id: "bob" };
 * ```
 */
export interface ContactRequest {
  /** Its tag. */
  readonly action: "add_contact" | "del_contact";
  /** When its sender said it. */
  readonly time: Time;
  /** The person's name. */
  readonly user_id: string;
}
