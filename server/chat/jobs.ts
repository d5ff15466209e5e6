/** Requests for work that takes longer than a turn of the loop: hashing a password, reading the history. And the results. */
import type { Conversation, EventsAbout, Reacting, Soon, StoredMessage } from "../journal/contract.ts";
import type { Level, SharedFile } from "../../jim/mod.ts";
import type { AnnouncedFile, FileDenial } from "../uploads/announced.ts";
import type { Account } from "./state.ts";

/** Work with a result in a later turn. */
export type Job =
  /** Checks the password of an account. Without an account the result is false, after the same time. */
  | { kind: "check"; password: string; name: string; account: number | undefined }
  /** Checks the token of the running server. */
  | { kind: "token"; token: string }
  /** Waits as long as the check of a wrong password: a session token was wrong. */
  | { kind: "guess" }
  /** Makes the hash of a new password. */
  | { kind: "hash"; password: string; name: string }
  | {
    kind: "page";
    conversation: string;
    before?: number;
    after?: number;
    limit: number;
    text?: string;
    /** The sender's name, of a search. */
    from?: string;
    /** With the message before and the one behind each that is found. */
    context?: boolean;
    /** All of these conversations are searched, and the private ones of an account. */
    everywhere?: {
      readonly rooms: readonly Conversation[];
      /** How their reader spells those that it, or their lines, spell otherwise. */
      readonly spellings: ReadonlyMap<Conversation, string>;
      readonly account: Account | undefined;
    };
    /** Messages as they were first said, and the events about them. */
    events?: boolean;
    known: KnownFeatures;
    /** The addressee in the reader's spelling, for the placeholder of a message that no longer exists. */
    to: string;
    /** Parts of other conversations that belong on the same page. */
    also?: readonly Part[];
  }
  /** Announces a file, for an account or the guests of a network. */
  | { kind: "upload"; file: AnnouncedFile; account: number | undefined }
  /** Finds the file of an upload, for a message. */
  | { kind: "attach"; upload: string }
  /** Finds a message by its id. */
  | { kind: "message"; conversation: string; id: number; asked?: Reacting | undefined }
  /** Finds which of some messages of a conversation, by their ids, are kept and not deleted. */
  | { kind: "kept"; conversation: string; ids: readonly number[] }
  /** Counts what an account has not read; `after` is the last id that counts as read in all private conversations. */
  | {
    kind: "unread";
    account: Account;
    after: number;
    /** All conversations that are counted, when the private ones are found. */
    counted: (people: readonly string[]) => readonly Counted[];
  }
  /** Finds the private conversations of an account. */
  | { kind: "people"; account: Account }
  /**
   * Collects what an account missed in its rooms and in private, at most `limit` messages of each conversation: what has an id
   * less than `before`, or what comes before the job can start. `onGap` is called when a conversation is left out,
   * since the journal fails.
   */
  | { kind: "missed"; account: Account; limit: number; known: KnownFeatures; before?: number; onGap: () => void }
  /** Finds the first id that is relayed live; until then nothing of its conversations is. */
  | { kind: "live" };

/** What is counted for one row: a room, or what an account and another person have said to each other. */
export interface Counted {
  /** Two if the other person was a guest at first: what was said before it registered, and since. */
  readonly conversations: readonly string[];
  /** The beginning of its row. */
  readonly name: ({ readonly room: string } | { readonly user_id: string }) & { readonly level?: Level };
  /** The last id that the account has read. */
  readonly read: number;
}

/** What the reader of a page has said that it understands; all else is told in a text. */
export interface KnownFeatures {
  readonly replies: boolean;
  readonly edits: boolean;
  readonly reactions: boolean;
  readonly files: boolean;
}

/** The messages of a conversation with ids between two others. */
export interface Part {
  readonly conversation: string;
  readonly after: number;
  readonly before: number;
}

/** The result of each kind of job; `undefined` when the journal has failed. */
export interface JobResult {
  check: boolean;
  token: boolean;
  guess: boolean;
  hash: string;
  page: Page;
  message: FoundMessage;
  kept: ReadonlySet<number>;
  unread: { readonly quantity: number; readonly rows: Rows };
  people: readonly Conversation[];
  upload: { readonly upload: string } | FileDenial;
  attach: SharedFile | FileDenial;
  missed: Rows<Uint8Array>;
  live: number;
}

/** A message of a conversation, and what was said about it. */
export interface FoundMessage {
  /** Undefined if there is none with that id. */
  readonly message: StoredMessage | undefined;
  readonly about: EventsAbout;
}

/** One object of a list, or one message of the history as a line of plain JIM. */
export type Row = object | Uint8Array;

/** Returns the next rows of an answer, at once or soon; undefined after the last ones. Called when the reader can take more. */
export type Rows<R extends Row = Row> = () => Soon<Iterable<R> | undefined>;

/** A page of the history. */
export interface Page {
  /** How many rows there will be, whatever is removed before they are read. */
  readonly quantity: number;
  readonly rows: Rows<Uint8Array>;
}
