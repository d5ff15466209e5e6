/**
 * Bots: accounts of programs, which log in by a token and have no password. Operators make, list and remove them. A token is shown
 * once; its hash is kept as that of a session token is, and it does not expire.
 */
import { type BotRequest, isName, ok, type Query, quote } from "../../jim/mod.ts";
import { noPassword } from "../auth/passwords.ts";
import { isReserved } from "./admission.ts";
import { answerList, deny, denyNotStored, withRemarks } from "./answers.ts";
import type { Chat } from "./chat.ts";
import type { RequestContext } from "./effects.ts";
import { refreshAndCheck } from "./refresh.ts";
import type { Session } from "./session.ts";
import { hashOf } from "./session_tokens.ts";
import type { Account } from "./state.ts";

/** Makes a bot, and answers with its token. */
export function addBot<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  request: BotRequest,
): void {
  if (!mayKeepBots(chat, context, session, request.action)) return;
  const { user_id: name } = request, got = quote(name), like = chat.account(name) ?? chat.state.lookalike(name);
  if (like !== undefined) return deny(context, session, 409, "lookalike", { got, like: quote(like.name) });
  if (!isName(name) || isReserved(name)) return deny(context, session, 403, "hookname", { got });
  const password = noPassword(Uint8Array.fromBase64(context.effects.newToken(), { alphabet: "base64url" }));
  const account = { kind: "account", name, password, operator: false, bot: true, time: context.now } as const;
  context.effects.propose(session, account, (context, outcome) => {
    if (outcome === "failed") return denyNotStored(context, session);
    if (outcome === "lost" || outcome.kind !== "registered") return addBot(chat, context, session, request);
    context.effects.logOrder(session, `add_bot ${got}`);
    giveToken(context, session, outcome.account, request, 201);
  });
}

/** Gives a bot another token. The former one and its connections end. */
export function renewBot<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  request: BotRequest,
): void {
  const bot = botNamed(chat, context, session, request);
  if (bot === undefined) return;
  // Another password ends all tokens and sessions of an account, on all servers.
  const { id, password } = bot;
  context.effects.propose(session, { kind: "password", account: id, password }, (context, outcome) => {
    if (outcome === "failed") return denyNotStored(context, session);
    if (outcome === "lost") return deny(context, session, 404, "nobot", { got: quote(request.user_id) });
    context.effects.logOrder(session, `bot_token ${quote(bot.name)}`);
    giveToken(context, session, bot, request, 200);
  });
}

/** Removes a bot, as the account tool removes an account. */
export function deleteBot<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  request: BotRequest,
): void {
  const bot = botNamed(chat, context, session, request);
  if (bot === undefined) return;
  context.effects.propose(session, { kind: "removal", of: bot.id }, (context, outcome) => {
    if (outcome === "failed") return denyNotStored(context, session);
    if (outcome === "lost") return deny(context, session, 404, "nobot", { got: quote(request.user_id) });
    context.effects.answer(session, ok(context.now, 200, withRemarks(context, "the bot is removed", request.time)));
    context.effects.logOrder(session, `del_bot ${quote(bot.name)}`);
  });
}

export function listBots<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  { action }: Query,
): void {
  if (!mayKeepBots(chat, context, session, action)) return;
  const bots = [...chat.state.accounts()].filter(({ isBot }) => isBot);
  const rows = bots.map(({ name, side, tokens }) => {
    const used = Math.max(0, ...[...tokens.values()].map(({ used }) => used)), online = chat.isPresent(side);
    return { action: "bot_list", user_id: name, online, ...used === 0 ? {} : { seen: online ? context.now : used } };
  });
  answerList(context, session, rows, rows.length);
}

/** Makes a token for a bot, and answers with it. */
function giveToken<S extends Session>(
  { effects, now }: RequestContext<S>,
  session: S,
  { id, passwordSince: password }: Account,
  { time }: BotRequest,
  code: number,
): void {
  const token = effects.newToken(), hash = hashOf(token);
  const record = { kind: "session", account: id, hash, is: true, since: now, used: now, password } as const;
  effects.propose(session, record, (context, outcome) => {
    if (typeof outcome === "string") return denyNotStored(context, session);
    const words = withRemarks(context, "the token is shown this once", time);
    context.effects.answer(session, { ...ok(context.now, code, words), token });
  });
}

/** The bot of a request; refuses the request if there is none. */
function botNamed<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  { action, user_id: name }: BotRequest,
): Account | undefined {
  if (!mayKeepBots(chat, context, session, action)) return undefined;
  const account = chat.account(name);
  if (account?.isBot) return account;
  deny(context, session, 404, "nobot", { got: quote(name) });
  return undefined;
}

function mayKeepBots<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  action: string,
): boolean {
  if (!refreshAndCheck(chat, context, session)) return false;
  const is = session.account?.operator === true;
  if (!is) deny(context, session, 403, "operator", { got: quote(action) });
  return is;
}
