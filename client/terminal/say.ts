// What one says: shown at once, and sent, or kept until it can be.

import { count, exceeds } from "../../jim/length.ts";
import { roomy } from "../../jim/mod.ts";
import { message } from "../protocol/objects.ts";
import type { Desk } from "./desk.ts";
import type { Mine } from "./spoken.ts";

/** Characters of a text that a remark quotes. */
const QUOTED = 40;

/**
 * Says a text.
 *
 * @param to a room with its `#`, or a person's name
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { Desk } from "./desk.ts";
 * import { plain } from "./paint.ts";
 * const desk = new Desk({ address: "::1", port: 7777, name: "ann" }, plain, Math.random, 0);
 * say(desk, "#all", "hello", 0);
 * assert.match(desk.window.out, /ann › hello/);
 * assert.equal(desk.spoken.waiting, 1);
 * ```
 */
export function say(desk: Desk, to: string, text: string, now: number): void {
  const { places, spoken, transcript, typing, me: { name } } = desk;
  if (exceeds(text, roomy.text)) {
    typing.giveBack(text);
    return desk.warn(desk.texts.tooLong(roomy.text, count(text)), now);
  }
  const time = desk.wall(now), mine = spoken.add(name, to, text, time);
  if (!places.has(to)) places.open(to, places.greatest);
  const role = desk.roles.get(name);
  transcript.said(to, { id: undefined, from: name, text, time, ...(role === undefined ? {} : { role }) });
  if (desk.state === "here") send(desk, mine);
  else spoken.wait(mine);
}

/** Sends what was said. */
export function send(desk: Desk, mine: Mine): void {
  const { from, to, text, time } = mine;
  desk.link.requests.ask({
    object: message(from, text, time, to),
    message: mine,
    then: (reply, now) => {
      if (reply === undefined) return;
      if (reply.id !== undefined && desk.places.acknowledge(to, reply.id)) desk.spoken.forget(mine);
      const start = text.length > QUOTED ? `${text.slice(0, QUOTED)}…` : text;
      if (reply.refused) desk.alarm(desk.texts.refuses(`"${start}"`, reply.words), now);
      else if (reply.code === 202) desk.note(reply.words, now);
    },
  });
}
