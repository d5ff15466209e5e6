/**
 * How many events there are about the messages that were edited or reacted to last. Without it the database counts up to 2,000
 * reactions to a message twice for each further one, 0.1 ms each: ten times what all else about a reaction takes.
 */

/** The events about a message with one emoji, or with none: edits. */
export interface KindCounts {
  readonly emoji: string | null;
  /** Those that are kept, and of reactions those that were not taken away. */
  kept: number;
  there: number;
}

/** So many messages have their counts in memory. Most events of a moment are about a few messages. */
const MESSAGES = 64;

export class EventCounts {
  /** By the ids of messages, the one that was asked for last at the end. */
  readonly #messages = new Map<number, Map<string | null, KindCounts>>();

  /** The counts of a message. @param count counts its events, by their emoji */
  of(message: number, count: (message: number) => Iterable<KindCounts>): Iterable<KindCounts> {
    const held = this.#messages.get(message);
    this.#messages.delete(message);
    const kinds = held ?? new Map(Iterator.from(count(message)).map((each) => [each.emoji, { ...each }]));
    this.#messages.set(message, kinds);
    if (this.#messages.size > MESSAGES) this.#messages.delete(this.#messages.keys().next().value!);
    return kinds.values();
  }

  /** An event was added, or was removed: then `by` is -1. */
  add(message: number, emoji: string | null, isThere: boolean, by: 1 | -1 = 1): void {
    const kinds = this.#messages.get(message);
    if (kinds === undefined) return;
    const counts = kinds.get(emoji) ?? { emoji, kept: 0, there: 0 };
    counts.kept += by;
    if (isThere) counts.there += by;
    kinds.set(emoji, counts);
  }

  /** Forgets a message, or all of them: what there is of events has changed in another way. */
  forget(message?: number): void {
    if (message === undefined) this.#messages.clear();
    else this.#messages.delete(message);
  }
}
