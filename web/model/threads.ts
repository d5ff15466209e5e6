/** Opens a thread at the side, and reads the history for its replies: a few pages, and more when it is asked for. */
import { MAX_PAGE } from "../../jim/limits.ts";
import type { PastPage } from "../../jim/client/catch_up.ts";
import { conversationFields } from "../../jim/client/objects.ts";
import { type ChatMessage, firstId } from "../conversation.ts";
import { repliesIn, rootOf } from "../thread.ts";
import { messageOf } from "./changes.ts";
import { currentConversation } from "./state.ts";
import { changeConversation, sendRequest, type Step } from "./step.ts";

/** The most pages that are read at once: replies are rarely further from their message. */
const PAGES = 4;

/** Opens the thread of a message of the open conversation, or closes it. */
export function openThread(step: Step, id: number | undefined): void {
  const { state } = step, conversation = currentConversation(state), { key } = conversation;
  if (id === undefined) {
    state.thread = undefined;
    return;
  }
  const root = rootOf(id, (id) => messageOf(conversation, id)?.replyTo);
  // Nothing is missing between the first message of the live segment and the last.
  const isWhole = conversation.isFromStart || (firstId(conversation) ?? Infinity) <= root;
  state.thread = { key, root, messages: [], upTo: root, isWhole };
  requestThread(step);
}

/** Keeps what is typed into the field of a thread, until it is sent. */
export function keepThreadDraft(step: Step, key: string, root: number, text: string): void {
  const conversation = step.state.conversations.get(key);
  if (conversation === undefined) return;
  const threadDrafts = new Map(conversation.threadDrafts).set(root, text);
  if (text === "") threadDrafts.delete(root);
  changeConversation(step, key, { threadDrafts });
}

/** Reads on. */
export function requestThread(step: Step, page = 1): void {
  const { state } = step, { thread } = state;
  if (!state.isReady || thread === undefined || thread.isWhole) return;
  if (state.pending.asked.some((each) => each.ask === "thread" && each.root === thread.root)) return;
  sendRequest(step, { ask: "thread", key: thread.key, root: thread.root, page }, {
    action: "history",
    ...conversationFields(thread.key),
    after: thread.upTo,
    limit: MAX_PAGE,
  });
}

/** The loaded messages of a conversation are dropped: replies among them are read from the history. */
export function messagesDropped(step: Step, key: string): void {
  const { state } = step;
  if (state.thread?.key !== key) return;
  state.thread = { ...state.thread, isWhole: false };
  requestThread(step);
}

/** A page of the history has arrived. */
export function threadReceived(
  step: Step,
  { root, key, page }: { root: number; key: string; page: number },
  { rows, size, last }: PastPage<ChatMessage>,
): void {
  const { state } = step, { thread } = state;
  if (thread?.root !== root || thread.key !== key) return;
  const known = new Set([root, ...thread.messages.flatMap(({ id }) => id ?? [])]);
  const first = state.conversations.get(key)?.messages[0]?.id ?? Infinity;
  const isWhole = size < MAX_PAGE || last <= thread.upTo || last >= first;
  const upTo = Math.max(thread.upTo, last); // an empty page has no last row
  state.thread = { ...thread, messages: [...thread.messages, ...repliesIn(rows, known)], upTo, isWhole };
  if (page < PAGES) requestThread(step, page + 1);
}
