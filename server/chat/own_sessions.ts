/**
 * The actions `sessions` and `end_session`: where an account is logged in, and the end of one of these logins. A session is a
 * session token with its connections, or a connection that has none.
 */
import { type EndSession, ok, type Query, quote } from "../../jim/mod.ts";
import { answerList, deny, denyNotStored, revoked, withRemarks } from "./answers.ts";
import type { Chat } from "./chat.ts";
import type { Outcome, RequestContext } from "./effects.ts";
import { quit } from "./leave_chat.ts";
import { ownAccount } from "./own_account.ts";
import type { RemoteSession } from "./present_side.ts";
import type { Session } from "./session.ts";
import { endRecord, shortHash, tokensOf } from "./session_tokens.ts";
import type { Account, SessionToken } from "./state.ts";
import { disconnectHolders } from "./token_use.ts";

/** A session of an account: exactly one of the last three is there. */
interface OwnSession<S extends Session> {
  /** By which a request names it. */
  readonly id: string;
  readonly token?: SessionToken;
  /** A connection without a token, to this server or to another one. */
  readonly here?: S;
  readonly elsewhere?: RemoteSession;
}

/** A row of the list. Times in Unix seconds. */
export interface SessionRow {
  readonly action: "session_list";
  readonly session: string;
  readonly device?: string;
  /** When it logged in; unknown of a connection to another server without a token. */
  readonly since?: number;
  /** When it was used last, to the hour if nothing is connected. */
  readonly seen: number;
  /** Open connections. */
  readonly connections: number;
  /** It is the session of the connection that asks. */
  readonly current?: true;
}

export function listSessions<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  { action }: Query,
): void {
  const account = ownAccount(chat, context, session, action);
  if (account === undefined) return;
  const rows = sessionRows(chat, context, session, account);
  answerList(context, session, rows, rows.length);
}

/** The sessions of an account, the one that asks first, then the last used ones. */
export function sessionRows<S extends Session>(
  chat: Chat<S>,
  { now }: RequestContext<S>,
  session: S,
  account: Account,
): SessionRow[] {
  const rows = sessionsOf(chat, account).map((each) => rowOf(chat, each, session, now));
  return rows.sort((one, other) =>
    Number(other.current ?? false) - Number(one.current ?? false) || other.seen - one.seen
  );
}

export function endSession<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  request: EndSession,
): void {
  const account = ownAccount(chat, context, session, request.action);
  if (account === undefined) return;
  const found = sessionsOf(chat, account).find(({ id }) => id === request.session);
  if (found === undefined) return deny(context, session, 404, "nosession", { got: quote(request.session) });
  const { token, here, elsewhere } = found;
  const isCurrent = here === session || (token !== undefined && chat.tokens.isHeld(session, token.hash));
  const answer = (context: RequestContext<S>) => {
    if (isCurrent) return quit(context, session, withRemarks(context, "goodbye", request.time));
    context.effects.answer(session, ok(context.now, 200, withRemarks(context, "the session has ended", request.time)));
  };
  if (here !== undefined) {
    answer(context);
    if (!isCurrent) context.effects.refuseAndClose(here, revoked(account));
    return;
  }
  const record = token === undefined
    ? { kind: "leave", server: elsewhere!.server, session: elsewhere!.number } as const
    : endRecord(token);
  context.effects.propose(session, record, (context: RequestContext<S>, outcome: Outcome) => {
    if (outcome === "failed") return denyNotStored(context, session);
    answer(context);
    if (token !== undefined) disconnectHolders(chat, context, token, session);
  });
}

/** The tokens of an account, and its connections without one. */
function sessionsOf<S extends Session>(chat: Chat<S>, account: Account): OwnSession<S>[] {
  const tokens = tokensOf(account).map((token) => ({ id: shortHash(token.hash), token }));
  const here = chat.openSessionsOf(account.side).filter((session) => chat.tokens.heldBy(session) === undefined)
    .map((session) => ({ id: `${chat.roster.own.numberOf(session)}`, here: session }));
  const known = new Set(tokens.map(({ id }) => id));
  const elsewhere = [...chat.roster.side(account.side)?.elsewhere ?? []].filter(({ login = "" }) => !known.has(login))
    .map((elsewhere) => ({ id: `${elsewhere.number}@${elsewhere.server}`, elsewhere }));
  return [...tokens, ...here, ...elsewhere];
}

function rowOf<S extends Session>(
  chat: Chat<S>,
  { id, token, here }: OwnSession<S>,
  session: S,
  now: number,
): SessionRow {
  const connections = token === undefined ? 1 : connectionsOf(chat, token, id);
  const isCurrent = here === session || (token !== undefined && chat.tokens.isHeld(session, token.hash));
  const { device, since } = token ?? (here && chat.logins.get(here)) ?? {};
  return {
    action: "session_list",
    session: id,
    ...device === undefined ? {} : { device },
    ...since === undefined ? {} : { since },
    seen: connections > 0 ? now : token!.used,
    connections,
    ...isCurrent ? { current: true } : {},
  };
}

/** The open connections, to all servers, that have logged in with a token. */
function connectionsOf<S extends Session>(chat: Chat<S>, { account, hash }: SessionToken, id: string): number {
  const here = chat.openSessionsOf(account.side).filter((session) => chat.tokens.isHeld(session, hash));
  const elsewhere = [...chat.roster.side(account.side)?.elsewhere ?? []].filter(({ login }) => login === id);
  return here.length + elsewhere.length;
}
