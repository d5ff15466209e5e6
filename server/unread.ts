/** Counts what an account has not read: messages of others behind the last one that it has read. */
import { mentions, type Relay } from "../jim/mod.ts";
import type { Counted } from "./chat/jobs.ts";
import type { Rows } from "./chat/jobs.ts";
import { chain } from "./journal/maybe_promise.ts";
import type { JournalGuard } from "./journal_guard.ts";
import type { Soon } from "./journal/contract.ts";

/** The most that are counted in one conversation: nobody reads a larger number, and each is parsed. */
const MAX_COUNT = 100;

const decoder = new TextDecoder();

/** One row for each conversation, made when the reader can take it. */
export function unreadRows(guard: JournalGuard, conversations: readonly Counted[], me: string): Rows {
  let at = 0;
  return () => {
    const next = conversations[at++];
    return next === undefined ? undefined : chain(rowOf(guard, next, me), (row) => [row]);
  };
}

function rowOf(guard: JournalGuard, { conversation, name, read }: Counted, me: string): Soon<object> {
  const query = { conversation, after: read, limit: MAX_COUNT };
  const ids = guard.attempt("read", () => guard.journal.page(query));
  return chain(ids, (ids = []) => {
    const lines = guard.attempt("read", () => guard.journal.read(conversation, ids));
    return chain(lines, (lines = []) => {
      const others = lines.filter((line) => line !== undefined).map((line) => JSON.parse(decoder.decode(line)) as Relay)
        .filter((relay) => relay.deleted !== true && (relay.from !== me || relay.guest !== undefined));
      const mentioned = conversation.startsWith("#")
        ? others.filter(({ message }) => mentions(message, me)).length
        : others.length;
      const last = ids.at(-1) ?? read;
      return { action: "unread_list", ...name, read, unread: others.length, mentions: mentioned, last };
    });
  });
}
