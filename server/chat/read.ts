/**
 * The actions `read` and `unread`: up to which message an account has read a conversation, and how many are unread. It is the
 * same on all devices of the account.
 */
import { COMMON_ROOM, type Level, ok, type Query, quote, type Read } from "../../jim/mod.ts";
import { guestSide, isGuestSide, roomConversation, roomIdOf, sidesOf } from "../journal/conversation.ts";
import type { Account, Chat } from "./chat.ts";
import { deny, withFieldRemark } from "./answers.ts";
import { placeOf } from "./place.ts";
import type { RequestContext } from "./effects.ts";
import type { Counted } from "./jobs.ts";
import type { Session } from "./session.ts";

export function read<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  { action, to, id }: Read,
): void {
  const { account } = session, { effects, now } = context;
  if (account === undefined) return deny(context, session, 401, "accounts", { got: quote(action) });
  const found = placeOf(chat, context, session, to);
  if (found === undefined) return;
  const place = placeIn(account, found.conversation), last = Math.min(id, effects.lastId);
  effects.answer(session, ok(now, 200));
  if (chat.reads.note(account, place, last)) announceRead(chat, context, session, account, place, last);
}

/** Tells an account's sessions on this server, except the one that has said it. */
export function announceRead<S extends Session>(
  chat: Chat<S>,
  { effects, now }: RequestContext<S>,
  by: S | undefined,
  account: Account,
  place: string,
  id: number,
): void {
  const others = [...chat.features.among(chat.sessionsOf(account.side), "read")].filter((each) => each !== by);
  const readers = Map.groupBy(others, (reader) => nameOf(chat, reader, place));
  for (const [to, those] of readers) {
    if (to !== undefined) effects.announce(by, those, { action: "read", time: now, to, id });
  }
}

/** Lists the conversations of an account: the last id that it has read, and how many messages it has not. */
export function unread<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  { action }: Query,
): void {
  const { account } = session;
  if (account === undefined) return deny(context, session, 401, "accounts", { got: quote(action) });
  chat.reads.begin(account);
  const places = [COMMON_ROOM, ...[...account.rooms.keys()].map(({ conversation }) => conversation)];
  const after = chat.reads.before(account), words = withFieldRemark(context, "accepted");
  const counted = (people: readonly string[]): Counted[] =>
    [...conversationsByPlace(chat, account, [...places, ...people])].flatMap(([place, conversations]) => {
      const name = nameOf(chat, session, place);
      if (name === undefined) return [];
      const shown = name.startsWith("#") ? { room: name } : { user_id: name };
      const read = Math.max(
        ...conversations.map((each) => chat.reads.of(account, placeIn(account, each))),
        chat.reads.of(account, place),
      );
      return [{ conversations, name: { ...shown, ...levelIn(chat, session, account, place) }, read }];
    });
  context.effects.startJob(session, { kind: "unread", account, after, counted }, (context, found) => {
    if (found === undefined) return deny(context, session, 500, "store");
    context.effects.answer(session, { ...ok(context.now, 202, words), quantity: found.quantity });
    context.effects.streamRows(session, found.rows);
  });
}

/**
 * Conversations by the places where an account reads them. What it and a guest have said is read with the account that the guest has
 * registered, as `history` shows it; if somebody else has registered the name, it is nowhere.
 */
export function conversationsByPlace<S extends Session>(
  chat: Chat<S>,
  account: Account,
  conversations: readonly string[],
): ReadonlyMap<string, string[]> {
  const found = new Map<string, string[]>();
  for (const conversation of conversations) {
    const side = placeIn(account, conversation), other = isGuestSide(side) ? chat.account(side.slice(1)) : undefined;
    if (other !== undefined && !other.guestPeriods.some(({ name }) => guestSide(name) === side)) continue;
    const place = other?.side ?? side, others = found.get(place) ?? [];
    found.set(place, other === undefined ? [...others, conversation] : [conversation, ...others]);
  }
  return found;
}

/** The level in the row of a list; none for a program that does not know the feature. */
function levelIn<S extends Session>(
  chat: Chat<S>,
  session: S,
  { levels }: Account,
  place: string,
): { level?: Level } {
  const level = levels?.get(place);
  return level === undefined || !chat.features.has(session, "notify") ? {} : { level };
}

/** Where a session finds a place; undefined if it is there no more. */
export function nameOf<S extends Session>(chat: Chat<S>, session: S, place: string): string | undefined {
  if (place === COMMON_ROOM) return place;
  if (place.startsWith("#")) {
    const room = chat.state.roomById(Number(place.slice(1)));
    return room && chat.isMember(session, room) ? chat.spelling(session, room) : undefined;
  }
  if (isGuestSide(place)) return chat.shownName(place) ?? place.slice(1);
  return place === "" ? undefined : chat.state.accountById(Number(place.slice(1)))?.name;
}

/** The place of a conversation: that of two people is the side of the other one. */
export function placeIn({ side }: Account, conversation: string): string {
  if (conversation === COMMON_ROOM) return conversation;
  if (conversation.startsWith("#")) return roomConversation(roomIdOf(conversation)); // a clearing changes no mark
  const [one, other] = sidesOf(conversation);
  return one === side ? other! : one!;
}

/** An account that enters a room has read what was said before. */
export function readOnJoin<S extends Session>(chat: Chat<S>, account: Account, conversation: string, id: number): void {
  if (chat.reads.hasBegun(account)) chat.reads.note(account, placeIn(account, conversation), id);
}
