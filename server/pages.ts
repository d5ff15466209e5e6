/**
 * The past, read from the store slice by slice as its reader takes it: a page of 500 long messages is 12 MB, and what an
 * account missed in 100 rooms is 100 pages. Which messages there are is found out first; they are read when they are due.
 */
import type { Page, Part, Rows } from "./chat/voice.ts";
import type { Keeper } from "./keeper.ts";
import type { Conversation, Query } from "./store/contract.ts";
import { all, and, type Soon } from "./store/soon.ts";

/** One message, by where it is kept. */
interface Place {
  readonly conversation: Conversation;
  readonly id: number;
}

type Line = Uint8Array | undefined;

/** Messages of the first slice, and about the bytes of those behind it. */
const FIRST = 32, SLICE = 32 * 1024;

/**
 * A page of a conversation, and of parts of others: what two said to each other before one of them had an account is kept
 * apart from what they have said since, and belongs on the same page. The ids of the messages join them.
 *
 * It has as many rows as it has promised, whatever happens meanwhile: for a message that is removed, or cannot be read, there
 * is what `lost` says.
 *
 * @returns nothing if the store fails
 */
export function pageOf(
  keeper: Keeper,
  query: Query,
  parts: readonly Part[],
  lost: (id: number) => Uint8Array,
): Soon<Page | undefined> {
  const found = [find(keeper, query), ...parts.map((part) => findPart(keeper, query, part))];
  return and(all(found), (found) => {
    if (found.includes(undefined)) return undefined;
    const places = joined(found as (readonly Place[])[], query);
    const rows = slices(keeper, places, (lines, places) => lines.map((line, i) => line ?? lost(places[i]!.id)));
    return { quantity: places.length, rows };
  });
}

/** Pages behind each other, of which no length was promised: what is not there any more is left out. */
export function pagesOf(keeper: Keeper, queries: Iterable<Query>): Rows<Uint8Array> {
  const rest = queries[Symbol.iterator]();
  let rows: Rows<Uint8Array> | undefined;
  return () => {
    if (rows !== undefined) {
      return and(rows(), (batch) => {
        if (batch === undefined) rows = undefined;
        return batch ?? [];
      });
    }
    const { value: query, done } = rest.next();
    if (done) return undefined;
    return and(find(keeper, query), (places = []) => {
      rows = slices(keeper, places, (lines) => lines.filter((line) => line !== undefined));
      return [];
    });
  };
}

function find(keeper: Keeper, query: Query): Soon<readonly Place[] | undefined> {
  const { conversation } = query;
  return and(keeper.attempt("read", () => keeper.store.find(query)), (ids) => ids?.map((id) => ({ conversation, id })));
}

/** Without `after` a query asks for the latest messages, so what is before the part is left out only afterwards. */
function findPart(
  keeper: Keeper,
  query: Query,
  { conversation, after, before }: Part,
): Soon<readonly Place[] | undefined> {
  const bounded = { ...query, conversation, before: Math.min(query.before ?? before, before) };
  if (query.after !== undefined) return find(keeper, { ...bounded, after: Math.max(query.after, after) });
  return and(find(keeper, bounded), (places) => places?.filter(({ id }) => id > after));
}

function joined(found: readonly (readonly Place[])[], { after, limit }: Query): readonly Place[] {
  const some = found.filter(({ length }) => length > 0);
  if (some.length < 2) return some[0] ?? [];
  const places = some.flat().sort((one, other) => one.id - other.id);
  return after === undefined ? places.slice(-limit) : places.slice(0, limit);
}

/** @param made makes the rows of a slice */
function slices(
  keeper: Keeper,
  places: readonly Place[],
  made: (lines: readonly Line[], places: readonly Place[]) => readonly Uint8Array[],
): Rows<Uint8Array> {
  let at = 0, count = FIRST;
  return () => {
    if (at >= places.length) return undefined;
    const slice = places.slice(at, at += count);
    return and(read(keeper, slice), (lines) => {
      const rows = made(lines, slice), bytes = rows.reduce((sum, { length }) => sum + length, 1);
      count = Math.max(1, Math.floor(slice.length * SLICE / bytes));
      return rows;
    });
  };
}

/** The lines at these places, each of its conversation; undefined where there is none, or the store fails. */
function read(keeper: Keeper, places: readonly Place[]): Soon<readonly Line[]> {
  const groups = [...Map.groupBy(places, ({ conversation }) => conversation)];
  const found = groups.map(([conversation, places]) => {
    const ids = places.map(({ id }) => id);
    return and(
      keeper.attempt("read", () => keeper.store.read(conversation, ids)),
      (lines) => lines ?? ids.map(() => undefined),
    );
  });
  return and(all(found), (found) => {
    if (found.length === 1) return found[0]!;
    const lines = new Map(groups.flatMap(([, places], i) => places.map((place, j) => [place, found[i]![j]] as const)));
    return places.map((place) => lines.get(place));
  });
}
