/** Reads the history of a conversation: older pages, a jump to an old message, and search. */
import { MAX_PAGE } from "../../jim/limits.ts";
import type { PastPage } from "../../jim/client/catch_up.ts";
import { conversationFields } from "../../jim/client/objects.ts";
import type { ServerEvent } from "../../jim/client/event.ts";
import { placeOf, readSearch } from "../../client/protocol/search_query.ts";
import { type ChatMessage, type Conversation, firstId, firstShown, merge, toChatMessage } from "../conversation.ts";
import {
  currentConversation,
  type FoundMessage,
  hasServerHistory,
  type PendingRequest,
  type SearchState,
  type State,
} from "./state.ts";
import { changeConversation, sendRequest, type Step } from "./step.ts";
import { joinSegments, PAGE, pauseReading } from "./segments.ts";
import { requestThread } from "./threads.ts";

/** Rows before the target of a jump, and rows by which a gap is filled at a time. */
const ABOVE = 25, FILLING = 100;

/**
 * Requests the page before the oldest message shown.
 *
 * @param first see {@linkcode firstShown}. A page that has arrived and is not drawn yet is no reason for another one.
 */
export function loadOlder(step: Step, first?: number): void {
  const { state, now } = step;
  const conversation = currentConversation(state);
  const { key, oldSegment } = conversation;
  const { isLoading, isFromStart } = oldSegment ?? conversation;
  const before = firstShown(conversation);
  if (
    !state.isReady || !conversation.live || isLoading || isFromStart || !hasServerHistory(state, key) ||
    before === undefined || before !== (first ?? before) || now < state.olderAfter
  ) {
    return;
  }
  setLoading(step, conversation, true);
  requestOlder(step, { key, old: oldSegment !== undefined, from: before, before });
}

/**
 * Older messages are refused: there are none for us.
 *
 * @param isTrouble the server could not read them, and may be able to in a while
 */
export function olderRefused(step: Step, asked: PendingRequest & { ask: "older" }, isTrouble: boolean): void {
  const { key, old } = asked, conversation = step.state.conversations.get(key);
  if (conversation === undefined || isOverdue(step, conversation, asked)) return;
  if (isTrouble) pauseReading(step);
  const { oldSegment } = conversation, refused = { isLoading: false, ...(isTrouble ? {} : { isFromStart: true }) };
  if (!old) changeConversation(step, key, refused);
  else if (oldSegment !== undefined) changeConversation(step, key, { oldSegment: { ...oldSegment, ...refused } });
}

/** A page of older messages has arrived. */
export function olderReceived(
  step: Step,
  asked: PendingRequest & { ask: "older" },
  { rows, size, first }: PastPage<ChatMessage>,
): void {
  const conversation = step.state.conversations.get(asked.key);
  if (conversation === undefined || isOverdue(step, conversation, asked)) return;
  // No row can be shown, and there are older pages.
  if (rows.length === 0 && size >= PAGE && first < asked.before) return requestOlder(step, { ...asked, before: first });
  if (!asked.old) {
    const messages = merge(conversation.messages, rows);
    // A page that leads no further back would be requested forever.
    const isFromStart = size < PAGE || firstId({ ...conversation, messages }) === firstId(conversation);
    changeConversation(step, asked.key, { isLoading: false, isFromStart, messages });
  } else if (conversation.oldSegment !== undefined) {
    const messages = merge(conversation.oldSegment.messages, rows);
    changeConversation(step, asked.key, {
      oldSegment: {
        messages,
        isFromStart: size < PAGE || messages[0] === conversation.oldSegment.messages[0],
        isLoading: false,
      },
    });
  }
  joinSegments(step, asked.key);
}

/**
 * Whether a page of older messages does not belong before what is shown now: the conversation was cut, or closed and opened again,
 * and there would be a gap behind the page.
 */
function isOverdue(
  step: Step,
  conversation: Conversation,
  { old, from }: PendingRequest & { ask: "older" },
): boolean {
  const { oldSegment } = conversation, first = old ? oldSegment?.messages[0]?.id : firstId(conversation);
  if (first === from) return false;
  if (!old) changeConversation(step, conversation.key, { isLoading: false });
  else if (oldSegment !== undefined) setLoading(step, conversation, false);
  return true;
}

/** Jumps to an old message of the open conversation, and loads the messages around it. */
export function jumpTo(step: Step, id: number): void {
  const { state } = step;
  state.target = { key: state.open, id, found: false };
  if (state.search?.isTargetLost) {
    const { isTargetLost: _, ...search } = state.search;
    state.search = search;
  }
  requestTarget(step);
}

/** The target of a jump has arrived, with the messages before it; and then the messages after it. */
export function targetReceived(
  step: Step,
  asked: PendingRequest & { ask: "target" },
  { rows, size }: PastPage<ChatMessage>,
): void {
  const { state } = step;
  const { key, id, above } = asked;
  if (state.target?.id !== id || state.target.key !== key || !state.conversations.has(key)) return; // another jump has begun
  if (above === undefined) {
    if (!rows.some((each) => each.id === id)) return targetMissing(step, asked);
    const searchReceived = { messages: rows, isFromStart: size < ABOVE, isLoading: false };
    return sendRequest(step, { ...asked, above: searchReceived }, {
      action: "history",
      ...conversationFields(key),
      after: id,
      limit: MAX_PAGE,
    });
  }
  changeConversation(step, key, { oldSegment: { ...above, messages: merge(above.messages, rows) } });
  joinSegments(step, key, size < MAX_PAGE);
  state.target = { key, id, found: true };
}

/**
 * The target of a jump does not exist, or may not be read.
 *
 * @param trouble why the server could not read it
 */
export function targetMissing(
  { state }: Step,
  { key, id }: PendingRequest & { ask: "target" },
  trouble?: string,
): void {
  if (state.target?.id !== id || state.target.key !== key) return; // another jump has begun
  state.target = undefined;
  if (trouble !== undefined) state.notice = { words: trouble };
  else if (state.search !== undefined) state.search = { ...state.search, isTargetLost: true };
}

/** Fills the gap below an older segment, from its upper or its lower end. */
export function fillGap(step: Step, side: "after" | "before"): void {
  const { state } = step;
  const conversation = currentConversation(state);
  const { key, oldSegment } = conversation;
  if (!state.isReady || !conversation.live || oldSegment === undefined || oldSegment.isLoading) return;
  const from = side === "after" ? oldSegment.messages.at(-1)!.id : firstId(conversation);
  if (from === undefined) return;
  setLoading(step, conversation, true);
  requestGap(step, { key, side, from });
}

/** What is in a gap is refused: it can be requested again. */
export function gapRefused(step: Step, key: string): void {
  const conversation = step.state.conversations.get(key);
  if (conversation?.oldSegment !== undefined) setLoading(step, conversation, false);
}

export function gapReceived(
  step: Step,
  asked: PendingRequest & { ask: "gap" },
  { rows, size, first, last }: PastPage<ChatMessage>,
): void {
  const { key, side, from } = asked, conversation = step.state.conversations.get(key);
  if (conversation?.oldSegment === undefined) return; // the older segment is closed
  const isFurther = side === "after" ? last > from : first < from;
  if (rows.length === 0 && size >= FILLING && isFurther) {
    return requestGap(step, { key, side, from: side === "after" ? last : first });
  }
  const oldSegment = { ...conversation.oldSegment, isLoading: false };
  if (side === "after") {
    changeConversation(step, key, { oldSegment: { ...oldSegment, messages: merge(oldSegment.messages, rows) } });
  } else changeConversation(step, key, { oldSegment, messages: merge(conversation.messages, rows) });
  joinSegments(step, key, size < FILLING);
}

/** Searches the open conversation, or where the text says; the latest results come first. */
export function startSearch(step: Step, text: string, isEverywhere = false): void {
  const { state } = step, { open: key } = state, query = readSearch(text, isEverywhere ? undefined : key);
  if (query === undefined) return;
  const search = { key, text, ...(isEverywhere ? { isEverywhere } : {}) };
  if (typeof query === "string") state.search = { ...search, rows: [], noDay: query };
  else {
    state.search = { ...search, rows: undefined };
    if (state.isReady) requestSearch(step, { key, text, isEverywhere, before: undefined });
  }
}

/** Requests older results. */
export function searchMore(step: Step): void {
  const { state } = step;
  const { search } = state, before = search?.rows?.at(-1)?.id;
  if (!state.isReady || search === undefined || before === undefined || search.hasMore !== true || search.isLoading) {
    return;
  }
  const { key, text, isEverywhere = false } = search;
  state.search = { ...search, isLoading: true };
  requestSearch(step, { key, text, isEverywhere, before });
}

/**
 * Messages were found. One row more than is shown tells that there are others.
 *
 * @param all with the neighbours of those that were found
 */
export function found(
  step: Step,
  asked: PendingRequest & { ask: "search" },
  { rows, size, first }: PastPage<ChatMessage>,
  all: readonly ServerEvent[],
): void {
  const { state } = step;
  const { before } = asked, { search } = state;
  if (search === undefined || !isOf(search, asked)) return;
  const more = size > PAGE;
  if (more && rows.length === 0 && first < (before ?? Infinity)) {
    return requestSearch(step, { ...asked, before: first });
  }
  const known = before === undefined ? [] : search.rows ?? [];
  const page = (more ? rows.slice(-PAGE) : rows).map((row) => ({ ...row, ...surroundings(state, asked, row, all) }));
  const { hasMore: _, isLoading: __, error: ___, ...rest } = search;
  state.search = { ...rest, rows: [...known, ...page.toReversed()], ...(more ? { hasMore: true } : {}) };
}

/** A search, or more of its results, is refused: what was found stays, and more can be requested again. */
export function searchRefused({ state }: Step, asked: PendingRequest & { ask: "search" }, why: string): void {
  const { search } = state;
  if (search === undefined || !isOf(search, asked)) return;
  const { isLoading: _, ...rest } = search;
  state.search = { ...rest, rows: search.rows ?? [], error: why };
}

/** Whether a request is of this search, not of one before it. */
function isOf(search: SearchState, { key, text, isEverywhere }: PendingRequest & { ask: "search" }): boolean {
  return search.text === text && search.key === key && (search.isEverywhere === true) === isEverywhere;
}

/** The connection is back: continues a search or a jump without an answer. */
export function resume(step: Step): void {
  const { search: sought, target } = step.state;
  if (sought !== undefined && sought.rows === undefined) startSearch(step, sought.text, sought.isEverywhere);
  else if (sought?.isLoading) {
    step.state.search = { ...sought, isLoading: false };
    searchMore(step);
  }
  if (target !== undefined && !target.found) requestTarget(step);
  requestThread(step);
}

function requestTarget(step: Step): void {
  const { state } = step;
  const { key, id } = state.target!;
  const conversation = state.conversations.get(key);
  const isThere = [conversation?.messages, conversation?.oldSegment?.messages].some((said) =>
    said?.some((each) => each.id === id)
  );
  if (isThere) state.target = { key, id, found: true };
  else if (conversation !== undefined && state.isReady) {
    sendRequest(step, { ask: "target", key, id }, {
      action: "history",
      ...conversationFields(key),
      before: id + 1,
      limit: ABOVE,
    });
  }
}

function requestOlder(step: Step, asked: Omit<PendingRequest & { ask: "older" }, "ask">): void {
  const { key, before } = asked;
  sendRequest(step, { ask: "older", ...asked }, {
    action: "history",
    ...conversationFields(key),
    before,
    limit: PAGE,
  });
}

function requestGap(step: Step, { key, side, from }: Omit<PendingRequest & { ask: "gap" }, "ask">): void {
  sendRequest(step, { ask: "gap", key, side, from }, {
    action: "history",
    ...conversationFields(key),
    [side]: from,
    limit: FILLING,
  });
}

function requestSearch(step: Step, asked: Omit<PendingRequest & { ask: "search" }, "ask">): void {
  const { key, text, isEverywhere, before } = asked, query = readSearch(text, isEverywhere ? undefined : key);
  if (typeof query !== "object") return;
  const { before: day = Infinity } = query.fields, bound = Math.min(before ?? Infinity, day);
  sendRequest(step, { ask: "search", key, text, isEverywhere, before }, {
    ...query.fields,
    context: true,
    ...(bound === Infinity ? {} : { before: bound }),
    limit: PAGE + 1,
  });
}

/** The conversation of a message that was found, and its neighbours. */
function surroundings(
  { me }: State,
  { key, text, isEverywhere }: PendingRequest & { ask: "search" },
  { id }: ChatMessage,
  all: readonly ServerEvent[],
): Pick<FoundMessage, "place" | "before" | "behind"> {
  const at = all.findIndex((row) => row.kind === "message" && row.id === id),
    query = readSearch(text, isEverywhere ? undefined : key);
  const said = typeof query === "object" ? query.place : undefined;
  const place = (row: ServerEvent | undefined) =>
    row?.kind !== "message" ? undefined : said ?? placeOf(row, (name) => name === me?.name);
  const where = place(all[at]) ?? key;
  const neighbour = (row: ServerEvent | undefined) =>
    row?.kind === "message" && row.isContext && place(row) === where ? toChatMessage(row) : undefined;
  const before = neighbour(all[at - 1]), behind = neighbour(all[at + 1]);
  return { place: where, ...(before === undefined ? {} : { before }), ...(behind === undefined ? {} : { behind }) };
}

function setLoading(step: Step, { key, oldSegment }: Conversation, isLoading: boolean): void {
  changeConversation(
    step,
    key,
    oldSegment === undefined ? { isLoading } : { oldSegment: { ...oldSegment, isLoading } },
  );
}
