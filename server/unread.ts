/** Counts what an account has not read: messages of others behind the last one that it has read. */
import { mentions, nameKey, type Relay } from "../jim/mod.ts";
import type { Counted } from "./chat/jobs.ts";
import type { Rows } from "./chat/jobs.ts";
import { chain, chainAll } from "./journal/maybe_promise.ts";
import type { JournalGuard } from "./journal_guard.ts";

/** The most that are counted in one conversation: nobody reads a larger number. */
const MAX_COUNT = 100;
/**
 * Messages that are read for one list, at 12 µs each if each is a run of its own. Of conversations beyond only the number is told,
 * with the account's own messages.
 */
const MAX_READ = 1_000;
/** A hundred batches of rows are made in one turn, empty ones too. So many messages count as one, which makes turns short. */
const MESSAGES_A_BATCH = 4;

const decoder = new TextDecoder();

/** One row for each conversation, made when the reader can take it. */
export function unreadRows(guard: JournalGuard, conversations: readonly Counted[], me: string): Rows {
  let at = 0, left = MAX_READ, pause = 0;
  return () => {
    if (pause > 0) {
      pause--;
      return [];
    }
    const next = conversations[at++];
    if (next === undefined) return undefined;
    const { conversations: parts, name } = next, query = { after: next.read, limit: MAX_COUNT };
    const pages = parts.map((conversation) =>
      guard.attempt("read", () => guard.journal.page({ ...query, conversation }))
    );
    return chain(chainAll(pages), (pages) => {
      const found = firstOf(pages), ids = found.flat();
      if (ids.length > left) return [rowOf(next, ids, ids.length, 0)];
      left -= ids.length;
      pause = Math.ceil(ids.length / MESSAGES_A_BATCH);
      const lines = parts.map((part, i) => guard.attempt("read", () => guard.journal.read(part, found[i]!)));
      return chain(chainAll(lines), (lines) => {
        const others = othersIn(lines.flatMap((each = []) => each), me, next);
        const mentioned = "room" in name ? others.filter(({ message }) => mentions(message, me)) : others;
        return [rowOf(next, ids, others.length, mentioned.length)];
      });
    });
  };
}

/** As much of pages that follow each other as is counted. */
function firstOf(pages: readonly (readonly number[] | undefined)[]): (readonly number[])[] {
  let left = MAX_COUNT;
  return pages.map((ids = []) => {
    const first = ids.slice(0, left);
    left -= first.length;
    return first;
  });
}

function rowOf({ name, read }: Counted, ids: readonly number[], unread: number, mentions: number): object {
  return { action: "unread_list", ...name, read, unread, mentions, last: ids.at(-1) ?? read };
}

/**
 * The messages of others that are not deleted. In private, what is to the other one is the account's own too: it may have had another
 * name then. In a room its messages under an earlier name count as those of others.
 */
function othersIn(lines: readonly (Uint8Array | undefined)[], me: string, { name }: Counted): Relay[] {
  const other = "user_id" in name ? nameKey(name.user_id) : undefined;
  const isOwn = ({ from, to, guest }: Relay) =>
    (from === me && guest === undefined) || (other !== undefined && nameKey(to) === other);
  return lines.filter((line) => line !== undefined).map((line) => JSON.parse(decoder.decode(line)) as Relay)
    .filter((relay) => relay.deleted !== true && !isOwn(relay));
}
