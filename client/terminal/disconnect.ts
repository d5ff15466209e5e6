// The connection is gone, or was never made: what was on its way is kept, the user is told, and another attempt is made a
// little later. A chat that never began is over instead.

import { joinHostPort } from "../../jim/mod.ts";
import { logger } from "../../log/mod.ts";
import type { ChatState } from "./chat_state.ts";
import { beginShutdown } from "./shutdown.ts";

const { info } = logger("client/terminal/disconnect");

/**
 * The connection is gone, or good for nothing.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { ChatState } from "./chat_state.ts";
 * import { plain } from "./paint.ts";
 * const chat = new ChatState({ address: "::1", port: 7777, name: "ann" }, plain, () => 0, 0);
 * Object.assign(chat, { state: "here", hasJoinedBefore: true });
 * chat.link.begin();
 * disconnected(chat, 0, "the server closed it");
 * assert.match(chat.window.out, /The connection is lost: the server closed it/);
 * assert.equal(chat.link.retryAt, 500);
 * ```
 */
export function disconnected(chat: ChatState, now: number, why: string): void {
  const { link, sent, typing, texts } = chat;
  if (!link.open) return;
  link.open = false;
  info("lost", why);
  const { unanswered, unsent, others } = link.requests.end();
  sent.connectionLost(unanswered, unsent);
  if (chat.hasJoinedBefore) chat.lostAt ??= now;
  if (chat.state === "here" && chat.shutdown === undefined) {
    const { next } = link;
    chat.warnAndLog(texts.lostForNow(why, next && joinHostPort(next.address, next.port)), now);
    link.wasGood(chat.resyncedAt, now);
  }
  chat.state = "away";
  chat.markAt = Infinity;
  chat.writers.clear();
  for (const each of others) each.lost?.(now);
  if (chat.hasJoinedBefore) link.tryLater(now, chat.random);
  else if (!typing.asks) beginShutdown(chat, now, texts.lost(why)); // else it is made for the answer
}

/** No connection could be made. */
export function connectFailed({ link, random }: ChatState, words: string, now: number): void {
  info("connectFailed", words);
  link.tryLater(now, random);
}
