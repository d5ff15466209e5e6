/**
 * What a server sends, as typed events. `read_event.ts` makes them of its objects.
 * @module
 */
import type { SharedFile } from "../dialects/dialect.ts";
import type { Level } from "../message.ts";
import type { ListedBan } from "./ban.ts";
import type { Fields } from "./fields.ts";
import type { RoomEvent, RoomFields } from "./room_event.ts";

/** One object from a server. */
export type ServerEvent =
  | Message
  | About
  | Answer
  | ListRow
  | RoomEvent
  | SessionRow
  /** Somebody is here now, or gone; `status` is that person's own free text. */
  | {
    readonly kind: "presence";
    readonly name: string;
    readonly status: string;
    readonly gone: boolean;
    readonly role?: Role;
  }
  /** Somebody has entered a room, or left it. */
  | {
    readonly kind: "membership";
    readonly room: string;
    readonly name: string;
    readonly entered: boolean;
    readonly role?: Role;
  }
  /** What a room is about from now on, and the name that has said so; nothing, if it is empty. */
  | { readonly kind: "topic"; readonly room: string; readonly topic: string; readonly by: string }
  /** The account has read a conversation up to an id on another device. */
  | { readonly kind: "read"; readonly to: string; readonly id: number }
  /** The account has chosen on another device of which messages of a conversation it is told. */
  | { readonly kind: "notify"; readonly to: string; readonly level: Level }
  /** Somebody is writing a message, or no more. */
  | Writing
  /** What somebody says of itself from now on. */
  | { readonly kind: "status"; readonly name: string; readonly status: PersonStatus }
  /** A text to everybody, that the server closes, say; or to this client, which has another name from now on. */
  | {
    readonly kind: "notice";
    readonly words: string;
    readonly name?: string;
    readonly role?: Role;
    /** The server stops, and others of its chat go on. */
    readonly move?: true;
  }
  /** The server asks whether the client is there. */
  | { readonly kind: "probe" }
  | Unknown;

/** What a person is to the server: a guest's name is proved by nobody. */
export type Role = "guest" | "account" | "operator";

/** What a server says of a person; of a sender nothing means a guest, or a message from before there were roles. */
export interface Standing {
  readonly role?: Role;
  /** Which of the guests by one name it is. */
  readonly guest?: number;
  /** How many guests go by the name. */
  readonly guests?: number;
  /** It is a program's account. */
  readonly isBot?: true;
}

/** A message, live or a row of the past. */
export interface Message extends Standing {
  readonly kind: "message";
  readonly from: string;
  /** A room or a person; `undefined` where the server does not say. */
  readonly to: string | undefined;
  readonly text: string;
  /** Unix seconds as the sender wrote them, even if no `Date` holds them; `undefined` if they are no time. */
  readonly time: number | undefined;
  /** Grows from message to message. Home-made servers have none. */
  readonly id: number | undefined;
  /** The id of the message that it answers. */
  readonly replyTo?: number;
  /** The file that comes with it. */
  readonly file?: SharedFile;
  /** When its text was last changed, in Unix seconds. */
  readonly edited?: number;
  /** Its text was taken away. */
  readonly isDeleted?: true;
  /** The first kind first. */
  readonly reactions?: readonly Reaction[];
  /** A search has not found it: it is before a message that was found, or behind one. */
  readonly isContext?: true;
  /** The account was not here when it was said: the server sends it at the login. */
  readonly isReplayed?: true;
}

/** One kind of emoji on a message: how many people have put it there, and the names of the first of them. */
export interface Reaction {
  readonly emoji: string;
  readonly count: number;
  readonly names: readonly string[];
}

/** What somebody has done with an earlier message. */
export interface About extends Standing {
  readonly kind: "about";
  /** Its own number: it is in one order with the ids of messages. */
  readonly id: number | undefined;
  /** Unix seconds. */
  readonly time: number | undefined;
  readonly action: "edit" | "delete" | "reaction";
  readonly from: string;
  readonly to: string | undefined;
  /** The id of the message. */
  readonly of: number;
  /** Of an edit the new text, of a reaction the emoji. */
  readonly text: string;
  /** False of a reaction that is taken away. */
  readonly is: boolean;
}

/** Somebody is writing a message, or no more. */
export interface Writing extends Standing {
  readonly kind: "typing";
  readonly from: string;
  readonly to: string;
  readonly is: boolean;
}

/** What somebody says of itself. */
export interface PersonStatus {
  readonly away: boolean;
  /** Empty if there is none. */
  readonly emoji: string;
  readonly text: string;
}

/** How far an account has read a conversation. */
export interface UnreadCount {
  /** The last id that it has read. */
  readonly read: number;
  /** Messages of others behind it, and those that mention the account. */
  readonly unread: number;
  readonly mentions: number;
  /** The last id that was counted. */
  readonly last: number;
}

/** The answer to a request: answers come in the order of the requests. */
export interface Answer {
  readonly kind: "answer";
  readonly code: number | undefined;
  readonly words: string;
  readonly refused: boolean;
  /** The server takes many objects at once. */
  readonly jim: boolean;
  /** So many rows follow; `undefined` if it is no list. */
  readonly quantity: number | undefined;
  /** An operator has ended the connection. */
  readonly kicked?: true;
  /** The password is for the first login only: the login needs a new one. */
  readonly isOneTime?: true;
  /** What the client is, in the answer to its presence or login. */
  readonly role?: Role;
  /** The client's name, where the server spells it otherwise. */
  readonly name?: string;
  /** A session token. */
  readonly token?: string;
  /** The id of the message that it answers. */
  readonly id?: number;
  /** The file of the message that it answers. */
  readonly file?: SharedFile;
  /** By it the bytes of a file are sent, in the answer to an upload. */
  readonly upload?: string;
  /** Bytes that a file may have, in the answer to a presence that names the feature `files`; 0: there are none. */
  readonly fileLimit?: number;
  /** The greeting, in the answer to an operator that has asked for it. */
  readonly text?: string;
  /** What everybody may do, in the answer to a presence that names the feature `rules`. */
  readonly rules?: Rules;
  /** The room that a group is; and the present name of a room that was joined by a former one. */
  readonly room?: string;
}

/** What a server lets everybody do: make an account, and enter as a guest. */
export interface Rules {
  readonly registration: boolean;
  readonly guests: boolean;
}

/** A row of a list: a person, or a room and whether the client is in it, or a ban. */
export interface ListRow extends Standing {
  readonly kind: "row";
  readonly name: string;
  readonly member: boolean;
  /** What the room is about. */
  readonly topic?: string;
  readonly ban?: ListedBan;
  readonly room?: RoomFields;
  readonly status?: PersonStatus;
  readonly count?: UnreadCount;
  /** Of which messages of the conversation the account is told, if it has chosen. */
  readonly level?: Level;
}

/** A session of one's own account. Times in Unix seconds. */
export interface SessionRow {
  readonly kind: "session";
  /** By which it can be ended. */
  readonly id: string;
  readonly device?: string;
  readonly since?: number;
  readonly seen?: number;
  /** Open connections. */
  readonly connections: number;
  /** It is the session of this connection. */
  readonly isCurrent: boolean;
}

/** An object that this client does not know, of a newer server perhaps; or one without what it needs. */
export interface Unknown {
  readonly kind: "unknown";
  /** Empty if there is none. */
  readonly action: string;
  /** Its place among the messages, if it is a row of the past. */
  readonly id: number | undefined;
  readonly fields: Fields;
}

/**
 * Unix seconds as milliseconds, to the thousandth; `undefined` for what is no time, or one that no `Date` holds.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual([2.5, 1.000001, 1e300, undefined].map(milliseconds), [2500, 1000.001, undefined, undefined]);
 * ```
 */
export function milliseconds(time: number | undefined): number | undefined {
  const read = Math.round((time ?? NaN) * 1e6) / 1000;
  return Number.isNaN(new Date(read).getTime()) ? undefined : read;
}
