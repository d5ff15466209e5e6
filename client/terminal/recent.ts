// The latest messages of each conversation: what `/reply NAME`, `/edit` and the like are about, and the first words by which an
// edit, a deletion or a reaction of somebody is told.

/** A message with an id. */
export interface RecentMessage {
  readonly id: number;
  readonly from: string;
  readonly text: string;
}

/** Messages that are remembered of one conversation, and characters of a text that is quoted. */
const KEPT = 200, QUOTED = 60;

/**
 * The latest messages of each conversation.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const recent = new RecentMessages();
 * recent.add("#all", { id: 7, from: "ann", text: "Tea, or coffee?\nThere is no milk." });
 * assert.equal(recent.last("#all", (name) => name === "ann")?.id, 7);
 * assert.equal(recent.words("#all", 7), "ann: Tea, or coffee?");
 * assert.equal(recent.words("#all", 8), undefined);
 * ```
 */
export class RecentMessages {
  readonly #all = new Map<string, RecentMessage[]>();

  /** Remembers a message, or its new text. */
  add(where: string, message: RecentMessage): void {
    const some = this.#all.get(where) ?? [], known = some.findIndex(({ id }) => id === message.id);
    if (known >= 0) some[known] = message;
    else some.push(message);
    some.sort((one, other) => one.id - other.id);
    if (some.length > KEPT) some.shift();
    this.#all.set(where, some);
  }

  /** The message has no text any more. */
  remove(where: string, id: number): void {
    this.#all.set(where, (this.#all.get(where) ?? []).filter((each) => each.id !== id));
  }

  /** A room has another name. */
  rename(where: string, next: string): void {
    const some = this.#all.get(where);
    if (some === undefined) return;
    this.#all.delete(where);
    this.#all.set(next, some);
  }

  get(where: string, id: number): RecentMessage | undefined {
    return this.#all.get(where)?.find((each) => each.id === id);
  }

  /** The last message of somebody, with a text that fits. */
  last(where: string, isFrom: (name: string) => boolean, fits = (_text: string) => true): RecentMessage | undefined {
    return this.#all.get(where)?.findLast(({ from, text }) => isFrom(from) && fits(text));
  }

  /** The sender and the first words of a message; undefined if it is not known. */
  words(where: string, id: number): string | undefined {
    const message = this.get(where, id);
    if (message === undefined) return undefined;
    const line = message.text.trim().split(/[\p{Cc}\u2028\u2029]/u, 1)[0]!, points = [...line];
    return `${message.from}: ${points.length > QUOTED ? `${points.slice(0, QUOTED).join("")}\u2026` : line}`;
  }
}
