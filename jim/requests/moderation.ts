/**
 * Orders of operators, and of the owners of a room.
 * @module
 */
import type { Time } from "../time.ts";

/**
 * An operator's order: an extension. It ends a person's connections, bans or mutes the person, or makes an account an
 * operator's; three actions revoke that. With a `room` it is about that room alone, and its owners and moderators may give it.
 *
 * @example
 * ```ts
 * const ban: Moderate = { action: "ban", time: 1764000000, user_id: "eve", until: 1764086400 };
 * ```
 */
export interface Moderate {
  /** Its tag. */
  readonly action: "kick" | "ban" | "unban" | "mute" | "unmute" | "promote" | "demote";
  /** When its sender said it. */
  readonly time: Time;
  /** The target: a name, or for a ban an address instead. */
  readonly user_id?: string;
  /** An address, as the log has it without the port, or a range such as `10.0.0.0/8`; {@linkcode parse} gives its one form. */
  readonly address?: string;
  /** Unix seconds when it ends by itself, a time that a `Date` can hold; never, if there is none. */
  readonly until?: number;
  /** Instead of `until`: in how many seconds it ends. On the wire it is a text such as `"10m"`. */
  readonly for?: number;
  /** What the one it is about is told. */
  readonly reason?: string;
  /** Of a kick, a ban, a mute and their reversal: the room that it is about. */
  readonly room?: string;
}

/**
 * Sets the greeting for all who enter; an empty text removes it. Without a text, asks for it. An extension for operators.
 *
 * @example
 * ```ts
 * const motd: Motd = { action: "motd", time: 1764000000, text: "Lesson 7 begins at ten" };
 * ```
 */
export interface Motd {
  /** Its tag. */
  readonly action: "motd";
  /** When its sender said it. */
  readonly time: Time;
  /** The words. */
  readonly text?: string;
}
