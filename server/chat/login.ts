/** The action `authenticate`: logging in with a password or with a session token. */
import { type Authenticate, quote, type Resume } from "../../jim/mod.ts";
import { isBanned, mayConnect, mayUseGuestName } from "./admission.ts";
import type { Account, Chat } from "./chat.ts";
import { enter } from "./enter.ts";
import { replay } from "./replay.ts";
import { afterWait } from "./login_job.ts";
import { refreshAndCheck } from "./refresh.ts";
import { deny, denyLogged, withRemarks } from "./answers.ts";
import { refuseToken, useToken, withToken } from "./token_use.ts";
import type { RequestContext } from "./effects.ts";
import type { Session } from "./session.ts";
import { mayBePassword, setPassword } from "./set_password.ts";

export function authenticate<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  request: Authenticate,
): void {
  const { features, new_password: fresh } = request, { account_name: name, password } = request.user;
  if (!refreshAndCheck(chat, context, session) || isBanned(chat, context, session, name)) return;
  if (fresh !== undefined && !mayBePassword(context, session, fresh)) return;
  if (fresh === password) return deny(context, session, 400, "samepassword");
  const known = chat.account(name);
  if (known === undefined && chat.rules.guests) {
    const { account } = session;
    if (account !== undefined) return denyLogged(context, session, name, 401, "account", { got: quote(account.name) });
    if (!mayUseGuestName(chat, context, session, name)) return;
    const words = `welcome, ${name}; the name is not registered, so anybody may use it`;
    return enter(chat, context, session, {
      account: undefined,
      asked: name,
      features,
      words: withRemarks(context, words, request.time),
    });
  }
  const check = { kind: "check", password, name, account: known?.id } as const, revision = known?.revision;
  afterWait(chat, context, session, name, check, (context, right) => {
    const account = known === undefined ? undefined : chat.state.accountById(known.id);
    if (!right || account === undefined || account.revision !== revision) {
      return denyLogged(context, session, name, 402, "login", { got: quote(name) });
    }
    if (!mayConnect(chat, context, session, account)) return;
    if (fresh !== undefined) return logInAnew(chat, context, session, account, request, fresh);
    if (account.hasOneTimePassword) {
      return denyLogged(context, session, name, 401, "onetime", { got: quote(account.name) });
    }
    logIn(chat, context, session, account, request);
  });
}

/** Sets another password, and logs in with it. So a one-time password alone lets nobody in. */
function logInAnew<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  account: Account,
  request: Authenticate,
  password: string,
): void {
  const name = request.user.account_name;
  const refuse = (context: RequestContext<S>) => denyLogged(context, session, name, 402, "login", { got: quote(name) });
  setPassword(chat, context, session, account, password, refuse, (context) => {
    context.effects.logLogin(session, `changes the password of ${quote(account.name)}`);
    logIn(chat, context, session, account, request);
    // The change is told next. Without another server this session may have entered already.
    if (session.account === account) chat.spare(session);
  });
}

/** Enters the chat with an account. */
function logIn<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  account: Account,
  request: Authenticate,
): void {
  const { features } = request, { account_name: asked } = request.user;
  context.effects.logLogin(session, `logs in to ${quote(account.name)}`);
  withToken(chat, context, session, account, request, (context, token) => {
    const words = withRemarks(context, `welcome, ${account.name}`, request.time);
    const entry = { account, asked, features, words, token };
    enter(chat, context, session, entry, (context, elsewhere) => replay(chat, context, session, elsewhere));
  });
}

/**
 * Logs in with a session token. A valid one is answered at once, so that a flood of invalid ones delays no login. An
 * invalid one waits in the queue of passwords, and is charged to its network.
 */
export function resume<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  request: Resume,
): void {
  if (!refreshAndCheck(chat, context, session)) return;
  const token = chat.tokens.find(request.token, context.now);
  if (isBanned(chat, context, session, token?.account.name)) return;
  if (token === undefined) return refuseToken(context, session);
  const { account } = token;
  if (!mayConnect(chat, context, session, account)) return;
  context.effects.logLogin(session, `logs in to ${quote(account.name)} by a session token`);
  useToken(chat, context, session, token);
  const words = withRemarks(context, `welcome, ${account.name}`, request.time);
  const entry = { account, features: request.features, words };
  enter(chat, context, session, entry, (context, elsewhere) => replay(chat, context, session, elsewhere));
}
