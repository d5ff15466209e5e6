/** What is unread, and whether it names us. What is looked at is read, and no more of it is held than that needs. */
import { type ChatMessage, isFrom, isRoom } from "../conversation.ts";
import { mentions } from "../text.ts";
import { isIgnored, isKept } from "./state.ts";
import { change, type Turn } from "./turn.ts";

/** More than this is let go at the top while the end is looked at: the past has it still. */
const SHOWN = 600, KEPT = 300;

/** What is unread of these. */
export function count(turn: Turn, key: string, rows: readonly ChatMessage[]): void {
  const { state } = turn;
  const conversation = state.conversations.get(key)!;
  const { name } = state.me!;
  const fresh = rows.filter((each) =>
    each.id! > conversation.readTo && !isFrom(name, each) && !isIgnored(state, each.from)
  );
  if (fresh.length === 0) return see(turn);
  const seen = key === state.open && state.seen;
  change(turn, key, {
    unread: conversation.unread + fresh.length,
    mentions: conversation.mentions + fresh.filter(({ text }) => !isRoom(key) || mentions(text, name)).length,
    unreadMarker: !seen && conversation.unread === 0 ? conversation.readTo : conversation.unreadMarker,
  });
  see(turn);
}

/** What is looked at is read. */
export function see(turn: Turn): void {
  const { state } = turn;
  const conversation = state.conversations.get(state.open);
  if (!state.seen || conversation === undefined || conversation.upTo === undefined) return;
  const many = conversation.messages.length > SHOWN && isKept(state, conversation.key) && state.target === undefined;
  const isBack = conversation.oldSegment !== undefined && state.target === undefined;
  if (conversation.unread === 0 && conversation.readTo >= conversation.upTo && !many && !isBack) return;
  change(turn, conversation.key, {
    readTo: Math.max(conversation.readTo, conversation.upTo),
    unread: 0,
    mentions: 0,
    ...(isBack ? { oldSegment: undefined } : {}),
    ...(many ? { messages: conversation.messages.slice(-KEPT), isFromStart: false } : {}),
  });
}
