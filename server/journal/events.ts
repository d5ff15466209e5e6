/**
 * What an event does to the message that it is about, the same in every journal: an edit gives it another text, a deletion takes
 * its text. So a message is kept as it is now, and a page, a quote and a search need no look at events. What was said first is kept
 * with the first edit, and with nothing after a deletion.
 *
 * The verdict depends on what is in the log before the event alone, so it is the same on all servers.
 */
import { nameKey, type Relay } from "../../jim/mod.ts";
import type { EditRecord, EventRecord, ReactionRecord } from "./records.ts";

/** A message may be edited so often: each text is kept, and all are sent to a reader of the events. */
export const MAX_EDITS = 100;

/** The kinds of emoji on one message, and all reactions to it: a page shows their number and some names. */
export const MAX_KINDS = 20, MAX_REACTIONS = 1000;
/** Reactions that were taken away are kept too, so that a reader of the events sees it; no more than so many of both. */
const MAX_KEPT = 2 * MAX_REACTIONS;

/** Names of people that a kind of reaction has on a page; the first ones. */
export const NAMES = 10;

/** The reactions to a message as a page shows them: the first kind first. */
export type Reactions = NonNullable<Relay["reactions"]>;

/** A kind of reaction by one person. */
export interface Reacting {
  readonly emoji: string;
  /** As {@linkcode personOf} says. */
  readonly person: string;
}

/** What the verdict on another event needs to know of those about a message. A message may have thousands, so they are not read. */
export interface EventsAbout {
  readonly edits: number;
  /** The reactions that are there, and with those that were taken away. */
  readonly there: number;
  readonly kept: number;
  /** The kinds of those that are there. */
  readonly kinds: readonly string[];
  /** The last reaction of one person with one emoji. */
  readonly former: { readonly id: number; readonly is: boolean } | undefined;
}

/** What a journal has of a message, and does with it. All of it is one transaction. */
export interface EventStore {
  /** The line of a message without its newline; undefined if there is none. */
  line(event: EventRecord): Uint8Array | undefined;
  /** Puts another line in its place. */
  replace(event: EventRecord, line: Uint8Array): void;
  /** The events about the same message so far. */
  about(event: EventRecord): EventsAbout;
  put(event: EventRecord): void;
  /** Removes a reaction that another one replaces. */
  remove(former: NonNullable<EventsAbout["former"]>, by: ReactionRecord): void;
  /** Removes all events about the same message. */
  removeAbout(event: EventRecord): void;
}

/** A message as its line says it. */
interface Line {
  readonly message: string;
  readonly edited?: number;
  readonly deleted?: true;
}

const encoder = new TextEncoder(), decoder = new TextDecoder();

/**
 * Applies an event. Returns false if it has no effect: there is no such message, it was deleted or edited too often, or it has
 * that reaction, or too many.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import type { EventRecord } from "./records.ts";
 * let line = new TextEncoder().encode('{"action":"msg","message":"helo","id":1000000000000001}');
 * const events: EventRecord[] = [];
 * const store = {
 *   line: () => line,
 *   replace: (_: EventRecord, other: Uint8Array<ArrayBuffer>) => void (line = other),
 *   about: () => eventsAbout(events),
 *   remove: () => {},
 *   put: (event: EventRecord) => void events.push(event),
 *   removeAbout: () => void events.splice(0),
 * };
 * const about = { conversation: "#all", of: 1000000000000001, to: "#all", from: "ann", time: 5 };
 * assert.equal(applyEvent({ id: 1000000000000002, kind: "edit", ...about, text: "hello" }, store as EventStore), true);
 * assert.equal(new TextDecoder().decode(line), '{"action":"msg","message":"hello","id":1000000000000001,"edited":5}');
 * assert.equal(applyEvent({ id: 1000000000000003, kind: "deletion", ...about }, store as EventStore), true);
 * assert.equal(new TextDecoder().decode(line), '{"action":"msg","message":"","id":1000000000000001,"deleted":true}');
 * assert.deepEqual(events.map(({ kind }) => kind), ["deletion"]);
 * ```
 */
export function applyEvent(event: EventRecord, store: EventStore): boolean {
  const bytes = store.line(event);
  if (bytes === undefined) return false;
  const line = JSON.parse(decoder.decode(bytes)) as Line;
  if (line.deleted === true) return false;
  switch (event.kind) {
    case "edit":
      return edit(event, line, store);
    case "reaction":
      return react(event, store);
    case "deletion":
      store.replace(event, placeholder(line));
      store.removeAbout(event);
      store.put(event);
      return true;
  }
}

/**
 * A line without its text and its file: what is left of a deleted message.
 *
 * @param line as it was parsed
 */
export function placeholder(line: object): Uint8Array {
  const { edited: _, reply_to: __, file: ___, ...rest } = line as Record<string, unknown>;
  return encode({ ...rest, message: "", deleted: true });
}

function edit(event: EditRecord & EventRecord, line: Line, store: EventStore): boolean {
  if (store.about(event).edits >= MAX_EDITS) return false;
  const { edited, ...rest } = line;
  store.replace(event, encode({ ...rest, message: event.text, edited: Math.floor(event.time) }));
  const { former: _, ...fields } = event;
  store.put(edited === undefined ? { ...fields, former: line.message } : fields);
  return true;
}

function react(event: ReactionRecord & EventRecord, store: EventStore): boolean {
  const about = store.about(event), { former } = about;
  if (event.is === (former?.is ?? false)) return false;
  if (event.is && (hasTooMany(about) || hasOtherKinds(about, event.emoji))) return false;
  if (former !== undefined) store.remove(former, event);
  store.put(event);
  return true;
}

/** The reactions to a message among its events. */
export function reactionsIn(events: readonly EventRecord[]): (ReactionRecord & EventRecord)[] {
  return events.filter((event) => event.kind === "reaction");
}

/** The reaction that an event is about. */
export function askedOf(event: EventRecord): Reacting | undefined {
  return event.kind === "reaction" ? { emoji: event.emoji, person: personOf(event) } : undefined;
}

/** Sums up the events about one message. @param asked the reaction that is looked for */
export function eventsAbout(events: readonly EventRecord[], asked?: Reacting): EventsAbout {
  const reactions = reactionsIn(events), there = reactions.filter(({ is }) => is);
  const former = reactions.find((each) => each.emoji === asked?.emoji && personOf(each) === asked.person);
  return {
    edits: events.filter(({ kind }) => kind === "edit").length,
    there: there.length,
    kept: reactions.length,
    kinds: [...new Set(there.map(({ emoji }) => emoji))],
    former: former && { id: former.id, is: former.is },
  };
}

/** The reactions to messages as a page shows them, by the ids of the messages. @param events oldest first */
export function summariesOf(events: readonly EventRecord[]): Map<number, Reactions> {
  const byMessage = Map.groupBy(reactionsIn(events).filter(({ is }) => is), ({ of }) => of);
  return new Map([...byMessage].map(([of, some]) => [of, summaryOf(some)]));
}

function summaryOf(reactions: readonly ReactionRecord[]): Reactions {
  return [...Map.groupBy(reactions, ({ emoji }) => emoji)].map(([emoji, some]) => ({
    emoji,
    count: some.length,
    names: some.slice(0, NAMES).map(({ from }) => from),
  }));
}

/** Whether a message has so many reactions that it gets no more. */
export function hasTooMany({ there, kept }: EventsAbout): boolean {
  return kept >= MAX_KEPT || there >= MAX_REACTIONS;
}

/** Whether a message has so many kinds that it gets no other one. */
export function hasOtherKinds({ kinds }: EventsAbout, emoji: string): boolean {
  return kinds.length >= MAX_KINDS && !kinds.includes(emoji);
}

/** The person who reacts: an account, or a guest by its name and number. */
export function personOf(
  { account, from, guest = 1 }: Pick<ReactionRecord, "account" | "from"> & { readonly guest?: number },
): string {
  return account === undefined ? `${nameKey(from)} ${guest}` : `@${account}`;
}

/** What an event has beside its record in a database, where reactions are found by it. @param event a string if it cannot be read */
export function columnsOf(
  event: EventRecord | string,
): [emoji: string | null, is: number | null, person: string | null] {
  if (typeof event === "string" || event.kind !== "reaction") return [null, null, null];
  return [event.emoji, Number(event.is), personOf(event)];
}

function encode(line: object): Uint8Array {
  return encoder.encode(JSON.stringify(line));
}
