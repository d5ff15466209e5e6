/**
 * Rooms: made by the first join, and kept. `#Lesson7` and `#lesson7` are one room; each session gets the spelling
 * that it used itself.
 */
import { COMMON_ROOM, nameKey, ok, quote, type RoomRequest, type WhoOnline } from "../../jim/mod.ts";
import type { Account, Chat, Room } from "./chat.ts";
import { endAndReason, requireRoom } from "./require_room.ts";
import { looksCommon } from "./lookalike.ts";
import { answerList, deny, denyNotStored, exceedsCreationLimit, isMuted, roleOf, withRemarks } from "./answers.ts";
import { announceInRooms } from "./room_notices.ts";
import { readOnJoin } from "./read.ts";
import { statusIn } from "./status.ts";
import { isVisible, rankIn, restraintOf } from "./room_rights.ts";
import { settingsOf } from "./room_events.ts";
import { sendTopic, topicIn } from "./topic.ts";
import { clearingOf } from "../journal/conversation.ts";
import type { GroupRecord, RoomRecord } from "../journal/records.ts";
import type { RequestContext } from "./effects.ts";
import { type PresentSide, sizeOf } from "./present_side.ts";
import type { Session } from "./session.ts";

export function join<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  request: RoomRequest,
): void {
  const { effects, now } = context, { room: name, time } = request, { account } = session;
  if (name === COMMON_ROOM) return deny(context, session, 400, "everybody");
  const room = chat.findRoom(session, name);
  if (room === undefined && looksCommon(name)) return deny(context, session, 400, "everybody");
  if (room !== undefined && chat.isMember(session, room)) {
    chat.spell(session, room, name);
    if (account !== undefined && nameKey(account.rooms.get(room)!) !== nameKey(name)) {
      // It knows the room by another of its names, and goes on with that one when it is back.
      const respelt = {
        kind: "member",
        account: account.id,
        room: room.id,
        is: true,
        spelling: name,
        respells: true,
      } as const;
      effects.propose(undefined, respelt, (context, outcome) => {
        if (outcome === "lost") keepOut(context, account, room);
      });
    }
    const already = ok(now, 200, withRemarks(context, `you are in ${name} already`, time));
    effects.answer(session, { ...already, ...presentName(chat, session, room, name) });
    return sendTopic(chat, context, session, room);
  }
  const ban = room && restraintOf(room, "ban", session.name!, now);
  if (ban !== undefined && account?.operator !== true) {
    chat.lostRooms.add(session, room!);
    return deny(context, session, 403, "roombanned", { got: name, ...endAndReason(ban) });
  }
  if (chat.membership(session).rooms.size >= chat.rules.rooms) {
    return deny(context, session, 403, "rooms", { limit: chat.rules.rooms });
  }
  if (room === undefined && request.create === false) {
    return deny(context, session, 404, "noroom", { at: "room", got: quote(name) });
  }
  const gone = room === undefined ? chat.roomGone(session, name, now) : undefined;
  if (gone !== undefined) {
    chat.lostRooms.add(session, { name, former: [] });
    return deny(context, session, 404, gone, { at: "room", got: quote(name) });
  }
  if (room === undefined) return create(chat, context, session, request);
  if (account === undefined) return attend(chat, context, session, room, request);
  const member = { kind: "member", account: account.id, room: room.id, is: true, spelling: name, time: now } as const;
  effects.propose(session, member, (context, outcome) => {
    if (outcome === "failed") return denyNotStored(context, session);
    if (outcome === "lost") {
      keepOut(context, account, room);
      return join(chat, context, session, request); // the room was deleted, or the account may not come in any more
    }
    chat.noteMember(room);
    finishJoin(chat, context, session, room, request);
  });
}

/** Puts an account out that an older server of the chat has let in: it does not know that a join, or a spelling, may be too late. */
function keepOut<S extends Session>({ effects, now: time }: RequestContext<S>, account: Account, room: Room): void {
  if (room.members.has(account)) return;
  effects.record([{ kind: "member", account: account.id, room: room.id, is: false, time }]);
}

/** Lets a guest into a room. */
function attend<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  room: Room,
  request: RoomRequest,
  isNew = false,
): void {
  const record = chat.attendance(session, room, true, request.room, context.now);
  context.effects.propose(session, record, (context, outcome) => {
    if (outcome === "failed") return denyNotStored(context, session);
    if (outcome === "lost" && isUnlisted(chat, context, session)) return;
    if (outcome === "lost") {
      // An older server of the chat has let it in: it does not know that a join may be too late.
      if (!chat.isMember(session, room)) context.effects.record([chat.attendance(session, room, false)]);
      return join(chat, context, session, request); // the room was deleted, or the guest may not come in any more
    }
    chat.noteMember(room);
    finishJoin(chat, context, session, room, request, isNew, outcome.kind === "attendance" && outcome.isSeen);
  });
}

function create<S extends Session>(chat: Chat<S>, context: RequestContext<S>, session: S, request: RoomRequest): void {
  const { effects } = context, { room: name } = request, id = session.account?.id;
  if (request.private === true && id === undefined) {
    return deny(context, session, 401, "accounts", { got: '"private"' });
  }
  if (isMuted(chat, context, session, "room") || exceedsCreationLimit(context, session, "room", name)) return;
  effects.countCreation("room", session);
  const record: RoomRecord | GroupRecord = id === undefined
    ? { kind: "room", name }
    : request.private === true
    ? { kind: "group", name, by: id, users: [id] }
    : { kind: "room", name, by: id, owner: true };
  effects.propose(session, record, (context, outcome) => {
    if (typeof outcome === "string") context.effects.refundCreation("room", session);
    if (outcome === "failed") return denyNotStored(context, session);
    if (outcome === "lost" || outcome.kind !== "created") return join(chat, context, session, request); // another has made it
    if (session.account === undefined) return attend(chat, context, session, outcome.room, request, true);
    chat.noteMember(outcome.room);
    finishJoin(chat, context, session, outcome.room, request, true);
  });
}

/**
 * Finishes a join.
 *
 * @param isSeen no other session of that side was in the room
 */
function finishJoin<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  room: Room,
  { room: name, time }: RoomRequest,
  isNew = false,
  isSeen = true,
): void {
  chat.spell(session, room, name);
  chat.lostRooms.take(session, name);
  if (session.account !== undefined) readOnJoin(chat, session.account, room.conversation, context.effects.lastId);
  const words = isNew ? `created ${name}` : `welcome to ${name}`;
  const joined = ok(context.now, isNew ? 201 : 200, withRemarks(context, words, time));
  context.effects.answer(session, { ...joined, ...presentName(chat, session, room, name) });
  sendTopic(chat, context, session, room);
  if (isSeen) announceInRooms(chat, context, session, chat.shownAs(session), [room], "join");
}

/** A program that is told when a room has another name may have been away then: it has joined by a former one. */
function presentName<S extends Session>(chat: Chat<S>, session: S, room: Room, name: string): { room?: string } {
  const spelling = chat.spelling(session, room);
  return nameKey(spelling) === nameKey(name) ? {} : { room: spelling };
}

export function leave<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  request: RoomRequest,
): void {
  const { room: name } = request, { account } = session;
  if (name === COMMON_ROOM) return deny(context, session, 400, "everybody");
  const found = chat.findRoom(session, name), isIn = found !== undefined && chat.isMember(session, found);
  if (!isIn && chat.lostRooms.take(session, name)) return answerLeft(context, session, request);
  const room = requireRoom(chat, context, session, name, "room");
  if (room === undefined) return;
  const record = account === undefined
    ? chat.attendance(session, room, false)
    : { kind: "member", account: account.id, room: room.id, is: false, time: context.now } as const;
  context.effects.propose(session, record, (context, outcome) => {
    if (outcome === "failed") return denyNotStored(context, session);
    if (outcome === "lost" && isUnlisted(chat, context, session)) return;
    if (outcome === "lost") return leave(chat, context, session, request); // on another device
    finishLeave(chat, context, session, room, request, outcome.kind !== "attendance" || outcome.isSeen);
  });
}

/**
 * Whether a guest is not in the chat for the moment, because others have taken its server for gone; refuses the request if so.
 * To propose it again and again until the server is up would fill the log.
 */
function isUnlisted<S extends Session>(chat: Chat<S>, context: RequestContext<S>, session: S): boolean {
  const isUnlisted = session.account === undefined && !chat.roster.isIn(session);
  if (isUnlisted) deny(context, session, 503, "unready");
  return isUnlisted;
}

function finishLeave<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  room: Room,
  request: RoomRequest,
  isSeen: boolean,
): void {
  session.spellings?.delete(room);
  answerLeft(context, session, request);
  if (isSeen) announceInRooms(chat, context, session, chat.shownAs(session), [room], "leave");
}

function answerLeft<S extends Session>(context: RequestContext<S>, session: S, { room, time }: RoomRequest): void {
  context.effects.answer(session, ok(context.now, 200, withRemarks(context, `you have left ${room}`, time)));
}

/** Lists the rooms that the session sees, with the common chat. */
export function rooms<S extends Session>(chat: Chat<S>, context: RequestContext<S>, session: S): void {
  const { account } = session, isSeen = (room: Room) => isVisible(room, account) || chat.isMember(session, room);
  // Names and settings as they are now: a room may be renamed or hidden before its row is read.
  const seen = chat.state.rooms().filter(isSeen).map((room) => [room, chat.spelling(session, room)] as const);
  answerList(context, session, rows(), 1 + seen.length);

  function* rows(): Iterable<object> {
    yield { action: "room_list", room: COMMON_ROOM, member: true };
    for (const [room, name] of seen) {
      const member = chat.isMember(session, room);
      yield {
        action: "room_list",
        room: name,
        member,
        ...(isVisible(room, account) || member
          ? { ...topicIn(chat, session, room), ...settingsIn(chat, session, room) }
          : {}),
      };
    }
  }
}

/** How a room is used, and what the session is in it, in the row of a list of rooms. */
function settingsIn<S extends Session>(chat: Chat<S>, session: S, room: Room): object {
  const { account } = session;
  if (!chat.features.has(session, "rooms")) return {};
  const rank = account && rankIn(room, account);
  const isInvited = account !== undefined && room.invited.has(account.id) && !room.members.has(account);
  const cleared = clearingOf(room.conversation);
  return {
    ...(rank === undefined ? {} : { rank }),
    ...(isInvited ? { invited: true } : {}),
    ...settingsOf(room),
    ...(cleared === undefined ? {} : { cleared }),
    ...(room.isGroup ? { users: [...room.members].map(({ name }) => name).sort() } : {}),
  };
}

/** Lists the connected sides, of all or of a room; guests with one name are one row. */
export function whoOnline<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  { room: name }: WhoOnline,
): void {
  let sides: readonly PresentSide[];
  if (name === undefined || name === COMMON_ROOM) sides = chat.presentSides();
  else {
    const room = requireRoom(chat, context, session, name, "room");
    if (room === undefined) return;
    sides = chat.presentSidesIn(room);
  }
  const shown = (side: PresentSide) => ({
    ...row(side),
    ...botIn(chat, session, side.account),
    ...statusIn(chat, session, side.account, context.now),
  });
  answerList(context, session, sides.values().map(shown), sides.length);
}

/** That an account is a program's, for a reader that knows bots. */
function botIn<S extends Session>(chat: Chat<S>, session: S, account: Account | undefined): { bot?: true } {
  return account?.isBot && chat.features.has(session, "bots") ? { bot: true } : {};
}

function row(side: PresentSide): object {
  const { name, account } = side, count = sizeOf(side);
  const guests = account === undefined && count > 1 ? { guests: count } : {};
  return { action: "online_list", user_id: name, role: roleOf(account), ...guests };
}
