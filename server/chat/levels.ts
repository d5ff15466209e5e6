/**
 * The action `notify`: of which messages of a conversation an account is told. The server keeps it, the same on all devices; what is
 * told, and how, is the clients' own.
 */
import { type Level, type Notify, ok, quote } from "../../jim/mod.ts";
import { deny, denyNotStored, withRemarks } from "./answers.ts";
import type { Account, Chat } from "./chat.ts";
import type { RequestContext } from "./effects.ts";
import { placeOf } from "./place.ts";
import { nameOf, placeIn } from "./read.ts";
import type { Session } from "./session.ts";

/** Levels of one account, at most. */
const MAX_LEVELS = 1_000;

export function notify<S extends Session>(
  chat: Chat<S>,
  context: RequestContext<S>,
  session: S,
  { action, time, to, level }: Notify,
): void {
  const { account } = session;
  if (account === undefined) return deny(context, session, 401, "accounts", { got: quote(action) });
  const found = placeOf(chat, context, session, to);
  if (found === undefined) return;
  const place = placeIn(account, found.conversation), words = withRemarks(context, "ok", time), { levels } = account;
  if ((levels?.get(place) ?? "default") === level) return context.effects.answer(session, ok(context.now, 200, words));
  if (level !== "default" && levels?.has(place) !== true && (levels?.size ?? 0) >= MAX_LEVELS) {
    return deny(context, session, 403, "levels", { limit: MAX_LEVELS });
  }
  context.effects.propose(session, { kind: "level", account: account.id, place, level }, (context, outcome) => {
    if (outcome === "failed") return denyNotStored(context, session);
    context.effects.answer(session, ok(context.now, 200, words));
    if (outcome !== "lost") announceLevel(chat, context, session, account, place, level);
  });
}

/** Tells an account's sessions on this server, except the one that has said it. */
export function announceLevel<S extends Session>(
  chat: Chat<S>,
  { effects, now }: RequestContext<S>,
  by: S | undefined,
  account: Account,
  place: string,
  level: Level,
): void {
  const others = [...chat.features.among(chat.sessionsOf(account.side), "notify")].filter((each) => each !== by);
  for (const [to, those] of Map.groupBy(others, (reader) => nameOf(chat, reader, place))) {
    if (to !== undefined) effects.announce(by, those, { action: "notify", time: now, to, level });
  }
}
