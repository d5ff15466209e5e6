/**
 * Requests about a room: its members and their ranks, its settings, its pins.
 * @module
 */
import type { Time } from "../time.ts";

/**
 * Joins a room, or leaves it. The first join makes the room.
 *
 * @example
 * ```ts
 * const join: RoomRequest = { action: "join", time: 1764000000, room: "#cats" };
 * ```
 */
export interface RoomRequest {
  /** Its tag. */
  readonly action: "join" | "leave";
  /** When its sender said it. */
  readonly time: Time;
  /** The room, its `#` included. */
  readonly room: string;
  /** Of a join: a room that is not there is not made, and the join is refused. */
  readonly create?: false;
  /** Of a join that makes the room: only those may see it and join it that are invited. */
  readonly private?: true;
}

/**
 * The rank of a member in one room. An owner may do all that concerns the room, a moderator keeps order in it.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const rank: Rank = "moderator";
 * assert.ok(RANKS.includes(rank));
 * ```
 */
export type Rank = typeof RANKS[number];

/** All ranks, the highest first. */
export const RANKS = ["owner", "moderator", "member"] as const;

/**
 * Gives a member of a room another rank: an extension for the room's owners.
 *
 * @example
 * ```ts
 * const promotion: RankRequest = { action: "rank", time: 1764000000, room: "#cats", user_id: "bob", rank: "moderator" };
 * ```
 */
export interface RankRequest {
  /** Its tag. */
  readonly action: "rank";
  /** When its sender said it. */
  readonly time: Time;
  /** The room, its `#` included. */
  readonly room: string;
  /** The member's name. */
  readonly user_id: string;
  /** `member` takes a rank away. */
  readonly rank: Rank;
}

/**
 * Changes how a room is used: an extension for its owners. What is left out stays as it is.
 *
 * @example
 * ```ts
 * const change: Configure = { action: "configure", time: 1764000000, room: "#cats", private: true };
 * ```
 */
export interface Configure {
  /** Its tag. */
  readonly action: "configure";
  /** When its sender said it. */
  readonly time: Time;
  /** The room, its `#` included. */
  readonly room: string;
  /** Only those may see it and join it that are invited. */
  readonly private?: boolean;
  /** Only its owners write there. */
  readonly announcements?: boolean;
}

/**
 * Invites an account into a room, or takes that back: an extension for its owners and moderators.
 *
 * @example
 * ```ts
 * const invitation: Invite = { action: "invite", time: 1764000000, room: "#cats", user_id: "bob" };
 * ```
 */
export interface Invite {
  /** Its tag. */
  readonly action: "invite" | "uninvite";
  /** When its sender said it. */
  readonly time: Time;
  /** The room, its `#` included. */
  readonly room: string;
  /** The account's name. */
  readonly user_id: string;
}

/**
 * Gives a room another name: an extension for its owners.
 *
 * @example
 * ```ts
 * const rename: Rename = { action: "rename", time: 1764000000, room: "#cats", name: "#dogs" };
 * ```
 */
export interface Rename {
  /** Its tag. */
  readonly action: "rename";
  /** When its sender said it. */
  readonly time: Time;
  /** The room, its `#` included. */
  readonly room: string;
  /** Its new name, the `#` included. */
  readonly name: string;
}

/**
 * Deletes all messages of a room, or the room: an extension for its owners. Or lists the messages that are pinned in it.
 *
 * @example
 * ```ts
 * const removal: RoomOrder = { action: "remove", time: 1764000000, room: "#cats" };
 * ```
 */
export interface RoomOrder {
  /** Its tag. */
  readonly action: "clear" | "remove" | "pins";
  /** When its sender said it. */
  readonly time: Time;
  /** The room, its `#` included. */
  readonly room: string;
}

/**
 * Pins a message in its room, or unpins it: an extension for the room's owners and moderators.
 *
 * @example
 * ```ts
 * const pin: PinRequest = { action: "pin", time: 1764000000, to: "#cats", id: 1764000000000007, is: true };
 * ```
 */
export interface PinRequest {
  /** Its tag. */
  readonly action: "pin";
  /** When its sender said it. */
  readonly time: Time;
  /** The room, its `#` included. */
  readonly to: string;
  /** The id of the message. */
  readonly id: number;
  /** False to unpin it. */
  readonly is: boolean;
}

/**
 * Makes a direct group of several accounts: an extension. It is a room that nobody else sees.
 *
 * @example
 * ```ts
 * const group: GroupRequest = { action: "group", time: 1764000000, users: ["bob", "eve"] };
 * ```
 */
export interface GroupRequest {
  /** Its tag. */
  readonly action: "group";
  /** When its sender said it. */
  readonly time: Time;
  /** The names of the others. */
  readonly users: readonly string[];
}

/**
 * Lists the members of a room with their ranks, those that are offline too: an extension.
 *
 * @example
 * ```ts
 * const ask: MembersQuery = { action: "members", time: 1764000000, room: "#cats" };
 * ```
 */
export interface MembersQuery {
  /** Its tag. */
  readonly action: "members";
  /** When its sender asked. */
  readonly time: Time;
  /** The room, its `#` included. */
  readonly room: string;
}

/**
 * Sets a room's topic: an extension for its members. An empty text removes it.
 *
 * @example
 * ```ts
 * const topic: Topic = { action: "topic", time: 1764000000, room: "#cats", topic: "Which of them is asleep" };
 * ```
 */
export interface Topic {
  /** Its tag. */
  readonly action: "topic";
  /** When its sender said it. */
  readonly time: Time;
  /** The room, its `#` included. */
  readonly room: string;
  /** One line of at most 200 characters, without white space at its ends. */
  readonly topic: string;
}
