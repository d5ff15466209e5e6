/**
 * Conversations of which the room was removed or cleared, or an account is gone, and which are not forgotten yet: the server was
 * killed just then, or its disk was full. Their texts would stay in the database for ever.
 */
import { COMMON_ROOM } from "../jim/mod.ts";
import type { State } from "./chat/state.ts";
import { roomIdOf, sidesOf } from "./journal/conversation.ts";
import type { Conversation } from "./journal/contract.ts";
import { chain } from "./journal/maybe_promise.ts";
import type { JournalGuard } from "./journal_guard.ts";

/** Forgets them, at a start: then the state has all that the journal has. If some records are unreadable it does not. */
export function forgetStrays(guard: JournalGuard, state: State): void {
  const { journal } = guard, { damaged, unknown } = journal.skipped;
  if (damaged + unknown > 0) return;
  guard.attempt("write", () =>
    chain(journal.allConversations(), (all) => {
      const strays = all.filter((each) => isStray(each, state));
      if (strays.length > 0) journal.forget(strays);
    }));
}

/** Names of an older version that tell no id are left as they are. */
function isStray(conversation: Conversation, state: State): boolean {
  if (conversation === COMMON_ROOM) return false;
  if (!conversation.startsWith("#")) {
    return sidesOf(conversation).some((side) =>
      side.startsWith("@") && state.accountById(Number(side.slice(1))) === undefined
    );
  }
  const id = roomIdOf(conversation);
  return !Number.isNaN(id) && state.roomById(id)?.conversation !== conversation;
}
