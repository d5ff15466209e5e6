// What is typed into a search: words, and where, by whom and before which day they were said. The terminal and the page read it.

import { conversationFields } from "../../jim/client/objects.ts";

/** The operators, as they are typed: `from:ann`, `in:#cats`, `in:*`, `before:2026-11-30`. */
const OPERATOR = /(?<!\S)(from|in|before):(?:"((?:[^"\\]|\\.)*)"|(\S+))/g;
/** Microseconds of a millisecond: an id is at least its time in microseconds. */
const MICROSECONDS = 1_000;

/** A search as it is asked for. */
export interface SearchQuery {
  /** A room or a person; `undefined` is everywhere. */
  readonly place: string | undefined;
  /** The fields of the request, but `time`, `limit` and what a page needs. */
  readonly fields: Readonly<Record<string, unknown>> & { readonly before?: number };
}

/**
 * Reads what is typed into a search. Without `in:` it is about `here`, and `in:*` is everywhere. A day begins at midnight of
 * this machine's clock.
 *
 * @param here a room, a person, or `undefined` for everywhere
 * @returns what is no day, as it was typed; `undefined` if nothing is looked for
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(readSearch("homew* from:ann in:*", "#cats"), {
 *   place: undefined,
 *   fields: { action: "search", everywhere: true, text: "homew*", from: "ann" },
 * });
 * assert.deepEqual(readSearch('tea in:"Ann Lee"', "#cats"), {
 *   place: "Ann Lee",
 *   fields: { action: "search", with: "Ann Lee", text: "tea" },
 * });
 * assert.equal(readSearch("tea before:noon", "#cats"), "noon");
 * assert.equal(readSearch("in:*", "#cats"), undefined);
 * ```
 */
export function readSearch(typed: string, here: string | undefined): SearchQuery | string | undefined {
  const operators: { from?: string; in?: string; before?: string } = {};
  const text = typed.replace(OPERATOR, (_, name: keyof typeof operators, quoted?: string, plain?: string) => {
    operators[name] = quoted?.replace(/\\(.)/g, "$1") ?? plain!;
    return "";
  }).replace(/\s+/g, " ").trim();
  const from = operators.from?.replace(/^@/, "");
  if (text === "" && (from ?? "") === "") return undefined;
  const place = operators.in === undefined ? here : operators.in === "*" ? undefined : operators.in.replace(/^@/, "");
  const before = operators.before === undefined ? undefined : firstIdOf(operators.before);
  if (Number.isNaN(before)) return operators.before!;
  return {
    place,
    fields: {
      action: "search",
      ...(place === undefined ? { everywhere: true } : conversationFields(place)),
      ...(text === "" ? {} : { text }),
      ...(from === undefined ? {} : { from }),
      ...(before === undefined ? {} : { before }),
    },
  };
}

/** The least id of a day, `2026-11-30` or `30.11.2026`; NaN if it is none. */
function firstIdOf(day: string): number {
  const [, year, month, date] = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(day) ??
    /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/.exec(day)?.toReversed().toSpliced(0, 0, "") ?? [];
  const start = new Date(Number(year), Number(month) - 1, Number(date));
  return start.getDate() === Number(date) && start.getMonth() === Number(month) - 1
    ? start.getTime() * MICROSECONDS
    : NaN;
}

/**
 * The conversation of a message that was found somewhere.
 *
 * @param isMe whether a name is one's own
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const isMe = (name: string) => name === "ann";
 * assert.equal(placeOf({ from: "bob", to: "#cats" }, isMe), "#cats");
 * assert.equal(placeOf({ from: "bob", to: "ann" }, isMe), "bob");
 * assert.equal(placeOf({ from: "ann", to: "bob" }, isMe), "bob");
 * ```
 */
export function placeOf(
  { from, to = "" }: { readonly from: string; readonly to?: string | undefined },
  isMe: (name: string) => boolean,
): string {
  return to.startsWith("#") || isMe(from) ? to : from;
}
