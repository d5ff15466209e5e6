/**
 * The actions `change_password` and `unregister`: an account's person changes its password, or deletes the account. Both need
 * the present password, which waits in the queue of logins and costs what a login costs.
 */
import { type ChangePassword, ok, quote, type Unregister } from "../../jim/mod.ts";
import { deny, denyLogged, denyNotStored, withRemarks } from "./answers.ts";
import type { Chat } from "./chat.ts";
import type { RequestContext } from "./effects.ts";
import { quit } from "./leave_chat.ts";
import { afterWait } from "./login_job.ts";
import { isLastOperator } from "./moderation.ts";
import { refreshAndCheck } from "./refresh.ts";
import type { Session } from "./session.ts";
import { isUnchanged, mayBePassword, setPassword } from "./set_password.ts";
import type { Account } from "./state.ts";
import { issueToken } from "./token_use.ts";

/** Gives the account another password. All other sessions of the account end, and so do its session tokens. */
export function changePassword<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  request: ChangePassword,
): void {
  const account = ownAccount(chat, context, session, request.action);
  const { new_password: password, device } = request;
  if (account === undefined || !mayBePassword(context, session, password)) return;
  const refuse = (context: RequestContext<S>) =>
    denyLogged(context, session, account.name, 402, "wrongpassword", at(account));
  withPassword(chat, context, session, account, request.password, (context) => {
    setPassword(chat, context, session, account, password, refuse, (context) => {
      chat.spare(session);
      chat.logins.set(session, { since: context.now, device });
      context.effects.logLogin(session, `changes the password of ${quote(account.name)}`);
      const answer = (context: RequestContext<S>, token?: string) => {
        const words = withRemarks(context, "the password is changed; other sessions have ended", request.time);
        context.effects.answer(session, { ...ok(context.now, 200, words), ...token === undefined ? {} : { token } });
      };
      if (request.token) return issueToken(chat, context, session, account, device, answer);
      chat.tokens.setHeld(session, undefined);
      answer(context);
    });
  });
}

/**
 * Deletes the account: its name is free, and its private conversations, contacts, memberships and sessions are gone. What it
 * has said in rooms stays, under the name. The last operator stays.
 */
export function unregister<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  request: Unregister,
): void {
  const account = ownAccount(chat, context, session, request.action);
  if (account === undefined || isNeeded(chat, context, session, account)) return;
  withPassword(chat, context, session, account, request.password, (context) => {
    if (isNeeded(chat, context, session, account)) return; // others may have been demoted meanwhile
    const { id, name } = account;
    context.effects.propose(session, { kind: "removal", of: id, isOwn: true }, (context, outcome) => {
      if (outcome === "failed") return denyNotStored(context, session);
      if (outcome === "lost") return deny(context, session, 403, "onlyoperator", { got: quote(name) });
      chat.spare(session);
      context.effects.logLogin(session, `deletes the account ${quote(name)}`);
      quit(context, session, withRemarks(context, "the account is deleted; goodbye", request.time));
    });
  });
}

/** The account of a session; refuses the request of a guest. */
export function ownAccount<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  action: string,
): Account | undefined {
  if (!refreshAndCheck(chat, context, session)) return undefined;
  if (session.account === undefined) deny(context, session, 401, "accounts", { got: quote(action) });
  return session.account;
}

/** Checks the password of an account, and goes on if it is right. */
function withPassword<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  account: Account,
  password: string,
  then: (context: RequestContext<S>) => void,
): void {
  const { id, name, passwordSince } = account;
  afterWait(chat, context, session, name, { kind: "check", password, name, account: id }, (context, right) => {
    if (right && isUnchanged(chat, account, passwordSince)) return then(context);
    denyLogged(context, session, name, 402, "wrongpassword", at(account));
  });
}

function at({ name }: Account): { got: string } {
  return { got: quote(name) };
}

/** Whether no other operator could come in; refuses the request if so. */
function isNeeded<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  { key, name, operator }: Account,
): boolean {
  const isLast = operator && isLastOperator(chat, key, context.now);
  if (isLast) deny(context, session, 403, "onlyoperator", { got: quote(name) });
  return isLast;
}
