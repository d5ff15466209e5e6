// The end of a chat: what is in wait is said, for a moment; then our side is closed, and the server's is waited for; and what
// could not be said is told.

import { logger } from "../../log/mod.ts";
import type { Desk } from "./desk.ts";

/** Milliseconds for what is still to be said when one leaves. */
const FAREWELL = 3_000;
/** Milliseconds for the server to close after that. */
const DRAIN = 1_000;

const { info } = logger("client/terminal/parting");

/**
 * Begins the end; with a reason, it is not the user who wants it so.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { Desk } from "./desk.ts";
 * import { plain } from "./paint.ts";
 * const desk = new Desk({ address: "::1", port: 7777, name: "ann" }, plain, Math.random, 0);
 * leave(desk, 0, "The house is on fire");
 * assert.equal(isOver(desk, 0), true);
 * assert.deepEqual(farewell(desk), { words: "The house is on fire", status: 1 });
 * ```
 */
export function leave(desk: Desk, now: number, reason?: string): void {
  if (desk.parting !== undefined) return;
  info("leave", reason ?? "done");
  desk.parting = { by: now + FAREWELL, reason };
  desk.window.end();
}

/** Whether all is said: the connection may be closed on our side. */
export function isSaid({ parting, link, spoken }: Desk): boolean {
  return parting !== undefined && link.requests.unsent + link.requests.unanswered + spoken.waiting === 0;
}

/** Our side is closed: waits a little for the server's. */
export function drain({ parting }: Desk, now: number): void {
  if (parting !== undefined) parting.by = Math.min(parting.by, now + DRAIN);
}

/** Whether this is the end. */
export function isOver({ parting, link }: Desk, now: number): boolean {
  return parting !== undefined && (!link.open || now >= parting.by);
}

/** What is to be said at the end, if anything, and the exit status. */
export function farewell(
  { parting, link, spoken, texts }: Desk,
): { readonly words: string | undefined; readonly status: 0 | 1 } {
  const { sent, unsent } = link.requests.end();
  const count = sent.length + unsent.length + spoken.waiting;
  const lost = count === 0 ? [] : [texts.notSent(count)];
  const words = [...parting?.reason === undefined ? [] : [parting.reason], ...lost];
  return words.length === 0 ? { words: undefined, status: 0 } : { words: words.join(", "), status: 1 };
}
