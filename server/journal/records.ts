/**
 * All that may be in the log. What the records of each kind say is in the files of records/. A new kind needs its type there, its
 * entry in the table of record_kinds.ts and a case in the function that applies records; no backend has to know it.
 *
 * A record's id is its place in the log. The id of an account is that of its record, and so is a room's: neither is ever
 * given again.
 */
import type { Conversation } from "./conversation.ts";
import type { AccountProposal } from "./records/accounts.ts";
import type { RoomProposal } from "./records/rooms.ts";
import type { PresenceProposal } from "./records/presence.ts";
import type { EventProposal } from "./records/events.ts";

export type { Conversation } from "./conversation.ts";
export type * from "./records/accounts.ts";
export type * from "./records/rooms.ts";
export type * from "./records/presence.ts";
export type * from "./records/events.ts";

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

/** All that changes the state, without the place in the log. */
export type StateProposal = AccountProposal | RoomProposal | RemovalRecord | BanRecord | MotdRecord | PresenceProposal;

/** A proposal that is in the log, with its place there. */
export type Recorded<Proposal> = { readonly id: number } & Proposal;

export type StateRecord = Recorded<StateProposal>;

export type EventRecord = Recorded<EventProposal>;

/** What a batch may have beside messages. */
export type Proposal = StateProposal | EventProposal;

export type JournalRecord = MessageRun | StateRecord | EventRecord;
