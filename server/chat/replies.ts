/** The few forms that answers take. */
import {
  escapeInvisible,
  explainNote,
  explainTypo,
  looksLikeMilliseconds,
  ok,
  type Refusal,
  type RefusalReason,
  refuse,
  refused,
  type Role,
} from "../../jim/mod.ts";
import { type Account, type Chat, markOf } from "./chat.ts";
import type { Ban } from "./bans.ts";
import type { RequestContext } from "./effects.ts";
import type { Session } from "./session.ts";

/** A refusal by a rule of the chat. */
export function deny<S extends Session>(
  { effects, now, language }: RequestContext<S>,
  session: S,
  code: number,
  reason: RefusalReason,
  more: Omit<Refusal, "code" | "reason"> = {},
): void {
  effects.answer(session, refused(refuse(reason, { code, ...more }), now, language));
}

/** What had to be kept for a request was not. */
export function denyNotStored<S extends Session>(context: RequestContext<S>, session: S): void {
  deny(context, session, 500, context.effects.failureReason);
}

/**
 * The same, with a line in the log: an operator looks there for guesses, and for why somebody is not let in.
 *
 * @param name what the request asks for, such as the name of an account
 */
export function denyLogged<S extends Session>(
  { effects, now, language }: RequestContext<S>,
  session: S,
  name: string | undefined,
  code: number,
  reason: RefusalReason,
  more: Omit<Refusal, "code" | "reason"> = {},
): void {
  const refusal = refuse(reason, { code, ...more });
  effects.answer(session, refused(refusal, now, language));
  effects.logDenial(session, refusal, name);
}

/** When a ban ends, and why it is, as a refusal says it. */
export function banDetails({ until, reason }: Ban): { until?: number; why?: string } {
  return { ...(until === Infinity ? {} : { until }), ...reasonDetails(reason) };
}

/**
 * Whether a connection is muted, and so may not do what shows others its words, such as take another name; then it is told.
 *
 * @param at the field with these words
 */
export function isMuted<S extends Session>(chat: Chat<S>, context: RequestContext<S>, session: S, at: string): boolean {
  const mute = chat.muteOf(session, context.now);
  if (mute !== undefined) deny(context, session, 403, "muted", { at, ...banDetails(mute) });
  return mute !== undefined;
}

/** An operator's reason, as a refusal says it. */
export function reasonDetails(reason: string | undefined): { why?: string } {
  return reason === undefined ? {} : { why: escapeInvisible(reason) };
}

/** A message that reaches nobody. */
export function denyMessage<S extends Session>(
  { effects, now, language }: RequestContext<S>,
  session: S,
  code: number,
  reason: RefusalReason,
  more: Omit<Refusal, "code" | "reason">,
): void {
  effects.answer(session, refused(refuse(reason, { code, ...more }), now, language), "msg");
}

/**
 * A list: how many, and then each as an object of its own, as JIM's own `get_contacts` does. Each row is made when its reader
 * can take it, so what they are made of must not change any more.
 */
export function answerList<S extends Session>(
  context: RequestContext<S>,
  session: S,
  rows: Iterable<object>,
  quantity: number,
): void {
  const { effects, now } = context;
  effects.answer(session, { ...ok(now, 202, withFieldRemark(context, "accepted")), quantity });
  const batches = [rows];
  effects.streamRows(session, () => batches.pop());
}

/** Words of success, with a remark where the time of the request is none or is an odd one, or where there is another. */
export function withRemarks<S extends Session>(context: RequestContext<S>, words: string, time: number | null): string {
  const note = time === null ? "time" : looksLikeMilliseconds(time) ? "milliseconds" : undefined;
  return withFieldRemark(context, note === undefined ? words : `${words}; ${explainNote(note, context.language)}`);
}

/** Words of success, with a remark on a field that seems to be misspelt, if there is one. */
export function withFieldRemark<S extends Session>({ typo, language }: RequestContext<S>, words: string): string {
  return typo === undefined ? words : `${words}; ${explainTypo(typo, language)}`;
}

/** What somebody is, as rows and notices say it. */
export function roleOf(account: Account | undefined): Role {
  return account === undefined ? "guest" : markOf(account).role!;
}

/** Whether the network of a connection may make no more rooms or accounts for now; then it is told. Operators may always. */
export function exceedsCreationLimit<S extends Session>(
  context: RequestContext<S>,
  session: S,
  what: "room" | "account",
  name: string,
): boolean {
  const refusal = session.account?.operator === true ? undefined : context.effects.creationLimit(what, session);
  if (refusal === undefined) return false;
  denyLogged(context, session, name, 403, what === "room" ? "newrooms" : "newaccounts", {
    limit: refusal.limit,
    got: String(refusal.seconds),
  });
  return true;
}
