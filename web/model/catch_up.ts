/**
 * Receives messages, and catches up after each failure of the connection: every conversation is read from the last
 * known id on. Until then, new messages wait for their place, and messages of our own wait to be sent. No message is
 * lost, and none is shown twice.
 * @module
 */
import { HOOK_MARK, MAX_PAGE } from "../../jim/limits.ts";
import { COMMON_ROOM } from "../../jim/message.ts";
import { arrived, caughtUp, isLastPage, pageRead, type PastPage } from "../../jim/client/catch_up.ts";
import { conversationFields } from "../../jim/client/objects.ts";
import {
  catchUpFrom,
  type Change,
  type ChatMessage,
  type Conversation,
  finder,
  fingerprint,
  isRoom,
  merge,
  newConversation,
} from "../conversation.ts";
import { isChange, withChanges } from "../changes.ts";
import { applyChanges } from "./changes.ts";
import { joinSegments, PAGE } from "./segments.ts";
import { currentConversation, hasServerHistory, isIgnored, knownSpelling, type PendingRequest } from "./state.ts";
import { changeConversation, sendRequest, setRoles, type Step } from "./step.ts";
import { messagesDropped } from "./threads.ts";
import { countUnread } from "./unread.ts";
import { endWriting } from "./writers.ts";

/**
 * The most pages to catch up. After more, the conversation begins at its latest page, and scrolling up loads the rest.
 */
const PAGES = 4;

/** A new message has arrived. */
export function messageReceived(step: Step, message: ChatMessage, to: string): void {
  const { state } = step;
  const key = knownSpelling(state, isRoom(to) ? to : message.from === state.me?.name ? to : message.from);
  const said = withoutGuestNumber(message, state.conversations.get(key));
  endWriting(step, key, said.from);
  const knowsRoles = state.me !== undefined && state.roles.has(state.me.name);
  if (knowsRoles) learnSender(step, said, key);
  const conversation = state.conversations.get(key);
  // A message of an ignored person opens no conversation.
  if (conversation === undefined && !isRoom(key) && isIgnored(state, message.from)) return;
  const isHook = said.from.endsWith(HOOK_MARK); // it is in no room
  if (key === state.open && isRoom(key) && !state.members.has(said.from) && key !== COMMON_ROOM && !isHook) {
    state.members = new Set([...state.members, said.from]);
  }
  // A new conversation: nothing after this message may be missed, and nothing before it is unread, unless the server, which has
  // not told yet what was read before, says so.
  const before = said.id! - 1, read = state.isUncounted ? { assumedReadTo: before } : { readTo: before };
  const known = conversation ?? { ...newConversation(key), isMember: true, upTo: before, ...read };
  const { progress, ready } = arrived(known, said);
  changeConversation(step, key, { ...known, ...progress, messages: merge(known.messages, messagesIn(ready)) });
  if (known.live) return countUnread(step, key, messagesIn(ready));
  if (state.isReady && !hasServerHistory(state, key)) finishCatchUp(step, key);
}

/**
 * Stores the role of a sender. A guest with a number shares its name; only the list of people says how many guests do.
 * A guest without a number has the name alone.
 */
function learnSender(step: Step, { from, role = "guest", guest }: ChatMessage, key: string): void {
  const { state } = step;
  const known = state.roles.get(from);
  setRoles(step, [[from, guest === undefined ? { role } : { ...known, role }]]);
  const isListed = known?.guests !== undefined || state.pending.asked.some(({ ask }) => ask === "people");
  if (guest === undefined || isListed || !state.isReady || key !== COMMON_ROOM || state.open !== COMMON_ROOM) return;
  sendRequest(step, { ask: "people", room: undefined }, { action: "who_online" });
}

/**
 * A message of our own may come back with a guest number, sent on a connection that has failed: it is ours, not another
 * guest's.
 */
function withoutGuestNumber(said: ChatMessage, conversation: Conversation | undefined): ChatMessage {
  const known = fingerprint(said);
  if (
    said.guest === undefined ||
    !conversation?.outgoing.some((each) => fingerprint({ ...each, from: said.from }) === known)
  ) {
    return said;
  }
  const { guest: _, ...rest } = said;
  return rest;
}

/** Catches up with the next conversation that is behind, the open one first, one at a time. */
export function catchUp(step: Step): void {
  const { state } = step;
  if (!state.isReady) return;
  const { asked, list } = state.pending;
  if (asked.some(({ ask }) => ask === "missed") || list?.request.ask === "missed") return;
  const behind = [currentConversation(state), ...state.conversations.values()].find((conversation) =>
    state.conversations.has(conversation.key) && !conversation.live && conversation.isMember
  );
  if (behind !== undefined) requestMissed(step, behind, catchUpFrom(behind), 1);
}

/** A page of missed messages has arrived. */
export function missedPageReceived(
  step: Step,
  asked: PendingRequest & { ask: "missed" },
  page: PastPage<ChatMessage | Change>,
): void {
  const { state } = step;
  const conversation = state.conversations.get(asked.key);
  if (conversation === undefined) return;
  // It was closed meanwhile, and a message has begun it anew: the page does not say what is between.
  if (asked.after === undefined && asked.page === 1 && conversation.upTo !== undefined) return;
  const { key, upTo = -1 } = conversation, { size, last } = page, rows = messagesIn(page.rows);
  const known = new Set(conversation.messages.map(({ id }) => id)), hasArrived = finder(rows), { name } = state.me!;
  const outgoing = conversation.outgoing.filter((each) => !hasArrived({ ...each, from: name }));
  const first = asked.after === undefined;
  // What was said before the first login is no news, unless the server counts it as unread.
  const isRead = first && asked.page === 1 && conversation.countedTo === undefined;
  const { progress, ready } = pageRead(conversation, page);
  // The latest page has messages as they are now; what is shown beside it has not.
  if (first) applyChanges(step, key, ready.filter(isChange));
  // Rows are as they were first sent, except on the latest page, where all changes up to its end are applied.
  const earlier = page.rows.filter(isChange).filter((each) => each.id <= upTo && !known.has(each.of));
  const fresh = rows.filter(({ id }) => !known.has(id)), freshIds = new Set(fresh.map(({ id }) => id));
  changeConversation(step, key, {
    ...progress,
    messages: merge(conversation.messages, withChanges(fresh, earlier)),
    outgoing,
    ...(first ? { isFromStart: size < PAGE } : {}),
    ...(isRead ? { readTo: Math.max(conversation.readTo, last) } : {}),
  });
  joinSegments(step, key);
  if (!first) applyChanges(step, key, ready.filter(isChange));
  if (!isRead) {
    // The latest page may begin behind what was held, and before the end of what is counted already.
    const held = messagesIn(conversation.early).filter(({ id }) => id! <= last && !freshIds.has(id));
    const shown = state.conversations.get(key)!.messages.filter(({ id }) => freshIds.has(id));
    countUnread(step, key, [...held, ...shown].filter(({ id }) => id! > upTo));
  }
  if (isLastPage(page, asked.after, MAX_PAGE)) return finishCatchUp(step, key);
  if (asked.page < PAGES || outgoing.some(({ state }) => state === "unknown")) {
    return requestMissed(step, conversation, last, asked.page + 1);
  }
  // Too many pages: shows the latest one. Scrolling up loads the rest.
  changeConversation(step, key, { messages: [], isFromStart: false });
  requestMissed(step, conversation, undefined, asked.page + 1);
  messagesDropped(step, key);
}

/**
 * Nothing is missing any more: held messages get their places, and messages that could not be sent are queued again.
 *
 * @param error why the conversation may not be read
 */
export function finishCatchUp(step: Step, key: string, error?: string): void {
  const { state } = step;
  const conversation = state.conversations.get(key);
  if (conversation === undefined) return;
  const { progress, ready } = caughtUp(conversation);
  changeConversation(step, key, {
    ...progress,
    messages: merge(conversation.messages, messagesIn(ready)),
    outgoing: conversation.outgoing.map((each) =>
      each.state === "unknown" ? { ...each, state: hasServerHistory(state, key) ? "queued" : "unsure" } : each
    ),
    error,
  });
  applyChanges(step, key, ready.filter(isChange));
  countUnread(step, key, messagesIn(ready));
}

function messagesIn(rows: readonly (ChatMessage | Change)[]): ChatMessage[] {
  return rows.filter((each) => !isChange(each));
}

function requestMissed(step: Step, { key }: Conversation, after: number | undefined, page: number): void {
  const range = after === undefined ? { limit: PAGE } : { after, limit: MAX_PAGE, events: true };
  sendRequest(step, { ask: "missed", key, after, page }, { action: "history", ...conversationFields(key), ...range });
}
