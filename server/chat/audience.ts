/**
 * Which sessions of this server are told of an event about a message (`announce_event.ts`), or that somebody is writing
 * (`typing.ts`): the readers of the conversation. The sender may be on another server.
 */
import { COMMON_ROOM, type Relay } from "../../jim/mod.ts";
import { guestSide, isGuestSide, roomIdOf, sidesOf } from "../journal/conversation.ts";
import type { Chat } from "./chat.ts";
import type { Session } from "./session.ts";

/** The readers on this server, and how each spells the addressee; undefined when all spell it alike. */
export interface Audience<S> {
  readonly readers: Iterable<S>;
  readonly spelling: ((reader: S) => string) | undefined;
}

/** The audience of a message, its sender among it; or of what was said about a message. */
export function audienceOf<S extends Session>(
  conversation: string,
  { role, to }: Pick<Relay, "role" | "to">,
  chat: Chat<S>,
): Audience<S> {
  if (conversation === COMMON_ROOM) return { readers: chat.sessions(), spelling: undefined };
  if (conversation.startsWith("#")) {
    const room = chat.state.roomById(roomIdOf(conversation));
    if (room === undefined) return { readers: [], spelling: undefined }; // it was deleted
    const spelling = chat.isRespelt(room) ? (reader: S) => chat.spelling(reader, room) : undefined;
    return { readers: chat.sessionsIn(room), spelling };
  }
  const sides = sidesOf(conversation), guests = sides.filter(isGuestSide);
  const guest = guests.find((side) => side !== guestSide(to)) ?? guests[0]; // of two guests the sender
  // Other devices of the sender get the message too. Guests with one name may be different people.
  const isFromGuest = guest !== undefined && role === undefined;
  const readers = new Set(
    sides.filter((side) => !isFromGuest || side !== guest).flatMap((side) => [...chat.sessionsOf(side)]),
  );
  if (guest === undefined || isFromGuest) return { readers, spelling: undefined };
  return { readers, spelling: (reader) => reader.side === guest ? reader.name! : to };
}
