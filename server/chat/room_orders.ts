/**
 * The orders of a room's owners and moderators, and of operators: kick, ban and mute in that room, their reversal and their list.
 * They are about a name, as all orders are: its accounts, and its guests in the room.
 */
import { type Moderate, nameKey, ok, type Query, quote } from "../../jim/mod.ts";
import type { Account, Chat, Room } from "./chat.ts";
import { answerList, banRow, deny, denyNotStored, isMuted, withRemarks } from "./answers.ts";
import type { RestraintRecord, StateProposal } from "../journal/records.ts";
import { handleAttendance } from "./rank_notices.ts";
import { requireLevel } from "./require_room.ts";
import { isAbove, levelIn, MODERATOR, restraintKey } from "./room_rights.ts";
import type { Outcome, RequestContext } from "./effects.ts";
import type { Session } from "./session.ts";

/** The most bans and mutes of a room. */
const MAX_RESTRAINTS = 1_000;

export function moderateRoom<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  request: Moderate,
): void {
  const { action, reason } = request, name = request.user_id!, got = quote(name), at = "user_id";
  const room = requireLevel(chat, context, session, request.room!, MODERATOR, action);
  if (room === undefined || (reason !== undefined && isMuted(chat, context, session, "reason"))) return;
  if (nameKey(name) === nameKey(session.name!)) return deny(context, session, 400, "yourself", { at, got });
  const accounts = chat.state.accountsAlike(name), level = levelIn(room, session.account);
  if (accounts.some((account) => !isAbove(level, levelIn(room, account)))) {
    return deny(context, session, 403, "higher", { got });
  }
  const done = (context: RequestContext<S>) => {
    context.effects.answer(session, ok(context.now, 200, withRemarks(context, "ok", request.time)));
    const why = reason === undefined ? "" : `: ${quote(reason)}`;
    context.effects.logOrder(session, `${action} ${got} in ${quote(room.name)}${why}`);
  };
  if (action === "kick") return kick(chat, context, session, request, room, accounts, done);
  const record = restraintRecord(context, session, request, room);
  if (record.is && (record.until ?? Infinity) <= context.now) {
    return deny(context, session, 400, "over", { got: quote(record.until) });
  }
  if (!record.is && !room.restraints.has(restraintKey(record))) {
    return deny(context, session, 404, "unbanned", { at, got });
  }
  if (record.is && !room.restraints.has(restraintKey(record)) && room.restraints.size >= MAX_RESTRAINTS) {
    return deny(context, session, 403, "restraints", { limit: MAX_RESTRAINTS });
  }
  const out = action === "ban" ? accountsOut(context, session, room, accounts, reason) : [];
  context.effects.propose(session, record, (context, outcome) => {
    if (outcome === "failed") return denyNotStored(context, session);
    if (outcome === "lost") return moderateRoom(chat, context, session, request); // the room was deleted, or another lifted it
    done(context);
    if (action !== "ban") return;
    // An account with a join under way is in the room only now.
    const late = accountsOut(context, session, room, chat.state.accountsAlike(name), reason);
    context.effects.record([...late, ...chat.roster.putOut(room, name, session.name!, reason)]);
  }, out);
}

/** Lists the bans and mutes in force in a room. A row has the fields that lift it. */
export function roomBans<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  { action, room: name }: Query,
): void {
  const room = requireLevel(chat, context, session, name!, MODERATOR, action);
  if (room === undefined) return;
  const now = [...room.restraints.values()].filter(({ until = Infinity }) => context.now < until);
  const rows = now.map((restraint) => banRow(restraint.what, { user_id: restraint.who }, restraint));
  answerList(context, session, rows, rows.length);
}

function restraintRecord<S extends Session>(
  { now }: RequestContext<S>,
  session: S,
  { action, user_id, until: moment, for: seconds, reason }: Moderate,
  { id: room }: Room,
): RestraintRecord {
  const until = seconds === undefined ? moment : Math.ceil(now) + seconds;
  return {
    kind: "restraint",
    room,
    what: action.endsWith("mute") ? "mute" : "ban",
    who: nameKey(user_id!),
    is: !action.startsWith("un"),
    ...(until === undefined ? {} : { until }),
    by: session.name!,
    ...(reason === undefined ? {} : { reason }),
    since: now,
  };
}

/** Puts a name out of a room; it may come back. */
function kick<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  request: Moderate,
  room: Room,
  accounts: readonly Account[],
  done: (context: RequestContext<S>) => void,
): void {
  const { user_id: name = "", reason } = request, guests = chat.roster.putOut(room, name, session.name!, reason);
  const [first, ...others]: StateProposal[] = [...accountsOut(context, session, room, accounts, reason), ...guests];
  if (first === undefined) return deny(context, session, 404, "nomember", { got: quote(name), like: request.room! });
  context.effects.propose(session, first, (context, outcome: Outcome) => {
    if (outcome === "failed") return denyNotStored(context, session);
    if (outcome === "lost") return moderateRoom(chat, context, session, request); // they have left
    done(context);
    // Into an open room a person may come back at once; into a private one it came by a join that was under way.
    if (room.isPrivate) {
      context.effects.record(accountsOut(context, session, room, chat.state.accountsAlike(name), reason));
    }
    if (outcome.kind === "attendance") handleAttendance(chat, context, outcome);
  });
  context.effects.record(others); // in the same entry of the log: between two, a person could come back by the invitation
}

/** The records that put accounts out of a room, and take their invitations back. */
function accountsOut<S extends Session>(
  { now: time }: RequestContext<S>,
  { name: by }: S,
  { id: room, members, invited }: Room,
  accounts: readonly Account[],
  reason: string | undefined,
): StateProposal[] {
  const out = accounts.filter((account) => members.has(account)).map(({ id: account }): StateProposal => {
    return { kind: "member", account, room, is: false, by: by!, reason, time };
  });
  // A person who is put out of a private room may not come back.
  const uninvited = accounts.filter(({ id }) => invited.has(id)).map(({ id: account }): StateProposal => {
    return { kind: "invitation", account, room, is: false, by: by! };
  });
  return [...out, ...uninvited];
}
