// The conversations one is in: the common chat, rooms, and people. One of them is in front, and what one types goes there;
// what is said in the others waits until they are. What one person says to one alone is shown wherever one is.

import { COMMON_ROOM } from "../../jim/mod.ts";
import { type Message, milliseconds, type Role } from "../protocol/event.ts";
import { safe } from "../safe.ts";
import { acknowledged, type Progress } from "../protocol/catch_up.ts";
import type { Paint } from "./paint.ts";
import { fitted } from "./width.ts";

/** A message that was heard. */
export interface Said {
  readonly id: number | undefined;
  readonly from: string;
  readonly text: string;
  /** Milliseconds: when it was said, and when it was heard if nobody knows. */
  readonly time: number;
  readonly role?: Role;
  /** Which of the guests by one name it is. */
  readonly guest?: number;
}

/** One conversation. */
export interface Place {
  /** A room with its `#`, or a person's name. */
  readonly name: string;
  /** How far it is known: what arrives behind a gap waits until the past is read. */
  past: Progress<Said>;
  /** What was not looked at, oldest first; only the latest are kept. */
  unread: Said[];
  /** How many more there were. */
  dropped: number;
  /** Somebody speaks of us in what was not looked at. */
  called: boolean;
}

/** How a prompt is made short. */
interface Short {
  readonly columns: number;
  readonly fresh: (count: number) => string;
}

/** Messages that wait in one conversation. `/history` has those before. */
const KEPT = 200;

/**
 * The conversations, and the one in front.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { plain } from "./paint.ts";
 * const places = new Places();
 * places.open("#cats");
 * places.wait("#cats", { id: 1, from: "bob", text: "meow", time: 0 }, false);
 * assert.equal(places.prompt(plain), "#all (#cats 1) › ");
 * assert.deepEqual(places.enter("#cats").waiting.map(({ text }) => text), ["meow"]);
 * assert.equal(places.prompt(plain), "#cats › ");
 * ```
 */
export class Places {
  /** Where one is. */
  front = COMMON_ROOM;
  /** The id of the latest message that was heard, wherever it was said. */
  greatest: number | undefined;
  readonly #places = new Map<string, Place>();

  constructor() {
    this.open(COMMON_ROOM);
  }

  [Symbol.iterator](): Iterator<Place> {
    return this.#places.values();
  }

  get rooms(): string[] {
    return [...this.#places.keys()].filter((name) => name.startsWith("#"));
  }

  /** People one speaks with alone. */
  get people(): string[] {
    return [...this.#places.keys()].filter((name) => !name.startsWith("#"));
  }

  has(name: string): boolean {
    return this.#places.has(name);
  }

  /**
   * The conversation of a name, which is a new one if there was none.
   *
   * @param from the id of a message before its first
   */
  open(name: string, from?: number): Place {
    let place = this.#places.get(name);
    if (place === undefined) {
      place = { name, past: { upTo: from, live: true, early: [] }, unread: [], dropped: 0, called: false };
      this.#places.set(name, place);
    }
    return place;
  }

  /** A message that was heard, as {@linkcode saidIn}; its id is remembered if it is the {@linkcode greatest}. */
  said(row: Message, now: number): Said {
    if (row.id !== undefined) this.greatest = Math.max(row.id, this.greatest ?? 0);
    return saidIn(row, now);
  }

  /** One's own message in a conversation has this id. Returns whether the past is read from behind it from now on. */
  acknowledge(name: string, id: number): boolean {
    const place = this.#places.get(name);
    if (place === undefined) return false;
    place.past = acknowledged(place.past, id);
    return place.past.live;
  }

  /** Forgets one; who was there is in the common chat again. */
  close(name: string): void {
    this.#places.delete(name);
    if (this.front === name) this.front = COMMON_ROOM;
  }

  /** Something was said where one is not. */
  wait(name: string, said: Said, called: boolean): void {
    const place = this.open(name);
    place.unread.push(said);
    place.called ||= called;
    if (place.unread.length <= KEPT) return;
    place.unread.shift();
    place.dropped++;
  }

  /** Removes what waits from a sender. */
  drop(isFrom: (name: string) => boolean): void {
    for (const place of this.#places.values()) place.unread = place.unread.filter(({ from }) => !isFrom(from));
  }

  /** Goes somewhere. Returns what waits there. */
  enter(name: string): { readonly waiting: readonly Said[]; readonly dropped: number } {
    const place = this.open(name);
    const { unread: waiting, dropped } = place;
    this.front = name;
    Object.assign(place, { unread: [], dropped: 0, called: false });
    return { waiting, dropped };
  }

  /**
   * Where one is, and where something was said since: `#all (#cats 3, #dogs 1!) › `.
   *
   * @param state what else there is to know
   * @param short where there is little room: so many columns for where one is, and how to say how much was said elsewhere
   */
  prompt(paint: Paint, state = "", short?: Short): string {
    const news = [...this.#places.values()].filter(({ unread }) => unread.length > 0);
    const total = news.reduce((sum, { unread, dropped }) => sum + unread.length + dropped, 0);
    const marks = short !== undefined && total > 0
      ? [short.fresh(total)]
      : news.map(({ name, unread, dropped, called }) => {
        const mark = `${safe(name)} ${unread.length + dropped}`;
        return called ? paint.alarm(`${mark}!`) : mark;
      });
    const more = [...state === "" ? [] : [paint.alarm(state)], ...marks].join(", ");
    const front = safe(this.front.startsWith("#") ? this.front : `@${this.front}`);
    const where = short === undefined ? front : fitted(front, short.columns);
    return `${paint.strong(where)}${more === "" ? "" : ` (${more})`} ${paint.strong("›")} `;
  }
}

/**
 * A message that was heard, in the few words that are kept of it.
 *
 * @param now milliseconds, for one that does not say when it was said
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const row = { kind: "message", from: "ann", to: "#all", text: "hi", time: undefined, id: 7 } as const;
 * assert.deepEqual(saidIn(row, 5), { id: 7, from: "ann", text: "hi", time: 5 });
 * ```
 */
export function saidIn({ id, from, text, time, role, guest }: Message, now: number): Said {
  const standing = { ...(role === undefined ? {} : { role }), ...(guest === undefined ? {} : { guest }) };
  return { id, from, text, time: milliseconds(time) ?? now, ...standing };
}
