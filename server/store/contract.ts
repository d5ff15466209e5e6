/**
 * What survives a restart: the journal of messages, and who is who. The rest of the server knows this contract and no SQL.
 * Small things (accounts, rooms, contacts) are read once at the start and kept in memory by the chat, which puts each
 * change here; messages are too many for that, and are found by the page and read by the slice.
 *
 * What a store over a network could not do at once may be a promise; the embedded one answers at once and costs no turn.
 */

import { LocalizedError } from "../../cli/language.ts";
import type { Soon } from "./soon.ts";

export type { Soon };

/** Where a message belongs: `#all`, a room in its stored spelling, or two people as `between` writes them. */
export type Conversation = string;

/** Relays of one conversation, as they go over the wire: one JSON object a line, in plain JIM, each with its id. */
export interface Lines {
  readonly conversation: Conversation;
  readonly first: number;
  readonly last: number;
  readonly count: number;
  readonly bytes: Uint8Array;
}

/** Which messages to look up. Ids are exclusive bounds. With neither bound, the latest. */
export interface Query {
  readonly conversation: Conversation;
  readonly before?: number;
  readonly after?: number;
  /** 1 to 500. */
  readonly limit: number;
  /** Words that must all be in the text, for a search. */
  readonly text?: string;
}

/** A room in a member's spelling. */
export interface Joined {
  /** As it is stored. */
  readonly room: string;
  readonly spelling: string;
}

/** Ids between which a guest was the only one by its name. */
export interface GuestPeriod {
  readonly name: string;
  /** Exclusive. */
  readonly after: number;
  /** Inclusive. */
  readonly last: number;
}

/** An account that does not exist yet. */
export interface NewAccount {
  /** The spelling that is shown. */
  readonly name: string;
  /** Salt and hash, which the store does not look into. */
  readonly password: string;
  readonly operator: boolean;
  /** The last id that this person was sent; messages up to it were not said to this account. */
  readonly seen: number;
  /** For a guest that registers: when it was the only guest by each of its names, the oldest first. */
  readonly guestPeriods?: readonly GuestPeriod[];
  /** What that guest has already. */
  readonly rooms?: readonly Joined[];
  readonly contacts?: readonly string[];
}

export interface Account extends Required<Omit<NewAccount, "rooms" | "contacts">> {
  /** A number that is never given to another account. */
  readonly id: number;
  /** The last id there was when the account was made. */
  readonly since: number;
}

/** What can be changed of an account; what is left out stays. */
export type AccountChange = Partial<Pick<Account, "name" | "password" | "operator">>;

/** Why an account was not changed: it has been removed; another one has the name; no operator would be left. */
export type Unchanged = "removed" | "taken" | "last operator";

/** Something that an operator has forbidden. */
export interface Ban {
  /** A name or an address that may not come in, a name that may not write. */
  readonly kind: "name" | "address" | "mute";
  /** The name's key, or the address. */
  readonly who: string;
  /** Unix seconds when it ends; `Infinity` for never. */
  readonly until: number;
  /** Which operator has ordered it, why, and when, in Unix seconds; of an old one nothing is known. */
  readonly by?: string | undefined;
  readonly reason?: string | undefined;
  readonly since?: number | undefined;
}

/** What is stored of a session token, which logs in without a password. Only the client has the token itself. */
export interface SessionToken {
  /** SHA-256 of the token, in base64url. */
  readonly hash: string;
  /** The account's id. */
  readonly account: number;
  /** When it was given, and last used, in Unix seconds. */
  readonly since: number;
  readonly used: number;
}

/** An account, and how it spells the room that it is in. */
export interface Member {
  readonly account: number;
  readonly spelling: string;
}

/** All that the chat keeps in memory. */
export interface Snapshot {
  readonly accounts: readonly Account[];
  /** Every room, and the accounts that are its members. */
  readonly rooms: readonly { readonly name: string; readonly members: readonly Member[] }[];
  readonly contacts: readonly { readonly owner: number; readonly name: string }[];
  readonly bans: readonly Ban[];
  readonly tokens: readonly SessionToken[];
  /** The words that everybody is greeted with. */
  readonly motd: string;
  /** The largest id ever given out. */
  readonly lastId: number;
}

/** The store could not do it: the disk is full, the database locked or damaged. Nothing of the call has been kept. */
export class StoreFailure extends Error {
  override name = "StoreFailure";
}

/** There is a database that cannot be used: the message says why, in one line. */
export class StoreRefused extends LocalizedError {
  override name = "StoreRefused";
}

/** Every method throws (or rejects with) {@linkcode StoreFailure} when the store fails; it may work again later. */
export interface Store {
  snapshot(): Snapshot;
  /** Keeps the messages of a turn, all or none, in one commit. */
  commit(lines: readonly Lines[]): Soon<void>;
  /** The ids of a page of messages, oldest first: of the earliest ones if `after` is given, else of the latest. */
  find(query: Query): Soon<readonly number[]>;
  /**
   * Some messages of a conversation by their ids, which ascend: each a line without its newline, undefined where there is
   * no such message any more. A page may be larger than memory, so whoever reads it asks for a few at a time.
   */
  read(conversation: Conversation, ids: readonly number[]): Soon<readonly (Uint8Array | undefined)[]>;
  /** The conversations of one side with one person in which anything was said after an id. */
  conversations(side: string, after: number): Soon<readonly Conversation[]>;
  /**
   * Adds an account. It replaces nothing: undefined when there is one by the same canonical name, which another program may
   * have added a moment ago.
   */
  putAccount(account: NewAccount): Account | undefined;
  /**
   * Changes an account. With a password its session tokens end; with a name the contacts of others have that one, and so have
   * its bans and mutes. Two programs may do so at once: what stands in the way is looked for as the change is made.
   *
   * @param keepOperator do not, if no operator would be left
   * @returns why it is not changed, or nothing
   */
  changeAccount(id: number, change: AccountChange, keepOperator?: boolean): Unchanged | undefined;
  /**
   * Forgets an account with its memberships, contacts and tokens; nobody can read its private messages any more. Nothing
   * happens if there is none.
   *
   * @param keepOperator as for {@linkcode changeAccount}
   */
  removeAccount(id: number, keepOperator?: boolean): Unchanged | undefined;
  putRoom(name: string): void;
  /** Forgets rooms with their memberships; nobody can read any more what was said there. */
  removeRooms(names: readonly string[]): void;
  /** @param spelling how the account spells the room */
  putMember(room: string, account: number, spelling?: string): void;
  removeMember(room: string, account: number): void;
  putContact(owner: number, name: string): void;
  removeContact(owner: number, name: string): void;
  putBan(ban: Ban): void;
  removeBan(kind: Ban["kind"], who: string): void;
  putMotd(text: string): void;
  putToken(token: SessionToken): void;
  /** Notes that tokens were used at that time, in Unix seconds. One that has ended meanwhile stays so. */
  useTokens(hashes: readonly string[], used: number): void;
  removeTokens(hashes: readonly string[]): void;
  /** Notes the last ids that accounts were sent, by their ids, many at once: it is asked for about once a second. */
  putSeen(seen: ReadonlyMap<number, number>): void;
  /**
   * Does a little of what can wait, such as the search index and the pruning of old messages, for about `milliseconds`.
   * Returns whether there is more to do.
   */
  tend(milliseconds: number): boolean;
  /** Whether another program, such as the account tool, has changed anything since this was last asked. */
  changed(): boolean;
  /** The last call. A promise if the disk is still at work. */
  close(): Soon<void>;
}
