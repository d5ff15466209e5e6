/**
 * The action `status`: what an account says of itself, and whether it is away. It is kept, the same on all devices, and shown to
 * programs with the feature: in lists of people, and when it changes.
 */
import { ok, quote, type Status } from "../../jim/mod.ts";
import { deny, denyNotStored, isMuted, roleOf, withRemarks } from "./answers.ts";
import type { Account, Chat } from "./chat.ts";
import type { RequestContext } from "./effects.ts";
import type { Session } from "./session.ts";

export function setStatus<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  { action, time, away, emoji, status: text }: Status,
): void {
  const { account } = session, isSet = away || emoji !== undefined || text !== "";
  if (account === undefined) return deny(context, session, 401, "accounts", { got: quote(action) });
  if (isSet && isMuted(chat, context, session, "status")) return;
  const words = withRemarks(context, away ? "you are away" : isSet ? "your status is set" : "you have no status", time);
  const { status } = account, proposal = { kind: "status", account: account.id, away, text } as const;
  const isSame = isSet ? status?.away === away && status.emoji === emoji && status.text === text : status === undefined;
  if (isSame) return context.effects.answer(session, ok(context.now, 200, words));
  const record = emoji === undefined ? proposal : { ...proposal, emoji };
  context.effects.propose(session, record, (context, outcome) => {
    if (outcome === "failed") return denyNotStored(context, session);
    context.effects.answer(session, ok(context.now, 200, words));
    if (outcome !== "lost") announceStatus(chat, context, session, account);
  });
}

/** Tells this server's sessions of a status, those of the account itself too. */
export function announceStatus<S extends Session>(
  chat: Chat<S>,
  { effects, now }: RequestContext<S>,
  by: S | undefined,
  account: Account,
): void {
  const { name: user_id } = account;
  const notice = { action: "status", time: now, user_id, role: roleOf(account), ...fieldsOf(account) };
  effects.announce(by, chat.features.all("status").filter((each) => !each.bare), notice);
}

/** The status in the row of a list of people. One of a muted account is not shown. */
export function statusIn<S extends Session>(
  chat: Chat<S>,
  session: S,
  account: Account | undefined,
  now: number,
): ReturnType<typeof fieldsOf> | undefined {
  if (account?.status === undefined || !chat.features.has(session, "status")) return undefined;
  return chat.state.ban("mute", account.name, now) === undefined ? fieldsOf(account) : undefined;
}

function fieldsOf({ status }: Account): { away?: true; emoji?: string; status?: string } {
  return {
    ...(status?.away === true ? { away: true } : {}),
    ...(status?.emoji === undefined ? {} : { emoji: status.emoji }),
    ...(status === undefined || status.text === "" ? {} : { status: status.text }),
  };
}
