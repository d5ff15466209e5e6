/**
 * Messages in a conversation, and what is done with them; who reads and types there.
 * @module
 */
import type { Time } from "../time.ts";

/**
 * A text for everybody ({@linkcode COMMON_ROOM}), for a room (`#name`), or for one person.
 *
 * @example
 * ```ts
 * const msg: Msg = { action: "msg", time: 1764000000, to: "#all", message: "hello" };
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
  /** The id of the message of the same conversation that it answers: an extension. */
  readonly reply_to?: number;
  /** A file that comes with it, by the `upload` in the answer to an {@linkcode Upload}: an extension. */
  readonly file?: string;
}

/**
 * Announces a file, for a message to follow: an extension. The bytes are sent by HTTP.
 *
 * @example
 * ```ts
 * const upload: Upload = { action: "upload", time: 1764000000, to: "#all", name: "cat.png", size: 70 };
 * ```
 */
export interface Upload {
  /** Its tag. */
  readonly action: "upload";
  /** When its sender said it. */
  readonly time: Time;
  /** The addressee of the message, as in a {@linkcode Msg}. */
  readonly to: string;
  /** The name of the file, without a folder. */
  readonly name: string;
  /** Its bytes, at least 1. */
  readonly size: number;
  /** Their SHA-256, 64 hexadecimal digits in lower case, if the sender wants it to be compared. */
  readonly sha256?: string;
}

/**
 * Gives an own message another text: an extension.
 *
 * @example
 * ```ts
 * const edit: Edit = { action: "edit", time: 1764000000, to: "#all", id: 1764000000000007, message: "hello" };
 * ```
 */
export interface Edit {
  /** Its tag. */
  readonly action: "edit";
  /** When its sender said it. */
  readonly time: Time;
  /** The addressee of the message, as in a {@linkcode Msg}. */
  readonly to: string;
  /** The id of the message. */
  readonly id: number;
  /** Its new text. It is empty only if the message has a file. */
  readonly message: string;
}

/**
 * Takes the text of a message away: an extension. An operator may do so with anybody's message in a room.
 *
 * @example
 * ```ts
 * const deletion: Delete = { action: "delete", time: 1764000000, to: "#all", id: 1764000000000007 };
 * ```
 */
export interface Delete {
  /** Its tag. */
  readonly action: "delete";
  /** When its sender said it. */
  readonly time: Time;
  /** The addressee of the message, as in a {@linkcode Msg}. */
  readonly to: string;
  /** The id of the message. */
  readonly id: number;
}

/**
 * Puts an emoji on a message, or takes it away: an extension.
 *
 * @example
 * ```ts
 * const react: React = { action: "react", time: 1764000000, to: "#all", id: 1764000000000007, emoji: "\u{1F44D}", is: true };
 * ```
 */
export interface React {
  /** Its tag. */
  readonly action: "react";
  /** When its sender said it. */
  readonly time: Time;
  /** The addressee of the message, as in a {@linkcode Msg}. */
  readonly to: string;
  /** The id of the message. */
  readonly id: number;
  /** One emoji, as it is fully qualified in Unicode. */
  readonly emoji: string;
  /** False to take it away. */
  readonly is: boolean;
}

/**
 * Says up to which message the sender has read a conversation, on all devices: an extension for accounts.
 *
 * @example
 * ```ts
 * const read: Read = { action: "read", time: 1764000000, to: "#all", id: 1764000000000007 };
 * ```
 */
export interface Read {
  /** Its tag. */
  readonly action: "read";
  /** When its sender said it. */
  readonly time: Time;
  /** The room or the person, as in a {@linkcode Msg}. */
  readonly to: string;
  /** The id of the last message that was read. */
  readonly id: number;
}

/**
 * Which messages of a conversation an account is told about.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const level: Level = "mentions";
 * assert.ok(LEVELS.includes(level));
 * ```
 */
export type Level = typeof LEVELS[number];

/** All levels. `default` is what a client does where nothing was chosen. */
export const LEVELS = ["all", "mentions", "none", "default"] as const;

/**
 * Says which messages of a conversation the sender is told about, on all devices: an extension for accounts.
 *
 * @example
 * ```ts
 * const quiet: Notify = { action: "notify", time: 1764000000, to: "#cats", level: "none" };
 * ```
 */
export interface Notify {
  /** Its tag. */
  readonly action: "notify";
  /** When its sender said it. */
  readonly time: Time;
  /** The room or the person, as in a {@linkcode Msg}. */
  readonly to: string;
  /** Of which messages its client tells. */
  readonly level: Level;
}

/**
 * Says that the sender is writing a message, or no more: an extension. It is kept nowhere.
 *
 * @example
 * ```ts
 * const typing: Typing = { action: "typing", time: 1764000000, to: "#all", is: true };
 * ```
 */
export interface Typing {
  /** Its tag. */
  readonly action: "typing";
  /** When its sender said it. */
  readonly time: Time;
  /** The addressee of the message, as in a {@linkcode Msg}. */
  readonly to: string;
  /** False when it is no more written. */
  readonly is: boolean;
}

/**
 * Sets what the sender does or where it is, whole: an extension for accounts. What is missing is removed.
 *
 * @example
 * ```ts
 * const status: Status = { action: "status", time: 1764000000, away: true, emoji: "\u{1F35D}", status: "at lunch" };
 * ```
 */
export interface Status {
  /** Its tag. */
  readonly action: "status";
  /** When its sender said it. */
  readonly time: Time;
  /** It does not answer for now. */
  readonly away: boolean;
  /** One emoji, as it is fully qualified in Unicode. */
  readonly emoji?: string;
  /** One line of at most 200 characters, perhaps empty. */
  readonly status: string;
}
