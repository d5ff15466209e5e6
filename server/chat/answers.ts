/** Answers that several actions share. */
import {
  escapeInvisible,
  explainNote,
  explainTypo,
  looksLikeMilliseconds,
  ok,
  quote,
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

/** Refuses a request. */
export function deny<S extends Session>(
  { effects, now, language }: RequestContext<S>,
  session: S,
  code: number,
  reason: RefusalReason,
  more: Omit<Refusal, "code" | "reason"> = {},
): void {
  effects.answer(session, refused(refuse(reason, { code, ...more }), now, language));
}

/** Refuses a request: its record was not stored. */
export function denyNotStored<S extends Session>(context: RequestContext<S>, session: S): void {
  deny(context, session, 500, context.effects.failureReason);
}

/**
 * Refuses a request, and logs it: an operator looks there for guesses and refused logins.
 *
 * @param name the name that the request asks for, such as that of an account
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

/**
 * A row of the list of bans and mutes, of the server or of a room.
 *
 * @param target the person or the address, as the field by which an order lifts it
 */
export function banRow(
  kind: "ban" | "mute",
  target: { readonly user_id: string } | { readonly address: string },
  { until = Infinity, by, reason, since }: Partial<Pick<Ban, "until" | "by" | "reason" | "since">>,
): object {
  return { action: "ban_list", kind, ...target, ...(until === Infinity ? {} : { until }), by, reason, since };
}

/** The end and the reason of a ban, as fields of a refusal. */
export function banDetails({ until, reason }: Ban): { until?: number; why?: string } {
  return { ...(until === Infinity ? {} : { until }), ...reasonDetails(reason) };
}

/**
 * Whether a session is muted; refuses the request if so. A muted session may show nothing to others, such as a new
 * name.
 *
 * @param at the field with that text
 */
export function isMuted<S extends Session>(chat: Chat<S>, context: RequestContext<S>, session: S, at: string): boolean {
  const mute = chat.muteOf(session, context.now);
  if (mute !== undefined) deny(context, session, 403, "muted", { at, ...banDetails(mute) });
  return mute !== undefined;
}

/** The reason of an operator, as a field of a refusal. */
export function reasonDetails(reason: string | undefined): { why?: string } {
  return reason === undefined ? {} : { why: escapeInvisible(reason) };
}

/** Refuses a message. */
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
 * Answers with a list: the number of rows, and then each row as an object, like the `get_contacts` of JIM. A row is
 * made when its reader can take it, so its source must not change.
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

/** Adds remarks to the text of an answer: on a missing or odd time, and on a misspelt field. */
export function withRemarks<S extends Session>(context: RequestContext<S>, words: string, time: number | null): string {
  const note = time === null ? "time" : looksLikeMilliseconds(time) ? "milliseconds" : undefined;
  return withFieldRemark(context, note === undefined ? words : `${words}; ${explainNote(note, context.language)}`);
}

/** Adds a remark on a misspelt field, if there is one. */
export function withFieldRemark<S extends Session>({ typo, language }: RequestContext<S>, words: string): string {
  return typo === undefined ? words : `${words}; ${explainTypo(typo, language)}`;
}

/** Why a session is closed: its token has ended, or another session of its account has ended it. */
export function revoked(account: Account | undefined): Refusal {
  return refuse("revoked", { code: 401, got: quote(account?.name) });
}

/** The role of an account or a guest, as rows and notices show it. */
export function roleOf(account: Account | undefined): Role {
  return account === undefined ? "guest" : markOf(account).role!;
}

/**
 * Whether a network may create no more rooms or accounts for now; refuses the request if so. Operators have no such
 * limit.
 */
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

/** Whether the daily quota is used up; refuses the message if so. Operators have no quota. */
export function isOverQuota<S extends Session>(
  context: RequestContext<S>,
  session: S,
  refused: typeof denyMessage<S> = denyMessage,
): boolean {
  const quota = session.account?.operator === true ? undefined : context.effects.exhaustedQuota(session);
  if (quota === undefined) return false;
  const { scope, limit, seconds } = quota;
  refused(context, session, 403, `${scope}quota`, { limit, got: String(seconds) });
  return true;
}
