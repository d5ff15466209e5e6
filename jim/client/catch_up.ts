/**
 * One conversation over the gaps in a connection. Ids grow from message to message, so what is known is told by the greatest of
 * them. After a gap everything that arrives is held until the past has been read up to it, and is then shown in order, each
 * once: it may have come as a page of the past, as what the server sends at a login, and as it was said.
 * @module
 */
import type { About, ServerEvent } from "./event.ts";

/** What a message needs to be put in order. A server that numbers nothing has its messages shown as they come. */
export interface Numbered {
  readonly id?: number | undefined;
}

/** How far a conversation is known. */
export interface Progress<T extends Numbered> {
  /** Nothing is missing up to this id; `undefined` when nothing is known at all. */
  readonly upTo: number | undefined;
  /** Whether there is no gap: what arrives is the next message. */
  readonly live: boolean;
  /** What arrived while there may be a gap before it. */
  readonly early: readonly T[];
}

/** What is known now, and the messages to show now: in order, each once. */
export interface Advance<T extends Numbered> {
  readonly progress: Progress<T>;
  readonly ready: readonly T[];
}

/** A page of the past. */
export interface PastPage<T extends Numbered> {
  /** Those rows that are messages, by their ids, each once; behind them those without an id. */
  readonly rows: readonly T[];
  /** How many rows came, those that were skipped too. */
  readonly size: number;
  /** The least and the greatest id of those; `Infinity` and `-Infinity` if none has one. */
  readonly first: number;
  readonly last: number;
}

/**
 * A page of the past, of the rows that came.
 *
 * @param read makes of a message what is shown of it; `undefined` to skip it
 * @param readAbout the same of an edit, a deletion or a reaction, where the rows have these too
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { readEvent } from "./read_event.ts";
 * const rows = [{ action: "msg", from: "ann", message: "hi", id: 2 }, { action: "vote", id: 3 }].map((row) => readEvent(row));
 * const { rows: [hi], size, last } = pastPage(rows, ({ text, id }) => ({ text, id }));
 * assert.deepEqual([hi, size, last], [{ text: "hi", id: 2 }, 2, 3]);
 * ```
 */
export function pastPage<T extends Numbered>(
  rows: readonly ServerEvent[],
  read: (message: ServerEvent & { kind: "message" }) => T | undefined,
  readAbout: (about: About) => T | undefined = () => undefined,
): PastPage<T> {
  const known = rows.flatMap((row) =>
    (row.kind === "message" ? read(row) : row.kind === "about" ? readAbout(row) : undefined) ?? []
  );
  const ids = rows.flatMap((row) =>
    row.kind === "message" || row.kind === "about" || row.kind === "unknown" ? row.id ?? [] : []
  );
  return { rows: inOrder(known), size: rows.length, first: least(ids), last: greatest(ids) };
}

/**
 * Whether a page is the last one of what was missed: it is not full, or leads no further and would be asked for again and
 * again.
 *
 * @param after the id that was asked from; `undefined` where the latest page was asked for
 * @param limit the rows that were asked for
 */
export function isLastPage({ size, last }: PastPage<Numbered>, after: number | undefined, limit: number): boolean {
  return after === undefined || size < limit || last <= after;
}

/** There is a gap: from now on everything is held. What was held before still is. */
export function interrupted<T extends Numbered>(progress: Progress<T>): Progress<T> {
  return { ...progress, live: false };
}

/**
 * The id behind which to read the past; `undefined` for the latest page. Before anything was shown, what the server sends of
 * its own accord begins where the client left.
 */
export function missingFrom<T extends Numbered>({ upTo, early }: Progress<T>): number | undefined {
  if (upTo !== undefined || early.length === 0) return upTo;
  return least(early.map(({ id }) => id!)) - 1;
}

/**
 * A message has arrived.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const known = { upTo: 1, live: true, early: [] };
 * assert.deepEqual(arrived(known, { id: 2 }), { progress: { ...known, upTo: 2 }, ready: [{ id: 2 }] });
 * assert.deepEqual(arrived(known, { id: 1 }).ready, []);
 * const held = arrived(interrupted(known), { id: 4 }).progress;
 * const { progress, ready } = caughtUp(pageRead(held, { rows: [{ id: 2 }, { id: 4 }], size: 2, first: 2, last: 4 }).progress);
 * assert.deepEqual([progress, ready], [{ upTo: 4, live: true, early: [] }, []]);
 * ```
 */
export function arrived<T extends Numbered>(progress: Progress<T>, message: T): Advance<T> {
  const { upTo = -1, live, early } = progress, { id } = message;
  if (id === undefined) return { progress, ready: [message] };
  if (id <= upTo) return { progress, ready: [] };
  if (live) return { progress: { ...progress, upTo: id }, ready: [message] };
  return { progress: { ...progress, early: [...early, message] }, ready: [] };
}

/** A page of the past has arrived. What was held up to its end has its place now. */
export function pageRead<T extends Numbered>(progress: Progress<T>, { rows, last }: PastPage<T>): Advance<T> {
  const { upTo = -1, early } = progress;
  const ripe = [...rows, ...early.filter(({ id }) => id! <= last)].filter(({ id }) => id === undefined || id > upTo);
  const known = Math.max(upTo, last), rest = early.filter(({ id }) => id! > known);
  return { progress: { ...progress, upTo: known < 0 ? progress.upTo : known, early: rest }, ready: inOrder(ripe) };
}

/** Two of one conversation, which had two names: what is known by either of them. */
export function merged<T extends Numbered>(one: Progress<T>, other: Progress<T>): Progress<T> {
  const known = [one, other].flatMap(({ upTo }) => upTo ?? []), upTo = known.length === 0 ? undefined : greatest(known);
  const early = inOrder([...one.early, ...other.early]).filter(({ id }) => id! > (upTo ?? -1));
  return { upTo, live: one.live && other.live, early };
}

/** The past is read, or cannot be: nothing is held any more. */
export function caughtUp<T extends Numbered>({ upTo, early }: Progress<T>): Advance<T> {
  const ready = inOrder(early.filter(({ id }) => id! > (upTo ?? -1)));
  return { progress: { upTo: ready.at(-1)?.id ?? upTo ?? 0, live: true, early: [] }, ready };
}

/** The client's own message, which was shown when it was written, has this id: what is before it has arrived. */
export function acknowledged<T extends Numbered>(progress: Progress<T>, id: number): Progress<T> {
  return progress.live ? { ...progress, upTo: Math.max(id, progress.upTo ?? 0) } : progress;
}

/** By their ids, each once; behind them those without an id. */
function inOrder<T extends Numbered>(messages: readonly T[]): T[] {
  const numbered = messages.filter(({ id }) => id !== undefined).sort((one, other) => one.id! - other.id!);
  const loose = messages.filter(({ id }) => id === undefined);
  return [...numbered.filter(({ id }, at) => id !== numbered[at - 1]?.id), ...loose];
}

/** The least id. `Math.min(...ids)` throws if there are more ids than a call takes arguments: about 120,000. */
function least(ids: readonly number[]): number {
  return ids.reduce((least, id) => Math.min(least, id), Infinity);
}

function greatest(ids: readonly number[]): number {
  return ids.reduce((greatest, id) => Math.max(greatest, id), -Infinity);
}
