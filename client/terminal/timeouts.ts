// What happens when only time has passed: an answer is no longer waited for, a silent server is probed, the next attempt to
// connect is due, the shutdown has reached its deadline.

import { disconnected } from "./disconnect.ts";
import type { ChatState } from "./chat_state.ts";
import { markRead } from "./read_marks.ts";

/**
 * When to {@linkcode pass} if nothing happens; `Infinity` for never.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { ChatState } from "./chat_state.ts";
 * import { plain } from "./paint.ts";
 * const chat = new ChatState({ address: "::1", port: 7777, name: "ann" }, plain, Math.random, 0);
 * assert.equal(due(chat), Infinity);
 * Object.assign(chat, { state: "here", speaksJim: true });
 * chat.link.begin();
 * assert.equal(due(chat), 75_000);
 * pass(chat, 75_000);
 * assert.match(new TextDecoder().decode(chat.link.requests.take(75_000)), /"probe"/);
 * ```
 */
export function due(chat: ChatState): number {
  const { link, shutdown, writers, markAt } = chat;
  return Math.min(
    shutdown?.deadline ?? Infinity,
    writers.due,
    link.open ? markAt : Infinity,
    link.open ? Math.min(link.requests.due, probeAt(chat), link.leaveBy) : link.retryAt,
  );
}

/** Time has passed. */
export function pass(chat: ChatState, now: number): void {
  const { open, requests, leaveBy } = chat.link;
  chat.writers.expire(now);
  if (!open) return;
  markRead(chat, now);
  if (now >= leaveBy) return disconnected(chat, now, chat.texts.stopping);
  if (now >= requests.due) {
    // Hanita answers; so this is a cable that was pulled, or a machine that slept.
    if (requests.isFast || chat.speaksJim) return disconnected(chat, now, chat.texts.silent);
    requests.expire(now);
  } else if (now >= probeAt(chat) && requests.isIdle) {
    requests.enqueue({ object: { action: "probe", time: chat.time(now) } });
  }
}

function probeAt({ state, speaksJim, link }: ChatState): number {
  return state === "here" && speaksJim ? link.probeAt : Infinity;
}
