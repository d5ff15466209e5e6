/**
 * Edits, deletions and reactions: those of others, which come in one order with the messages, and our own, which the
 * server answers. What has changed while there was no connection is in the history: see catch_up.ts.
 * @module
 */
import { arrived } from "../../jim/client/catch_up.ts";
import type { Refusal } from "../../client/protocol/refusal.ts";
import { changedBy, withChanges } from "../changes.ts";
import { type Change, type ChatMessage, type Conversation, isFrom, isRoom } from "../conversation.ts";
import { isOperator } from "./moderation.ts";
import {
  currentConversation,
  type FoundMessage,
  hasServerHistory,
  knownSpelling,
  type RequestedChange,
  type State,
} from "./state.ts";
import { changeConversation, sendRequest, type Step } from "./step.ts";

/** Requests for pages that may be older than a change that arrives before them. */
const PAGES = new Set(["older", "target", "gap", "search", "quote", "thread"]);

/** Somebody has changed a message. */
export function changeReceived(step: Step, change: Change, to: string): void {
  const { state } = step;
  const key = knownSpelling(state, isRoom(to) ? to : change.from === state.me?.name ? to : change.from);
  const conversation = state.conversations.get(key);
  if (conversation === undefined) return;
  const { progress, ready } = arrived(conversation, change);
  changeConversation(step, key, progress);
  applyChanges(step, key, ready as Change[]);
}

/** Applies changes to all that is shown of a conversation. */
export function applyChanges(step: Step, key: string, changes: readonly Change[]): void {
  const { state } = step, conversation = state.conversations.get(key);
  if (conversation === undefined || changes.length === 0) return;
  const { messages, oldSegment, quotes } = conversation;
  const of = new Set(changes.map((each) => each.of));
  changeConversation(step, key, {
    messages: withChanges(messages, changes),
    ...(oldSegment === undefined
      ? {}
      : { oldSegment: { ...oldSegment, messages: withChanges(oldSegment.messages, changes) } }),
    quotes: changes.reduce(withQuoteChanged, quotes),
    ...(conversation.editing !== undefined && changes.some((each) => isDeletionOf(each, conversation.editing!.id))
      ? { editing: undefined }
      : {}),
  });
  if (state.thread?.key === key) {
    state.thread = { ...state.thread, messages: withChanges(state.thread.messages, changes) };
  }
  changeAbove(step, key, changes);
  const { search, pending: { asked, list } } = state;
  if (search?.rows?.some(({ id }) => of.has(id!))) {
    state.search = { ...search, rows: withChanges(search.rows, changes) as readonly FoundMessage[] };
  }
  if (asked.some(({ ask }) => PAGES.has(ask)) || (list !== undefined && PAGES.has(list.request.ask))) {
    state.latestChanges = [...state.latestChanges, ...changes];
  }
}

/** The messages before the target of a jump wait for those behind it. */
function changeAbove({ state }: Step, key: string, changes: readonly Change[]): void {
  const { pending } = state;
  if (!pending.asked.some((each) => each.ask === "target" && each.key === key && each.above !== undefined)) return;
  const asked = pending.asked.map((each) =>
    each.ask === "target" && each.key === key && each.above !== undefined
      ? { ...each, above: { ...each.above, messages: withChanges(each.above.messages, changes) } }
      : each
  );
  state.pending = { ...pending, asked };
}

/** A page may have been read before a change that has arrived already. */
export function withLatestChanges({ state }: Step, rows: readonly ChatMessage[]): readonly ChatMessage[] {
  const changed = withChanges(rows, state.latestChanges);
  if (!state.pending.asked.some(({ ask }) => PAGES.has(ask))) state.latestChanges = [];
  return changed;
}

/** Requests a change of a message of the open conversation. */
export function requestChange(step: Step, change: RequestedChange): void {
  const { state } = step, { key } = currentConversation(state), { action, of: id, text, is } = change;
  if (!state.isReady) {
    state.change = { ...change, state: "refused", why: "offline" };
    return;
  }
  state.change = { ...change, state: "asked" };
  const more = action === "edit" ? { message: text } : action === "delete" ? {} : { emoji: text, is };
  const object = { action: action === "reaction" ? "react" : action, to: key, id, ...more };
  sendRequest(step, { ask: "change", key, change }, object);
}

/** The server has made a change of ours. Without an id it has changed nothing: the message was so already. */
export function changeAccepted(step: Step, key: string, asked: RequestedChange, id: number | undefined): void {
  const { state, now } = step, conversation = state.conversations.get(key);
  if (isSameChange(state.change, asked)) state.change = undefined;
  if (conversation === undefined) return;
  if (asked.action === "edit" && conversation.editing?.id === asked.of) {
    changeConversation(step, key, { editing: undefined });
  }
  const from = state.me!.name;
  if (id !== undefined) {
    const change = { ...asked, id, from, time: now / 1000 };
    const { progress, ready } = arrived(state.conversations.get(key)!, change);
    changeConversation(step, key, progress);
    applyChanges(step, key, ready as Change[]);
  } else if (asked.action === "reaction" && asked.is) {
    // Ours is among those that are counted without a name.
    const named = (message: ChatMessage): ChatMessage => withOwnName(message, asked, from);
    changeConversation(step, key, { messages: conversation.messages.map(named) });
  }
}

/** The server has refused a change of ours, or its answer is lost. */
export function changeRefused({ state }: Step, asked: RequestedChange, why: Refusal): void {
  state.change = { ...asked, state: "refused", why };
}

/** The connection is gone, and with it the answer. */
export function changeUnanswered(step: Step): void {
  const { change } = step.state;
  if (change?.state === "asked") changeRefused(step, change, "offline");
}

/** Opens the editor of a message, or closes it. */
export function startEdit(step: Step, id: number | undefined): void {
  const { state } = step, conversation = currentConversation(state);
  if (state.change?.action === "edit") state.change = undefined;
  const message = id === undefined ? undefined : messageOf(conversation, id);
  changeConversation(step, conversation.key, {
    editing: message === undefined || message.isDeleted ? undefined : { id: id!, text: message.text },
  });
}

/** Keeps what is typed into an edit, over a reload too. */
export function keepEdit(step: Step, draft: string): void {
  const { key, editing } = currentConversation(step.state);
  if (editing !== undefined) changeConversation(step, key, { editing: { ...editing, draft } });
}

/** Edits our last message in the open conversation. */
export function editLast(step: Step): void {
  const { state } = step, { messages } = currentConversation(state), name = state.me?.name;
  const last = messages.findLast((each) => each.id !== undefined && isFrom(name, each) && !each.isDeleted);
  if (last !== undefined && canChange(state, state.open)) startEdit(step, last.id);
}

/** The message of this id, as far as it is loaded. */
export function messageOf({ messages, oldSegment, quotes }: Conversation, id: number): ChatMessage | undefined {
  const has = (each: ChatMessage) => each.id === id;
  return messages.findLast(has) ?? oldSegment?.messages.find(has) ?? quotes.get(id) ?? undefined;
}

/** Whether messages of a conversation can be answered and changed: those that no server keeps cannot. */
export function canChange(state: Pick<State, "hasAccount">, key: string): boolean {
  return hasServerHistory(state, key);
}

/** Whether to offer the deletion of a message; the server has the last word. */
export function mayDelete(
  state: Pick<State, "me" | "roles" | "roomInfo">,
  key: string,
  message: ChatMessage,
): boolean {
  return isFrom(state.me?.name, message) || mayModerate(state, key);
}

/** Whether the user keeps order in a room: as an operator, or by its rank there. */
export function mayModerate(state: Pick<State, "me" | "roles" | "roomInfo">, key: string): boolean {
  return isRoom(key) && (isOperator(state) || state.roomInfo.get(key)?.rank !== undefined);
}

function withQuoteChanged(quotes: Conversation["quotes"], change: Change): Conversation["quotes"] {
  const quoted = quotes.get(change.of);
  return quoted ? new Map(quotes).set(change.of, changedBy(quoted, change)) : quotes;
}

function withOwnName(message: ChatMessage, { of, text }: RequestedChange, name: string): ChatMessage {
  if (message.id !== of || message.reactions === undefined) return message;
  const reactions = message.reactions.map((each) =>
    each.emoji === text && !each.names.includes(name)
      ? { ...each, names: [name, ...each.names.slice(0, each.count - 1)] }
      : each
  );
  return { ...message, reactions };
}

function isDeletionOf({ action, of }: Change, id: number): boolean {
  return action === "delete" && of === id;
}

function isSameChange(one: State["change"], { action, of, text }: RequestedChange): boolean {
  return one?.action === action && one.of === of && one.text === text;
}
