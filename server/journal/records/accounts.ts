/** The records about accounts: the name of one, how it logs in, and what is kept for it. */
import type { Level } from "../../../jim/mod.ts";

/** Ids between which a guest was the only one by its name. */
export interface GuestPeriod {
  readonly name: string;
  /** Exclusive. */
  readonly after: number;
  /** Inclusive; without it the period ends with the record. */
  readonly last?: number;
}

/** An account that is new, with what its guest had before. */
export interface AccountRecord {
  readonly kind: "account";
  /** The spelling that is shown. */
  readonly name: string;
  /** Salt and hash. */
  readonly password: string;
  /** The password is for the first login only, at which another one must be set. */
  readonly oneTime?: boolean;
  readonly operator: boolean;
  /** A program's: it logs in by a token alone, which does not expire. */
  readonly bot?: boolean;
  /**
   * The last id that was sent to this person; messages up to it were not said to this account. Its own id if that is missing:
   * then nothing that was said before was.
   */
  readonly seen?: number;
  /** The last id there was when it was made; its own if that is missing. */
  readonly since?: number;
  /** For a guest that registers: when it was the only guest by each of its names, the oldest first. */
  readonly guestPeriods?: readonly GuestPeriod[];
  /** Rooms by their ids, and how the account spells them. */
  readonly rooms?: readonly { readonly room: number; readonly spelling: string }[];
  readonly contacts?: readonly string[];
  /** When it was made, in Unix seconds. */
  readonly time?: number;
}

/**
 * An account has another name. Contacts are kept by names: those of others are changed by records of their own, in the same
 * batch.
 */
export interface NameRecord {
  readonly kind: "name";
  readonly account: number;
  readonly name: string;
}

/** An account has another password; its sessions end. */
export interface PasswordRecord {
  readonly kind: "password";
  readonly account: number;
  readonly password: string;
  /** It is for one login only, at which another one must be set. */
  readonly oneTime?: boolean;
}

/** An account is an operator's, or is no more. */
export interface OperatorRecord {
  readonly kind: "operator";
  readonly account: number;
  readonly is: boolean;
  /** The account that has ordered it; without one it was the account tool. */
  readonly by?: number;
  /** The last operator stays: two tools may demote the last two at once. */
  readonly keepsOne?: boolean;
}

/** The last id that was sent to an account. */
export interface CursorRecord {
  readonly kind: "cursor";
  readonly account: number;
  readonly last: number;
}

/** A name is in the contacts of an account, or is no more. */
export interface ContactRecord {
  readonly kind: "contact";
  readonly account: number;
  readonly name: string;
  readonly is: boolean;
}

/**
 * A session token, by its SHA-256 in base64url: it lets its owner log in to the account. It is made, used, or ended. Times in Unix
 * seconds.
 */
export interface SessionRecord {
  readonly kind: "session";
  readonly account: number;
  readonly hash: string;
  readonly is: boolean;
  readonly since: number;
  /** The last use; of a new token the same as `since`. */
  readonly used: number;
  /** Of a new token: the id of the record that set the password of the login. After a later password it is not made. */
  readonly password?: number;
  /** How the program that logged in names itself or its device. */
  readonly device?: string;
}

/**
 * An account has read a conversation up to an id. It is recorded some seconds later, for many at once: each message that is read
 * would be a write to the disk otherwise.
 */
export interface ReadRecord {
  readonly kind: "read";
  readonly account: number;
  /** `#all`, `#ID` of a room, or the side of the other person; empty for all conversations that have no record. */
  readonly place: string;
  /** 0 removes the record of a place. */
  readonly last: number;
}

/** Which messages of a conversation an account is told about, on all its devices. */
export interface LevelRecord {
  readonly kind: "level";
  readonly account: number;
  /** As in a {@linkcode ReadRecord}. */
  readonly place: string;
  /** `default` removes the record of a place. */
  readonly level: Level;
}

/** What an account says of itself: whether it is away, an emoji, a text. */
export interface StatusRecord {
  readonly kind: "status";
  readonly account: number;
  readonly away: boolean;
  readonly emoji?: string;
  readonly text: string;
}

/** The records about accounts. */
export type AccountProposal =
  | AccountRecord
  | NameRecord
  | PasswordRecord
  | OperatorRecord
  | CursorRecord
  | ContactRecord
  | SessionRecord
  | ReadRecord
  | LevelRecord
  | StatusRecord;
