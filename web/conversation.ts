/**
 * One conversation as the page knows it: a room, or oneself with one person. What was said is one piece without gaps,
 * oldest first, and the server's ids decide what comes where; what was jumped to is a second such piece. A message of
 * our own has its id from the answer. One whose answer is lost, or has no id, has none until the past brings it; until then
 * its sender, time and text are how it is known.
 * @module
 */
import type { Progress } from "../client/protocol/catch_up.ts";
import type { Message, Role } from "../client/protocol/event.ts";
import { COMMON_ROOM } from "../jim/message.ts";

/** What a message says of its sender's role: nothing of a guest's. */
export function shownRole(role: Role | undefined): Role | undefined {
  return role === "guest" ? undefined : role;
}

/** A message that has been said. */
export interface ChatMessage {
  readonly from: string;
  readonly text: string;
  /** Unix seconds, its sender's. */
  readonly time: number;
  /** Grows from message to message; not there for what was said here when the answer had none. */
  readonly id?: number;
  /** It was said in this page: what waited for its answer is the same row. */
  readonly here?: true;
  /** It was accepted for somebody who is offline. */
  readonly later?: boolean;
  /** What its sender was; not there for a guest, and in what was said before there were roles. */
  readonly role?: Role;
  /** Which of the guests by one name it was. */
  readonly guest?: number;
}

/**
 * A message that nobody has acknowledged. `queued` is still to be sent; `sent` awaits its answer; `unknown` awaited it
 * when the connection broke: the past will tell whether it arrived. `unsure`: no past can tell. `refused`: it did not.
 */
export interface OutgoingMessage {
  readonly text: string;
  /** Unlike that of any other message of ours, so that it is known again. */
  readonly time: number;
  readonly state: "queued" | "sent" | "unknown" | "unsure" | "refused";
  /** The server's explanation. */
  readonly reason?: string;
  /** What was known of the conversation when it was sent: it has a greater id. */
  readonly after?: number;
}

/** A piece of the past that was jumped to: between it and what is shown below there are messages that are not shown. */
export interface HistorySegment {
  readonly messages: readonly ChatMessage[];
  readonly isFromStart: boolean;
  /** The past is being asked for what was before it, or for what is missing below it. */
  readonly isLoading: boolean;
}

/** One conversation, as far as it is known: all that is said from now on arrives, and all up to now has arrived, if it is live. */
export interface Conversation extends Progress<ChatMessage> {
  /** A room with its `#`, or a name. */
  readonly key: string;
  readonly messages: readonly ChatMessage[];
  readonly oldSegment: HistorySegment | undefined;
  readonly outgoing: readonly OutgoingMessage[];
  /** Nothing was said before what is shown. */
  readonly isFromStart: boolean;
  /** The past is being asked for what was before. */
  readonly isLoading: boolean;
  /** We are in this room; a conversation with a person needs no joining. */
  readonly isMember: boolean;
  /** What is greater than this id and not our own is unread. */
  readonly readTo: number;
  readonly unread: number;
  /** Those of the unread that name us. */
  readonly mentions: number;
  /** Where the line above the new ones is drawn, if at all: behind this id. */
  readonly unreadMarker: number | undefined;
  /** What is written and not sent. */
  readonly draft: string;
  /** What the room is about, and the name that has said so. */
  readonly topic: { readonly text: string; readonly by: string } | undefined;
  /** Why it cannot be joined or read. */
  readonly error: string | undefined;
}

/** A conversation of which nothing is known yet. */
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
    readTo: 0,
    unread: 0,
    mentions: 0,
    unreadMarker: undefined,
    draft: "",
    topic: undefined,
    error: undefined,
  };
}

/**
 * A message from the server, live or of the past; `undefined` without a sender or an id, for then it has no place. Its time is
 * as it was said, even if no `Date` can hold it: it is a part of what our own messages are known by.
 */
export function toChatMessage({ from, text, time = 0, id, role, guest }: Message): ChatMessage | undefined {
  if (!isPerson(from) || id === undefined) return undefined;
  return {
    from,
    text,
    time,
    id,
    ...(role === undefined ? {} : { role }),
    ...(guest === undefined ? {} : { guest }),
  };
}

/** Whether it can be the name of a person: what begins with `#` is a room's. */
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
 * Puts rows of the past among what is known, each where its id says; what is there already stays as it is. One of our own
 * that had no id gives way to its row.
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
  const signs = new Set(fresh.map(fingerprint));
  const rest = known.filter((each) => each.id !== undefined || !signs.has(fingerprint(each)));
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

/** Whether a message is by who has this name; another guest by the same name is told apart by a number. */
export function isFrom(name: string | undefined, { from, guest }: Pick<ChatMessage, "from" | "guest">): boolean {
  return from === name && guest === undefined;
}

/** What a message of ours is known by. Only we make such times, so no other message has the same sign. */
export function fingerprint({ from, time, text }: Pick<ChatMessage, "from" | "time" | "text">): string {
  return JSON.stringify([from, time, text]);
}

/** Where to ask for older messages: before this id; `undefined` when nothing is known. */
export function firstId({ messages, upTo }: Conversation): number | undefined {
  return messages.find(({ id }) => id !== undefined)?.id ?? (upTo === undefined ? undefined : upTo + 1);
}

/** The connection is gone: what was sent may have arrived, and no answer will tell. */
export function withUnknownFate(waiting: readonly OutgoingMessage[]): OutgoingMessage[] {
  return waiting.map((each) => each.state === "sent" ? { ...each, state: "unknown" } : each);
}

/** From where to catch up: a message whose fate is unknown may be older than what was heard last. */
export function catchUpFrom({ upTo, outgoing }: Conversation): number | undefined {
  if (upTo === undefined) return undefined;
  return outgoing.reduce((least, { state, after }) => state === "unknown" ? Math.min(least, after ?? 0) : least, upTo);
}
