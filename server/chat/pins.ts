/** The actions `pin` and `pins`: messages that are kept in view in a room. In everybody's room operators pin. */
import { COMMON_ROOM, ok, type PinRequest, quote, type RoomOrder } from "../../jim/mod.ts";
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
  if (is && !pins.has(id) && pins.size >= MAX_PINS) return deny(context, session, 403, "pins", { limit: MAX_PINS });
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
  const { id: of, is, time } = request, where = room === undefined ? {} : { room: room.id };
  const record = { kind: "pin", ...where, of, is, by: session.name!, time: context.now } as const;
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

/** Lists the pinned messages of a room, the first one first; `history` has their texts. */
export function pins<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  { room: name }: RoomOrder,
): void {
  const room = name === COMMON_ROOM ? undefined : requireRoom(chat, context, session, name, "room");
  if (name !== COMMON_ROOM && room === undefined) return;
  const rows = [...(room ?? chat.state).pins].map(([id, { by, time }]) => {
    return { action: "pin_list", room: name, id, by, time };
  });
  answerList(context, session, rows, rows.length);
}
