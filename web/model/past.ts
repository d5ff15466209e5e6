/** Going back in a conversation that the server keeps: page by page, to one old message, or to what words find. */
import { MAX_PAGE } from "../../jim/limits.ts";
import type { PastPage } from "../../client/protocol/catch_up.ts";
import { conversationFields } from "../../client/protocol/objects.ts";
import { type ChatMessage, type Conversation, firstId, merge } from "../conversation.ts";
import { type Asked, isKept, openConversation } from "./state.ts";
import { ask, change, type Turn } from "./turn.ts";

/** Rows of a page of the past that is read; one to catch up with has the most that JIM gives. */
export const PAGE = 50;
/** Rows before an old message that is jumped to, and rows by which a gap is filled at a time. */
const ABOVE = 25, FILLING = 100;

/** What was said before all that is shown. */
export function older(turn: Turn): void {
  const { state } = turn;
  const conversation = openConversation(state);
  const { key, oldSegment } = conversation;
  const { isLoading, isFromStart } = oldSegment ?? conversation;
  const before = oldSegment === undefined ? firstId(conversation) : oldSegment.messages[0]?.id;
  if (!state.ready || !conversation.live || isLoading || isFromStart || !isKept(state, key) || before === undefined) {
    return;
  }
  load(turn, conversation, true);
  askOlder(turn, { key, old: oldSegment !== undefined, before });
}

/** A page of what was said before. */
export function wentBack(
  turn: Turn,
  asked: Asked & { ask: "older" },
  { rows, size, first }: PastPage<ChatMessage>,
): void {
  const conversation = turn.state.conversations.get(asked.key);
  if (conversation === undefined) return; // it was put away meanwhile
  // Nothing of it can be shown, and there is more before it.
  if (rows.length === 0 && size >= PAGE && first < asked.before) return askOlder(turn, { ...asked, before: first });
  if (!asked.old) {
    const messages = merge(conversation.messages, rows);
    // A page that leads no further back would be asked for again and again.
    const isFromStart = size < PAGE || firstId({ ...conversation, messages }) === firstId(conversation);
    change(turn, asked.key, { isLoading: false, isFromStart, messages });
  } else if (conversation.oldSegment !== undefined) {
    const messages = merge(conversation.oldSegment.messages, rows);
    change(turn, asked.key, {
      oldSegment: {
        messages,
        isFromStart: size < PAGE || messages[0] === conversation.oldSegment.messages[0],
        isLoading: false,
      },
    });
  }
  join(turn, asked.key);
}

/** Goes to an old message of the open conversation, which is shown with what was said around it. */
export function reach(turn: Turn, id: number): void {
  const { state } = turn;
  state.target = { key: state.open, id, found: false };
  seek(turn);
}

/** The old message that is sought, with what was said before it; and then what was said after it. */
export function reached(turn: Turn, asked: Asked & { ask: "reach" }, { rows, size }: PastPage<ChatMessage>): void {
  const { state } = turn;
  const { key, id, above } = asked;
  if (state.target?.id !== id || state.target.key !== key || !state.conversations.has(key)) return; // another one is sought
  if (above === undefined) {
    if (!rows.some((each) => each.id === id)) return lost(turn);
    const found = { messages: rows, isFromStart: size < ABOVE, isLoading: false };
    return ask(turn, { ...asked, above: found }, {
      action: "history",
      ...conversationFields(key),
      after: id,
      limit: MAX_PAGE,
    });
  }
  change(turn, key, { oldSegment: { ...above, messages: merge(above.messages, rows) } });
  join(turn, key, size < MAX_PAGE);
  state.target = { key, id, found: true };
}

/** The old message is not there, or cannot be had. */
export function lost(turn: Turn): void {
  const { state } = turn;
  state.target = undefined;
  if (state.search !== undefined) state.search = { ...state.search, lost: true };
}

/** Fills the gap below an old piece: with what came after it, or with what came before the latest one. */
export function fill(turn: Turn, side: "after" | "before"): void {
  const { state } = turn;
  const conversation = openConversation(state);
  const { key, oldSegment } = conversation;
  if (!state.ready || !conversation.live || oldSegment === undefined || oldSegment.isLoading) return;
  const from = side === "after" ? oldSegment.messages.at(-1)!.id : firstId(conversation);
  if (from === undefined) return;
  load(turn, conversation, true);
  askFilling(turn, { key, side, from });
}

export function filled(
  turn: Turn,
  asked: Asked & { ask: "fill" },
  { rows, size, first, last }: PastPage<ChatMessage>,
): void {
  const { key, side, from } = asked, conversation = turn.state.conversations.get(key);
  if (conversation?.oldSegment === undefined) return; // back in the present
  const isFurther = side === "after" ? last > from : first < from;
  if (rows.length === 0 && size >= FILLING && isFurther) {
    return askFilling(turn, { key, side, from: side === "after" ? last : first });
  }
  const oldSegment = { ...conversation.oldSegment, isLoading: false };
  if (side === "after") {
    change(turn, key, { oldSegment: { ...oldSegment, messages: merge(oldSegment.messages, rows) } });
  } else change(turn, key, { oldSegment, messages: merge(conversation.messages, rows) });
  join(turn, key, size < FILLING);
}

/**
 * Makes one piece of two that meet.
 *
 * @param whole the past had no more for the gap
 */
export function join(turn: Turn, key: string, whole = false): void {
  const conversation = turn.state.conversations.get(key);
  if (conversation?.oldSegment === undefined) return;
  const { oldSegment, messages } = conversation, first = messages.find(({ id }) => id !== undefined)?.id;
  if (first === undefined || (!whole && oldSegment.messages.at(-1)!.id! < first)) return;
  change(turn, key, {
    messages: merge(messages, oldSegment.messages),
    isFromStart: oldSegment.isFromStart,
    isLoading: false,
    oldSegment: undefined,
  });
}

/** Looks for words in the open conversation; what is found is shown from the latest on. */
export function search(turn: Turn, text: string): void {
  const { state } = turn;
  const { open: key } = state;
  state.search = { key, text, rows: undefined };
  if (state.ready) askSearch(turn, key, text, undefined);
}

/** What else was found, further back. */
export function searchOn(turn: Turn): void {
  const { state } = turn;
  const { search } = state, before = search?.rows?.at(-1)?.id;
  if (!state.ready || search === undefined || before === undefined || search.more !== true || search.loading) return;
  state.search = { ...search, loading: true };
  askSearch(turn, search.key, search.text, before);
}

/** One row more than is shown tells that there are others. */
export function found(
  turn: Turn,
  asked: Asked & { ask: "search" },
  { rows, size, first }: PastPage<ChatMessage>,
): void {
  const { state } = turn;
  const { key, text, before } = asked;
  const { search } = state;
  if (search?.text !== text || search.key !== key) return;
  const more = size > PAGE;
  if (more && rows.length === 0 && first < (before ?? Infinity)) return askSearch(turn, key, text, first);
  const known = before === undefined ? [] : search.rows ?? [];
  const page = more ? rows.slice(-PAGE) : rows;
  state.search = { key, text, rows: [...known, ...page.toReversed()], ...(more ? { more } : {}) };
}

/** The connection is back: goes on with what has not been found yet. */
export function goOn(turn: Turn): void {
  const { search: sought, target } = turn.state;
  if (sought !== undefined && sought.rows === undefined) search(turn, sought.text);
  else if (sought?.loading) {
    turn.state.search = { ...sought, loading: false };
    searchOn(turn);
  }
  if (target !== undefined && !target.found) seek(turn);
}

function seek(turn: Turn): void {
  const { state } = turn;
  const { key, id } = state.target!;
  const conversation = state.conversations.get(key);
  const isThere = [conversation?.messages, conversation?.oldSegment?.messages].some((said) =>
    said?.some((each) => each.id === id)
  );
  if (isThere) state.target = { key, id, found: true };
  else if (conversation !== undefined && state.ready) {
    ask(turn, { ask: "reach", key, id }, {
      action: "history",
      ...conversationFields(key),
      before: id + 1,
      limit: ABOVE,
    });
  }
}

function askOlder(turn: Turn, { key, old, before }: Omit<Asked & { ask: "older" }, "ask">): void {
  ask(turn, { ask: "older", key, old, before }, { action: "history", ...conversationFields(key), before, limit: PAGE });
}

function askFilling(turn: Turn, { key, side, from }: Omit<Asked & { ask: "fill" }, "ask">): void {
  ask(turn, { ask: "fill", key, side, from }, {
    action: "history",
    ...conversationFields(key),
    [side]: from,
    limit: FILLING,
  });
}

function askSearch(turn: Turn, key: string, text: string, before: number | undefined): void {
  const range = before === undefined ? {} : { before };
  ask(turn, { ask: "search", key, text, before }, {
    action: "search",
    ...conversationFields(key),
    text,
    ...range,
    limit: PAGE + 1,
  });
}

function load(turn: Turn, { key, oldSegment }: Conversation, isLoading: boolean): void {
  change(turn, key, oldSegment === undefined ? { isLoading } : { oldSegment: { ...oldSegment, isLoading } });
}
