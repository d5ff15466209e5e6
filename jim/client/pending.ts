/**
 * Which answer belongs to which request. Answers come in the order of the requests and say nothing of what they answer, so
 * they are matched by counting. A list is an answer with a quantity, and then that many objects with nothing between them.
 * @module
 */
import type { Answer, ServerEvent } from "./event.ts";

/** The requests on one connection that have no answer yet. */
export interface Pending<R> {
  /** Those that were sent, oldest first. */
  readonly asked: readonly R[];
  /** The list of which rows are arriving. */
  readonly list: List<R> | undefined;
}

/** A list that is being read. */
export interface List<R> {
  readonly request: R;
  readonly answer: Answer;
  /** Appended in place: a list of 10,000 people would be copied 10,000 times otherwise. */
  readonly rows: ServerEvent[];
}

/** An answer with its request, and with its rows if it is a list. */
export interface Matched<R> {
  readonly request: R;
  readonly answer: Answer;
  readonly rows: readonly ServerEvent[] | undefined;
}

/** What one event has completed. */
export interface Received<R> {
  readonly pending: Pending<R>;
  /** In their order; two, where an answer ends a list before its time. */
  readonly matched: readonly Matched<R>[];
  /** The event, unless it is the answer to a request, or a row. */
  readonly event: ServerEvent | undefined;
}

/** What is a list, and what is a row of one. */
export interface ListRules<R> {
  hasRows(request: R): boolean;
  isRow(event: ServerEvent, request: R): boolean;
}

/** JIM's own rules: each object is a row until the last one has come, of whatever kind it is. */
export const JIM_LISTS: ListRules<unknown> = { hasRows: () => true, isRow: () => true };

/** The requests of a new connection. */
export const NOTHING_PENDING: Pending<never> = { asked: [], list: undefined };

/**
 * A request was sent.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(sent(NOTHING_PENDING, "who"), { asked: ["who"], list: undefined });
 * ```
 */
export function sent<R>(pending: Pending<R>, ...requests: readonly R[]): Pending<R> {
  return { ...pending, asked: [...pending.asked, ...requests] };
}

/**
 * An event has arrived.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { readEvent } from "./read_event.ts";
 * let pending = sent(NOTHING_PENDING as Pending<string>, "who", "join");
 * const names: (string | undefined)[] = [];
 * for (
 *   const object of [
 *     { response: 202, quantity: 1 },
 *     { action: "online_list", user_id: "ann" },
 *     { response: 200 },
 *   ]
 * ) {
 *   const received = receive(pending, readEvent(object));
 *   pending = received.pending;
 *   names.push(...received.matched.map(({ request, rows }) => `${request} ${rows?.length}`));
 * }
 * assert.deepEqual(names, ["who 1", "join undefined"]);
 * ```
 */
export function receive<R>(
  pending: Pending<R>,
  event: ServerEvent,
  { hasRows, isRow }: ListRules<R> = JIM_LISTS,
): Received<R> {
  const { list } = pending;
  if (event.kind === "notice" || event.kind === "probe") return { pending, matched: [], event };
  if (event.kind === "answer") return answered(pending, event, hasRows);
  if (list === undefined || !isRow(event, list.request)) return { pending, matched: [], event };
  list.rows.push(event);
  if (list.rows.length < list.answer.quantity!) return { pending, matched: [], event: undefined };
  return { pending: { ...pending, list: undefined }, matched: [list], event: undefined };
}

/** A list that ends before its time is given with the rows that it has: they are better than to take all that comes for rows. */
function answered<R>(
  { asked, list }: Pending<R>,
  answer: Answer,
  hasRows: (request: R) => boolean,
): Received<R> {
  const ended = list === undefined ? [] : [list];
  if (asked.length === 0) return { pending: { asked, list: undefined }, matched: ended, event: answer };
  const [request, ...rest] = asked as readonly [R, ...R[]], { quantity, refused } = answer;
  const isList = quantity !== undefined && !refused && hasRows(request);
  if (isList && quantity > 0) {
    const next = { request, answer, rows: [] };
    return { pending: { asked: rest, list: next }, matched: ended, event: undefined };
  }
  const matched = { request, answer, rows: isList ? [] : undefined };
  return { pending: { asked: rest, list: undefined }, matched: [...ended, matched], event: undefined };
}
