// The notices that somebody writes: sent while the user types, and received.

import type { ServerEvent } from "../../jim/client/event.ts";
import type { ChatState } from "./chat_state.ts";

/** Tells others that the user writes in the current conversation, if they are to be told. */
export function noteTyping(chat: ChatState, now: number): void {
  const { writers, conversations: { current }, typing, state, speaksJim } = chat;
  if (state !== "here" || !speaksJim || writers.isUnknown || typing.asks) return;
  const is = writers.typed(typing.text, current, now);
  if (is === undefined) return;
  chat.link.requests.enqueue({
    object: { action: "typing", time: chat.time(now), to: current, ...(is ? {} : { is }) },
    then: (reply) => {
      if (reply?.code === 400) writers.isUnknown = true; // of an older server
    },
  });
}

/** Somebody writes, or no more. */
export function tellWriting(
  chat: ChatState,
  where: string,
  { from, is }: ServerEvent & { kind: "typing" },
  now: number,
): void {
  if (!is || chat.ignored.has(from)) chat.writers.delete(where, from);
  else chat.writers.set(where, from, now);
}
