// Resynchronization after each login: rooms are joined again, lists are asked for, the past is read. When all of that is
// answered, messages that waited are sent; so are those that were sent before and are not in the past: they have not arrived.

import { COMMON_ROOM, FEATURES, MAX_PAGE } from "../../jim/mod.ts";
import type { ChatState } from "./chat_state.ts";
import type { Place } from "./places.ts";
import { caughtUp, interrupted, isLastPage, missingFrom, pageRead, pastPage } from "../protocol/catch_up.ts";
import { conversationFields } from "../protocol/objects.ts";
import type { Reply, Request } from "../protocol/requests.ts";
import { send } from "./say.ts";

/** Messages shown of what was said before one came. */
const BEFORE = 15;

/**
 * Reads what there is to know of a server that knows more than the handout.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { ChatState } from "./chat_state.ts";
 * import { plain } from "./paint.ts";
 * const chat = new ChatState({ address: "::1", port: 7777, name: "ann" }, plain, Math.random, 0);
 * resync(chat, 0);
 * assert.equal(chat.state, "resyncing");
 * assert.equal(chat.round.pending, 4); // who comes and goes, who is here, which rooms, and what was said in one
 * ```
 */
export function resync(chat: ChatState, now: number): void {
  chat.state = "resyncing";
  chat.round = { pending: 0, read: new Set() };
  const time = chat.time(now);
  for (const place of chat.places) place.past = interrupted(place.past);
  needs(chat, { object: { action: "presence", time, features: FEATURES } }, (reply) => {
    chat.withheld = new Set(reply?.rules?.registration === false ? ["register"] : []);
  });
  needs(chat, { object: { action: "who_online", time }, rows: "row" }, (reply, now) => {
    // A second guest by one name is let in like any other: nothing else tells it so.
    const { guests = 1 } = reply?.listed.find(({ name }) => chat.isMe(name)) ?? {};
    if (guests > 1 && !chat.been) chat.note(chat.texts.namesakes(chat.me.name, guests), now);
    chat.names.clear();
    if (reply?.listed.some(({ role }) => role !== undefined)) chat.roles.clear();
    for (const { name, role } of reply?.listed ?? []) chat.meet(name, role);
  });
  rejoin(chat, now);
  needs(chat, { object: { action: "rooms", time }, rows: "row" }, (reply, now) => {
    for (const { name, member } of reply?.listed ?? []) {
      chat.rooms.add(name);
      if (member) placeOf(chat, chat.spelling(name), now);
    }
  });
  for (const place of chat.places) readPast(chat, place, now);
}

/** The same for a server that has no more than the handout: there is nothing to read. */
export function resyncPlain(chat: ChatState, now: number): void {
  rejoin(chat, now);
  resynced(chat, now);
}

/** The conversation of a name; a new one that turns up while resyncing has a past to be read. */
export function placeOf(chat: ChatState, name: string, now: number): Place {
  const isNew = !chat.places.has(name);
  const place = chat.places.open(name);
  if (isNew && chat.state === "resyncing") {
    place.past = interrupted(place.past);
    readPast(chat, place, now);
  }
  return place;
}

/** Reads what was said in a conversation since, page by page, or the latest if it is a new one. */
export function readPast(chat: ChatState, place: Place, now: number): void {
  const { name } = place;
  // A guest has no past with anybody.
  if (!name.startsWith("#") && !chat.me.proved) return finish(chat, place);
  place.past = interrupted(place.past);
  const after = missingFrom(place.past), isFresh = after === undefined;
  const limit = isFresh ? BEFORE : MAX_PAGE, range = isFresh ? { limit } : { after, limit };
  const object = { action: "history", time: chat.time(now), ...conversationFields(name), ...range };
  needs(chat, { object, rows: "message" }, (reply, now) => {
    if (reply === undefined || reply.refused) return finish(chat, place, !isFresh);
    chat.round.read.add(name);
    chat.skip(reply.skipped, now);
    const page = pastPage(reply.rows, (row) => chat.places.said(row, chat.wall(now)));
    const { progress, ready } = pageRead(place.past, page);
    place.past = progress;
    for (const said of ready) chat.show(name, said, { ring: !isFresh });
    if (isLastPage(page, after, limit)) finish(chat, place, !isFresh);
    else readPast(chat, place, now);
  });
}

/** Nothing is held any more. */
function finish(chat: ChatState, place: Place, ring = true): void {
  const { progress, ready } = caughtUp(place.past);
  place.past = progress;
  for (const said of ready) chat.show(place.name, said, { ring });
}

/** Asks for something that must be answered before the resync is complete. */
function needs(chat: ChatState, request: Request, then?: (reply: Reply | undefined, now: number) => void): void {
  const { round } = chat;
  round.pending++;
  chat.link.requests.ask({
    ...request,
    then: (reply, now) => {
      then?.(reply, now);
      if (round === chat.round && --round.pending === 0 && chat.state === "resyncing") resynced(chat, now);
    },
  });
}

function rejoin(chat: ChatState, now: number): void {
  for (const room of chat.places.rooms.filter((room) => room !== COMMON_ROOM)) {
    chat.link.requests.ask({
      object: { action: "join", time: chat.time(now), room },
      then: (reply, now) => {
        if (reply?.refused) chat.alarm(chat.texts.notInAnyMore(room, reply.words), now);
      },
    });
  }
}

/** Says what had to wait, and again what has not arrived. */
function resynced(chat: ChatState, now: number): void {
  chat.state = "here";
  chat.been = true;
  chat.resyncedAt = now;
  const { send: ready, unknown } = chat.sent.release(chat.round.read);
  for (const { text } of unknown) chat.alarm(chat.texts.unknown(text), now);
  for (const mine of ready) send(chat, mine);
  if (chat.lostAt === undefined) return;
  chat.note(chat.texts.back(Math.ceil((now - chat.lostAt) / 1000), ready.length), now);
  chat.lostAt = undefined;
}
