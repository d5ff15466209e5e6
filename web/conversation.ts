/**
 * A conversation: a room, or a private conversation with one person. Its messages are one segment without gaps, oldest
 * first, in the order of the server's ids; a jump to an old message adds a second segment. A message of our own gets
 * its id from the answer. If the answer is lost or has no id, sender, time and text identify the message until the
 * history brings its id.
 * @module
 */
import type { SharedFile } from "../jim/dialects/dialect.ts";
import type { SentFile } from "../jim/client/requests.ts";
import type { Progress } from "../jim/client/catch_up.ts";
import type { About, Message, Reaction, Role } from "../jim/client/event.ts";
import { COMMON_ROOM } from "../jim/message.ts";

/** The role that a message carries; none for a guest. */
export function shownRole(role: Role | undefined): Role | undefined {
  return role === "guest" ? undefined : role;
}

/** A message in a conversation. */
export interface ChatMessage {
  readonly from: string;
  readonly text: string;
  /** Unix seconds, from the sender's clock. */
  readonly time: number;
  /** Grows from message to message; missing for a message of our own if its answer had no id. */
  readonly id?: number;
  /** Sent from this page: it keeps the row that showed it before its answer. */
  readonly here?: true;
  /** The recipient is offline and gets it later. */
  readonly later?: boolean;
  /** The sender's role; missing for a guest, and for messages older than roles. */
  readonly role?: Role;
  /** The number of the guest, if several share the name. */
  readonly guest?: number;
  /** The id of the message that it answers. */
  readonly replyTo?: number;
  readonly file?: MessageFile;
  /** When its text was last changed, in Unix seconds. */
  readonly edited?: number;
  /** Its text was taken away. */
  readonly isDeleted?: true;
  readonly reactions?: readonly Reaction[];
}

/** The file of a message; our own has no key before it is acknowledged. */
export type MessageFile = Pick<SharedFile, "name" | "size"> & Partial<SharedFile>;

/**
 * A message of our own without an answer. `queued`: not sent yet. `sent`: waits for its answer. `unknown`: the
 * connection failed before the answer, and the history will show whether it arrived. `unsure`: no history can show it.
 * `refused`: the server refused it.
 */
export interface OutgoingMessage {
  readonly text: string;
  /** No other message of ours has the same time, so it identifies the message. */
  readonly time: number;
  readonly state: "queued" | "sent" | "unknown" | "unsure" | "refused";
  /** The server's explanation. */
  readonly reason?: string;
  /** The id of the message that it answers. */
  readonly replyTo?: number;
  readonly file?: SentFile;
  /** The last known id when it was sent: its own id is greater. */
  readonly after?: number;
}

/** A change of a message (changes.ts). */
export interface Change {
  readonly id: number;
  readonly action: About["action"];
  readonly from: string;
  /** The number of the guest, if several share the name. */
  readonly guest?: number;
  /** The id of the message. */
  readonly of: number;
  /** Of an edit the new text, of a reaction the emoji. */
  readonly text: string;
  /** False of a reaction that is taken away. */
  readonly is: boolean;
  /** Unix seconds. */
  readonly time: number;
}

/** An older segment, after a jump to an old message: there is a gap between it and the latest messages. */
export interface HistorySegment {
  readonly messages: readonly ChatMessage[];
  readonly isFromStart: boolean;
  /** A request for more of this segment, or of the gap below it, is pending. */
  readonly isLoading: boolean;
}

/** A message that is edited: the text it had then, and what is in its field, if that is another one. */
export interface Edited {
  readonly id: number;
  readonly text: string;
  readonly draft?: string;
}

/** A conversation as far as it is known. If it is live, no message is missing. */
export interface Conversation extends Progress<ChatMessage | Change> {
  /** A room with its `#`, or a name. */
  readonly key: string;
  readonly messages: readonly ChatMessage[];
  readonly oldSegment: HistorySegment | undefined;
  readonly outgoing: readonly OutgoingMessage[];
  /** The first message here is the first of the conversation. */
  readonly isFromStart: boolean;
  /** A request for older messages is pending. */
  readonly isLoading: boolean;
  /** We are in this room; a private conversation needs no joining. */
  readonly isMember: boolean;
  /** We were in this room on an earlier connection. */
  readonly wasMember: boolean;
  /** Messages of others with a greater id are unread. */
  readonly readTo: number;
  readonly unread: number;
  /** The server has counted the unread messages up to this id; `undefined` while it has not. */
  readonly countedTo: number | undefined;
  /**
   * A message has begun the conversation before the server told what was read: the id before it. If the server tells nothing, as
   * an older one, the conversation is read up to there.
   */
  readonly assumedReadTo: number | undefined;
  /** The server knows that messages up to this id are read. */
  readonly marked: number;
  /** Unread messages that mention us. */
  readonly mentions: number;
  /** The id after which the line above the new messages is drawn. */
  readonly unreadMarker: number | undefined;
  /** The text in the message field. */
  readonly draft: string;
  /** What is in the fields of its threads, by the ids of the messages that these begin with. */
  readonly threadDrafts: ReadonlyMap<number, string>;
  /** The id of the message that the draft answers. */
  readonly replyTo: number | undefined;
  /** The message that is edited. */
  readonly editing: Edited | undefined;
  /** Quoted messages that are older than what is loaded; `null` for one that is not there. */
  readonly quotes: ReadonlyMap<number, ChatMessage | null>;
  /** The topic of the room, and the name that has set it. */
  readonly topic: { readonly text: string; readonly by: string } | undefined;
  /** Why the server refused to join or read it. */
  readonly error: string | undefined;
}

/** Makes a conversation of which nothing is known yet. */
export function newConversation(key: string): Conversation {
  return {
    key,
    messages: [],
    oldSegment: undefined,
    outgoing: [],
    upTo: undefined,
    live: false,
    early: [],
    isFromStart: false,
    isLoading: false,
    isMember: !isRoom(key) || key === COMMON_ROOM,
    wasMember: false,
    readTo: 0,
    unread: 0,
    countedTo: undefined,
    assumedReadTo: undefined,
    marked: 0,
    mentions: 0,
    unreadMarker: undefined,
    draft: "",
    threadDrafts: new Map(),
    replyTo: undefined,
    editing: undefined,
    quotes: new Map(),
    topic: undefined,
    error: undefined,
  };
}

/**
 * Converts a message from the server; `undefined` without a sender or an id, since it has no place then. Its time is
 * kept even if no `Date` can hold it, because it identifies messages of our own.
 */
export function toChatMessage(message: Message): ChatMessage | undefined {
  const { kind: _, to: __, guests: ___, from, text, time = 0, id, ...more } = message;
  return isPerson(from) && id !== undefined ? { from, text, time, id, ...more } : undefined;
}

/** Whether it can be the name of a person: a name that begins with `#` is a room. */
export function isPerson(name: string): boolean {
  return /^[^#]/.test(name);
}

/**
 * Whether it is a room, not a person.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(["#cats", "ann"].map(isRoom), [true, false]);
 * ```
 */
export function isRoom(key: string): boolean {
  return key.startsWith("#");
}

/**
 * Merges rows of the history into known messages by their ids. Known messages stay as they are. A message of our own
 * without an id is replaced by its row.
 *
 * @param rows by their ids, which all of them have
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const known = [{ id: 1, from: "ann", text: "hi", time: 10 }, { from: "me", text: "hello", time: 11 }];
 * const rows = [{ id: 2, from: "me", text: "hello", time: 11 }, { id: 3, from: "ann", text: "well?", time: 12 }];
 * assert.deepEqual(merge(known, rows).map(({ id }) => id), [1, 2, 3]);
 * ```
 */
export function merge(known: readonly ChatMessage[], rows: readonly ChatMessage[]): readonly ChatMessage[] {
  const ids = new Set(known.map(({ id }) => id));
  const fresh = rows.filter(({ id }) => !ids.has(id));
  if (fresh.length === 0) return known;
  const isFresh = finder(fresh);
  const rest = known.filter((each) => each.id !== undefined || !isFresh(each));
  const last = rest.findLast(({ id }) => id !== undefined)?.id ?? -1;
  if (fresh[0]!.id! > last) return [...rest, ...fresh];
  const all: ChatMessage[] = [];
  let at = 0;
  for (const each of rest) {
    while (each.id !== undefined && at < fresh.length && fresh[at]!.id! < each.id) all.push(fresh[at++]!);
    all.push(each);
  }
  return [...all, ...fresh.slice(at)];
}

/** Whether the user of this name sent the message; another guest by the same name has a number. */
export function isFrom(name: string | undefined, { from, guest }: Pick<ChatMessage, "from" | "guest">): boolean {
  return from === name && guest === undefined;
}

/**
 * Identifies a message of our own. Only this page makes such times, so no other message has the same fingerprint. A message that
 * was edited or deleted has no longer the text that it was sent with.
 */
export function fingerprint(
  { from, time, text, edited, isDeleted }: Pick<ChatMessage, "from" | "time" | "text" | "edited" | "isDeleted">,
): string {
  return JSON.stringify(isDeleted || edited !== undefined ? [from, time] : [from, time, text]);
}

/** Finds messages of our own among rows, whatever has become of them since. */
export function finder(
  rows: readonly ChatMessage[],
): (message: Pick<ChatMessage, "from" | "time" | "text">) => boolean {
  const signs = new Set(rows.map(fingerprint));
  return (message) => signs.has(fingerprint(message)) || signs.has(fingerprint({ ...message, isDeleted: true }));
}

/** The id before which to request older messages; `undefined` if nothing is known. */
export function firstId({ messages, upTo }: Conversation): number | undefined {
  return messages.find(({ id }) => id !== undefined)?.id ?? (upTo === undefined ? undefined : upTo + 1);
}

/** The id before which to request older messages of what is shown: an older part of the conversation, or its end. */
export function firstShown(conversation: Conversation): number | undefined {
  const { oldSegment } = conversation;
  return oldSegment === undefined ? firstId(conversation) : oldSegment.messages[0]?.id;
}

/** The connection is gone: messages without an answer may have arrived, and no answer will come. */
export function withUnknownFate(waiting: readonly OutgoingMessage[]): OutgoingMessage[] {
  return waiting.map((each) => each.state === "sent" ? { ...each, state: "unknown" } : each);
}

/**
 * The id after which to catch up; `undefined` for the latest page. A message with an unknown fate may be older than the last
 * message received, or than the latest page of a conversation that was cleared since.
 */
export function catchUpFrom({ upTo, outgoing }: Conversation): number | undefined {
  const unknown = outgoing.filter(({ state }) => state === "unknown");
  if (upTo === undefined && unknown.length === 0) return undefined;
  return unknown.reduce((least, { after = 0 }) => Math.min(least, after), upTo ?? Infinity);
}
