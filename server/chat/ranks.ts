/** The actions `rank` and `members`: an owner gives a member of a room a rank, and any member sees them all. */
import { type MembersQuery, ok, quote, type RankRequest } from "../../jim/mod.ts";
import type { Account, Chat, Room } from "./chat.ts";
import { answerList, deny, denyNotStored, roleOf, withRemarks } from "./answers.ts";
import { type PresentSide, sizeOf } from "./present_side.ts";
import { requireLevel } from "./require_room.ts";
import { levelIn, MEMBER, MODERATOR, OWNER, rankIn } from "./room_rights.ts";
import type { RequestContext } from "./effects.ts";
import type { Session } from "./session.ts";

/** The most owners and moderators of a room. */
const MAX_RANKS = 100;

export function rank<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  request: RankRequest,
): void {
  const { room: name, user_id, rank: given } = request, got = quote(user_id);
  const room = requireLevel(chat, context, session, name, OWNER, "rank");
  if (room === undefined) return;
  const account = chat.account(user_id);
  if (account === undefined) return deny(context, session, 404, "noranks", { got });
  if (given !== "member" && !room.members.has(account)) {
    return deny(context, session, 404, "nomember", { got, like: name });
  }
  if ((room.ranks.get(account.id) ?? "member") === given) {
    return deny(context, session, 409, "ranked", { got, like: given });
  }
  if (given !== "member" && !room.ranks.has(account.id) && room.ranks.size >= MAX_RANKS) {
    return deny(context, session, 403, "ranks", { limit: MAX_RANKS });
  }
  const record = { kind: "rank", account: account.id, room: room.id, rank: given, by: session.name! } as const;
  context.effects.propose(session, record, (context, outcome) => {
    if (outcome === "failed") return denyNotStored(context, session);
    if (outcome === "lost") return rank(chat, context, session, request); // the giver or the account has changed meanwhile
    context.effects.answer(session, ok(context.now, 200, withRemarks(context, "ok", request.time)));
    context.effects.logOrder(session, `rank ${given} for ${got} in ${quote(room.name)}`);
  });
}

/** Lists all members of a room: owners, moderators, others, and its guests. */
export function members<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  { room: name }: MembersQuery,
): void {
  const room = requireLevel(chat, context, session, name, MEMBER, "members");
  if (room === undefined) return;
  const accounts = [...room.members].sort((one, other) =>
    orderOf(room, one) - orderOf(room, other) || byName(one, other)
  );
  const guests = chat.presentSidesIn(room).filter(({ account }) => account === undefined);
  const invited = levelIn(room, session.account) < MODERATOR ? [] : invitedTo(chat, room);
  const rows = [
    ...accounts.map((account) => memberRow(room, account, chat.isPresent(account.side))),
    ...guests.map(guestRow),
    ...invited.map((account) => ({ ...memberRow(room, account, chat.isPresent(account.side)), invited: true })),
  ];
  answerList(context, session, rows, rows.length);
}

/** The accounts that are invited and not in the room: for its owners and moderators alone. */
function invitedTo<S extends Session>(chat: Chat<S>, { invited, members }: Room): Account[] {
  const accounts = [...invited].flatMap((id) => chat.state.accountById(id) ?? []);
  return accounts.filter((account) => !members.has(account)).sort(byName);
}

function memberRow(room: Room, account: Account, online: boolean): object {
  const rank = rankIn(room, account);
  return {
    action: "member_list",
    user_id: account.name,
    role: roleOf(account),
    ...(rank === undefined ? {} : { rank }),
    online,
  };
}

function guestRow(side: PresentSide): object {
  const guests = sizeOf(side);
  return { action: "member_list", user_id: side.name, role: "guest", online: true, ...(guests > 1 ? { guests } : {}) };
}

function orderOf(room: Room, account: Account): number {
  const rank = rankIn(room, account);
  return rank === "owner" ? 0 : rank === "moderator" ? 1 : 2;
}

function byName({ name: one }: Account, { name: other }: Account): number {
  return one < other ? -1 : 1;
}
