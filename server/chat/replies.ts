/** The few forms that answers take. */
import { no, ok, type Reason, type Refusal, refuse, remark, type Role } from "../../jim/mod.ts";
import type { Account } from "./chat.ts";
import type { Ban, Person, Scene } from "./voice.ts";

/** A refusal by a rule of the chat. */
export function deny<P extends Person>(
  { voice, now, language }: Scene<P>,
  who: P,
  code: number,
  reason: Reason,
  more: Omit<Refusal, "code" | "reason"> = {},
): void {
  voice.answer(who, no(refuse(reason, { code, ...more }), now, language));
}

/** When a ban ends, as a refusal says it. */
export function until(ban: Ban): { limit?: number } {
  return ban.until === Infinity ? {} : { limit: ban.until };
}

/** A message that reaches nobody. */
export function undelivered<P extends Person>(
  { voice, now, language }: Scene<P>,
  who: P,
  code: number,
  reason: Reason,
  more: Omit<Refusal, "code" | "reason">,
): void {
  voice.answer(who, no(refuse(reason, { code, ...more }), now, language), "msg");
}

/** A list: how many, and then each as an object of its own, as JIM's own `get_contacts` does. */
export function list<P extends Person>({ voice, now }: Scene<P>, who: P, rows: readonly object[]): void {
  voice.answer(who, { ...ok(now, 202), quantity: rows.length });
  for (const row of rows) voice.tell(who, row);
}

/** Words of success, with a remark where the time of the request could not be read. */
export function noted<P extends Person>({ language }: Scene<P>, words: string, time: number | null): string {
  return time === null ? `${words}; ${remark("time", language)}` : words;
}

/** What somebody is, as rows and notices say it. */
export function roleOf(account: Account | undefined): Role {
  return account?.mark.role ?? "guest";
}
