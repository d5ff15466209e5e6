/**
 * The orders of operators: kick, ban, mute, their reversal and their list, appointments, and the greeting. An
 * inspector with the server's token may do all but the last two. Each order first applies the changes of the account
 * tool: an operator that was just demoted gives none.
 */
import {
  explain,
  explainNote,
  type Inspect,
  isoTime,
  type Moderate,
  type Motd,
  nameKey,
  ok,
  type Query,
  quote,
  refuse,
  refused,
  untilField,
} from "../../jim/mod.ts";
import { type Ban, banKey, banRecord, isBannedBy, shownAddress } from "./bans.ts";
import { type Account, type Chat, markOf } from "./chat.ts";
import { refreshAndCheck } from "./refresh.ts";
import {
  answerList,
  banDetails,
  banRow,
  deny,
  denyLogged,
  denyNotStored,
  isMuted,
  reasonDetails,
  withRemarks,
} from "./answers.ts";
import { endRecord, tokensOf } from "./session_tokens.ts";
import type { RequestContext } from "./effects.ts";
import type { Session } from "./session.ts";

/** The giver of a ban that was ordered with the server's token. No name begins with `#`. */
const TOKEN = "#token";

const KINDS: readonly Ban["kind"][] = ["name", "address", "mute"];

export function moderate<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  request: Moderate,
): void {
  const { action, user_id: name, address, reason } = request;
  if (!refreshAndCheck(chat, context, session)) return;
  if (!mayModerate(chat, session)) return denyOrder(context, session, action);
  const kind = action.endsWith("mute") ? "mute" : address === undefined ? "name" : "address";
  const target = address ?? name!, key = banKey(kind, target);
  const end = request.for === undefined ? request.until ?? Infinity : Math.ceil(context.now) + request.for;
  const cannot = obstacle(chat, context, session, request, { kind, who: key, until: end });
  const at = { at: address === undefined ? "user_id" : "address", got: quote(target) };
  const own = cannot === undefined && action === "ban" && address !== undefined && ownSession(chat, session, address);
  if (own) return deny(context, session, 400, "ownsession", { ...at, like: own.host });
  const all = cannot === undefined && action === "ban" && address !== undefined && allOperators(chat, session, address);
  if (all) return deny(context, session, 400, "alloperators", { ...at, like: all.map(quote).join(", ") });
  if (cannot !== undefined) {
    return deny(context, session, cannot === "nobody" || cannot === "unbanned" ? 404 : 400, cannot, at);
  }
  if (end <= context.now && isImposed(action)) return deny(context, session, 400, "over", { got: quote(end) });
  const ban = { kind, who: key, until: end, by: session.name ?? TOKEN, reason, since: context.now } as const;
  const done = (context: RequestContext<S>) => {
    context.effects.answer(session, ok(context.now, 200, withRemarks(context, "ok", request.time)));
    const words = [
      end === Infinity ? "" : ` until ${isoTime(end) ?? end}`,
      reason === undefined ? "" : `: ${quote(reason)}`,
    ];
    context.effects.logOrder(session, `${action} ${quote(target)}${words.join("")}`);
    if (action === "kick") disconnectAll(chat.sessionsAlike(target), context, session, reason);
    else enforce(chat, context, ban, isImposed(action), session);
  };
  if (action === "kick") {
    const kick = { kind: "kick", name: target, ...reason === undefined ? {} : { reason } } as const;
    return context.effects.propose(session, kick, (context, outcome) => {
      if (outcome === "failed") return denyNotStored(context, session);
      if (outcome === "lost") return deny(context, session, 404, "nobody", at); // they have left
      done(context);
    });
  }
  // After a ban, a login needs the password.
  const tokens = action === "ban" && kind === "name" ? chat.state.accountsAlike(target).flatMap(tokensOf) : [];
  context.effects.propose(session, banRecord(ban, isImposed(action)), (context, outcome) => {
    if (outcome === "failed") denyNotStored(context, session);
    else done(context); // an expired mute may still be noted in sessions
  }, tokens.map(endRecord));
}

/** Enforces a ban or its end for connected sessions, except for the one that ordered it. */
export function enforce<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  ban: Ban,
  is: boolean,
  by?: S,
): void {
  const { kind, who, reason } = ban;
  if (kind === "mute" && is) muteAll(chat.sessionsAlike(who), context, ban);
  else if (kind === "mute") unmuteAll(chat.sessionsAlike(who), context);
  else if (is) {
    disconnectAll(
      kind === "name" ? chat.sessionsAlike(who) : chat.sessionsFrom(shownAddress(who)),
      context,
      by,
      reason,
    );
  }
}

/** Lists the bans and mutes in force. A row has the fields that lift it. */
export function bans<S extends Session>(chat: Chat<S>, context: RequestContext<S>, session: S, request: Query): void {
  if (!refreshAndCheck(chat, context, session)) return;
  if (!mayModerate(chat, session)) return denyOrder(context, session, request.action);
  const now = [...chat.state.bans()].filter(({ until }) => context.now < until).sort(byKind);
  const rows = now.map((ban) => {
    const { kind, who } = ban, target = kind === "address" ? { address: shownAddress(who) } : { user_id: who };
    return banRow(kind === "mute" ? "mute" : "ban", target, ban);
  });
  answerList(context, session, rows, rows.length);
}

/** Why an order cannot take effect: its target is absent, there is nothing to lift, or it is about its own giver. */
function obstacle<S extends Session>(
  chat: Chat<S>,
  { now }: RequestContext<S>,
  session: S,
  { action, user_id: name, address }: Moderate,
  { kind, who: key }: Ban,
): "nobody" | "unbanned" | "yourself" | "lastoperator" | undefined {
  if (action === "unban" || action === "unmute") {
    const isInForce = (kind: Ban["kind"], key: string) => now < (chat.state.banOf(kind, key)?.until ?? 0);
    const isMuted = ({ mutedKey: muted }: S) => muted !== undefined && isInForce("mute", muted);
    const isThere = isInForce(kind, key) ||
      (action === "unmute" && chat.sessionsAlike(name!).some(isMuted));
    return isThere ? undefined : "unbanned";
  }
  const isOwn = address === undefined
    ? session.name !== undefined && key === nameKey(session.name)
    : isBannedBy(address, session.host);
  if (isOwn) return "yourself";
  // An order with the token must leave an operator who can lift it.
  if (action === "ban" && kind === "name" && !isOperator(chat, session) && isLastOperator(chat, key, now)) {
    return "lastoperator";
  }
  return action === "kick" && !chat.isPresentAlike(name!) ? "nobody" : undefined;
}

/** Another session of the giver's account that a ban of an address would close. */
function ownSession<S extends Session>(chat: Chat<S>, { account }: S, address: string): S | undefined {
  return account && chat.openSessionsOf(account.side).find(({ host }) => isBannedBy(address, host));
}

/**
 * The connected operators, if a ban of an address with the token would close all of them: none would be left to lift
 * it.
 */
function allOperators<S extends Session>(chat: Chat<S>, session: S, address: string): string[] | undefined {
  if (isOperator(chat, session)) return undefined;
  const sessions = [...chat.sessions()].filter((each) => chat.isOpen(each) && isOperator(chat, each));
  const isElsewhere = chat.presentSides().some(({ account, elsewhere }) => account?.operator && elsewhere.size > 0);
  if (isElsewhere || sessions.length === 0 || !sessions.every(({ host }) => isBannedBy(address, host))) {
    return undefined;
  }
  return [...new Set(sessions.map(({ name }) => name!))];
}

function isImposed(action: Moderate["action"]): boolean {
  return action === "ban" || action === "mute";
}

/** Promotes or demotes an account. Its sessions are told; demoted ones cannot inspect any more. */
export function appoint<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  request: Moderate,
): void {
  const { action, user_id: name } = request, got = quote(name!);
  if (!refreshAndCheck(chat, context, session)) return;
  if (!isOperator(chat, session)) return denyOrder(context, session, action);
  const account = chat.account(name!), is = action === "promote", at = { at: "user_id", got };
  if (account === undefined) return deny(context, session, 404, "noaccount", at);
  if (account === session.account) return deny(context, session, 400, "yourself", at);
  if (account.operator === is) return deny(context, session, 409, is ? "appointed" : "unappointed", at);
  const operator = { kind: "operator", account: account.id, is, by: session.account!.id } as const;
  context.effects.propose(session, operator, (context, outcome) => {
    if (outcome === "failed") return denyNotStored(context, session);
    if (outcome === "lost") return appoint(chat, context, session, request); // the giver or the account has changed meanwhile
    const { effects, now } = context;
    effects.answer(session, ok(now, 200, withRemarks(context, "ok", request.time)));
    effects.logOrder(session, `${action} ${got}`);
    notifyAppointed(chat, context, account);
  });
}

/** Tells this server's sessions of an account that it is an operator now, or is no more. */
export function notifyAppointed<S extends Session>(
  chat: Chat<S>,
  { effects, now, language }: RequestContext<S>,
  account: Account,
): void {
  const words = explainNote(account.operator ? "promoted" : "demoted", language);
  const notice = { ...ok(now, 100, words), role: markOf(account).role! };
  for (const each of chat.sessionsOf(account.side)) effects.notify(each, notice);
}

export function motd<S extends Session>(chat: Chat<S>, context: RequestContext<S>, session: S, request: Motd): void {
  if (!refreshAndCheck(chat, context, session)) return;
  if (!isOperator(chat, session)) return denyOrder(context, session, request.action);
  const { text } = request,
    done = (context: RequestContext<S>) => ok(context.now, 200, withRemarks(context, "ok", request.time));
  if (text === undefined) return context.effects.answer(session, { ...done(context), text: chat.state.motd });
  if (isMuted(chat, context, session, "text")) return;
  context.effects.propose(session, { kind: "motd", text }, (context, outcome) => {
    if (outcome === "failed") return denyNotStored(context, session);
    context.effects.answer(session, done(context));
    context.effects.logOrder(session, `motd ${quote(text)}`);
  });
}

/** Streams all traffic to an operator, or to a program that has the server's token. */
export function inspect<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  request: Inspect,
): void {
  if (!refreshAndCheck(chat, context, session)) return;
  if (isOperator(chat, session)) return beginInspection(context, session, request);
  if (request.token === undefined) return deny(context, session, 403, "inspect");
  context.effects.startJob(session, { kind: "token", token: request.token }, (context, right) => {
    if (right !== true) return denyLogged(context, session, undefined, 401, "token");
    chat.trust(session);
    beginInspection(context, session, request);
  });
}

function beginInspection<S extends Session>(context: RequestContext<S>, session: S, request: Inspect): void {
  context.effects.answer(session, ok(context.now, 200, withRemarks(context, "ok", request.time)));
  context.effects.logOrder(session, "inspect");
  context.effects.startInspection(session);
}

/**
 * Whether a session is an operator's, or has shown the server's token, which only a user with access to the data
 * folder can read.
 */
function mayModerate<S extends Session>(chat: Chat<S>, session: S): boolean {
  return isOperator(chat, session) || chat.isTrusted(session);
}

function denyOrder<S extends Session>(context: RequestContext<S>, session: S, action: string): void {
  if (session.name === undefined) deny(context, session, 401, "presence");
  else deny(context, session, 403, "operator", { got: quote(action) });
}

/** Whether a name is an operator's, and every other operator is banned. */
export function isLastOperator<S extends Session>(chat: Chat<S>, key: string, now: number): boolean {
  if (chat.account(key)?.operator !== true) return false;
  const others = [...chat.state.accounts()].filter((each) => each.operator && each.key !== key);
  return others.every(({ name }) => chat.state.ban("name", name, now) !== undefined);
}

function isOperator<S extends Session>(chat: Chat<S>, session: S): boolean {
  return session.isLoggedIn && chat.membership(session).operator;
}

/** Names before addresses before mutes, each in the order of the bans. */
function byKind(one: Ban, other: Ban): number {
  return KINDS.indexOf(one.kind) - KINDS.indexOf(other.kind);
}

/** Refuses and closes each session, except the one that ordered it. */
export function disconnectAll<S extends Session>(
  sessions: Iterable<S>,
  context: RequestContext<S>,
  by: S | undefined,
  reason: string | undefined,
): void {
  for (const session of [...sessions]) {
    if (session === by) continue;
    const refusal = refuse("kicked", { code: 403, ...reasonDetails(reason) });
    context.effects.answer(session, { ...refused(refusal, context.now, context.language), kicked: true });
    context.effects.disconnect(session, "is put out");
  }
}

/**
 * Mutes sessions, under any later name too. A session is told at once if there is a reason to show, else when it
 * writes.
 */
function muteAll<S extends Session>(sessions: Iterable<S>, context: RequestContext<S>, ban: Ban): void {
  for (const session of sessions) {
    session.mutedKey = ban.who;
    context.effects.updateSubscription(session);
    if (ban.reason === undefined) continue;
    const words = explain(refuse("muted", { code: 403, ...banDetails(ban) }), context.language);
    context.effects.notify(session, { ...ok(context.now, 100, words), ...untilField(ban.until) });
  }
}

/** Unmutes sessions, whatever name was muted. */
function unmuteAll<S extends Session>(sessions: Iterable<S>, { effects }: RequestContext<S>): void {
  for (const session of sessions) {
    session.mutedKey = undefined;
    effects.updateSubscription(session);
  }
}
