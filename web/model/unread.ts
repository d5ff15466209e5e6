/** Counts unread messages and mentions, and marks them as read when the end of the conversation is visible. */
import type { ChatMessage, Conversation } from "../conversation.ts";
import { mentionsAmong, unreadAmong } from "./read_marks.ts";
import { hasServerHistory, type State } from "./state.ts";
import { changeConversation, type Step } from "./step.ts";

/**
 * A conversation with more messages than `SHOWN` is cut to `KEPT` while its end is visible: the history still has the
 * rest. It is not cut while a thread of it is open, which shows replies from all of it, nor
 * while older messages are on their way, which would leave a gap.
 */
const SHOWN = 600, KEPT = 300;

/** Counts the unread messages among these. */
export function countUnread(step: Step, key: string, rows: readonly ChatMessage[]): void {
  const { state } = step;
  if (state.isUncounted) return markRead(step);
  const conversation = state.conversations.get(key)!, { readTo, countedTo = 0 } = conversation;
  const fresh = unreadAmong(state, rows, Math.max(readTo, countedTo));
  if (fresh.length === 0) return markRead(step);
  const seen = key === state.open && state.isEndVisible;
  changeConversation(step, key, {
    unread: conversation.unread + fresh.length,
    mentions: conversation.mentions + mentionsAmong(state, key, fresh),
    unreadMarker: !seen && conversation.unread === 0 ? conversation.readTo : conversation.unreadMarker,
  });
  markRead(step);
}

/** Marks the open conversation as read if its end is visible. */
export function markRead(step: Step): void {
  const { state } = step;
  const conversation = state.conversations.get(state.open);
  if (!state.isEndVisible || conversation === undefined || conversation.upTo === undefined) return;
  const many = conversation.messages.length > SHOWN && !conversation.isLoading &&
    hasServerHistory(state, conversation.key) &&
    state.target === undefined && state.thread?.key !== conversation.key;
  const isBack = conversation.oldSegment !== undefined && state.target === undefined;
  const left = notYetLoaded(state, conversation);
  if (conversation.unread === left.unread && conversation.readTo >= conversation.upTo && !many && !isBack) return;
  changeConversation(step, conversation.key, {
    ...left,
    readTo: Math.max(conversation.readTo, conversation.upTo),
    ...(isBack ? { oldSegment: undefined } : {}),
    ...(many ? { messages: conversation.messages.slice(-KEPT), isFromStart: false } : {}),
  });
}

/** What stays unread at the visible end: messages that the server has counted and that are not loaded yet. */
function notYetLoaded(state: State, conversation: Conversation): Pick<Conversation, "unread" | "mentions"> {
  const { key, live, upTo = 0, countedTo = 0, readTo, unread, mentions, messages } = conversation;
  if (live || upTo >= countedTo) return { unread: 0, mentions: 0 };
  const seen = unreadAmong(state, messages, readTo);
  return {
    unread: Math.max(0, unread - seen.length),
    mentions: Math.max(0, mentions - mentionsAmong(state, key, seen)),
  };
}
