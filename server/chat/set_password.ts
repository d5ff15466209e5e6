/** Gives an account another password: the new one is hashed outside the loop, and then recorded. */
import { MIN_PASSWORD } from "../../jim/mod.ts";
import { deny, denyNotStored } from "./answers.ts";
import type { Chat } from "./chat.ts";
import type { RequestContext } from "./effects.ts";
import { afterWait } from "./login_job.ts";
import type { Session } from "./session.ts";
import type { Account } from "./state.ts";

/** Whether a password may be an account's new one; refuses the request if not. */
export function mayBePassword<S extends Session>(context: RequestContext<S>, session: S, password: string): boolean {
  const isLong = [...password].length >= MIN_PASSWORD;
  if (!isLong) deny(context, session, 400, "newpassword", { limit: MIN_PASSWORD });
  return isLong;
}

/**
 * Sets the password. All other sessions of the account end, and so do its session tokens.
 *
 * @param refuse refuses the request: meanwhile the account was removed, or another session has changed its password
 * @param then called when it is recorded
 */
export function setPassword<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  account: Account,
  password: string,
  refuse: (context: RequestContext<S>) => void,
  then: (context: RequestContext<S>) => void,
): void {
  const { name, id, passwordSince } = account;
  afterWait(chat, context, session, name, { kind: "hash", password, name }, (context, hash) => {
    if (!isUnchanged(chat, account, passwordSince)) return refuse(context);
    context.effects.propose(session, { kind: "password", account: id, password: hash }, (context, outcome) => {
      if (outcome === "failed") return denyNotStored(context, session);
      if (outcome === "lost") return refuse(context);
      then(context);
    });
  });
}

/** Whether an account is still there, with the password that it had. */
export function isUnchanged<S extends Session>(chat: Chat<S>, account: Account, passwordSince: number): boolean {
  return chat.state.accountById(account.id) === account && account.passwordSince === passwordSince;
}
