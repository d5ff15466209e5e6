/**
 * The action `react`: an emoji on a message, or none. Anybody may react who can read the message. What a guest has put it takes
 * away as long as it is connected: the next guest by its name may be somebody else.
 */
import { ok, quote, type React } from "../../jim/mod.ts";
import { hasOtherKinds, hasTooMany, MAX_KINDS, MAX_REACTIONS, personOf } from "../journal/events.ts";
import type { ReactionRecord } from "../journal/records.ts";
import { announceEvent } from "./announce_event.ts";
import type { Chat } from "./chat.ts";
import type { RequestContext } from "./effects.ts";
import { type ExistingMessage, findMessage } from "./find_message.ts";
import { deny, denyNotStored, withRemarks } from "./answers.ts";
import type { Session } from "./session.ts";

export function reactTo<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  request: React,
): void {
  const { account, name, mark } = session, { emoji } = request;
  const asked = { emoji, person: personOf({ ...mark, from: name!, ...(account && { account: account.id }) }) };
  findMessage(
    chat,
    context,
    session,
    { ...request, asked },
    "emoji",
    true,
    (context, found) => react(chat, context, session, request, found),
  );
}

function react<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  request: React,
  { about, place }: ExistingMessage,
): void {
  const at = "id", { id, emoji, is } = request, got = `${id}`, { account } = session;
  const proposal: ReactionRecord = {
    kind: "reaction",
    conversation: place.conversation,
    of: id,
    to: place.to,
    from: session.name!,
    ...session.mark,
    time: context.now,
    emoji,
    is,
    ...(account === undefined ? {} : { account: account.id }),
  };
  const { former } = about, isThere = former?.is === true;
  if (is === isThere) {
    const words = is ? "ok; you have reacted so already" : "ok; you have not reacted so";
    return context.effects.answer(session, ok(context.now, 200, words));
  }
  if (!is && account === undefined && !chat.ownReactions.has(session, former!.id)) {
    return deny(context, session, 403, "guestreaction", { at, got: quote(emoji) });
  }
  if (is && hasTooMany(about)) return deny(context, session, 409, "reactions", { at, got, limit: MAX_REACTIONS });
  if (is && hasOtherKinds(about, emoji)) {
    return deny(context, session, 409, "kinds", { got: quote(emoji), limit: MAX_KINDS });
  }
  propose(chat, context, session, request, proposal);
}

function propose<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  request: React,
  proposal: ReactionRecord,
): void {
  const charged = context.effects.spendQuota(session, proposal);
  context.effects.propose(session, proposal, (context, outcome) => {
    if (typeof outcome === "string") context.effects.refundQuota(session, charged);
    if (outcome === "failed") return denyNotStored(context, session);
    if (outcome === "lost") return reactTo(chat, context, session, request); // another event was before it
    if (outcome.kind !== "event") return;
    if (proposal.is && session.account === undefined) chat.ownReactions.add(session, outcome.event.id);
    const answer = ok(context.now, 200, withRemarks(context, "ok", request.time));
    context.effects.answer(session, { ...answer, id: outcome.event.id });
    announceEvent(chat, context, session, outcome.event);
  });
}
