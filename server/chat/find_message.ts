/** Looks for the message that is edited, deleted or pinned, or that gets a reaction. */
import type { Relay } from "../../jim/mod.ts";
import type { EventsAbout, Reacting } from "../journal/contract.ts";
import type { Chat } from "./chat.ts";
import type { RequestContext } from "./effects.ts";
import { type Place, placeOf } from "./place.ts";
import { deny, isMuted, isOverQuota } from "./answers.ts";
import { requireUnmutedRoom } from "./require_room.ts";
import type { Session } from "./session.ts";

/** A message that is there and was not deleted. */
export interface ExistingMessage {
  readonly line: Relay;
  /** When it was stored, in milliseconds since 1970. */
  readonly time: number;
  readonly about: EventsAbout;
  readonly place: Place;
}

/** What a request says of the message. */
interface Request {
  readonly to: string;
  readonly id: number;
  /** The reaction that is looked for. */
  readonly asked?: Reacting;
}

const decoder = new TextDecoder();

/**
 * Looks for a message, and refuses the request if there is none or its sender may not speak there. The journal may answer late:
 * meanwhile the session may have been muted, or have left the room, so this is checked again.
 *
 * @param at the field that a mute is about
 * @param isCounted the request counts against the daily quota
 */
export function findMessage<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  { to, id, asked }: Request,
  at: string,
  isCounted: boolean,
  then: (context: RequestContext<S>, found: ExistingMessage) => void,
): void {
  if (isMuted(chat, context, session, at)) return;
  const place = placeOf(chat, context, session, to, requireUnmutedRoom);
  if (place === undefined || (isCounted && isOverQuota(context, session, deny))) return;
  const job = { kind: "message", conversation: place.conversation, id, asked } as const;
  context.effects.startJob(session, job, (context, found) => {
    if (found === undefined) return deny(context, session, 500, "store");
    if (isMuted(chat, context, session, at)) return;
    const place = placeOf(chat, context, session, to, requireUnmutedRoom), got = `${id}`;
    if (place === undefined) return;
    const { message, about } = found;
    if (message === undefined) return deny(context, session, 404, "nomessage", { at: "id", got });
    const line = JSON.parse(decoder.decode(message.line)) as Relay;
    if (line.deleted === true) return deny(context, session, 410, "deleted", { at: "id", got });
    then(context, { line, time: message.time, about, place });
  });
}
