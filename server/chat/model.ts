/** Accounts, rooms and session tokens, as the state keeps them. */
import type { Level } from "../../jim/mod.ts";
import type { GuestPeriod, PinRecord, RestraintRecord, StatusRecord, TopicRecord } from "../journal/records.ts";

/** An account. Only the state writes its fields. */
export interface Account {
  /** The id of its record. It is never used again. */
  readonly id: number;
  /** The spelling that is shown. */
  name: string;
  key: string;
  /** Its part of the names of conversations. */
  readonly side: string;
  /** Salt and hash. */
  password: string;
  /** The password lets nobody in: a login with it must set another one. */
  hasOneTimePassword: boolean;
  /** Password changes since this process started: a check of an old password must fail. */
  revision: number;
  /** The record that set the password. */
  passwordSince: number;
  operator: boolean;
  /** A program's: it logs in by a token alone, which does not expire. */
  readonly isBot: boolean;
  /** The last id before it was registered. */
  readonly since: number;
  /** When it was made, in Unix seconds, if its record says so. */
  readonly madeAt: number | undefined;
  /** The last id that was sent to it. */
  cursor: number;
  /** If a guest registered it: the periods in which the guest was alone with a name. */
  readonly guestPeriods: readonly Required<GuestPeriod>[];
  /** Each room, and how the account spells it. */
  readonly rooms: Map<Room, string>;
  /** Each contact by its key, and the spelling that is shown. */
  readonly contacts: Map<string, string>;
  /** Up to which id it has read each conversation, by the place of a `ReadRecord`; undefined before its first record. */
  reads: Map<string, number> | undefined;
  /** Of which messages it is told, by the places of `LevelRecord`s; undefined without any. */
  levels: Map<string, Level> | undefined;
  /** Undefined if it says nothing. */
  status: Status | undefined;
  /** Session tokens by their hashes. */
  readonly tokens: Map<string, Omit<SessionToken, "account" | "hash">>;
}

/** What an account says of itself. */
export type Status = Pick<StatusRecord, "away" | "emoji" | "text">;

/** A room. Only the state writes its fields. */
export interface Room {
  readonly id: number;
  /** The spelling of its first join, or of its owner who has renamed it. */
  name: string;
  /** Names that it had, the latest first. They lead to it while no other room has them. */
  former: readonly string[];
  /** The conversation. A room made again with the same name has another one, and so has a room after all its messages were deleted. */
  conversation: string;
  /** Nobody sees it but its members and those that are invited. */
  isPrivate: boolean;
  /** It is a direct group: private, and its members are all alike. */
  readonly isGroup: boolean;
  /** Only owners write. */
  isForAnnouncements: boolean;
  readonly members: Set<Account>;
  /** A member spells it differently: each reader's spelling must be looked up. */
  respelt: boolean;
  /** Undefined if it was never set. */
  topic: Topic | undefined;
  /** Owners and moderators by the ids of their accounts. A rank counts while its account is a member. */
  ranks: ReadonlyMap<number, "owner" | "moderator">;
  /** Who may not come in or not write, by kind and the key of the name; some may have expired. */
  restraints: ReadonlyMap<string, Restraint>;
  /** The ids of accounts that may see it and join it although it is private. */
  invited: ReadonlySet<number>;
  /** Pinned messages by their ids, in the order in which they were pinned. */
  pins: ReadonlyMap<number, Pin>;
}

/** Who has pinned a message, and when, in Unix seconds. */
export type Pin = Pick<PinRecord, "by" | "time">;

/** A ban or a mute in one room, by the key of a name. */
export type Restraint = Omit<RestraintRecord, "kind" | "room" | "is">;

/** A topic (may be empty), the name that set it, and when, in Unix seconds. */
export type Topic = Pick<TopicRecord, "text" | "by" | "time">;

/** An incoming hook of a room. Its token is known by its hash. */
export interface Hook {
  readonly hash: string;
  /** Undefined: everybody's room. */
  readonly room: Room | undefined;
  /** What its messages are from. */
  readonly name: string;
  /** The name that has made it, and when, in Unix seconds. */
  readonly by: string;
  readonly since: number;
}

/** A session token, by its hash; times in Unix seconds. */
export interface SessionToken {
  readonly account: Account;
  readonly hash: string;
  /** When it was issued, and when it was last used. */
  readonly since: number;
  readonly used: number;
  /** How the program that logged in names itself or its device. */
  readonly device?: string;
}
