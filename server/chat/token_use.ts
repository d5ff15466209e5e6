/** Issues session tokens, notes their use, refuses unknown ones, and closes their sessions when they end. */
import { type Authenticate, quote, refused } from "../../jim/mod.ts";
import type { StateProposal } from "../journal/records.ts";
import { mayConnect } from "./admission.ts";
import type { Chat } from "./chat.ts";
import { denyLogged, revoked } from "./answers.ts";
import { endRecord, hashOf, useRecord } from "./session_tokens.ts";
import type { Account, SessionToken } from "./state.ts";
import type { RequestContext } from "./effects.ts";
import type { Session } from "./session.ts";
import { isUnchanged } from "./set_password.ts";

/** Issues a token to an account, and goes on; without one if the rules allow none, or the journal fails. */
export function issueToken<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  account: Account,
  device: string | undefined,
  then: (context: RequestContext<S>, token: string | undefined) => void,
): void {
  chat.tokens.setHeld(session, undefined);
  if (chat.rules.sessionDays === 0) return then(context, undefined);
  const { effects, now } = context, text = effects.newToken(), hash = hashOf(text);
  const named = device === undefined ? {} : { device };
  const token: StateProposal = {
    kind: "session",
    account: account.id,
    hash,
    is: true,
    since: now,
    used: now,
    password: account.passwordSince,
    ...named,
  };
  effects.propose(session, token, (context, outcome) => {
    if (typeof outcome === "string") return then(context, undefined);
    chat.tokens.setHeld(session, hash);
    then(context, text);
  }, chat.tokens.surplus(account).map(endRecord));
}

/**
 * Issues a session token if the request asks for one, and goes on. The password and the limit of devices are checked again when
 * the token is stored.
 */
export function withToken<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  account: Account,
  { token: isAsked, device }: Pick<Authenticate, "token" | "device">,
  then: (context: RequestContext<S>, token: string | undefined) => void,
): void {
  chat.logins.set(session, { since: context.now, device });
  if (isAsked) {
    const { passwordSince, name } = account;
    return issueToken(chat, context, session, account, device, (context, token) => {
      if (!isUnchanged(chat, account, passwordSince)) {
        return denyLogged(context, session, name, 402, "login", { got: quote(name) });
      }
      if (mayConnect(chat, context, session, account)) then(context, token);
    });
  }
  chat.tokens.setHeld(session, undefined);
  then(context, undefined);
}

/** Notes the use of a token. A failing journal is no reason to refuse the login. */
export function useToken<S extends Session>(
  chat: Chat<S>,
  { effects, now }: RequestContext<S>,
  session: S,
  { hash }: SessionToken,
): void {
  chat.tokens.setHeld(session, hash);
  effects.record(chat.tokens.inUse([session], now).map((token) => useRecord(token, now)));
}

/** Closes the sessions that logged in with an ended token, except the one that ended it. */
export function disconnectHolders<S extends Session>(
  chat: Chat<S>,
  { effects, now, language }: RequestContext<S>,
  { hash, account }: Pick<SessionToken, "hash" | "account">,
  by?: S,
): void {
  for (const session of [...chat.sessionsOf(account.side)]) {
    if (session === by || !chat.tokens.isHeld(session, hash)) continue;
    effects.answer(session, refused(revoked(account), now, language));
    effects.disconnect(session, "is put out");
  }
}

/** Refuses a session token, as late as a wrong password is refused. */
export function refuseToken<S extends Session>(context: RequestContext<S>, session: S): void {
  context.effects.startJob(
    session,
    { kind: "guess" },
    (context) => denyLogged(context, session, undefined, 401, "session"),
  );
}
