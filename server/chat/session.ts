/** A connection as the rules of the chat see it: its name, its account and its rooms, without socket or bytes. */
import type { Account, Room } from "./model.ts";

/** What relays say of their sender beside its name. A guest that is alone with its name has no mark. */
export interface SenderMark {
  readonly role?: "account" | "operator";
  /** Tells apart the connected guests of one name. */
  readonly guest?: number;
}

/** One connection, as the rules of the chat see it. */
export interface Session {
  /** Undefined before presence. */
  name: string | undefined;
  /** The account that it is logged in to. */
  account: Account | undefined;
  /** Whether it is logged in to an account. */
  readonly isLoggedIn: boolean;
  /** Its side of a conversation; undefined before presence. */
  side: string | undefined;
  mark: SenderMark | undefined;
  /** The key of the muted name. It stays when the connection takes another name: each message is checked against it. */
  mutedKey: string | undefined;
  /** The rooms of a guest, with its spellings. An account keeps its own. */
  rooms: Map<Room, string> | undefined;
  /** The contacts of a guest, by key. */
  contacts: Map<string, string> | undefined;
  /** How this connection spells rooms. */
  spellings: Map<Room, string> | undefined;
  /** Its address without the port. Login attempts are limited per address. */
  readonly host: string;
  /** Its program has not shown that it reads more than one object at a time. It gets messages and answers, no notices. */
  readonly bare: boolean;
  /** False for a program that reads nothing but answers. */
  readonly receivesRelays: boolean;
  /** The peer has half-closed and no request is left. Requests are still answered, but do not enter the chat. */
  readonly isInputDone: boolean;
}
