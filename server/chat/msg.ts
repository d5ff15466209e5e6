/** The action `msg`: a message to all, to a room, or to a person. */
import { COMMON_ROOM, type Msg, ok, quote, type RefusalReason, type SharedFile } from "../../jim/mod.ts";
import type { Chat } from "./chat.ts";
import { between } from "../journal/conversation.ts";
import { refreshAndCheck } from "./refresh.ts";
import { suggestName } from "./suggestions.ts";
import { banDetails, denyMessage, isOverQuota, withRemarks } from "./answers.ts";
import { findOriginal, lacksOriginal, type Original } from "./reply.ts";
import { requireWritableRoom } from "./require_room.ts";
import type { MessageExtras, RequestContext } from "./effects.ts";
import type { Session } from "./session.ts";
import { textForms } from "./text_forms.ts";
import { findFile } from "./uploads.ts";

/**
 * Milliseconds for which polled accounts are recent enough. A private message is for the present owner of a name: an
 * account made a moment ago, not a guest that used the name.
 */
const FRESH = 20;

/** What a message names, when it was found. */
interface Found {
  /** The message that it answers. */
  readonly original?: Original;
  readonly file?: SharedFile;
}

const NOTHING_FOUND: Found = {};

export function msg<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  request: Msg,
  found: Found = NOTHING_FOUND,
): void {
  const { to } = request;
  const mute = chat.muteOf(session, context.now);
  if (mute !== undefined) return denyMessage(context, session, 403, "muted", banDetails(mute));
  if (to === COMMON_ROOM) {
    if (isOverQuota(context, session)) return;
    if (request.reply_to !== undefined || request.file !== undefined) {
      return specialToAll(chat, context, session, request, found);
    }
    return context.effects.relayToAll(session, request, ok(context.now, 200, withRemarks(context, "ok", request.time)));
  }
  if (to.startsWith("#")) return toRoom(chat, context, session, request, found);
  toPerson(chat, context, session, request, found);
}

/**
 * Looks for what a message names, and handles it again: all that it depends on may have changed. Returns false if all is found.
 *
 * @param conversation undefined if its messages are not kept
 */
function lookFor<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  request: Msg,
  found: Found,
  conversation: string | undefined,
): boolean {
  if (lacksOriginal(request, found.original, conversation)) {
    findOriginal(context, session, request, conversation, (context, original) => {
      msg(chat, context, session, request, { ...found, original });
    });
  } else if (request.file !== undefined && (found.file === undefined || conversation === undefined)) {
    findFile(context, session, request, conversation, (context, file) => {
      msg(chat, context, session, request, { ...found, file });
    });
  } else return false;
  return true;
}

/** A reply, or a message with a file, has its own bytes for programs that do not know such, so it is no broadcast. */
function specialToAll<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  request: Msg,
  found: Found,
): void {
  if (lookFor(chat, context, session, request, found, COMMON_ROOM)) return;
  const readers = [...chat.sessions()].filter(({ receivesRelays }) => receivesRelays);
  const answer = ok(context.now, 200, withRemarks(context, "ok", request.time));
  const extras = extrasOf(chat, request, found);
  context.effects.relayToSome(
    session,
    readers,
    request,
    COMMON_ROOM,
    answer,
    undefined,
    undefined,
    extras,
  );
}

function toRoom<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  request: Msg,
  found: Found,
): void {
  const room = requireWritableRoom(chat, context, session, request.to, "to", denyMessage);
  if (room === undefined || isOverQuota(context, session)) return;
  if (lookFor(chat, context, session, request, found, room.conversation)) return;
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
    extrasOf(chat, request, found),
  );
}

function toPerson<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  request: Msg,
  found: Found,
): void {
  if (!refreshAndCheck(chat, context, session, FRESH)) return;
  const { to } = request, account = chat.account(to), side = chat.sideOf(to), named = chat.openSessionsOf(side);
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
  if (lookFor(chat, context, session, request, found, conversation)) return;
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
    extrasOf(chat, request, found),
  );
}

/** What a message has beside its text, if anything. */
function extrasOf<S extends Session>(
  { rules }: Chat<S>,
  { message }: Msg,
  { original, file }: Found,
): MessageExtras | undefined {
  if (original === undefined && file === undefined) return undefined;
  return { file, forms: textForms(message, original?.quoted, file, rules.files?.origin ?? "") };
}

/** Why a message reaches no guest with that name. */
function whyUnreached<S extends Session>(
  chat: Chat<S>,
  session: S,
  name: string,
): [code: number, reason: RefusalReason] {
  const side = chat.sideOf(name), named = chat.openSessionsOf(side);
  if (chat.countElsewhere(side) > 0) return [410, "writeonly"];
  if (named.length === 0) return chat.isPresent(side) || chat.hasGuestLeft(name) ? [410, "gone"] : [404, "nobody"];
  return named.length === 1 && named[0] === session ? [404, "self"] : [410, "writeonly"];
}
