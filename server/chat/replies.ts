/** The few forms that answers take. */
import { no, ok, type Reason, type Refusal, refuse } from "../../jim/mod.ts";
import type { Person, Scene } from "./voice.ts";

/** A refusal by a rule of the chat. */
export function deny<P extends Person>(
  { voice, now }: Scene<P>,
  who: P,
  code: number,
  reason: Reason,
  more: Omit<Refusal, "code" | "reason"> = {},
): void {
  voice.answer(who, no(refuse(reason, { code, ...more }), now));
}

/** A list: how many, and then each as an object of its own, as JIM's own `get_contacts` does. */
export function list<P extends Person>({ voice, now }: Scene<P>, who: P, rows: readonly object[]): void {
  voice.answer(who, { ...ok(now, 202), quantity: rows.length });
  for (const row of rows) voice.tell(who, row);
}

/** What an answer adds when the time of a request could not be read. */
export const UNREADABLE_TIME = "time: expected Unix seconds as a number, so the server's own time is used";

/** Words of success, with that note where it belongs. */
export function noted(words: string, time: number | null): string {
  return time === null ? `${words}; ${UNREADABLE_TIME}` : words;
}
