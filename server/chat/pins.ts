/**
 * The actions `pin` and `pins`: messages that are kept in view in a room. In everybody's room operators pin. A pin goes with its
 * message: at once if that is deleted here, and else with the next look at the pins of the room, since a message may be too old by
 * now, or was deleted on another server at the moment when it was pinned.
 */
import { COMMON_ROOM, ok, type PinRequest, quote, type RoomOrder } from "../../jim/mod.ts";
import type { PinRecord } from "../journal/records.ts";
import type { Chat, Room } from "./chat.ts";
import { answerList, deny, denyNotStored, withRemarks } from "./answers.ts";
import { findMessage } from "./find_message.ts";
import type { Place } from "./place.ts";
import { requireRoom } from "./require_room.ts";
import { levelIn, MODERATOR } from "./room_rights.ts";
import type { RequestContext } from "./effects.ts";
import type { Session } from "./session.ts";

/** The most pinned messages of a room. */
const MAX_PINS = 50;

export function pin<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  request: PinRequest,
): void {
  const { to, id, is } = request, got = `${id}`;
  if (!to.startsWith("#")) return deny(context, session, 400, "room", { at: "to", got: quote(to), limit: 25 });
  const room = to === COMMON_ROOM ? undefined : requireRoom(chat, context, session, to, "to");
  if (to !== COMMON_ROOM && room === undefined) return;
  if (!mayPin(session, room)) {
    return deny(context, session, 403, "moderators", { got: quote("pin"), like: to });
  }
  const { pins } = room ?? chat.state;
  if (is && !pins.has(id) && pins.size >= MAX_PINS) return makePlace(chat, context, session, request, room);
  if (!is && !pins.has(id)) return deny(context, session, 404, "unpinned", { got });
  if (is === pins.has(id)) return context.effects.answer(session, ok(context.now, 200, "ok; it is so already"));
  if (!is) return propose(chat, context, session, request, room);
  findMessage(chat, context, session, request, "id", false, (context, { place }) => {
    if (mayPin(session, place.room)) return propose(chat, context, session, request, place.room);
    deny(context, session, 403, "moderators", { got: quote("pin"), like: to });
  });
}

function propose<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  request: PinRequest,
  room: Place["room"],
): void {
  const { id: of, is, time } = request;
  const record = { kind: "pin", ...placeOf(room), of, is, by: session.name!, time: context.now } as const;
  context.effects.propose(session, record, (context, outcome) => {
    if (outcome === "failed") return denyNotStored(context, session);
    if (outcome === "lost") return pin(chat, context, session, request); // another was before
    const words = is ? "the message is pinned" : "the message is pinned no more";
    context.effects.answer(session, ok(context.now, 200, withRemarks(context, words, time)));
  });
}

/** Owners, moderators and operators pin; in a direct group all do. */
function mayPin<S extends Session>({ account }: S, room: Room | undefined): boolean {
  if (room === undefined) return account?.operator === true;
  return room.isGroup || levelIn(room, account) >= MODERATOR;
}

/** The room has as many pins as it may have, unless some are of messages that are gone. */
function makePlace<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  request: PinRequest,
  room: Room | undefined,
): void {
  findKept(chat, context, session, room, (context, kept) => {
    const [gone, ...others] = unpinned(chat, context, room, kept);
    if (gone === undefined) return deny(context, session, 403, "pins", { limit: MAX_PINS });
    context.effects.propose(session, gone, (context, outcome) => {
      if (outcome === "failed") return denyNotStored(context, session);
      pin(chat, context, session, request);
    }, others);
  });
}

/** Lists the pinned messages of a room, the first one first; `history` has their texts. */
export function pins<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  { room: name }: RoomOrder,
): void {
  const room = name === COMMON_ROOM ? undefined : requireRoom(chat, context, session, name, "room");
  if (name !== COMMON_ROOM && room === undefined) return;
  if ((room ?? chat.state).pins.size === 0) return answerList(context, session, [], 0);
  findKept(chat, context, session, room, (context, kept) => {
    if (room !== undefined && requireRoom(chat, context, session, name, "room") !== room) return;
    const rows = [...(room ?? chat.state).pins].filter(([id]) => kept.has(id)).map(([id, { by, time }]) => {
      return { action: "pin_list", room: name, id, by, time };
    });
    answerList(context, session, rows, rows.length);
    context.effects.record(unpinned(chat, context, room, kept));
  });
}

/** A message is deleted: it is pinned no more. */
export function unpinDeleted<S extends Session>(
  chat: Chat<S>,
  { effects, now }: RequestContext<S>,
  { name: by }: S,
  room: Room | undefined,
  of: number,
): void {
  if (!(room ?? chat.state).pins.has(of)) return;
  effects.record([{ kind: "pin", ...placeOf(room), of, is: false, by: by!, time: now }]);
}

/** Finds the pinned messages of a room that are there still. */
function findKept<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  room: Room | undefined,
  then: (context: RequestContext<S>, kept: ReadonlySet<number>) => void,
): void {
  const { conversation = COMMON_ROOM } = room ?? {}, ids = [...(room ?? chat.state).pins.keys()];
  context.effects.startJob(session, { kind: "kept", conversation, ids }, (context, kept) => {
    if (kept === undefined) return deny(context, session, 500, "store");
    then(context, kept);
  });
}

/** The records that take back the pins of messages that are gone, in the name of those who have pinned them. */
function unpinned<S extends Session>(
  { state }: Chat<S>,
  { now: time }: RequestContext<S>,
  room: Room | undefined,
  kept: ReadonlySet<number>,
): PinRecord[] {
  const gone = [...(room ?? state).pins].filter(([id]) => !kept.has(id));
  return gone.map(([of, { by }]) => ({ kind: "pin", ...placeOf(room), of, is: false, by, time }));
}

function placeOf(room: Room | undefined): { room?: number } {
  return room === undefined ? {} : { room: room.id };
}
