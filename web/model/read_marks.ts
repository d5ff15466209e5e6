/**
 * What the user has read, as the server keeps it for an account: the counts come from there, other devices mark as read here, and
 * what is read here is told to the server. A guest, or a page with an older server, counts alone.
 * @module
 */
import type { ServerEvent, UnreadCount } from "../../jim/client/event.ts";
import { type ChatMessage, type Conversation, isFrom, isRoom } from "../conversation.ts";
import { mentions } from "../../jim/mention.ts";
import { levelReceived } from "./levels.ts";
import { isIgnored, knownSpelling, type State } from "./state.ts";
import { changeConversation, sendRequest, type Step } from "./step.ts";

/** Milliseconds between two times that marks are sent: a page reads each message that it shows. */
const INTERVAL = 3_000;

/** Asks for what is unread in each conversation. */
export function requestUnread(step: Step): void {
  sendRequest(step, { ask: "unread" }, { action: "unread" });
}

/** The counts of all conversations have arrived. */
export function countsReceived(step: Step, rows: readonly ServerEvent[]): void {
  const { state } = step;
  state.hasMarks = true;
  for (const row of rows) {
    if (row.kind !== "row" || row.count === undefined) continue;
    if (row.level !== undefined) levelReceived(step, row.name, row.level);
    const key = knownSpelling(state, row.name), known = state.conversations.get(key);
    if (known !== undefined || row.count.unread > 0) count(step, key, row.count);
  }
  countAlone(step);
}

/** The server counts nothing, or not in all conversations: what has come since the login is counted here. */
export function countAlone(step: Step): void {
  const { state } = step;
  if (!state.isUncounted) return;
  state.isUncounted = false;
  for (const { key, countedTo, assumedReadTo = 0, ...known } of state.conversations.values()) {
    if (countedTo !== undefined) continue;
    const readTo = Math.max(known.readTo, assumedReadTo);
    changeConversation(step, key, {
      readTo,
      assumedReadTo: undefined,
      ...countedHere(state, { key, ...known }, readTo),
    });
  }
}

/** What was read here without a connection is read. */
function count(step: Step, key: string, { read, unread, mentions, last }: UnreadCount): void {
  const { state } = step, known = state.conversations.get(key);
  const readTo = Math.max(known?.readTo ?? 0, read), isFurther = readTo > read;
  changeConversation(step, key, {
    isMember: true,
    readTo,
    assumedReadTo: undefined,
    marked: read,
    // Of what was read further here only the messages tell how many are left.
    ...(isFurther ? countedHere(state, known!, readTo) : { unread, mentions: isRoom(key) ? mentions : unread }),
    countedTo: isFurther ? Math.max(readTo, known?.countedTo ?? 0) : last,
    unreadMarker: unread > 0 && !isFurther && key === state.open ? readTo : known?.unreadMarker,
  });
}

/** The account has read a conversation on another device. */
export function readElsewhere(step: Step, { to, id }: ServerEvent & { kind: "read" }): void {
  const { state } = step, key = knownSpelling(state, to), conversation = state.conversations.get(key);
  if (conversation === undefined || id <= conversation.readTo) return;
  const { live, isFromStart, messages, upTo = 0, countedTo = 0 } = conversation;
  const isAll = id >= Math.max(upTo, countedTo),
    isLoaded = live && (isFromStart || (messages[0]?.id ?? Infinity) <= id);
  const left = isAll ? { unread: 0, mentions: 0 } : counts(state, key, id);
  // Of what is not loaded only the server knows how much is left.
  if (!isAll && !isLoaded && state.isReady && !state.pending.asked.some(({ ask }) => ask === "unread")) {
    requestUnread(step);
  }
  changeConversation(step, key, {
    ...left,
    readTo: id,
    marked: Math.max(conversation.marked, id),
    unreadMarker: left.unread === 0 && key !== state.open ? undefined : conversation.unreadMarker,
  });
}

/** Tells the server what was read, as far as it does not know. */
export function sendMarks(step: Step): void {
  const { state, now } = step;
  if (!state.isReady || !state.hasMarks) return;
  const due = unmarked(state);
  if (due.length === 0 || now < state.marksAfter) return;
  state.marksAfter = now + INTERVAL;
  for (const { key, readTo } of due) {
    sendRequest(step, { ask: "read" }, { action: "read", to: key, id: readTo });
    changeConversation(step, key, { marked: readTo });
  }
}

/** When marks are to be sent; `undefined` if there are none. */
export function marksDue(state: State): number | undefined {
  return state.isReady && state.hasMarks && unmarked(state).length > 0 ? state.marksAfter : undefined;
}

function unmarked({ conversations }: State): Conversation[] {
  return [...conversations.values()].filter(({ isMember, live, readTo, marked }) =>
    isMember && live && readTo > marked
  );
}

/** The unread messages behind an id: those that are loaded, or as many as were counted. After a very long absence not all of these are loaded. */
function countedHere(
  state: State,
  { key, unread, mentions }: Pick<Conversation, "key" | "unread" | "mentions">,
  readTo: number,
): Pick<Conversation, "unread" | "mentions"> {
  const loaded = counts(state, key, readTo);
  return { unread: Math.max(unread, loaded.unread), mentions: Math.max(mentions, loaded.mentions) };
}

/** The unread messages behind an id, and those that mention the user, as far as they are loaded; later ones are counted then. */
function counts(state: State, key: string, readTo: number): Pick<Conversation, "unread" | "mentions"> {
  const fresh = unreadAmong(state, state.conversations.get(key)?.messages ?? [], readTo);
  return { unread: fresh.length, mentions: mentionsAmong(state, key, fresh) };
}

/** The messages of others behind an id. */
export function unreadAmong(state: State, rows: readonly ChatMessage[], readTo: number): readonly ChatMessage[] {
  const { name } = state.me!;
  return rows.filter((each) =>
    (each.id ?? 0) > readTo && !each.isDeleted && !isFrom(name, each) && !isIgnored(state, each.from)
  );
}

/** How many of these are for the user: in private all of them. */
export function mentionsAmong({ me }: State, key: string, fresh: readonly ChatMessage[]): number {
  return fresh.filter(({ text }) => !isRoom(key) || mentions(text, me!.name)).length;
}
