// One conversation over the gaps in a connection. Ids grow from message to message, so what was shown is known by the
// greatest of them; after a gap everything that arrives is held until the past has been read up to it, and then shown in
// order, each once: it may have come as a page of the past, as what the server sends at a login, and as it was said.

/** What a message needs to be put in order. A server that numbers nothing has its messages shown as they come. */
interface Numbered {
  readonly id: number | undefined;
}

/** Which page of the past to ask for: what came after an id, or the latest. */
export type Page = { readonly after: number } | { readonly latest: true };

/**
 * Decides what of a conversation is shown, and when.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const said = (...ids: number[]) => ids.map((id) => ({ id }));
 * const past = new CatchUp<{ id: number }>();
 * assert.deepEqual(past.hear({ id: 1 }), said(1));
 * past.begin();
 * assert.deepEqual(past.hear({ id: 4 }), []);
 * assert.deepEqual(past.next, { after: 1 });
 * assert.deepEqual(past.read(said(2, 3, 4), true), said(2, 3, 4));
 * assert.deepEqual(past.hear({ id: 4 }), []);
 * ```
 */
export class CatchUp<T extends Numbered> {
  #last: number | undefined; // the greatest id that was shown
  #held: Map<number, T> | undefined; // what waits for the past

  /** @param from the id of a message that is known, or elsewhere, and before the first of this conversation to show */
  constructor(from?: number) {
    this.#last = from;
  }

  /** Whether messages are held. */
  get holds(): boolean {
    return this.#held !== undefined;
  }

  /** There is a gap: from now on everything is held. What was held before still is. */
  begin(): void {
    this.#held ??= new Map();
  }

  /** What to ask the server for. Before anything was shown, what it sends of its own accord begins where one left. */
  get next(): Page {
    if (this.#last !== undefined) return { after: this.#last };
    const held = [...this.#held?.keys() ?? []];
    return held.length === 0 ? { latest: true } : { after: Math.min(...held) - 1 };
  }

  /** A message has arrived. Returns what to show now. */
  hear(message: T): T[] {
    if (message.id === undefined) return [message];
    if (this.#last !== undefined && message.id <= this.#last) return [];
    if (this.#held === undefined) return this.#show([message]);
    this.#held.set(message.id, message);
    return [];
  }

  /**
   * One's own message, which was shown when it was said, has this id: what is before it has arrived. Returns whether the past
   * is read from behind it from now on; not so while messages are held.
   */
  pass(id: number): boolean {
    if (this.#held !== undefined) return false;
    this.#last = Math.max(id, this.#last ?? 0);
    return true;
  }

  /**
   * A page of the past has arrived. Returns what to show now.
   *
   * @param whole whether this is all up to now; if not, {@linkcode next} says what to ask for
   * @param lastId the greatest id of the page, with the rows that are not in `page` because they could not be read
   */
  read(page: readonly T[], whole: boolean, lastId = -1): T[] {
    const loose = page.filter(({ id }) => id === undefined), rows = page.filter(({ id }) => id !== undefined);
    if (whole) {
      for (const message of rows) this.hear(message);
      return [...loose, ...this.end()];
    }
    const greatest = Math.max(lastId, ...rows.map(({ id }) => id!));
    const ripe = [...rows, ...this.#held?.values() ?? []].filter(({ id }) => id! <= greatest);
    for (const { id } of ripe) this.#held?.delete(id!);
    const shown = this.#show(ripe);
    this.#last = Math.max(this.#last ?? -1, greatest);
    return [...loose, ...shown];
  }

  /** The past cannot be read, or there is none: shows what is held. */
  end(): T[] {
    const held = [...this.#held?.values() ?? []];
    this.#held = undefined;
    this.#last ??= held.length === 0 ? 0 : undefined;
    return this.#show(held);
  }

  #show(messages: readonly T[]): T[] {
    const shown: T[] = [];
    for (const message of messages.toSorted((one, other) => one.id! - other.id!)) {
      if (message.id! <= (this.#last ?? -1)) continue;
      this.#last = message.id!;
      shown.push(message);
    }
    return shown;
  }
}
