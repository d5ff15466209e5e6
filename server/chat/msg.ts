/** The action `msg`: a message to all, to a room, or to a person. */
import { COMMON_ROOM, type Msg, ok, quote, type RefusalReason } from "../../jim/mod.ts";
import type { Chat } from "./chat.ts";
import { between } from "../journal/conversation.ts";
import { refreshAndCheck } from "./refresh.ts";
import { suggestName } from "./suggestions.ts";
import { banDetails, denyMessage, withRemarks } from "./answers.ts";
import { findOriginal, lacksOriginal, type Original } from "./reply.ts";
import { requireWritableRoom } from "./require_room.ts";
import type { RequestContext } from "./effects.ts";
import type { Session } from "./session.ts";

/**
 * Milliseconds for which polled accounts are recent enough. A private message is for the present owner of a name: an
 * account made a moment ago, not a guest that used the name.
 */
const FRESH = 20;

/** @param original the message that it answers, if it is a reply and that was found */
export function msg<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  request: Msg,
  original?: Original,
): void {
  const { to } = request;
  const mute = chat.muteOf(session, context.now);
  if (mute !== undefined) return denyMessage(context, session, 403, "muted", banDetails(mute));
  if (to === COMMON_ROOM) {
    if (isOverQuota(context, session)) return;
    if (request.reply_to !== undefined) return replyToAll(chat, context, session, request, original);
    return context.effects.relayToAll(session, request, ok(context.now, 200, withRemarks(context, "ok", request.time)));
  }
  if (to.startsWith("#")) return toRoom(chat, context, session, request, original);
  toPerson(chat, context, session, request, original);
}

/** A reply has its own bytes for programs that do not know replies, so it is no broadcast. */
function replyToAll<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  request: Msg,
  original: Original | undefined,
): void {
  if (original?.conversation !== COMMON_ROOM) return findOriginal(chat, context, session, request, COMMON_ROOM, msg);
  const readers = [...chat.sessions()].filter(({ receivesRelays }) => receivesRelays);
  const answer = ok(context.now, 200, withRemarks(context, "ok", request.time));
  context.effects.relayToSome(session, readers, request, COMMON_ROOM, answer, undefined, undefined, original.quoted);
}

function toRoom<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  request: Msg,
  original: Original | undefined,
): void {
  const room = requireWritableRoom(chat, context, session, request.to, "to", denyMessage);
  if (room === undefined || isOverQuota(context, session)) return;
  if (lacksOriginal(request, original, room.conversation)) {
    return findOriginal(chat, context, session, request, room.conversation, msg);
  }
  const answer = ok(context.now, 200, withRemarks(context, "ok", request.time));
  const spelling = chat.isRespelt(room) ? (reader: S) => chat.spelling(reader, room) : undefined;
  context.effects.relayToSome(
    session,
    chat.sessionsIn(room),
    { ...request, to: room.name },
    room.conversation,
    answer,
    spelling,
    undefined,
    original?.quoted,
  );
}

function toPerson<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  request: Msg,
  original: Original | undefined,
): void {
  if (!refreshAndCheck(chat, context, session, FRESH)) return;
  const { to } = request, account = chat.account(to), side = chat.sideOf(to), named = openSessions(chat, side);
  const hearers = named.filter((each) => each !== session && each.receivesRelays);
  const elsewhere = chat.serversReading(side), isRead = hearers.length > 0 || elsewhere.length > 0;
  const own = account !== undefined && session.account === account;
  if (!isRead && account === undefined) {
    const [code, reason] = whyUnreached(chat, session, to);
    return denyMessage(context, session, code, reason, {
      at: "to",
      got: quote(to),
      ...reason === "nobody" ? suggestName(chat, session, to) : {},
    });
  }
  // Other devices of the sender get the message too. Guests with one name may be different people.
  const devices = session.isLoggedIn && !own ? chat.sessionsOf(session.side!) : [];
  const conversation = account !== undefined || session.isLoggedIn ? between(session.side!, side) : undefined;
  if (conversation !== undefined && isOverQuota(context, session)) return;
  if (lacksOriginal(request, original, conversation)) {
    return findOriginal(chat, context, session, request, conversation, msg);
  }
  const isPresent = named.length > 0 || chat.countElsewhere(side) > 0;
  const later = `accepted; ${to} ${isPresent ? "reads no messages now" : "is offline"} and will get it later`;
  const answer = isRead || own
    ? ok(context.now, 200, withRemarks(context, "ok", request.time))
    : ok(context.now, 202, withRemarks(context, later, request.time));
  // Each guest spells the name its own way; all other readers get one spelling.
  const shown = account?.name ?? hearers[0]?.name ?? to;
  const spelling = hearers.some(({ name }) => name !== shown)
    ? (reader: S) => reader.side === side ? reader.name! : shown
    : undefined;
  context.effects.relayToSome(
    session,
    [...hearers, ...devices],
    { ...request, to: shown },
    conversation,
    answer,
    spelling,
    conversation === undefined ? elsewhere : [],
    original?.quoted,
  );
}

/** Whether the daily quota is used up; refuses the message if so. Operators have no quota. */
export function isOverQuota<S extends Session>(
  context: RequestContext<S>,
  session: S,
  refused: typeof denyMessage<S> = denyMessage,
): boolean {
  const quota = session.account?.operator === true ? undefined : context.effects.exhaustedQuota(session);
  if (quota === undefined) return false;
  const { scope, limit, seconds } = quota;
  refused(context, session, 403, `${scope}quota`, { limit, got: String(seconds) });
  return true;
}

/** The sessions of a side on this server. With a shared journal one that has closed is in the chat until its record is back. */
function openSessions<S extends Session>(chat: Chat<S>, side: string): S[] {
  return [...chat.sessionsOf(side)].filter((session) => chat.isOpen(session));
}

/** Why a message reaches no guest with that name. */
function whyUnreached<S extends Session>(
  chat: Chat<S>,
  session: S,
  name: string,
): [code: number, reason: RefusalReason] {
  const side = chat.sideOf(name), named = openSessions(chat, side);
  if (chat.countElsewhere(side) > 0) return [410, "writeonly"];
  if (named.length === 0) return chat.isPresent(side) || chat.hasGuestLeft(name) ? [410, "gone"] : [404, "nobody"];
  return named.length === 1 && named[0] === session ? [404, "self"] : [410, "writeonly"];
}
