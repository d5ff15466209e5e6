/** The action `react`: an emoji on a message, or none. Anybody may react who can read the message. */
import { ok, quote, type React, type Relay } from "../../jim/mod.ts";
import { hasOtherKinds, hasTooMany, MAX_KINDS, MAX_REACTIONS, reactionOf, reactionsIn } from "../journal/events.ts";
import type { ReactionRecord } from "../journal/records.ts";
import { announceEvent } from "./announce_event.ts";
import type { Chat } from "./chat.ts";
import type { RequestContext } from "./effects.ts";
import type { FoundMessage } from "./jobs.ts";
import { isOverQuota } from "./msg.ts";
import { placeOf } from "./place.ts";
import { deny, denyNotStored, isMuted, withRemarks } from "./replies.ts";
import type { Session } from "./session.ts";

const decoder = new TextDecoder();

export function reactTo<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  request: React,
): void {
  if (isMuted(chat, context, session, "emoji")) return;
  const place = placeOf(chat, context, session, request.to), { id } = request;
  if (place === undefined || isOverQuota(context, session, deny)) return;
  context.effects.startJob(session, { kind: "message", conversation: place.conversation, id }, (context, found) => {
    if (found === undefined) return deny(context, session, 500, "store");
    react(chat, context, session, request, found);
  });
}

/** The message was found. Meanwhile the session may have been muted, or have left the room. */
function react<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  request: React,
  { message, events }: FoundMessage,
): void {
  const at = "id", { id, emoji, is } = request, got = `${id}`, { account } = session;
  if (isMuted(chat, context, session, "emoji")) return;
  const place = placeOf(chat, context, session, request.to);
  if (place === undefined) return;
  if (message === undefined) return deny(context, session, 404, "nomessage", { at, got });
  const line = JSON.parse(decoder.decode(message.line)) as Relay;
  if (line.deleted === true) return deny(context, session, 410, "deleted", { at, got });
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
  const reactions = reactionsIn(events), isThere = reactionOf(proposal, reactions)?.is === true;
  if (is === isThere) {
    const words = is ? "ok; you have reacted so already" : "ok; you have not reacted so";
    return context.effects.answer(session, ok(context.now, 200, words));
  }
  if (is && hasTooMany(reactions)) return deny(context, session, 409, "reactions", { at, got, limit: MAX_REACTIONS });
  if (is && hasOtherKinds(reactions, emoji)) {
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
  context.effects.spendQuota(session, proposal);
  context.effects.propose(session, proposal, (context, outcome) => {
    if (outcome === "failed") return denyNotStored(context, session);
    if (outcome === "lost") return reactTo(chat, context, session, request); // another event was before it
    if (outcome.kind !== "event") return;
    const answer = ok(context.now, 200, withRemarks(context, "ok", request.time));
    context.effects.answer(session, { ...answer, id: outcome.event.id });
    announceEvent(chat, context, session, outcome.event);
  });
}
