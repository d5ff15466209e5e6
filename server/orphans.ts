/**
 * Forgets orphaned conversations, at a start: their room was removed or cleared, or an account of theirs is gone, and then the
 * server was killed or its disk was full. Their texts would stay in the database for ever.
 */
import { COMMON_ROOM } from "../jim/mod.ts";
import type { State } from "./chat/state.ts";
import { roomIdOf, sidesOf } from "./journal/conversation.ts";
import type { Conversation } from "./journal/contract.ts";
import { chain } from "./journal/maybe_promise.ts";
import type { JournalGuard } from "./journal_guard.ts";

/** Forgets them. If some records are unreadable, the state may lack a room or an account, and nothing is forgotten. */
export function forgetOrphans(guard: JournalGuard, state: State): void {
  const { journal } = guard, { damaged, unknown } = journal.skipped;
  if (damaged + unknown > 0) return;
  guard.attempt("write", () =>
    chain(journal.allConversations(), (all) => {
      const orphans = all.filter((each) => isOrphan(each, state));
      if (orphans.length > 0) journal.forget(orphans);
    }));
}

/** Names of an older version that tell no id are left as they are. */
function isOrphan(conversation: Conversation, state: State): boolean {
  if (conversation === COMMON_ROOM) return false;
  if (!conversation.startsWith("#")) {
    return sidesOf(conversation).some((side) =>
      side.startsWith("@") && state.accountById(Number(side.slice(1))) === undefined
    );
  }
  const id = roomIdOf(conversation);
  return !Number.isNaN(id) && state.roomById(id)?.conversation !== conversation;
}
