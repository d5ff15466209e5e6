/**
 * The records of the log: their shapes. A new kind needs its type here, its entry in the table of record_kinds.ts and a case in
 * the function that applies records; no backend has to know it.
 *
 * A record's id is its place in the log. The id of an account is that of its record, and so is a room's: neither is ever
 * given again.
 */
import type { Level } from "../../jim/mod.ts";

/** A conversation as the view of messages calls it: `#all`, `#ID` of a room, or two sides as `between` writes them. */
export type Conversation = string;

/** Messages of one conversation in one batch, as they go over the wire: a JSON object a line, each with its id. */
export interface MessageRun {
  readonly kind: "message";
  /** Of the first message. */
  readonly id: number;
  /** The id of the last message. Those between may belong to other runs of the batch. */
  readonly last: number;
  readonly count: number;
  readonly conversation: Conversation;
  readonly lines: Uint8Array;
  /** It is one message, which has a file. A journal that reads it from a log sees it by the line. */
  readonly hasFile?: true;
}

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
}

/** An account or a room is no more, and nothing that belonged to it. */
export interface RemovalRecord {
  readonly kind: "removal";
  /** The id of the account or room. */
  readonly of: number;
  /** The account's own person has ordered it, or the account tool without `--force`: the last operator stays. */
  readonly isOwn?: boolean;
  /** The name of an owner that has removed the room. */
  readonly by?: string;
  /** How the room is called and was called, if an owner has removed it. */
  readonly names?: readonly string[];
  /** When an owner has removed it, in Unix seconds. */
  readonly time?: number;
  /** The members of a private room: nobody else may learn that there was one. */
  readonly users?: readonly number[];
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

/** A room that is new. */
export interface RoomRecord {
  readonly kind: "room";
  readonly name: string;
  /** The account that has made it, its first member; missing if a guest has. */
  readonly by?: number;
  /** That account is its owner. A room from before there were owners has none. */
  readonly owner?: boolean;
}

/**
 * A room that is new, and that nobody sees but its members and those that are invited. With a name it is an invite-only room of the
 * account that has made it; without one it is a direct group, in which all members are alike. An older server, which would show it
 * to everybody, does not know this kind.
 */
export interface GroupRecord {
  readonly kind: "group";
  readonly name?: string;
  readonly by: number;
  /** The accounts that are in it, the one that has made it among them. */
  readonly users: readonly number[];
}

/** How a room is used: whether nobody sees it but its members and those that are invited, and whether only owners write. */
export interface SettingsRecord {
  readonly kind: "settings";
  readonly room: number;
  readonly private: boolean;
  readonly announcements: boolean;
  readonly by: string;
}

/** An account may see and join a room although it is private, or may no more. */
export interface InvitationRecord {
  readonly kind: "invitation";
  readonly account: number;
  readonly room: number;
  readonly is: boolean;
  readonly by: string;
}

/** A room has another name. */
export interface RoomNameRecord {
  readonly kind: "roomname";
  readonly room: number;
  readonly name: string;
  /** The name that it had when this was proposed. */
  readonly before: string;
  /** Names that still lead to it, the latest first. */
  readonly former: readonly string[];
  readonly by: string;
}

/** All messages of a room are deleted: from here on it has another conversation. */
export interface ClearingRecord {
  readonly kind: "clearing";
  readonly room: number;
  readonly by: string;
}

/** A message is pinned in its room, or is no more. */
export interface PinRecord {
  readonly kind: "pin";
  /** Undefined for everybody's room. */
  readonly room?: number;
  /** The id of the message. */
  readonly of: number;
  readonly is: boolean;
  /** The name that has pinned it, and when, in Unix seconds. */
  readonly by: string;
  readonly time: number;
}

/** An account has a rank in a room. It counts while the account is a member, so it is kept when the account leaves. */
export interface RankRecord {
  readonly kind: "rank";
  readonly account: number;
  readonly room: number;
  readonly rank: "owner" | "moderator" | "member";
  /** The name of the account that has ordered it. */
  readonly by: string;
}

/** A name may not come into a room, or may not write there; or may again. Times in Unix seconds. */
export interface RestraintRecord {
  readonly kind: "restraint";
  readonly room: number;
  readonly what: "ban" | "mute";
  /** The key of the name. */
  readonly who: string;
  readonly is: boolean;
  /** When it ends; never, if it is missing. */
  readonly until?: number;
  /** The name that has ordered it, why, and when. */
  readonly by: string;
  readonly reason?: string;
  readonly since: number;
}

/** An account is a member of a room, or is no more. */
export interface MemberRecord {
  readonly kind: "member";
  readonly account: number;
  readonly room: number;
  readonly is: boolean;
  /** How the account spells the room, if not as it is shown. */
  readonly spelling?: string;
  /** If somebody else has put it out: the name that has ordered it, and why. */
  readonly by?: string | undefined;
  readonly reason?: string | undefined;
}

/** A name is in the contacts of an account, or is no more. */
export interface ContactRecord {
  readonly kind: "contact";
  readonly account: number;
  readonly name: string;
  readonly is: boolean;
}

/** A session token, by its SHA-256 in base64url: it lets its owner log in to the account. Times in Unix seconds. */
export interface SessionRecord {
  readonly kind: "session";
  readonly account: number;
  readonly hash: string;
  readonly is: boolean;
  readonly since: number;
  readonly used: number;
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

/** An incoming hook of a room: its token, by its SHA-256 in base64url, says something there. */
export interface HookRecord {
  readonly kind: "hook";
  /** 0: everybody's room. */
  readonly room: number;
  readonly hash: string;
  readonly is: boolean;
  /** What its messages are from. */
  readonly name: string;
  /** The name that has made it, and when, in Unix seconds. */
  readonly by: string;
  readonly since: number;
}

/** An operator has forbidden something, or allows it again. */
export interface BanRecord {
  readonly kind: "ban";
  /** A name or an address that may not come in, a name that may not write. */
  readonly what: "name" | "address" | "mute";
  readonly who: string;
  readonly is: boolean;
  /** Unix seconds when it ends; never, if it is missing. */
  readonly until?: number;
  /** Which operator has ordered it, why, and when in Unix seconds; of an old one nothing is known. */
  readonly by?: string;
  readonly reason?: string;
  readonly since?: number;
}

/** The words that everybody is greeted with. */
export interface MotdRecord {
  readonly kind: "motd";
  readonly text: string;
}

/** What a room is about. */
export interface TopicRecord {
  readonly kind: "topic";
  readonly room: number;
  /** Empty: about nothing. */
  readonly text: string;
  /** The name that set it, and when, in Unix seconds. */
  readonly by: string;
  readonly time: number;
}

/**
 * A server is up, or is gone with all its sessions. It has another id each time it comes up. These and the following records
 * say which sessions are in the chat. An embedded journal stores none of them: its sessions end with its server.
 */
export interface ServerRecord {
  readonly kind: "server";
  /** The id, without a slash. */
  readonly server: string;
  readonly is: boolean;
  /** The name of the machine or program, for operators; the same each time the server comes up. */
  readonly name?: string | undefined;
  /** Its data folder, by a random number: on two machines servers may have one name. */
  readonly home?: number | undefined;
}

/** A session is in the chat, or has another name there. */
export interface EnterRecord {
  readonly kind: "enter";
  readonly server: string;
  /** Its number on that server. */
  readonly session: number;
  /** As it is spelt; an account is shown by its own spelling. */
  readonly name: string;
  /** Undefined for a guest. */
  readonly account?: number | undefined;
  /** The record that set the password which the session gave; after a later one it does not enter. */
  readonly password?: number | undefined;
  /** The sessions that the account may have, this one among them. */
  readonly devices?: number | undefined;
  /** A guest's number among those of the same name, from 1 on; another guest must not have it. */
  readonly guest?: number | undefined;
  /** How the name is shown, if others of that name are connected; otherwise as it is spelt. */
  readonly shown?: string | undefined;
  /** Its program reads no messages. */
  readonly isWriteOnly?: boolean | undefined;
  readonly status?: string | undefined;
  /** The beginning of the hash of the session token that it has logged in with. */
  readonly login?: string | undefined;
}

/** A session is no longer in the chat. */
export interface LeaveRecord {
  readonly kind: "leave";
  readonly server: string;
  readonly session: number;
}

/** A guest is in a room, or is no more. Members with an account have a {@linkcode MemberRecord}. */
export interface AttendRecord {
  readonly kind: "attend";
  readonly server: string;
  readonly session: number;
  readonly room: number;
  readonly is: boolean;
  /** How the guest spells the room, if not as it is shown. */
  readonly spelling?: string | undefined;
  /** If somebody else has put it out: the name that has ordered it, and why. */
  readonly by?: string | undefined;
  readonly reason?: string | undefined;
}

/** An operator closes all sessions with a name, on every server. */
export interface KickRecord {
  readonly kind: "kick";
  readonly name: string;
  readonly reason?: string | undefined;
}

/** The records of who is in the chat. */
export type PresenceProposal = ServerRecord | EnterRecord | LeaveRecord | AttendRecord | KickRecord;

/** All that changes the state, without the place in the log. */
export type StateProposal =
  | AccountRecord
  | RemovalRecord
  | NameRecord
  | PasswordRecord
  | OperatorRecord
  | CursorRecord
  | RoomRecord
  | GroupRecord
  | SettingsRecord
  | InvitationRecord
  | RoomNameRecord
  | ClearingRecord
  | PinRecord
  | RankRecord
  | RestraintRecord
  | MemberRecord
  | ContactRecord
  | SessionRecord
  | ReadRecord
  | LevelRecord
  | StatusRecord
  | HookRecord
  | BanRecord
  | MotdRecord
  | TopicRecord
  | PresenceProposal;

/** A proposal that is in the log, with its place there. */
export type Recorded<Proposal> = { readonly id: number } & Proposal;

export type StateRecord = Recorded<StateProposal>;

/** What was said about an earlier message, and by whom. */
interface EventFields {
  /** Of the message, and so of the event. */
  readonly conversation: Conversation;
  /** The id of the message. */
  readonly of: number;
  /** The addressee, as the event is relayed. */
  readonly to: string;
  /** Who has done it, as relays say it. */
  readonly from: string;
  readonly role?: "account" | "operator";
  readonly guest?: number;
  /** Unix seconds. */
  readonly time: number;
}

/** A message has another text. */
export interface EditRecord extends EventFields {
  readonly kind: "edit";
  readonly text: string;
  /** The text that the message had first. A journal keeps it with the first edit. */
  readonly former?: string;
}

/** A message has no text any more. */
export interface DeletionRecord extends EventFields {
  readonly kind: "deletion";
}

/** Somebody has put an emoji on a message, or taken it away. A later one of the same person and emoji replaces it. */
export interface ReactionRecord extends EventFields {
  readonly kind: "reaction";
  readonly emoji: string;
  readonly is: boolean;
  /** Of the person who reacts; a guest has none. */
  readonly account?: number;
}

/** What is said about a message. It changes no state: it is kept with the messages, and shown with them. */
export type EventProposal = EditRecord | DeletionRecord | ReactionRecord;

export type EventRecord = Recorded<EventProposal>;

/** What a batch may have beside messages. */
export type Proposal = StateProposal | EventProposal;

export type JournalRecord = MessageRun | StateRecord | EventRecord;
