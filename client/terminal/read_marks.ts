// What the user has read, as the server keeps it for an account: unread messages are counted from there. What is shown is read with
// the next key, and with the last one if that was a moment ago, such as the key that asked for it: a terminal does not know
// whether anybody looks at it.

import type { ServerEvent } from "../../jim/client/event.ts";
import type { Reply } from "../../jim/client/requests.ts";
import type { ChatState } from "./chat_state.ts";
import type { Conversation } from "./conversations.ts";

/** Milliseconds from a key to the marks of all that is shown then: one request for each conversation, however much is typed. */
const DELAY = 3_000;

/** The unread messages of each conversation have arrived; of an older server, or to a guest, a refusal. */
export function countsReceived(
  chat: ChatState,
  reply: Reply | undefined,
  conversationOf: (name: string) => Conversation,
): void {
  chat.hasMarks = reply !== undefined && !reply.refused;
  for (const { name, count } of reply?.listed ?? []) {
    const spelling = chat.spelling(name);
    if (count === undefined || (!chat.conversations.has(spelling) && count.unread === 0)) continue;
    conversationOf(spelling);
    chat.conversations.count(spelling, count);
  }
}

/** Another device has read a conversation. */
export function readElsewhere(chat: ChatState, { to, id }: ServerEvent & { kind: "read" }): void {
  chat.conversations.readTo(chat.spelling(to), id);
}

/** The user is at the keys, and sees what is shown. */
export function noteReading(chat: ChatState, now: number): void {
  chat.keyAt = now;
  if (chat.hasMarks && chat.state === "here") chat.markAt = Math.min(chat.markAt, now + DELAY);
}

/** Marks what was seen, if it is time. */
export function markRead(chat: ChatState, now: number): void {
  if (now < chat.markAt) return;
  chat.markAt = chat.keyAt + DELAY > now ? chat.keyAt + DELAY : Infinity; // of several keys the first one has set it
  if (!chat.hasMarks || chat.state !== "here") return;
  for (const conversation of unmarked(chat)) {
    const { name, progress: { upTo: id } } = conversation;
    Object.assign(conversation, { marked: id!, fresh: 0, isMentioned: false }); // what waits is of other conversations
    chat.link.requests.enqueue({ object: { action: "read", time: chat.time(now), to: name, id } });
  }
}

/** The conversations that are shown, further than they are marked: the current one, and all with people. */
function unmarked({ conversations }: ChatState): Conversation[] {
  return [...conversations].filter(({ name, progress: { upTo = 0, live }, marked }) =>
    live && upTo > marked && (name === conversations.current || !name.startsWith("#"))
  );
}
