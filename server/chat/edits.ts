/**
 * The actions `edit` and `delete`: another text for an own message, or none. The journal decides when the event is in the log: of
 * two requests about one message the later may have no effect, and its sender is told why.
 */
import { type Delete, type Edit, ok, quote, type Relay } from "../../jim/mod.ts";
import { MAX_EDITS } from "../journal/events.ts";
import type { EventProposal, GuestPeriod } from "../journal/records.ts";
import { announceEvent } from "./announce_event.ts";
import type { Chat } from "./chat.ts";
import { type ExistingMessage, findMessage } from "./find_message.ts";
import { unpinDeleted } from "./pins.ts";
import type { Place } from "./place.ts";
import { deny, denyNotStored, withRemarks } from "./answers.ts";
import { levelIn, mayAnnounce, MODERATOR } from "./room_rights.ts";
import type { RequestContext } from "./effects.ts";
import type { Session } from "./session.ts";

type Request = Edit | Delete;
type Denial = [code: number, reason: Parameters<typeof deny>[3], more: Parameters<typeof deny>[4]];

const MINUTE = 60_000;

export function changeMessage<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  request: Request,
): void {
  const isEdit = request.action === "edit";
  findMessage(
    chat,
    context,
    session,
    request,
    isEdit ? "message" : "id",
    isEdit,
    (context, found) => change(chat, context, session, request, found),
  );
}

function change<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  request: Request,
  found: ExistingMessage,
): void {
  const { line, about, place } = found;
  const denial = denialOf(chat, context, session, request, found);
  if (denial !== undefined) return deny(context, session, denial[0], denial[1], denial[2]);
  if (request.action === "edit" && about.edits >= MAX_EDITS) {
    return deny(context, session, 409, "edits", { at: "id", got: `${request.id}`, limit: MAX_EDITS });
  }
  if (request.action === "edit" && line.message === request.message) {
    return context.effects.answer(session, ok(context.now, 200, "ok; the text is the same"));
  }
  // A file needs no text beside it.
  if (request.action === "edit" && request.message.trim() === "" && line.file === undefined) {
    return deny(context, session, 400, "emptied", { at: "message" });
  }
  propose(chat, context, session, request, place, line);
}

function propose<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  request: Request,
  { conversation, to, room }: Place,
  line: Relay,
): void {
  const about = { conversation, of: request.id, to, from: session.name!, ...session.mark, time: context.now };
  const proposal: EventProposal = request.action === "edit"
    ? { kind: "edit", ...about, text: request.message }
    : { kind: "deletion", ...about };
  const charged = request.action === "edit" ? context.effects.spendQuota(session, proposal) : 0;
  context.effects.propose(session, proposal, (context, outcome) => {
    if (typeof outcome === "string") context.effects.refundQuota(session, charged);
    if (outcome === "failed") return denyNotStored(context, session);
    if (outcome === "lost") return changeMessage(chat, context, session, request); // another event was before it
    if (outcome.kind !== "event") return;
    if (!isOwn(chat, session, line)) context.effects.logOrder(session, `delete ${request.id} of ${quote(line.from)}`);
    const words = request.action === "edit" ? "the message is edited" : "the message is deleted";
    const answer = ok(context.now, 200, withRemarks(context, words, request.time));
    context.effects.answer(session, { ...answer, id: outcome.event.id });
    announceEvent(chat, context, session, outcome.event);
    if (request.action === "delete" && conversation.startsWith("#")) {
      unpinDeleted(chat, context, session, room, request.id);
    }
  });
}

/** Why a session may not change a message, if it may not. */
function denialOf<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  { action, id }: Request,
  { line, time, place: { conversation, room } }: ExistingMessage,
): Denial | undefined {
  const at = "id", got = `${id}`, { account } = session, minutes = chat.rules.editMinutes;
  const mayModerate = account?.operator === true || (room !== undefined && levelIn(room, account) >= MODERATOR);
  if (!isOwn(chat, session, line)) {
    // A moderator takes away what others have said, and puts no words into anybody's mouth.
    if (mayModerate && action === "delete" && conversation.startsWith("#")) return undefined;
    if (session.account === undefined && line.role === undefined && line.from === session.name) {
      return [403, "sharedname", { at }];
    }
    return [403, "notyours", { at, got, like: quote(line.from) }];
  }
  if (action === "edit" && room !== undefined && !mayAnnounce(room, account)) {
    return [403, "announcements", { at: "to", got: room.name }];
  }
  if (mayModerate) return undefined;
  if (minutes === 0) return [403, "noedits", {}];
  return context.now * 1000 - time > minutes * MINUTE ? [403, "oldmessage", { at, got, limit: minutes }] : undefined;
}

/**
 * Whether a message is of the person behind a session. An account's are of its name, since it has that name; a guest's are those
 * of times when no other guest had it. A guest that has registered keeps what it said before.
 */
function isOwn<S extends Session>(chat: Chat<S>, session: S, { from, role, id }: Relay): boolean {
  const { account } = session;
  const within = ({ name, after, last = Infinity }: GuestPeriod) => name === from && id > after && id <= last;
  if (role === undefined) return (account?.guestPeriods ?? chat.guestPeriods(session)).some(within);
  return account !== undefined && from === account.name && id > chat.state.nameSince(account);
}
