/**
 * Reads the history from the journal in slices, as its reader takes it: a page of 500 long messages is 12 MB, and an
 * account in 100 rooms may miss 100 pages. The ids are found first; the messages are read when they are sent.
 */
import { encode } from "../jim/mod.ts";
import { noticeOf } from "./chat/event_notice.ts";
import type { Page, Part, Rows } from "./chat/jobs.ts";
import type { Conversation, PageQuery, Soon } from "./journal/contract.ts";
import { chain, chainAll } from "./journal/maybe_promise.ts";
import type { JournalGuard } from "./journal_guard.ts";

/** A page, or a page of messages that have all the words of a text. */
export interface PageRequest extends PageQuery {
  readonly text?: string;
  /** With the events among them, each in its place. */
  readonly events?: boolean;
}

/** One message of a conversation, or an event. */
export interface MessageRef {
  readonly conversation: Conversation;
  readonly id: number;
  readonly isEvent?: true;
}

export type Line = Uint8Array | undefined;

/** Makes of some lines what their reader is shown. */
export type ShowLines = (refs: readonly MessageRef[], lines: readonly Line[]) => Soon<readonly Line[]>;

/** Messages of the first slice, and about the bytes of later ones. */
const FIRST = 32, SLICE = 32 * 1024;

/**
 * A page of a conversation and of parts of others: messages from before a guest registered are a conversation of
 * their own, but belong on the same page. They are merged by id.
 *
 * It has as many rows as it has promised: a message that is removed or unreadable is replaced by `lost`.
 *
 * @param show undefined if the lines are shown as they are
 * @returns undefined if the journal fails
 */
export function pageOf(
  guard: JournalGuard,
  query: PageRequest,
  parts: readonly Part[],
  lost: (id: number) => Uint8Array,
  show?: ShowLines,
): Soon<Page | undefined> {
  const found = [findIds(guard, query), ...parts.map((part) => findPartIds(guard, query, part))];
  return chain(chainAll(found), (found) => {
    if (found.includes(undefined)) return undefined;
    const refs = mergeRefs(found as (readonly MessageRef[])[], query);
    const rows = rowsInSlices(guard, refs, (lines, refs) => lines.map((line, i) => line ?? lost(refs[i]!.id)), show);
    return { quantity: refs.length, rows };
  });
}

/** Several pages, one after the other. Their length is not promised: removed messages are left out. */
export function pagesOf(guard: JournalGuard, queries: Iterable<PageRequest>, show?: ShowLines): Rows<Uint8Array> {
  const rest = queries[Symbol.iterator]();
  let rows: Rows<Uint8Array> | undefined;
  return () => {
    if (rows !== undefined) {
      return chain(rows(), (batch) => {
        if (batch === undefined) rows = undefined;
        return batch ?? [];
      });
    }
    const { value: query, done } = rest.next();
    if (done) return undefined;
    return chain(findIds(guard, query), (refs = []) => {
      rows = rowsInSlices(guard, refs, (lines) => lines.filter((line) => line !== undefined), show);
      return [];
    });
  };
}

function findIds(guard: JournalGuard, query: PageRequest): Soon<readonly MessageRef[] | undefined> {
  const { conversation, before, after, limit } = query;
  const messages = chain(
    guard.attempt("read", () => idsOf(guard, query)),
    (ids): readonly MessageRef[] | undefined => ids?.map((id) => ({ conversation, id })),
  );
  if (query.events !== true) return messages;
  const bounds = { ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }), limit };
  const events = chain(
    guard.attempt("read", () => guard.journal.events(conversation, bounds)),
    (events): readonly MessageRef[] | undefined => events?.map(({ id }) => ({ conversation, id, isEvent: true })),
  );
  return chain(chainAll([messages, events]), ([messages, events]) => {
    return messages === undefined || events === undefined ? undefined : mergeRefs([messages, events], query);
  });
}

function idsOf({ journal }: JournalGuard, { text, events: _, ...page }: PageRequest): Soon<readonly number[]> {
  return text === undefined ? journal.page(page) : journal.search({ ...page, text });
}

/** Without `after`, a query asks for the latest messages. So those before the part are removed afterwards. */
function findPartIds(
  guard: JournalGuard,
  query: PageRequest,
  { conversation, after, before }: Part,
): Soon<readonly MessageRef[] | undefined> {
  const bounded = { ...query, conversation, before: Math.min(query.before ?? before, before) };
  if (query.after !== undefined) return findIds(guard, { ...bounded, after: Math.max(query.after, after) });
  return chain(findIds(guard, bounded), (refs) => refs?.filter(({ id }) => id > after));
}

function mergeRefs(found: readonly (readonly MessageRef[])[], { after, limit }: PageRequest): readonly MessageRef[] {
  const some = found.filter(({ length }) => length > 0);
  if (some.length < 2) return some[0] ?? [];
  const refs = some.flat().sort((one, other) => one.id - other.id);
  return after === undefined ? refs.slice(-limit) : refs.slice(0, limit);
}

/** @param made makes the rows of a slice */
function rowsInSlices(
  guard: JournalGuard,
  refs: readonly MessageRef[],
  made: (lines: readonly Line[], refs: readonly MessageRef[]) => readonly Uint8Array[],
  show?: ShowLines,
): Rows<Uint8Array> {
  let at = 0, count = FIRST;
  return () => {
    if (at >= refs.length) return undefined;
    const slice = refs.slice(at, at += count);
    const read = readLines(guard, slice),
      shown = show === undefined ? read : chain(read, (lines) => show(slice, lines));
    return chain(shown, (lines) => {
      const rows = made(lines, slice), bytes = rows.reduce((sum, { length }) => sum + length, 1);
      count = Math.max(1, Math.floor(slice.length * SLICE / bytes));
      return rows;
    });
  };
}

/** Events as lines, by their ids, which ascend. */
function eventLines(guard: JournalGuard, conversation: Conversation, ids: readonly number[]): Soon<readonly Line[]> {
  const bounds = { after: ids[0]! - 1, before: ids.at(-1)! + 1 };
  return chain(guard.attempt("read", () => guard.journal.events(conversation, bounds)), (events = []) => {
    const lines = new Map(events.map((event) => [event.id, encode(noticeOf(event, event.to)).subarray(0, -1)]));
    return ids.map((id) => lines.get(id));
  });
}

/** The lines of messages; undefined where there is none, or the journal fails. */
export function readLines(guard: JournalGuard, refs: readonly MessageRef[]): Soon<readonly Line[]> {
  const groups = [
    ...Map.groupBy(refs, ({ conversation, isEvent }) => isEvent ? `${conversation}\n` : conversation).values(),
  ];
  const found = groups.map((refs) => {
    const ids = refs.map(({ id }) => id), { conversation, isEvent } = refs[0]!;
    if (isEvent) return eventLines(guard, conversation, ids);
    return chain(
      guard.attempt("read", () => guard.journal.read(conversation, ids)),
      (lines) => lines ?? ids.map(() => undefined),
    );
  });
  return chain(chainAll(found), (found) => {
    if (found.length === 1) return found[0]!;
    const lines = new Map(groups.flatMap((refs, i) => refs.map((place, j) => [place, found[i]![j]] as const)));
    return refs.map((place) => lines.get(place));
  });
}
