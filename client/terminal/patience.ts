// What time alone brings: an answer that does not come, a server that has been silent for so long that it is asked whether it
// is there, the next attempt to connect, the end.

import { lost } from "./away.ts";
import type { Desk } from "./desk.ts";

/** Milliseconds of silence after which Hanita is asked whether it is there. */
const SILENCE = 75_000;

/**
 * When to {@linkcode pass} if nothing happens; `Infinity` for never.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { Desk } from "./desk.ts";
 * import { plain } from "./paint.ts";
 * const desk = new Desk({ address: "::1", port: 7777, name: "ann" }, plain, Math.random, 0);
 * assert.equal(due(desk), Infinity);
 * Object.assign(desk, { state: "here", jim: true });
 * desk.link.begin();
 * assert.equal(due(desk), 75_000);
 * pass(desk, 75_000);
 * assert.match(new TextDecoder().decode(desk.link.requests.take(75_000)), /"probe"/);
 * ```
 */
export function due(desk: Desk): number {
  const { link, parting } = desk;
  return Math.min(parting?.by ?? Infinity, link.open ? Math.min(link.requests.due, probeAt(desk)) : link.retryAt);
}

/** Time has passed. */
export function pass(desk: Desk, now: number): void {
  const { open, requests } = desk.link;
  if (!open) return;
  if (now >= requests.due) {
    // Hanita answers; so this is a cable that was pulled, or a machine that slept.
    if (requests.fast) return lost(desk, now, desk.texts.silent);
    requests.giveUp(now);
  } else if (now >= probeAt(desk) && requests.idle) {
    requests.ask({ object: { action: "probe", time: desk.time(now) } });
  }
}

function probeAt({ state, jim, link }: Desk): number {
  return state === "here" && jim ? link.requests.receivedAt + SILENCE : Infinity;
}
