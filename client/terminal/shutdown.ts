// The end of a chat: what waits is sent, and files on their way are, for at most three seconds; then the client closes its side
// and waits for the server's end; and what could not be sent or saved is told.

import { logger } from "../../log/mod.ts";
import type { ChatState } from "./chat_state.ts";
import type { Command } from "./command.ts";
import { markRead } from "./read_marks.ts";

/** Milliseconds for what is still to be sent when the user leaves. */
const FLUSH = 3_000;
/** Milliseconds for the server to close after that. */
const DRAIN = 1_000;

const { info } = logger("client/terminal/shutdown");

export const shutdownCommands = {
  quit: {
    read: (rest) => rest === "" ? { do: "quit" } : undefined,
    execute: (chat, _, now) => beginShutdown(chat, now),
  } satisfies Command<{ readonly do: "quit" }>,
};

/**
 * Begins the shutdown; without a reason, the user has asked for it.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { ChatState } from "./chat_state.ts";
 * import { plain } from "./paint.ts";
 * const chat = new ChatState({ address: "::1", port: 7777, name: "ann" }, plain, Math.random, 0);
 * beginShutdown(chat, 0, "The house is on fire");
 * assert.equal(isOver(chat, 0), true);
 * assert.deepEqual(outcome(chat), { words: "The house is on fire", status: 1 });
 * ```
 */
export function beginShutdown(chat: ChatState, now: number, reason?: string): void {
  if (chat.shutdown !== undefined) return;
  info("leave", reason ?? "done");
  if (chat.link.open && chat.markAt < Infinity) {
    chat.markAt = now;
    markRead(chat, now);
  }
  chat.shutdown = { deadline: now + FLUSH, reason };
  chat.window.end();
}

/** Whether all is said: the connection may be closed on our side. */
export function isFlushed({ shutdown, link, sent, transfers }: ChatState): boolean {
  const files = transfers.sent + transfers.saved;
  return shutdown !== undefined && link.requests.unsent + link.requests.unanswered + sent.waiting + files === 0;
}

/** Our side is closed: waits a little for the server's. */
export function drain({ shutdown }: ChatState, now: number): void {
  if (shutdown !== undefined) shutdown.deadline = Math.min(shutdown.deadline, now + DRAIN);
}

/** Whether this is the end. */
export function isOver({ shutdown, link }: ChatState, now: number): boolean {
  return shutdown !== undefined && (!link.open || now >= shutdown.deadline);
}

/** What is to be said at the end, if anything, and the exit status. */
export function outcome(
  { shutdown, link, sent, transfers, texts }: ChatState,
): { readonly words: string | undefined; readonly status: 0 | 1 } {
  const { unanswered, unsent } = link.requests.end();
  const count = unanswered.length + unsent.length + sent.waiting;
  const lost = [
    ...count === 0 ? [] : [texts.notSent(count)],
    ...transfers.sent === 0 ? [] : [texts.filesNotSent(transfers.sent)],
    ...transfers.saved === 0 ? [] : [texts.filesNotSaved(transfers.saved)],
  ];
  const words = [...shutdown?.reason === undefined ? [] : [shutdown.reason], ...lost];
  return words.length === 0 ? { words: undefined, status: 0 } : { words: words.join(", "), status: 1 };
}
