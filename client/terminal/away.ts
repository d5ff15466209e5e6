// The connection is gone, or was never made: what was on its way is kept, the user is told, and another attempt is made a
// little later. A chat that never began is over instead.

import { logger } from "../../log/mod.ts";
import type { Desk } from "./desk.ts";
import { leave } from "./parting.ts";

/** Milliseconds after which a connection that breaks was a good one, and the next is tried soon. */
const GOOD = 10_000;

const { info } = logger("client/terminal/away");

/**
 * The connection is gone, or good for nothing.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { Desk } from "./desk.ts";
 * import { plain } from "./paint.ts";
 * const desk = new Desk({ address: "::1", port: 7777, name: "ann" }, plain, () => 0, 0);
 * Object.assign(desk, { state: "here", been: true });
 * desk.link.begin();
 * lost(desk, 0, "the server closed it");
 * assert.match(desk.window.out, /The connection is lost: the server closed it/);
 * assert.equal(desk.link.retryAt, 500);
 * ```
 */
export function lost(desk: Desk, now: number, why: string): void {
  const { link, spoken, typing, texts } = desk;
  if (!link.open) return;
  link.open = false;
  info("lost", why);
  const { sent, unsent, others } = link.requests.end();
  spoken.lost(sent, unsent);
  if (desk.been) desk.lostAt ??= now;
  if (desk.state === "here" && desk.parting === undefined) {
    desk.alarm(texts.lostForNow(why), now);
    if (now - desk.settledAt > GOOD) link.wasGood();
  }
  desk.state = "away";
  for (const each of others) each.lost?.(now);
  if (desk.been) link.tryLater(now, desk.random);
  else if (!typing.asks) leave(desk, now, texts.lost(why)); // else it is made for the answer
}

/** No connection could be made. */
export function unconnected({ link, random }: Desk, words: string, now: number): void {
  info("unconnected", words);
  link.tryLater(now, random);
}
