/** The few forms that answers take. */
import {
  looksLikeMilliseconds,
  ok,
  type Refusal,
  type RefusalReason,
  refuse,
  refused,
  remark,
  remarkOn,
  type Role,
  visible,
} from "../../jim/mod.ts";
import { type Account, type Chat, markOf } from "./chat.ts";
import type { Ban, Person, Scene } from "./voice.ts";

/** A refusal by a rule of the chat. */
export function deny<P extends Person>(
  { voice, now, language }: Scene<P>,
  who: P,
  code: number,
  reason: RefusalReason,
  more: Omit<Refusal, "code" | "reason"> = {},
): void {
  voice.answer(who, refused(refuse(reason, { code, ...more }), now, language));
}

/** What had to be kept for a request was not. */
export function denyFailed<P extends Person>(scene: Scene<P>, who: P): void {
  deny(scene, who, 500, scene.voice.failure);
}

/**
 * The same, with a line in the log: an operator looks there for guesses, and for why somebody is not let in.
 *
 * @param name what the request asks for, such as the name of an account
 */
export function denyLogged<P extends Person>(
  { voice, now, language }: Scene<P>,
  who: P,
  name: string | undefined,
  code: number,
  reason: RefusalReason,
  more: Omit<Refusal, "code" | "reason"> = {},
): void {
  const refusal = refuse(reason, { code, ...more });
  voice.answer(who, refused(refusal, now, language));
  voice.denied(who, refusal, name);
}

/** When a ban ends, and why it is, as a refusal says it. */
export function until({ until, reason }: Ban): { until?: number; why?: string } {
  return { ...(until === Infinity ? {} : { until }), ...because(reason) };
}

/**
 * Whether a connection is muted, and so may not do what shows others its words, such as take another name; then it is told.
 *
 * @param at the field with these words
 */
export function isMuted<P extends Person>(chat: Chat<P>, scene: Scene<P>, who: P, at: string): boolean {
  const mute = chat.muteOf(who, scene.now);
  if (mute !== undefined) deny(scene, who, 403, "muted", { at, ...until(mute) });
  return mute !== undefined;
}

/** An operator's reason, as a refusal says it. */
export function because(reason: string | undefined): { why?: string } {
  return reason === undefined ? {} : { why: visible(reason) };
}

/** A message that reaches nobody. */
export function undelivered<P extends Person>(
  { voice, now, language }: Scene<P>,
  who: P,
  code: number,
  reason: RefusalReason,
  more: Omit<Refusal, "code" | "reason">,
): void {
  voice.answer(who, refused(refuse(reason, { code, ...more }), now, language), "msg");
}

/**
 * A list: how many, and then each as an object of its own, as JIM's own `get_contacts` does. Each row is made when its reader
 * can take it, so what they are made of must not change any more.
 */
export function list<P extends Person>(
  scene: Scene<P>,
  who: P,
  rows: Iterable<object>,
  quantity: number,
): void {
  const { voice, now } = scene;
  voice.answer(who, { ...ok(now, 202, remarked(scene, "accepted")), quantity });
  const batches = [rows];
  voice.rows(who, () => batches.pop());
}

/** Words of success, with a remark where the time of the request is none or is an odd one, or where there is another. */
export function noted<P extends Person>(scene: Scene<P>, words: string, time: number | null): string {
  const note = time === null ? "time" : looksLikeMilliseconds(time) ? "milliseconds" : undefined;
  return remarked(scene, note === undefined ? words : `${words}; ${remark(note, scene.language)}`);
}

/** Words of success, with a remark on a field that seems to be misspelt, if there is one. */
export function remarked<P extends Person>({ slip, language }: Scene<P>, words: string): string {
  return slip === undefined ? words : `${words}; ${remarkOn(slip, language)}`;
}

/** What somebody is, as rows and notices say it. */
export function roleOf(account: Account | undefined): Role {
  return account === undefined ? "guest" : markOf(account).role!;
}

/** Whether the network of a connection may make no more rooms or accounts for now; then it is told. Operators may always. */
export function hasMadeTooMany<P extends Person>(
  scene: Scene<P>,
  who: P,
  what: "room" | "account",
  name: string,
): boolean {
  const refusal = who.account?.operator === true ? undefined : scene.voice.growth(what, who);
  if (refusal === undefined) return false;
  denyLogged(scene, who, name, 403, what === "room" ? "newrooms" : "newaccounts", {
    limit: refusal.limit,
    got: String(refusal.seconds),
  });
  return true;
}
