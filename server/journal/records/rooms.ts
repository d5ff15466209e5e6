/** The records about rooms: how a room is called and used, its members and their rights, its pinned messages and hooks. */

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
  /** Of a direct group: it has no effect if there is one of these accounts. */
  readonly isOnly?: boolean;
}

/** How a room is used: whether nobody sees it but its members and those that are invited, and whether only owners write. */
export interface SettingsRecord {
  readonly kind: "settings";
  readonly room: number;
  readonly private: boolean;
  readonly announcements: boolean;
  readonly by: string;
  /** When, in Unix seconds. */
  readonly time?: number;
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
  /** If somebody else has put it out, or has added it to a group: the name that has ordered it, and why. */
  readonly by?: string | undefined;
  readonly reason?: string | undefined;
  /** When, in Unix seconds. A join has no effect if the account may not enter the room then. */
  readonly time?: number;
  /** It only changes the spelling: it has no effect if the account is no member any more. */
  readonly respells?: boolean;
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

/** The records about rooms. */
export type RoomProposal =
  | RoomRecord
  | GroupRecord
  | SettingsRecord
  | InvitationRecord
  | RoomNameRecord
  | ClearingRecord
  | TopicRecord
  | PinRecord
  | RankRecord
  | RestraintRecord
  | MemberRecord
  | HookRecord;
