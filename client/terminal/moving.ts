// Where one is: going to a conversation, coming into a room, leaving one.

import { COMMON } from "../../jim/mod.ts";
import type { Desk } from "./desk.ts";
import { typed } from "./names.ts";
import { readPast } from "./settle.ts";

/**
 * Goes to a conversation: a room one is in, or a person.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { Desk } from "./desk.ts";
 * import { plain } from "./paint.ts";
 * const desk = new Desk({ address: "::1", port: 7777, name: "ann" }, plain, Math.random, 0);
 * go(desk, "bob", 0);
 * assert.equal(desk.places.front, "bob");
 * go(desk, "#cats", 0);
 * assert.match(desk.window.out, /You are not in #cats: \/join #cats comes in/);
 * ```
 */
export function go(desk: Desk, name: string, now: number): void {
  const isNew = !desk.places.has(name);
  if (isNew && !name.startsWith("#")) {
    turnTo(desk, name, now);
    const isKnown = desk.names.has(name) || desk.isMe(name), room = typed(`#${name}`);
    if (desk.jim && desk.state === "here" && !isKnown) desk.note(desk.texts.nobodyCalled(typed(name), room), now);
    return;
  }
  if (!isNew) return turnTo(desk, name, now);
  desk.warn(desk.texts.notInJoin(name, typed(name)), now);
}

/** Comes into a room, and goes there. */
export function join(desk: Desk, room: string, now: number): void {
  if (desk.places.has(room)) return go(desk, room, now);
  desk.ask(`/join ${typed(room)}`, { object: { action: "join", time: desk.time(now), room } }, now, (_, now) => {
    desk.rooms.add(room);
    turnTo(desk, room, now);
  });
}

/** Leaves a room, or forgets a conversation with a person. */
export function part(desk: Desk, name: string, now: number): void {
  const { places } = desk;
  if (name === COMMON) return desk.warn(desk.texts.cannotLeave(name), now);
  if (!places.has(name)) return desk.warn(desk.texts.notIn(name), now);
  const forget = (now: number) => {
    const { front } = places;
    places.close(name);
    if (front === name) go(desk, COMMON, now);
    else desk.note(desk.texts.hasLeft(name), now);
  };
  if (!name.startsWith("#")) return forget(now);
  const object = { action: "leave", time: desk.time(now), room: name };
  desk.ask(`/leave ${typed(name)}`, { object }, now, (_, now) => forget(now));
}

function turnTo(desk: Desk, name: string, now: number): void {
  const { places, transcript } = desk;
  const isNew = !places.has(name);
  transcript.turnTo(name, desk.wall(now));
  const isIn = desk.state === "here" || desk.state === "settling"; // on coming in, the past of all is read
  if (isNew && isIn && desk.jim) readPast(desk, places.open(name), now);
}
