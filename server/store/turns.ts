/** Reading what was said: the rows of a conversation that hold a page, or the lines that a search has found. */
import type { Lines, Query } from "./contract.ts";
import { cut, idsOf } from "./lines.ts";
import type { Statements } from "./statements.ts";

/** No id is larger. */
export const MAX_ID = Number.MAX_SAFE_INTEGER;

/**
 * The turns that hold a page, in reading order. First how far it reaches, out of the index alone: how many lines of the
 * first turn are within the bounds is not known, the others count. (`iterate` would do without this, but that of
 * Deno 2.9 takes a damaged row for the end.)
 */
export function turnsOf(sql: Statements, conversation: number, { before = MAX_ID, after, limit }: Query): Lines[] {
  const reach = after === undefined
    ? sql.backward.all(conversation, before, limit + 1)
    : sql.forward.all(conversation, conversation, after, before, limit + 1);
  if (reach.length === 0) return [];
  let turns = 1;
  for (let lines = 0; turns < reach.length && lines < limit; turns++) lines += reach[turns]!.count as number;
  const ends = [reach[0]!.first as number, reach[turns - 1]!.first as number] as const;
  const rows = sql.turns.all(conversation, Math.min(...ends), Math.max(...ends)).map(toLines);
  return after === undefined ? rows.reverse() : rows;
}

/** The lines with these ids, which ascend. They are copied: views would keep their whole turns in memory. */
export function linesOf(sql: Statements, conversation: number, ids: number[]): Uint8Array[] {
  const found: Uint8Array[] = [];
  let turn: Lines | undefined;
  let lines: Uint8Array[] = [];
  let its: number[] = [];
  for (const id of ids) {
    if (turn === undefined || id > turn.last) {
      const row = sql.holding.get(conversation, id);
      if (row === undefined) continue; // pruned, and the index not yet
      turn = toLines(row);
      lines = cut(turn.bytes);
      its = idsOf(turn, lines);
    }
    const line = lines[its.indexOf(id)];
    if (line !== undefined) found.push(line.slice());
  }
  return found;
}

function toLines({ first, last, count, lines }: Record<string, unknown>): Lines {
  return {
    conversation: "",
    first: first as number,
    last: last as number,
    count: count as number,
    bytes: lines as Uint8Array,
  };
}
