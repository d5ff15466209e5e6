/**
 * The records of presence: which servers are up, and which sessions are in the chat by them. An embedded journal stores none of
 * them: its sessions end with its server.
 */

/**
 * A server is up, or is gone with all its sessions. It has another id each time it comes up.
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

/** A guest is in a room, or is no more. Members with an account have a `MemberRecord`. */
export interface AttendRecord {
  readonly kind: "attend";
  readonly server: string;
  readonly session: number;
  readonly room: number;
  readonly is: boolean;
  /** How the guest spells the room, if not as it is shown. */
  readonly spelling?: string | undefined;
  /** When a guest has requested to join, in Unix seconds. The join has no effect if the guest may not enter the room then. */
  readonly time?: number | undefined;
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
