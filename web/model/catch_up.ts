/**
 * Keeping up with what is said. After each break every conversation is caught up with from the last id that is known.
 * Until then what is heard waits for its place, and what is written for being sent: none is lost, none is doubled.
 * @module
 */
import { MAX_PAGE } from "../../jim/limits.ts";
import { COMMON_ROOM } from "../../jim/message.ts";
import { arrived, caughtUp, isLastPage, pageRead, type PastPage } from "../../client/protocol/catch_up.ts";
import { conversationFields } from "../../client/protocol/objects.ts";
import {
  catchUpFrom,
  type ChatMessage,
  type Conversation,
  fingerprint,
  isRoom,
  merge,
  newConversation,
} from "../conversation.ts";
import { joinSegments, MANY, PAGE } from "./history.ts";
import { currentConversation, hasServerHistory, isIgnored, knownSpelling, type PendingRequest } from "./state.ts";
import { changeConversation, sendRequest, setRoles, type Step } from "./step.ts";
import { countUnread } from "./unread.ts";

/** So many pages are caught up with; who has missed more begins at the latest, and scrolls up for the rest. */
const PAGES = 4;

/** A message as it is said. */
export function messageReceived(step: Step, message: ChatMessage, to: string): void {
  const { state } = step;
  const key = knownSpelling(state, isRoom(to) ? to : message.from === state.me?.name ? to : message.from);
  const said = withoutGuestNumber(message, state.conversations.get(key));
  const knowsRoles = state.me !== undefined && state.roles.has(state.me.name);
  if (knowsRoles) learnSender(step, said, key);
  const conversation = state.conversations.get(key);
  // A message of an ignored person opens no conversation.
  if (conversation === undefined && !isRoom(key) && isIgnored(state, message.from)) return;
  if (key === state.open && isRoom(key) && !state.members.has(said.from) && key !== COMMON_ROOM) {
    state.members = new Set([...state.members, said.from]);
  }
  // Somebody new: nothing before this is unread, and nothing after it may be missed.
  const known = conversation ?? { ...newConversation(key), isMember: true, upTo: said.id! - 1, readTo: said.id! - 1 };
  const { progress, ready } = arrived(known, said);
  changeConversation(step, key, { ...known, ...progress, messages: merge(known.messages, ready) });
  if (known.live) return countUnread(step, key, ready);
  if (state.isReady && !hasServerHistory(state, key)) finishCatchUp(step, key, {});
}

/**
 * What a message tells of its sender. A guest with a number shares its name: how many do is in the list of who is here, which
 * tells of the first that comes and the last that goes alone. A guest without one has its name for itself.
 */
function learnSender(step: Step, { from, role = "guest", guest }: ChatMessage, key: string): void {
  const { state } = step;
  const known = state.roles.get(from);
  setRoles(step, [[from, guest === undefined ? { role } : { ...known, role }]]);
  const isListed = known?.guests !== undefined || state.pending.asked.some(({ ask }) => ask === "people");
  if (guest === undefined || isListed || !state.isReady || key !== COMMON_ROOM || state.open !== COMMON_ROOM) return;
  sendRequest(step, { ask: "people", room: undefined }, { action: "who_online" });
}

/** One of our own that comes back, since a connection that has broken brought it, is no other guest's. */
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

/** Catches up with the next conversation that is behind, the open one first: one at a time. */
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

/** A page of what was said since. */
export function missedPageReceived(
  step: Step,
  asked: PendingRequest & { ask: "missed" },
  page: PastPage<ChatMessage>,
): void {
  const { state } = step;
  const conversation = state.conversations.get(asked.key);
  if (conversation === undefined) return;
  const { key } = conversation, { rows, size, last } = page;
  const known = new Set(conversation.messages.map(({ id }) => id)), sent = new Set(rows.map(fingerprint));
  const outgoing = conversation.outgoing.filter((each) => !sent.has(fingerprint({ ...each, from: state.me!.name })));
  const first = asked.after === undefined;
  changeConversation(step, key, {
    ...pageRead(conversation, page).progress,
    messages: merge(conversation.messages, rows),
    outgoing,
    ...(first ? { isFromStart: size < PAGE } : {}),
    ...(first && asked.page === 1 ? { readTo: Math.max(conversation.readTo, last) } : {}),
  });
  joinSegments(step, key);
  if (!first) countUnread(step, key, rows.filter(({ id }) => !known.has(id)));
  if (isLastPage(page, asked.after, MANY)) return finishCatchUp(step, key, {});
  if (asked.page < PAGES || outgoing.some(({ state }) => state === "unknown")) {
    return requestMissed(step, conversation, last, asked.page + 1);
  }
  // Too much to read: the latest page it is, and what lies between is for who scrolls up.
  changeConversation(step, key, { messages: [], isFromStart: false });
  requestMissed(step, conversation, undefined, asked.page + 1);
}

/** Nothing is missing any more: what was heard meanwhile has its place, and what could not be sent may be. */
export function finishCatchUp(step: Step, key: string, more: Partial<Conversation>): void {
  const { state } = step;
  const conversation = state.conversations.get(key);
  if (conversation === undefined) return;
  const { progress, ready } = caughtUp(conversation);
  changeConversation(step, key, {
    ...progress,
    messages: merge(conversation.messages, ready),
    outgoing: conversation.outgoing.map((each) =>
      each.state === "unknown" ? { ...each, state: hasServerHistory(state, key) ? "queued" : "unsure" } : each
    ),
    ...more,
  });
  countUnread(step, key, ready);
}

function requestMissed(step: Step, { key }: Conversation, after: number | undefined, page: number): void {
  const range = after === undefined ? { limit: PAGE } : { after, limit: MANY };
  sendRequest(step, { ask: "missed", key, after, page }, { action: "history", ...conversationFields(key), ...range });
}
