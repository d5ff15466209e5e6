/** Applies what other programs have appended to the journal, such as the account tool. */
import type { Chat } from "./chat.ts";
import type { RequestContext } from "./effects.ts";
import type { Session } from "./session.ts";

/**
 * Applies changes of other programs. Returns false if that has closed the session: its account was removed, or its
 * name has become another's.
 *
 * @param age milliseconds: does nothing if it was called less than so long ago
 */
export function refreshAndCheck<S extends Session>(
  chat: Chat<S>,
  { effects }: RequestContext<S>,
  session: S,
  age = 0,
): boolean {
  effects.refreshState(age);
  return session.side === undefined || chat.isOpen(session);
}
