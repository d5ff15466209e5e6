/** Session tokens in use: an account is given one, logs in with it, and is put out when it ends. */
import { quote, refuse, refused } from "../../jim/mod.ts";
import type { StateProposal } from "../journal/records.ts";
import type { Chat } from "./chat.ts";
import { endRecord, hashOf, useRecord } from "./session_tokens.ts";
import type { Account, SessionToken } from "./state.ts";
import type { RequestContext } from "./effects.ts";
import type { Session } from "./session.ts";

/** Gives an account a new token, and then goes on: without one where the rules allow none, or the journal fails. */
export function issueToken<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  account: Account,
  then: (context: RequestContext<S>, token: string | undefined) => void,
): void {
  chat.tokens.setHeld(session, undefined);
  if (chat.rules.sessionDays === 0) return then(context, undefined);
  const { effects, now } = context, text = effects.newToken(), hash = hashOf(text);
  const token: StateProposal = { kind: "session", account: account.id, hash, is: true, since: now, used: now };
  effects.propose(session, token, (context, outcome) => {
    if (typeof outcome === "string") return then(context, undefined);
    chat.tokens.setHeld(session, hash);
    then(context, text);
  }, chat.tokens.surplus(account).map(endRecord));
}

/** Notes that a token is in use. A journal that fails is no reason to refuse the login. */
export function useToken<S extends Session>(
  chat: Chat<S>,
  { effects, now }: RequestContext<S>,
  session: S,
  { hash }: SessionToken,
): void {
  chat.tokens.setHeld(session, hash);
  effects.record(chat.tokens.inUse([session], now).map((token) => useRecord(token, now)));
}

/** Closes the connections that have logged in with a token that has ended, except the one that has ended it. */
export function disconnectHolders<S extends Session>(
  chat: Chat<S>,
  { effects, now, language }: RequestContext<S>,
  { hash, account }: Pick<SessionToken, "hash" | "account">,
  by?: S,
): void {
  for (const session of [...chat.sessionsOf(account.side)]) {
    if (session === by || !chat.tokens.isHeld(session, hash)) continue;
    effects.answer(session, refused(refuse("revoked", { code: 401, got: quote(account.name) }), now, language));
    effects.disconnect(session, "is put out");
  }
}
