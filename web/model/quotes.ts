/** Loads the messages that replies quote, where they are older than what is loaded: one at a time. */
import { conversationFields } from "../../jim/client/objects.ts";
import type { ChatMessage, Conversation } from "../conversation.ts";
import { currentConversation, hasServerHistory } from "./state.ts";
import { changeConversation, sendRequest, type Step } from "./step.ts";

/** Requests the next quoted message of the open conversation that is not known. */
export function requestQuote(step: Step): void {
  const { state, now } = step, conversation = currentConversation(state), { key, live } = conversation;
  const { pending: { asked, list } } = state;
  if (!state.isReady || !live || !hasServerHistory(state, key) || now < state.olderAfter) return;
  if (list?.request.ask === "quote" || asked.some(({ ask }) => ask === "quote")) return;
  const root = state.thread?.key === key ? state.thread.root : undefined, id = missingQuote(conversation, root);
  if (id === undefined) return;
  sendRequest(step, { ask: "quote", key, id }, {
    action: "history",
    ...conversationFields(key),
    before: id + 1,
    limit: 1,
  });
}

/** The message has arrived, or there is none with this id. */
export function quoteReceived(step: Step, key: string, id: number, rows: readonly ChatMessage[]): void {
  const conversation = step.state.conversations.get(key);
  if (conversation === undefined) return;
  const found = rows.find((each) => each.id === id) ?? null;
  changeConversation(step, key, { quotes: new Map(conversation.quotes).set(id, found) });
}

/** @param root the message that the open thread begins with */
function missingQuote({ messages, oldSegment, quotes }: Conversation, root: number | undefined): number | undefined {
  const shown = oldSegment === undefined ? [messages] : [messages, oldSegment.messages];
  const replied = shown.flatMap((each) => each.flatMap(({ replyTo }) => replyTo ?? []));
  const quoted = [...replied, ...(root === undefined ? [] : [root])].filter((id) => !quotes.has(id));
  if (quoted.length === 0) return undefined;
  const known = new Set(shown.flatMap((each) => each.map(({ id }) => id)));
  return quoted.findLast((id) => !known.has(id));
}
