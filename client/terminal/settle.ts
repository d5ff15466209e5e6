// Between coming in and being here: one's rooms are joined again, what there is to know is asked for, the past is read. When
// all of that is answered, what had to wait is said; and again what was sent, if it is not in the past: it has not arrived.

import { COMMON, FEATURES } from "../../jim/mod.ts";
import type { Desk } from "./desk.ts";
import type { Place } from "./places.ts";
import { caughtUp, interrupted, isLastPage, missingFrom, pageRead, pastPage } from "../protocol/catch_up.ts";
import { conversation } from "../protocol/objects.ts";
import type { Reply, Request } from "../protocol/requests.ts";
import { send } from "./say.ts";

/** Messages of a page when catching up; the most that Hanita gives. */
const PAGE = 500;
/** Messages shown of what was said before one came. */
const BEFORE = 15;

/**
 * Reads what there is to know of a server that knows more than the handout.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { Desk } from "./desk.ts";
 * import { plain } from "./paint.ts";
 * const desk = new Desk({ address: "::1", port: 7777, name: "ann" }, plain, Math.random, 0);
 * settle(desk, 0);
 * assert.equal(desk.state, "settling");
 * assert.equal(desk.round.pending, 4); // who comes and goes, who is here, which rooms, and what was said in one
 * ```
 */
export function settle(desk: Desk, now: number): void {
  desk.state = "settling";
  desk.round = { pending: 0, read: new Set() };
  const time = desk.time(now);
  for (const place of desk.places) place.past = interrupted(place.past);
  needs(desk, { object: { action: "presence", time, features: FEATURES } });
  needs(desk, { object: { action: "who_online", time }, rows: "row" }, (reply, now) => {
    // A second guest by one name is let in like any other: nothing else tells it so.
    const { guests = 1 } = reply?.listed.find(({ name }) => desk.isMe(name)) ?? {};
    if (guests > 1 && !desk.been) desk.note(desk.texts.namesakes(desk.me.name, guests), now);
    desk.names.clear();
    if (reply?.listed.some(({ role }) => role !== undefined)) desk.roles.clear();
    for (const { name, role } of reply?.listed ?? []) desk.meet(name, role);
  });
  rejoin(desk, now);
  needs(desk, { object: { action: "rooms", time }, rows: "row" }, (reply, now) => {
    for (const { name, member } of reply?.listed ?? []) {
      desk.rooms.add(name);
      if (member) placeOf(desk, desk.spelling(name), now);
    }
  });
  for (const place of desk.places) readPast(desk, place, now);
}

/** The same for a server that has no more than the handout: there is nothing to read. */
export function settleAtOnce(desk: Desk, now: number): void {
  rejoin(desk, now);
  settled(desk, now);
}

/** The conversation of a name; one that turns up while one settles has a past to be read. */
export function placeOf(desk: Desk, name: string, now: number): Place {
  const isNew = !desk.places.has(name);
  const place = desk.places.open(name);
  if (isNew && desk.state === "settling") {
    place.past = interrupted(place.past);
    readPast(desk, place, now);
  }
  return place;
}

/** Reads what was said in a conversation since, page by page, or the latest if it is a new one. */
export function readPast(desk: Desk, place: Place, now: number): void {
  const { name } = place;
  // A guest has no past with anybody.
  if (!name.startsWith("#") && !desk.me.proved) return finish(desk, place);
  place.past = interrupted(place.past);
  const after = missingFrom(place.past), isFresh = after === undefined;
  const limit = isFresh ? BEFORE : PAGE, range = isFresh ? { limit } : { after, limit };
  const object = { action: "history", time: desk.time(now), ...conversation(name), ...range };
  needs(desk, { object, rows: "message" }, (reply, now) => {
    if (reply === undefined || reply.refused) return finish(desk, place, !isFresh);
    desk.round.read.add(name);
    desk.skip(reply.skipped, now);
    const page = pastPage(reply.rows, (row) => desk.places.said(row, desk.wall(now)));
    const { progress, ready } = pageRead(place.past, page);
    place.past = progress;
    for (const said of ready) desk.show(name, said, { ring: !isFresh });
    if (isLastPage(page, after, limit)) finish(desk, place, !isFresh);
    else readPast(desk, place, now);
  });
}

/** Nothing is held any more. */
function finish(desk: Desk, place: Place, ring = true): void {
  const { progress, ready } = caughtUp(place.past);
  place.past = progress;
  for (const said of ready) desk.show(place.name, said, { ring });
}

/** Asks for something without which it is not settled. */
function needs(desk: Desk, request: Request, then?: (reply: Reply | undefined, now: number) => void): void {
  const { round } = desk;
  round.pending++;
  desk.link.requests.ask({
    ...request,
    then: (reply, now) => {
      then?.(reply, now);
      if (round === desk.round && --round.pending === 0 && desk.state === "settling") settled(desk, now);
    },
  });
}

function rejoin(desk: Desk, now: number): void {
  for (const room of desk.places.rooms.filter((room) => room !== COMMON)) {
    desk.link.requests.ask({
      object: { action: "join", time: desk.time(now), room },
      then: (reply, now) => {
        if (reply?.refused) desk.alarm(desk.texts.notInAnyMore(room, reply.words), now);
      },
    });
  }
}

/** Says what had to wait, and again what has not arrived. */
function settled(desk: Desk, now: number): void {
  desk.state = "here";
  desk.been = true;
  desk.settledAt = now;
  const { send: ready, unknown } = desk.spoken.release(desk.round.read);
  for (const { text } of unknown) desk.alarm(desk.texts.unknown(text), now);
  for (const mine of ready) send(desk, mine);
  if (desk.lostAt === undefined) return;
  desk.note(desk.texts.back(Math.ceil((now - desk.lostAt) / 1000), ready.length), now);
  desk.lostAt = undefined;
}
