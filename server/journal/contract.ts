/**
 * The journal: a log of records, which is the truth about a chat, and a view of its messages that can be read by the page. The
 * rest of the server knows this contract, and neither SQL nor a broker. There are several backends; all of them obey
 * `tests/server/journal/contract_test.ts` and `events_contract_test.ts` beside it.
 *
 * What is appended, by this process or by another one (the account tool, a second server), comes back on one path in one
 * order: {@linkcode Journal.take}. An embedded journal commits within `append`, so it comes back in the same turn; another
 * one calls `ready` when there is something to take.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { memoryJournal } from "./memory.ts";
 * const journal = memoryJournal();
 * const id = journal.next;
 * journal.append({ first: id, end: id + 1, records: [{ id, kind: "motd", text: "hello" }] });
 * const [committed] = journal.take();
 * assert.equal(committed?.outcome, "kept");
 * assert.deepEqual(committed.records, [{ id, kind: "motd", text: "hello" }]);
 * ```
 */
export { JournalFailure, JournalRefused } from "./failure.ts";
export type { EventsAbout, Reacting, Reactions } from "./events.ts";
export type { MaybePromise as Soon } from "./maybe_promise.ts";
export type { Conversation, EventRecord, JournalRecord, MessageRun, StateRecord } from "./records.ts";

import type { JournalFailure } from "./failure.ts";
import type { MaybePromise } from "./maybe_promise.ts";
import type { EventsAbout, Reacting, Reactions } from "./events.ts";
import type { Conversation, EventRecord, JournalRecord, StateRecord } from "./records.ts";

/** What a turn proposes: appended whole or not at all, in one commit. */
export interface Batch {
  /** {@linkcode Journal.next}, from which the ids of this batch are counted. */
  readonly first: number;
  /** The id behind its last one. It may take more ids than it has records: messages that are never stored have ids too. */
  readonly end: number;
  /** Their ids ascend. A record refers to what an earlier batch made, never to another one of this batch. */
  readonly records: readonly JournalRecord[];
  /** Append only if another process has appended nothing since the last {@linkcode Journal.take}. */
  readonly ifCurrent?: boolean;
}

/** A batch that has come back. */
export type Committed =
  /** It is in the log, behind all that was taken before. */
  | {
    readonly outcome: "kept";
    /** The batch of this process; undefined for one of another process. */
    readonly own: Batch | undefined;
    /**
     * Another process has judged these records, on some that may be gone by now: nothing stands in their way. All others are
     * to be judged.
     */
    readonly stands: boolean;
    /** What was added to each id of the own batch, in the bytes of its messages too, because others have appended before. */
    readonly shift: number;
    /** Milliseconds since 1970. */
    readonly time: number;
    /** Without the events that have no effect, such as an edit of a deleted message: these are not kept. */
    readonly records: readonly JournalRecord[];
  }
  /** It is not in the log, for certain: the journal has failed, or others have appended before ({@linkcode Batch.ifCurrent}). */
  | { readonly outcome: "failed"; readonly own: Batch; readonly failure: JournalFailure }
  | { readonly outcome: "overtaken"; readonly own: Batch };

/** Which messages of a conversation to look up. Ids are exclusive bounds; with neither of them, the latest ones. */
export interface PageQuery {
  readonly conversation: Conversation;
  readonly before?: number;
  readonly after?: number;
  /** 1 to 500. */
  readonly limit: number;
}

/** A message as it is now. */
export interface StoredMessage {
  /** Without its newline. */
  readonly line: Uint8Array;
  /** When it was stored, in milliseconds since 1970. */
  readonly time: number;
}

/** Which events to look up: those about some messages, or a page of all events of a conversation by their own ids. */
export interface EventQuery {
  /** The first and the last id of messages. */
  readonly about?: { readonly first: number; readonly last: number };
  /** Only edits: a message may have thousands of reactions. */
  readonly edits?: true;
  readonly before?: number;
  readonly after?: number;
  readonly limit?: number;
}

export interface SearchQuery extends PageQuery {
  /** Words that must all be in the text; of one with `*` behind it, words that begin so. */
  readonly text: string;
  /** The sender's name, however it is spelt. With an empty text all messages of that name are meant. */
  readonly from?: string;
  /** Messages up to this id are not wanted. They may be found: it spares the look at most of them. */
  readonly floor?: number;
}

/** SQLite's own number for it (SQLITE_FULL). */
const FULL = 13;

/** Whether a journal has failed for want of room, on its disk or by its own limit: an operator has to make some. */
export function isFull({ cause }: JournalFailure): boolean {
  return cause instanceof Error && "errcode" in cause && cause.errcode === FULL;
}

/** Records that were left out, each counted once in the life of a process. */
export interface Skipped {
  /** They fail their checksum, or are none of their kind. */
  readonly damaged: number;
  /** Of a kind or a version that only a newer Hanita knows. */
  readonly unknown: number;
}

/**
 * When it fails (the disk is full, the database locked or damaged), each method but `append`, `take`, `discard` and `close`
 * throws or rejects with a `JournalFailure`; it may work again later.
 */
export interface Journal {
  /** Several servers append to its log: what others have appended comes at any time, and each id must be one of the log's. */
  readonly isShared: boolean;
  /** The most ids that one batch may take. */
  readonly maxIds: number;
  /**
   * What the records before this opening have left, in order and compacted: records that stand, whatever they were proposed
   * on. Asked for once, before anything else. What another process appends later comes by {@linkcode take}, and so does the
   * little that a killed process has not yet judged.
   */
  snapshot(): readonly StateRecord[];
  /**
   * The id that the first message or record of the next batch gets, unless another process appends before. It has 16 digits, as
   * all that follow; it is larger than each id in the log and, at the start, than the clock's microseconds.
   */
  readonly next: number;
  /** A batch is under way: there can be no other until it has come back. */
  readonly busy: boolean;
  /** Appends a batch. It never throws for the disk: whatever becomes of the batch comes back by {@linkcode take}. */
  append(batch: Batch): void;
  /**
   * The batches that have come back since the last call, in the order of the log. The caller applies all of them before it
   * calls the journal again, and discards what has lost: from then on they stand.
   */
  take(): readonly Committed[];
  /** Looks whether another process has appended anything, about 5 µs; what it has comes by {@linkcode take}. */
  poll(): void;
  /**
   * Deletes records that have no effect: they lost to an earlier one, or remove what is not there. A process beside a server
   * discards its own only: it may not have read all that a server's record was judged on.
   */
  discard(ids: readonly number[]): void;
  /** The ids of a page of messages, oldest first: the earliest ones if `after` is given, else the latest. */
  page(query: PageQuery): MaybePromise<readonly number[]>;
  /** The ids of a page of those messages that have all the words of the text. */
  search(query: SearchQuery): MaybePromise<readonly number[]>;
  /**
   * Some messages of a conversation by their ids, which ascend: each a line without its newline, undefined where there is
   * none any more or it is damaged. A page may be larger than memory, so its reader asks for a few at a time.
   */
  read(conversation: Conversation, ids: readonly number[]): MaybePromise<readonly (Uint8Array | undefined)[]>;
  /** A message by its id; undefined if there is none. */
  find(conversation: Conversation, id: number): MaybePromise<StoredMessage | undefined>;
  /** Events of a conversation, oldest first. */
  events(conversation: Conversation, query: EventQuery): MaybePromise<readonly EventRecord[]>;
  /** What there is of events about a message. @param asked the reaction that is looked for */
  eventsAbout(conversation: Conversation, id: number, asked?: Reacting): MaybePromise<EventsAbout>;
  /** The reactions to some messages of a conversation, by their ids; only of those that have any. */
  reactionsTo(conversation: Conversation, ids: readonly number[]): MaybePromise<ReadonlyMap<number, Reactions>>;
  /** The line of the message with a file that a key opens; undefined if it was deleted, or belongs to nobody any more. */
  fileLine(key: string): MaybePromise<Uint8Array | undefined>;
  /** Those of some files, by the SHA-256 of each, that a message has. */
  filesAmong(hashes: readonly string[]): MaybePromise<readonly string[]>;
  /** The conversations of one side with one person in which anything was said after an id. */
  conversations(side: string, after: number): MaybePromise<readonly Conversation[]>;
  /** All conversations in which anything was said, but for those that were forgotten. */
  allConversations(): MaybePromise<readonly Conversation[]>;
  /**
   * Takes conversations away that have no members any more. Nobody finds their messages from then on, and maintenance erases them.
   * It may be called twice, late, or never.
   */
  forget(conversations: readonly Conversation[]): void;
  /**
   * Does a little of what can wait (the search index, old messages, replaced records), for about `milliseconds`. Returns
   * whether there is more that is due: what is not is done within a few seconds, by calls that come each second.
   */
  maintain(milliseconds: number): boolean;
  readonly skipped: Skipped;
  /** The last call. A promise if the disk is still at work. */
  close(): MaybePromise<void>;
}
