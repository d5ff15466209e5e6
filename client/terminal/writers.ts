// Who is writing in the current conversation, as the prompt shows it; and what others are told while the user types.

/** Milliseconds between two notices, as the server takes them; and until one is over. */
const INTERVAL = 3_000, OVER = 6_000;

/** Who is writing in which conversation, and until when that counts; and what was told of the user. */
export class Writers {
  readonly #by = new Map<string, Map<string, number>>();
  /** The text that was typed when this was looked at last, and when and where it was told. */
  #text = "";
  #toldAt = -Infinity;
  #toldTo = "";
  /** The server does not know of it. */
  isUnknown = false;

  /** The names in a conversation. */
  in(where: string): string[] {
    return [...this.#by.get(where)?.keys() ?? []];
  }

  set(where: string, name: string, now: number): void {
    const names = this.#by.get(where) ?? new Map<string, number>();
    this.#by.set(where, names.set(name, now + OVER));
  }

  delete(where: string, name: string): void {
    const names = this.#by.get(where);
    names?.delete(name);
    if (names?.size === 0) this.#by.delete(where);
  }

  /** Somebody is gone. */
  leave(name: string): void {
    for (const where of this.#by.keys()) this.delete(where, name);
  }

  clear(): void {
    this.#by.clear();
    this.isUnknown = false;
  }

  /** When the first of them is over. */
  get due(): number {
    return Math.min(Infinity, ...[...this.#by.values()].flatMap((names) => [...names.values()]));
  }

  /** Forgets those that are over. */
  expire(now: number): void {
    for (const [where, names] of this.#by) {
      for (const [name, until] of names) if (now >= until) this.delete(where, name);
    }
  }

  /** Whether others are to be told that the user writes, or has stopped; `undefined` if not. */
  typed(text: string, where: string, now: number): boolean | undefined {
    const isSame = text === this.#text, wasTold = this.#toldTo === where && now - this.#toldAt < OVER;
    this.#text = text;
    if (isSame) return undefined;
    if (text.trim() === "" || text.startsWith("/")) {
      if (!wasTold) return undefined;
      this.#toldTo = "";
      return false;
    }
    if (this.#toldTo === where && now - this.#toldAt < INTERVAL) return undefined;
    this.#toldAt = now;
    this.#toldTo = where;
    return true;
  }

  /** The user has sent what was typed, which ends it for the readers too. */
  sent(): void {
    this.#text = this.#toldTo = "";
  }
}
