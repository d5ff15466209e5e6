/** Finding what was said: the turns of a conversation that hold a page, or the one that holds a message. */
import type { Query } from "./contract.ts";
import type { Span } from "./lines.ts";
import type { Statements } from "./statements.ts";

/** No id is larger. */
export const MAX_ID = Number.MAX_SAFE_INTEGER;

/**
 * The turns that hold a page, in reading order, and perhaps some more behind. How many lines of the first one are within the
 * bounds is not known, the others count. (`iterate` would stop by itself, but that of Deno 2.9 takes a damaged row for the
 * end.)
 */
export function turnsOf(sql: Statements, conversation: number, { before = MAX_ID, after, limit }: Query): Span[] {
  const rows = after === undefined
    ? sql.backward.all(conversation, before, limit + 1)
    : sql.forward.all(conversation, conversation, after, before, limit + 1);
  return rows.map((row) => ({ ...toSpan(row), bytes: () => linesAt(sql, row.first as number) }));
}

/** The turn that a message is in, if it is there. */
export function turnWith(sql: Statements, conversation: number, id: number): Span | undefined {
  const row = sql.holding.get(conversation, id);
  if (row === undefined || id > (row.last as number)) return undefined; // pruned, and the index perhaps not yet
  return { ...toSpan(row), bytes: () => row.lines as Uint8Array };
}

/** Undefined rows are none: what was just found is there. */
function linesAt(sql: Statements, first: number): Uint8Array {
  return sql.lines.get(first)!.lines as Uint8Array;
}

function toSpan({ first, last, count }: Record<string, unknown>): Omit<Span, "bytes"> {
  return { first: first as number, last: last as number, count: count as number };
}
