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

/** A page, or a page of messages that have all the words of a text, or one sender. */
export interface PageRequest extends PageQuery {
  readonly text?: string;
  readonly from?: string;
  readonly floor?: number;
  /** With the message before and the one behind each that is found. */
  readonly context?: boolean;
  /** With the events among them, each in its place. */
  readonly events?: boolean;
}

/** One message of a conversation, or an event. */
export interface MessageRef {
  readonly conversation: Conversation;
  readonly id: number;
  readonly isEvent?: true;
  /** It was not found: it is before one that was, or behind. */
  readonly isContext?: true;
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
    return pageWith(guard, refs, query, parts, lost, show);
  });
}

/**
 * A page of what is found in several conversations, one after the other: each looks only for what is newer than what the
 * page has already.
 *
 * @param query its conversation does not count
 */
export function searchIn(
  guard: JournalGuard,
  conversations: readonly Conversation[],
  query: PageRequest,
  lost: (id: number) => Uint8Array,
  show?: ShowLines,
): Soon<Page | undefined> {
  return chain(searchFrom(0, []), (refs) => refs && pageWith(guard, refs, query, [], lost, show));

  function searchFrom(first: number, before: readonly MessageRef[]): Soon<readonly MessageRef[] | undefined> {
    let refs = before;
    for (let at = first; at < conversations.length; at++) {
      const floor = query.after === undefined && refs.length === query.limit ? { floor: refs[0]!.id } : {};
      const found = findIds(guard, { ...query, conversation: conversations[at]!, ...floor });
      if (found instanceof Promise) {
        const known = refs;
        return found.then((found) => found && searchFrom(at + 1, mergeRefs([known, found], query)));
      }
      if (found === undefined) return undefined;
      refs = mergeRefs([refs, found], query);
    }
    return refs;
  }
}

function pageWith(
  guard: JournalGuard,
  found: readonly MessageRef[],
  { context }: PageRequest,
  parts: readonly Part[],
  lost: (id: number) => Uint8Array,
  show?: ShowLines,
): Soon<Page | undefined> {
  return chain(context === true ? withContext(guard, found, parts) : found, (refs) => {
    const made = (lines: readonly Line[], refs: readonly MessageRef[]) =>
      lines.map((line, i) => {
        const { id, isContext } = refs[i]!, row = line ?? lost(id);
        return isContext ? withField(row, CONTEXT) : row;
      });
    return refs && { quantity: refs.length, rows: rowsInSlices(guard, refs, made, show) };
  });
}

/**
 * Each message between its neighbours, each once. What is before or behind a part is not its reader's.
 */
function withContext(
  guard: JournalGuard,
  found: readonly MessageRef[],
  parts: readonly Part[],
): Soon<readonly MessageRef[] | undefined> {
  const neighbour = (ref: MessageRef, bound: object) =>
    guard.attempt("read", () => guard.journal.page({ conversation: ref.conversation, ...bound, limit: 1 }));
  const near = found.flatMap((ref) => [neighbour(ref, { before: ref.id }), neighbour(ref, { after: ref.id })]);
  return chain(chainAll(near), (near) => {
    if (near.includes(undefined)) return undefined;
    const all: MessageRef[] = [], known = new Set(found.map(({ id }) => id));
    const add = ({ conversation, id }: MessageRef, [other]: readonly number[]) => {
      const part = parts.find((part) => part.conversation === conversation && id > part.after && id < part.before);
      const isWithin = part === undefined || (other! > part.after && other! < part.before);
      if (other === undefined || known.has(other) || !isWithin) return;
      known.add(other);
      all.push({ conversation, id: other, isContext: true });
    };
    for (const [at, ref] of found.entries()) {
      add(ref, near[2 * at]!);
      all.push(ref);
      add(ref, near[2 * at + 1]!);
    }
    return all;
  });
}

/** A line with one field more, at its end. */
function withField(line: Uint8Array, field: Uint8Array): Uint8Array {
  const row = new Uint8Array(line.length - 1 + field.length);
  row.set(line);
  row.set(field, line.length - 1); // overwrites the last bracket
  return row;
}

const CONTEXT = new TextEncoder().encode(',"context":true}');

/**
 * Several pages, one after the other. Their length is not promised: removed messages are left out.
 *
 * @param onGap called if the journal fails, when a page or a slice of it is left out
 */
export function pagesOf(
  guard: JournalGuard,
  queries: Iterable<PageRequest>,
  onGap: () => void,
  show?: ShowLines,
): Rows<Uint8Array> {
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
    return chain(findIds(guard, query), (refs) => {
      if (refs === undefined) onGap();
      rows = rowsInSlices(guard, refs ?? [], (lines) => lines.filter((line) => line !== undefined), show, onGap);
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

function idsOf({ journal }: JournalGuard, query: PageRequest): Soon<readonly number[]> {
  const { text, events: _, context: __, ...page } = query;
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

/**
 * @param made makes the rows of a slice
 * @param onGap called if the journal fails, when messages of a slice are missing
 */
function rowsInSlices(
  guard: JournalGuard,
  refs: readonly MessageRef[],
  made: (lines: readonly Line[], refs: readonly MessageRef[]) => readonly Uint8Array[],
  show?: ShowLines,
  onGap?: () => void,
): Rows<Uint8Array> {
  let at = 0, count = FIRST;
  return () => {
    if (at >= refs.length) return undefined;
    const slice = refs.slice(at, at += count);
    const read = readLines(guard, slice, onGap),
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

/**
 * The lines of messages; undefined where there is none, or the journal fails.
 *
 * @param onGap called if the journal fails, for each conversation that could not be read
 */
export function readLines(
  guard: JournalGuard,
  refs: readonly MessageRef[],
  onGap: () => void = () => {},
): Soon<readonly Line[]> {
  const groups = [
    ...Map.groupBy(refs, ({ conversation, isEvent }) => isEvent ? `${conversation}\n` : conversation).values(),
  ];
  const found = groups.map((refs) => {
    const ids = refs.map(({ id }) => id), { conversation, isEvent } = refs[0]!;
    if (isEvent) return eventLines(guard, conversation, ids);
    return chain(
      guard.attempt("read", () => guard.journal.read(conversation, ids)),
      (lines) => {
        if (lines === undefined) onGap();
        return lines ?? ids.map(() => undefined);
      },
    );
  });
  return chain(chainAll(found), (found) => {
    if (found.length === 1) return found[0]!;
    const lines = new Map(groups.flatMap((refs, i) => refs.map((place, j) => [place, found[i]![j]] as const)));
    return refs.map((place) => lines.get(place));
  });
}
