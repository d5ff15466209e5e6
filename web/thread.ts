/** A thread: a message, the replies to it, and the replies to these. @module */
import type { ChatMessage, Conversation, OutgoingMessage } from "./conversation.ts";

/** An open thread. */
export interface Thread {
  /** Its conversation. */
  readonly key: string;
  /** The id of the message that it begins with. */
  readonly root: number;
  /** Replies that are older than what is loaded of the conversation. */
  readonly messages: readonly ChatMessage[];
  /** The history is read up to this id. */
  readonly upTo: number;
  /** All of it is known. */
  readonly isWhole: boolean;
}

/**
 * The id of the message that a thread begins with: the first one that is no reply, as far as messages are known.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const replies = new Map([[3, 2], [2, 1]]);
 * assert.equal(rootOf(3, (id) => replies.get(id)), 1);
 * ```
 */
export function rootOf(id: number, replyTo: (id: number) => number | undefined): number {
  let root = id;
  // An id is less than those of its replies; whatever a server says, this ends.
  for (let before = replyTo(root); before !== undefined && before < root; before = replyTo(root)) root = before;
  return root;
}

/**
 * The messages of a thread, after the one that it begins with.
 *
 * @param messages by their ids
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const said = (id: number, replyTo?: number) => ({ id, from: "ann", text: "", time: id, ...(replyTo ? { replyTo } : {}) });
 * const replies = repliesIn([said(1), said(2, 1), said(3), said(4, 2)], new Set([1]));
 * assert.deepEqual(replies.map(({ id }) => id), [2, 4]);
 * ```
 */
export function repliesIn(messages: readonly ChatMessage[], ids: ReadonlySet<number>): ChatMessage[] {
  const known = new Set(ids);
  return messages.filter(({ id, replyTo }) => {
    if (replyTo === undefined || !known.has(replyTo)) return false;
    if (id !== undefined) known.add(id);
    return true;
  });
}

/** All replies of a thread that are known, and those of our own that are not acknowledged. */
export function threadIn(
  { messages, oldSegment, outgoing }: Conversation,
  thread: Thread,
): { readonly replies: readonly ChatMessage[]; readonly waiting: readonly OutgoingMessage[] } {
  const all = new Map<number, ChatMessage>();
  for (const each of [...thread.messages, ...oldSegment?.messages ?? [], ...messages]) {
    if (each.id !== undefined) all.set(each.id, each);
  }
  const sorted = [...all.values()].sort((one, other) => one.id! - other.id!);
  const replies = repliesIn(sorted, new Set([thread.root])),
    ids = new Set([thread.root, ...replies.map(({ id }) => id)]);
  return { replies, waiting: outgoing.filter(({ replyTo }) => ids.has(replyTo)) };
}

/** How many replies each message has that begins a thread, of the messages given. */
export function countReplies(messages: readonly ChatMessage[]): ReadonlyMap<number, number> {
  const replyTo = new Map(
    messages.flatMap((each) => each.id === undefined || each.replyTo === undefined ? [] : [[each.id, each.replyTo]]),
  );
  const counts = new Map<number, number>();
  for (const id of replyTo.keys()) {
    const root = rootOf(id, (id) => replyTo.get(id));
    counts.set(root, (counts.get(root) ?? 0) + 1);
  }
  return counts;
}
