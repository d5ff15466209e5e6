/**
 * The actions `invite`, `uninvite` and `group`: who may see a private room and join it, and who is in a direct group. Guests cannot
 * be invited: anybody could come by their name.
 */
import { type GroupRequest, type Invite, ok, quote } from "../../jim/mod.ts";
import type { Account, Chat, Room } from "./chat.ts";
import { deny, denyNotStored, exceedsCreationLimit, isMuted, withRemarks } from "./answers.ts";
import { denyNoRoom, requireLevel } from "./require_room.ts";
import { groupOf } from "./room_changes.ts";
import { MEMBER, MODERATOR, restraintOf } from "./room_rights.ts";
import type { RequestContext } from "./effects.ts";
import type { Session } from "./session.ts";

/** The most invitations into a room, and accounts in a direct group. */
const MAX_INVITED = 1_000, MAX_GROUP = 20;

export function invite<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  request: Invite,
): void {
  const { action, room: name, user_id } = request, is = action === "invite", got = quote(user_id);
  const seen = chat.findRoom(session, name), account = chat.account(user_id);
  const isOwn = account !== undefined && account === session.account;
  if (!is && isOwn && seen !== undefined) return decline(chat, context, session, request, seen, account);
  const room = requireLevel(chat, context, session, name, seen?.isGroup ? MEMBER : MODERATOR, action);
  if (room === undefined || (is && isMuted(chat, context, session, "room"))) return;
  if (account === undefined) return deny(context, session, 404, "noinvitation", { got });
  if (room.isGroup) return is ? addToGroup(chat, context, session, request, room, account) : ungrouped();
  if (!is) return decline(chat, context, session, request, room, account);
  if (room.members.has(account) || room.invited.has(account.id)) {
    return deny(context, session, 409, "invited", { got, like: name });
  }
  if (restraintOf(room, "ban", account.name, context.now) !== undefined) {
    return deny(context, session, 403, "roombanned", { got: name });
  }
  if (room.invited.size >= MAX_INVITED) return deny(context, session, 403, "invitations", { limit: MAX_INVITED });
  propose(chat, context, session, request, room, account);

  function ungrouped(): void {
    deny(context, session, 403, "ungrouped", { got: quote(action), like: name });
  }
}

/** Takes an invitation back; its account may do so too. */
function decline<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  request: Invite,
  room: Room,
  account: Account,
): void {
  if (!room.invited.has(account.id)) {
    return deny(context, session, 404, "uninvited", { got: quote(request.user_id), like: request.room });
  }
  propose(chat, context, session, request, room, account);
}

function propose<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  request: Invite,
  room: Room,
  account: Account,
): void {
  const is = request.action === "invite";
  const record = { kind: "invitation", account: account.id, room: room.id, is, by: session.name! } as const;
  context.effects.propose(session, record, (context, outcome) => {
    if (outcome === "failed") return denyNotStored(context, session);
    if (outcome === "lost") return invite(chat, context, session, request); // the room or the account has changed meanwhile
    context.effects.answer(session, ok(context.now, 200, withRemarks(context, "ok", request.time)));
  });
}

/** Nobody is asked, as nobody is before a private message. */
function addToGroup<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  request: Invite,
  room: Room,
  account: Account,
): void {
  const { room: name, user_id } = request, got = quote(user_id);
  if (room.members.has(account)) return deny(context, session, 409, "invited", { got, like: name });
  if (room.members.size >= MAX_GROUP) {
    return deny(context, session, 403, "groupsize", { limit: MAX_GROUP, got: `${room.members.size + 1}` });
  }
  if (isInTooMany(chat, context, session, account)) return;
  const record = { kind: "member", account: account.id, room: room.id, is: true, by: session.name! } as const;
  context.effects.propose(session, record, (context, outcome) => {
    if (outcome === "failed") return denyNotStored(context, session);
    if (outcome === "lost") return denyNoRoom(chat, context, session, name, "room");
    context.effects.answer(session, ok(context.now, 200, withRemarks(context, "ok", request.time)));
  });
}

/** Makes a direct group; of the same accounts there is one. */
export function group<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  request: GroupRequest,
): void {
  const { users, time } = request;
  const { account: own, name } = session, { effects } = context;
  if (own === undefined) return deny(context, session, 401, "accounts", { got: '"group"' });
  if (isMuted(chat, context, session, "users")) return;
  const members = new Set([own]);
  for (const user of users) {
    const account = chat.account(user);
    if (account === undefined) return deny(context, session, 404, "noinvitation", { got: quote(user) });
    members.add(account);
  }
  if (members.size < 3 || members.size > MAX_GROUP) {
    return deny(context, session, 400, "groupsize", { limit: MAX_GROUP, got: `${members.size}` });
  }
  const same = groupOf(own, members);
  if (same !== undefined) return answer(context, 200, same);
  for (const each of members) if (isInTooMany(chat, context, session, each)) return;
  if (exceedsCreationLimit(context, session, "room", name!)) return;
  effects.countCreation("room", session);
  const record = { kind: "group", by: own.id, users: [...members].map(({ id }) => id), isOnly: true } as const;
  effects.propose(session, record, (context, outcome) => {
    if (typeof outcome === "string") context.effects.refundCreation("room", session);
    if (outcome === "lost") return group(chat, context, session, request); // another member, or device, has made it
    if (outcome === "failed" || outcome.kind !== "created") return denyNotStored(context, session);
    answer(context, 201, outcome.room);
  });

  function answer(context: RequestContext<S>, code: number, room: Room): void {
    const spelling = chat.spelling(session, room), words = `the group is ${spelling}`;
    context.effects.answer(session, { ...ok(context.now, code, withRemarks(context, words, time)), room: spelling });
  }
}

function isInTooMany<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  account: Account,
): boolean {
  const limit = chat.rules.rooms, isFull = account.rooms.size >= limit;
  if (isFull) deny(context, session, 403, "manyrooms", { got: quote(account.name), limit });
  return isFull;
}
